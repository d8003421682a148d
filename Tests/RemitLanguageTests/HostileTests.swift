import RemitLanguage
import RemitValues
import Testing

/// Input that nobody writes in good faith: always diagnostics, never a crash, in bounded time.
@Suite struct HostileTests {
    private func codes(_ text: String) -> Set<String> { Set(findings(in: text).map(\.code.number)) }

    // MARK: Size

    @Test func oneByteTooMuchIsNotRead() {
        let blank = SourceText(name: "big.remit", bytes: [UInt8](repeating: 0x20, count: Limits.sourceBytes + 1))
        let found = findings(in: blank)
        #expect(found.map(\.code.number) == ["R1003"])
        #expect(
            DiagnosticText(blank).text(of: found) == """
                error[R1003]: the file is longer than 4 MiB
                 --> big.remit:1:1
                  = help: a contract is read by people; move large tables into a register, which is loaded as data

                1 error

                """)
    }

    @Test func aFullFileOfOneLineIsReportedInShort() {
        let line = String(repeating: "~ ", count: 50_000)
        let source = SourceText(name: "line.remit", line)
        let text = DiagnosticText(source).text(of: findings(in: source))
        #expect(text.utf8.count < 100_000)
        #expect(text.contains("… ~") || text.contains("…~"))
    }

    @Test func aTableOfAHundredThousandRows() {
        let text = Samples.table(rows: 100_000)
        #expect(codes(text).contains("R1029"))
    }

    @Test func aCellOfAHundredThousandValues() {
        let values = (0..<100_000).map { String(2 * $0) }.joined(separator: ", ")
        let text = "contract C version 1\ntable t(a: Integer) gives b: Integer {\n| a || b |\n| \(values) || 1 |\n}\n"
        #expect(codes(text).contains("R3026"))
    }

    @Test func aCellOfAsManyValuesAsAreAllowed() {
        let values = (1...Limits.cellValues).map { "\(3 * $0) to \(3 * $0 + 1)" }.reversed().joined(separator: ", ")
        let text = "contract C version 1\ntable t(a: Integer) gives b: Integer {\n| a || b |\n| \(values) || 1 |\n}\n"
        #expect(!codes(text).contains("R3026"))
    }

    @Test func aLongNameIsQuotedInShort() {
        let source = SourceText(name: "x", Samples.requiring("1\(String(repeating: "a", count: 200_000)) is 1"))
        #expect(DiagnosticText(source).text(of: findings(in: source)).utf8.count < 5_000)
    }

    // MARK: Depth

    private static let deep = 10_000

    private static func times(_ text: String) -> String { String(repeating: text, count: deep) }

    /// Sources that nest ten thousand levels, each of its own kind.
    static let nests: [(name: String, source: String)] = [
        ("open brackets", Samples.requiring(times("("))),
        ("brackets", Samples.requiring("\(times("("))1\(times(")")) is 1")),
        ("nots", Samples.requiring("\(times("not "))yes")),
        ("minuses", Samples.requiring("\(times("- "))1 is 1")),
        ("reveals", Samples.requiring("\(times("reveal "))yes")),
        ("sums", Samples.requiring("1\(times(" + 1")) is 1")),
        ("products", Samples.requiring("1\(times(" * 1")) is 1")),
        ("ands", Samples.requiring("yes\(times(" and yes"))")),
        ("ors", Samples.requiring("yes\(times(" or yes"))")),
        ("signs for ands", Samples.requiring("yes\(times(" && yes"))")),
        ("implications", Samples.requiring("yes\(times(" implies yes"))")),
        ("comparisons", Samples.requiring("1\(times(" < 1"))")),
        ("is nots", Samples.requiring("1\(times(" is not 1"))")),
        ("defaults", Samples.requiring("amount\(times(" otherwise amount")) is 1 CNY")),
        ("fields", Samples.requiring("amount\(times(".a")) is 1")),
        ("keys", Samples.requiring("a\(times("[1]")) is 1")),
        ("nested keys", Samples.requiring("\(times("a["))1\(times("]")) is 1")),
        ("calls", Samples.requiring("\(times("f("))1\(times(")")) is 1")),
        ("records", Samples.requiring("\(times("R(a: "))1\(times(")")) is 1")),
        ("lists", Samples.requiring("\(times("["))1\(times("]")) is 1")),
        ("maps", Samples.requiring("\(times("[1: "))1\(times("]")) is 1")),
        ("dates", Samples.requiring("amount\(times(" on today")) is 1 CNY")),
        ("owners", Samples.requiring("\(times("organisation of "))actor is actor")),
        ("passing", Samples.requiring("amount\(times(" passing amount")) is 1 CNY")),
        ("roundings", Samples.requiring("amount\(times(" rounded half up")) is 1 CNY")),
        ("choices", Samples.requiring("\(times("if yes then yes else "))yes")),
        ("choices in conditions", Samples.requiring(times("if "))),
        ("aggregates", Samples.requiring("\(times("(sum of "))1")),
        ("memberships", Samples.requiring("1\(times(" in (1, 2)"))")),
        ("ifs", Samples.doing("\(times("if yes { "))\(times("} "))")),
        ("else ifs", Samples.doing("if yes { } \(times("else if yes { } "))")),
        ("loops", Samples.doing(times("for x in lines { "))),
        ("matches", Samples.doing(times("match amount { a { "))),
        ("braces", Samples.doing(times("{ "))),
        ("closing braces", Samples.small + times("}\n")),
        ("checks", "contract C version 1\nchecks c {\n\(times("for x in xs { "))"),
        ("types", "contract C version 1\ncase {\n a: \(times("optional "))Integer\n}\n"),
        ("lists of lists", "contract C version 1\ncase {\n a: \(times("list of "))Integer\n}\n"),
        (
            "paths in a text",
            Samples.requiring("yes else \"{amount\(String(repeating: ".a", count: 1000))}\" require yes")
        ),
        ("endless paths in a text", Samples.requiring("yes else \"{amount\(times(".a"))}\" require yes")),
        ("bars", "contract C version 1\ntable t(a: Integer) gives b: Integer {\n \(times("|"))\n}\n"),
        (
            "cells",
            "contract C version 1\ntable t(a: Integer) gives b: Integer {\n| a || b |\n| \(times("1, ")) || 1 |\n}\n"
        ),
        ("roles", "contract C version 1\nrole \(times("a, "))a\n"),
        (
            "records of records",
            "contract C version 1\n" + (0..<4000).map { "record R\($0) { a: R\($0 + 1) }\n" }.joined()
        ),
        ("functions in a chain", "contract C version 1\n" + (0..<4000).map(Self.link).joined()),
    ]

    private static func link(_ index: Int) -> String {
        "function f\(index)(a: Integer) gives Integer { return f\(index + 1)(a) }\n"
    }

    @Test(arguments: nests.map(\.name)) func aDeepNestIsReported(name: String) throws {
        let nest = try #require(Self.nests.first { $0.name == name })
        let source = SourceText(name: "deep.remit", nest.source)
        let found = findings(in: source)
        #expect(!found.isEmpty)
        #expect(!DiagnosticText(source).text(of: found).isEmpty)
    }

    // MARK: Bytes

    @Test(arguments: 0...255) func aByteAnywhere(byte: Int) {
        let small = Array(Samples.small.utf8)
        var text = ""
        for place in [0, small.count / 3, small.count / 2, small.count - 4, small.count] {
            var bytes = small
            bytes.insert(UInt8(byte), at: place)
            let source = SourceText(name: "byte.remit", bytes: bytes)
            text += DiagnosticText(source).text(of: findings(in: source))
        }
        let lone = SourceText(name: "byte.remit", bytes: [UInt8(byte)])
        let found = findings(in: lone)
        #expect(!found.isEmpty)
        text += DiagnosticText(lone).text(of: found)
        // What is printed can steer no terminal.
        for scalar in text.unicodeScalars where scalar != "\n" {
            #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
        }
    }

    @Test func aNulByteIsNamed() {
        let source = SourceText(name: "nul.remit", Samples.small.replacing("role Clerk", with: "role\0 Clerk"))
        #expect(
            DiagnosticText(source).text(of: findings(in: source)) == """
                error[R1005]: a NUL byte (U+0000) does not belong in a text
                 --> nul.remit:5:5
                  |
                5 | role␀ Clerk
                  |     ^
                  |
                  = help: delete it; if there are many, the file is not a text file

                1 error

                """)
    }

    @Test func zerosAlone() {
        let source = SourceText(name: "zero.remit", bytes: [UInt8](repeating: 0, count: 1 << 20))
        let found = findings(in: source)
        #expect(Set(found.map(\.code.number)) == ["R1005", "R1020"])
    }
}
