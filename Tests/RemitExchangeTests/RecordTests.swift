import RemitExchange
import RemitValues
import Testing

@Suite struct RecordTests {
    private static let head =
        #""remit-mapping":1,"contract":"C","action":"a","identifier":"id","organisation":"o","arguments":{}"#

    private static func records(_ text: String, csv: Bool) throws -> [String] {
        let scratch = try Scratch()
        let kind = csv ? #""format":"csv-rows","group":"id""# : #""format":"fhir-ndjson","resource":"Claim""#
        let mapping = try Mapping(bytes: Array("{\(head),\(kind)}".utf8))
        let reader = try RecordReader(path: try scratch.write("a", text), mapping: mapping)
        var found: [String] = []
        while let record = try reader.next() {
            switch record.content {
            case .failure(let error): found.append("\(record.line): \(error.reason)")
            case .success(let json):
                let rows = json["rows"]?.array.map { " with \($0.count) rows" } ?? ""
                found.append("\(record.line) \(json["id"]?.string ?? "?")\(rows)")
            }
        }
        return found
    }

    @Test func resourcesAndBundlesAreTakenApart() throws {
        let text = """
            {"resourceType":"Claim","id":"a"}

            {"resourceType":
            {"resourceType":"Bundle","entry":[{"resource":{"id":"b"}},{"fullUrl":"urn:uuid:c","resource":{"x":1}},{},\
            {"resource":{"resourceType":"Bundle","entry":[{"resource":{"id":"d"}}]}}]}
            {"resourceType":"Bundle"}
            {"resourceType":"Claim","id":"e"}
            """
        #expect(
            try Self.records(text, csv: false) == [
                "1 a", "3: not JSON at byte 16: a value is missing", "4 b", "4 c", "4 d", "6 e",
            ])
    }

    @Test func rowsOfAClaimStandTogether() throws {
        #expect(
            try Self.records("id,x\na,1\na,2\nb,3\na,4\n", csv: true) == [
                "2 a with 2 rows", "4 b with 1 rows", "5 a with 1 rows",
            ])
        #expect(try Self.records("id,x\n", csv: true) == [])
        #expect(throws: ExchangeError.self) { try Self.records("x\n1\n", csv: true) }
    }

    @Test func aClaimBesideARowThatCannotBeReadIsLeftOut() throws {
        let doubt = "the claim is left out, since line 4 cannot be read and may belong to it"
        #expect(
            try Self.records("id,x\na,1\nb,1\nb\nb,2\nc,1\n", csv: true) == [
                "2 a with 1 rows", "4: 1 fields stand under 2 columns", "3: \(doubt)", "6 c with 1 rows",
            ])
        #expect(
            try Self.records("id,x\na,1\nb,1\nb\nc,1\nd,1\n", csv: true) == [
                "2 a with 1 rows", "4: 1 fields stand under 2 columns", "3: \(doubt)", "5: \(doubt)", "6 d with 1 rows",
            ])
    }
}

@Suite struct SampleTests {
    private static func text(_ claims: Int, seed: UInt64) -> String {
        let generator = SampleGenerator(claims: claims, seed: seed)
        var lines = ""
        generator.writeClaims { lines += $0 + "\n" }
        for file in generator.registers() { lines += "\(file.name)\n\(file.text)" }
        return lines
    }

    @Test func theSameSeedGivesTheSameBytes() {
        #expect(Self.text(200, seed: 5) == Self.text(200, seed: 5))
        #expect(Self.text(200, seed: 5) != Self.text(200, seed: 6))
        #expect(Self.text(0, seed: 1).isEmpty == false)
    }

    /// A late claim is one of an early stay: nobody files on a day that has not come.
    @Test func whatComesLateIsOfAnEarlyStay() throws {
        let received = try #require(CalendarDate.parse("2026-06-01"))
        var late = 0
        try SampleGenerator(claims: 400, seed: 3).writeClaims { line in
            let resource = try JSONValue.parse(Array(line.utf8))
            guard resource["resourceType"]?.string == "Claim",
                let end = resource["billablePeriod"]?["end"]?.string,
                let stay = CalendarDate.parse(String(end.prefix(10))),
                let made = resource["created"]?.string.flatMap({ CalendarDate.parse(String($0.prefix(10))) })
            else { return }
            #expect(made <= received)
            if received.dayNumber - stay.dayNumber > 365 { late += 1 }
        }
        #expect((1..<40).contains(late), "\(late) of 400 are late")
    }

    /// River Clinic is for outpatients: whoever comes there goes home on the same day, unless the stay is too long.
    @Test func whereNobodyIsAdmittedNobodyStays() throws {
        var visits = 0
        try SampleGenerator(claims: 400, seed: 3).writeClaims { line in
            let resource = try JSONValue.parse(Array(line.utf8))
            guard resource["resourceType"]?.string == "Claim",
                resource["provider"]?["reference"]?.string == "Organization/river-clinic",
                let start = resource["billablePeriod"]?["start"]?.string.map({ String($0.prefix(10)) }),
                let end = resource["billablePeriod"]?["end"]?.string.map({ String($0.prefix(10)) }),
                let first = CalendarDate.parse(start), let last = CalendarDate.parse(end)
            else { return }
            if first == last { visits += 1 }
            #expect([-2, 0, 75].contains(last.dayNumber - first.dayNumber))
        }
        #expect(visits > 40, "\(visits) of 400 are visits")
    }

    @Test func everyLineIsAResourceAndEveryClaimIsThere() throws {
        var claims: Set<String> = []
        try SampleGenerator(claims: 300, seed: 9).writeClaims { line in
            let resource = try JSONValue.parse(Array(line.utf8))
            let type = try #require(resource["resourceType"]?.string)
            if type == "Claim", let id = resource["id"]?.string { claims.insert(id) }
        }
        #expect(claims == Set((1...300).map { "S-\($0)" }))
    }
}

/// Text is cut by its bytes, and brought to a form where somebody gives one.
@Suite struct TextTests {
    /// What turns into `x` whatever is read, so that it shows.
    private static let form: TextForm = { $0.utf8.elementsEqual("e\u{301}".utf8) ? "\u{E9}" : $0 }

    @Test func everyTextComesInItsForm() throws {
        let parsed = try JSONValue.parse(Array(#"{"e\u0301":["e\u0301","E"]}"#.utf8), form: Self.form)
        #expect(parsed.text.utf8.elementsEqual("{\"\u{E9}\":[\"\u{E9}\",\"E\"]}".utf8))
        #expect(throws: ExchangeError.self) {
            try JSONValue.parse(Array("{\"e\u{301}\":1,\"\u{E9}\":2}".utf8), form: Self.form)
        }
        let scratch = try Scratch()
        let path = try scratch.write("a.csv", "e\u{301},n\ne\u{301},1\n")
        let rows = try RegisterCSV(
            path: path, columns: [.init("\u{E9}", .text(maxScalars: 1)), .init("n", .integer)], form: Self.form)
        let row = try #require(try rows.next())
        #expect(try row.row.get() == [.text(TextValue("\u{E9}")), .integer(1)])
        #expect(throws: ExchangeError.self) {
            try CSVReader(path: try scratch.write("b", "e\u{301},\u{E9}\n"), form: Self.form)
        }
    }

    /// A mark behind a letter makes one `Character` of both; what counts are the bytes.
    @Test func marksBehindALetterHideNothing() throws {
        let mark = "\u{301}"
        func value(_ text: String, _ type: TargetType) -> Value? {
            try? ArgumentReading.value(text, for: type, name: "x")
        }
        #expect(value("2026-03-02\(mark)", .date) == nil)
        #expect(value("2026-03-02T\(mark)", .date) == value("2026-03-02", .date))
        #expect(value("person:\(mark)a", .party) == .party(Party(.person, TextValue("\(mark)a"))))
        let digits = String(repeating: "0", count: 62)
        func document(_ digest: String) -> Value? {
            value(#"{"digest":"\#(digest)","mediaType":"text/plain","size":1}"#, .document)
        }
        #expect(document(digits + "0a") != nil && document(digits + "0A") == document(digits + "0a"))
        for pair in ["-0", "+1", "0x", "\(mark)"] { #expect(document(digits + pair) == nil, "\(pair)") }
        let reference = JSONValue.object([.init("reference", .string("Patient/\(mark)7"))])
        let name = try ArgumentReading.value(reference, for: .text(maxScalars: 9), name: "x")
        #expect(name == .text(TextValue("\(mark)7")))
    }
}
