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
