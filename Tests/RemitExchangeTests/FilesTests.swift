import Foundation
import RemitExchange
import RemitValues
import Testing

@Suite struct FilesTests {
    private static func lines(_ path: String, limit: Int = Limits.lineBytes) throws -> [String] {
        let reader = try LineReader(path: path, limit: limit)
        var lines: [String] = []
        while let line = try reader.next() {
            #expect(line.number == lines.count + 1)
            lines.append(line.isTooLong ? "<too long>" : String(decoding: line.bytes, as: UTF8.self))
        }
        return lines
    }

    @Test func linesEndInEitherWay() throws {
        let scratch = try Scratch()
        #expect(try Self.lines(try scratch.write("a", "")) == [])
        #expect(try Self.lines(try scratch.write("b", "\n")) == [""])
        #expect(try Self.lines(try scratch.write("c", "\u{FEFF}a\r\nb\n\nc")) == ["a", "b", "", "c"])
        #expect(try Self.lines(try scratch.write("d", "a\rb\n")) == ["a\rb"])
    }

    @Test func aLineThatIsTooLongIsPassedOver() throws {
        let scratch = try Scratch()
        let long = String(repeating: "x", count: 300_000)
        let path = try scratch.write("long", "first\n\(long)\nthird\n\(long)")
        #expect(try Self.lines(path, limit: 1000) == ["first", "<too long>", "third", "<too long>"])
        let edge = try scratch.write(
            "edge", String(repeating: "x", count: 1000) + "\n" + String(repeating: "y", count: 1001))
        #expect(try Self.lines(edge, limit: 1000) == [String(repeating: "x", count: 1000), "<too long>"])
    }

    @Test func whatCannotBeOpenedSaysSo() throws {
        let scratch = try Scratch()
        #expect(throws: ExchangeError.self) { try LineReader(path: scratch.folder.path) }
        #expect(throws: ExchangeError.self) { try LineReader(path: scratch.folder.path + "/none") }
    }

    @Test func gzipIsUnpackedMemberByMember() throws {
        let scratch = try Scratch()
        let text = (1...20_000).map { "line \($0)" }
        let first = try Scratch.gzip(Array((text[..<9000].joined(separator: "\n") + "\n").utf8))
        let second = try Scratch.gzip(Array(text[9000...].joined(separator: "\n").utf8))
        #expect(try Self.lines(try scratch.write("both.gz", first + second)) == text)
        #expect(try Self.lines(try scratch.write("empty.gz", try Scratch.gzip([]))) == [])
    }

    @Test func gzipThatIsCutOrDamagedIsRefused() throws {
        let scratch = try Scratch()
        let whole = try Scratch.gzip(Array((1...500).map { "line \($0 &* 7919)" }.joined(separator: "\n").utf8))
        for cut in stride(from: 2, to: whole.count, by: 97) {
            let path = try scratch.write("cut.gz", Array(whole[..<cut]))
            #expect(throws: ExchangeError.self, "cut at \(cut)") { try Self.lines(path) }
        }
        for place in stride(from: 20, to: whole.count, by: 61) {
            var bytes = whole
            bytes[place] ^= 0x10
            let path = try scratch.write("damaged.gz", bytes)
            #expect(throws: ExchangeError.self, "bit changed in byte \(place)") { try Self.lines(path) }
        }
    }

    // MARK: CSV

    /// The records, and the failures as `line: problem`.
    private static func records(_ text: String) throws -> [String] {
        let scratch = try Scratch()
        let reader = try CSVReader(path: try scratch.write("a.csv", text))
        var found: [String] = []
        while let result = try reader.next() {
            switch result {
            case .success(let record): found.append("\(record.line)[\(record.fields.joined(separator: "|"))]")
            case .failure(let error): found.append(error.message)
            }
        }
        return found
    }

    static let tables: [(String, [String])] = [
        ("a,b\n1,2\n", ["2[1|2]"]), ("a,b\r\n1,2\r\n3,4", ["2[1|2]", "3[3|4]"]), ("a,b\n\"1,2\",\"\"\n", ["2[1,2|]"]),
        ("a,b\n\"x\"\"y\",z\n", ["2[x\"y|z]"]), ("a,b\n\"x\ny\",z\n1,2\n", ["2[x\ny|z]", "4[1|2]"]),
        ("a\n\n1\n", ["3[1]"]), ("a,b\n,\n", ["2[|]"]),
        ("a,b\n1\n2,3\n", ["line 2: 1 fields stand under 2 columns", "3[2|3]"]),
        ("a,b\n1,2,3\n", ["line 2: 3 fields stand under 2 columns"]),
        ("a,b\n1,x\"y\n2,3\n", ["line 2: a quote stands inside a field without quotes", "3[2|3]"]),
        ("a,b\n\"x\"y,1\n2,3\n", ["line 2: something follows a closing quote", "3[2|3]"]),
        ("a,b\n1,2\n\"x,3\n", ["2[1|2]", "line 3: a quoted field has no end"]),
    ]

    @Test(arguments: tables)
    func recordsAreSplit(_ text: String, _ expected: [String]) throws {
        #expect(try Self.records(text) == expected)
    }

    @Test func aHeaderIsNeeded() throws {
        let scratch = try Scratch()
        let empty = try scratch.write("empty.csv", "")
        let twice = try scratch.write("twice.csv", "a,a\n1,2\n")
        #expect(throws: ExchangeError.self) { try CSVReader(path: empty) }
        #expect(throws: ExchangeError.self) { try CSVReader(path: twice) }
    }

    @Test func invalidUTF8NamesItsLine() throws {
        let scratch = try Scratch()
        let reader = try CSVReader(
            path: try scratch.write("a.csv", Array("a\n".utf8) + [0xFF, 0x0A] + Array("b\n".utf8)))
        #expect(throws: ExchangeError.self) { try reader.next()?.get() }
        #expect(try reader.next()?.get().fields == ["b"])
    }

    @Test func aRegisterIsReadByItsColumns() throws {
        let scratch = try Scratch()
        let path = try scratch.write("r.csv", "day,zzz,id,note\n2026-03-02,x,A,\n2026-02-30,x,B,n\n2026-01-01,x,,n\n")
        let reader = try RegisterCSV(
            path: path,
            columns: [
                .init("id", .text(maxScalars: 4)), .init("day", .date),
                .init("note", .optional(.text(maxScalars: 9))), .init("x", .optional(.integer)),
            ])
        #expect(reader.ignored == ["zzz"])
        let day = try #require(CalendarDate(year: 2026, month: 3, day: 2))
        let first = try #require(try reader.next())
        #expect(first.line == 2)
        #expect(try first.row.get() == [.text("A"), .date(day), .absent, nil])
        var problems: [String] = []
        while let (line, row) = try reader.next() {
            if case .failure(let error) = row { problems.append("\(line): \(error.reason)") }
        }
        #expect(
            problems == [
                "3: `day` must be a whole date such as 2026-03-02, not \"2026-02-30\"", "4: `id` is empty",
            ])
        #expect(throws: ExchangeError.self) { try RegisterCSV(path: path, columns: [.init("missing", .integer)]) }
    }

    /// A field that starts with a value may be left out: its column, or a cell, unless it is optional.
    @Test func whatStartsWithAValueMayBeLeftOut() throws {
        let scratch = try Scratch()
        let path = try scratch.write("s.csv", "id,used,note,since\nA,,,\nB,3,n,\n,1,n,\n")
        let reader = try RegisterCSV(
            path: path,
            columns: [
                .init("id", .text(maxScalars: 4)), .init("used", .integer, hasStart: true),
                .init("note", .text(maxScalars: 4), hasStart: true),
                .init("since", .optional(.date), hasStart: true), .init("left", .integer, hasStart: true),
            ])
        var rows: [[Value?]?] = []
        while let (_, row) = try reader.next() { rows.append(try? row.get()) }
        #expect(
            rows == [
                [.text("A"), nil, nil, .absent, nil], [.text("B"), .integer(3), .text("n"), .absent, nil], nil,
            ]
        )
    }
}
