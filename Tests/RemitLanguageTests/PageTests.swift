import Foundation
import RemitLanguage
import RemitValues
import Testing

/// The pages under `Docs/errors`: what they call wrong is reported under their code, what they call right is clean.
@Suite struct PageTests {
    static let codes = DiagnosticCode.catalogue.map(\.number)

    /// Codes whose mistake would not fit on a page, with an input that brings it about.
    static let builtInputs: [String: @Sendable () -> SourceText] = [
        "R1003": { SourceText(name: "small.remit", bytes: [UInt8](repeating: 0x20, count: Limits.sourceBytes + 1)) },
        "R1017": { SourceText(name: "small.remit", Samples.requiring("\(String(repeating: "(", count: 1000))1 is 1")) },
        "R1029": { SourceText(name: "small.remit", Samples.table(rows: Limits.tableRows + 1)) },
        "R1032": {
            SourceText(name: "small.remit", Samples.small + String(repeating: "~\n", count: Limits.mistakes + 1))
        },
        "R4003": { SourceText(name: "small.remit", Samples.tangledTable(columns: 50, rows: 240)) },
    ]

    /// Warnings that another warning never comes without.
    static let companions = ["R4014": ["R4012"], "R4018": ["R2005"]]

    private func page(_ code: String) throws -> String {
        String(decoding: try Checkout.bytes("Docs/errors/\(code).md"), as: UTF8.self)
    }

    private func block(_ kind: String, of page: String) -> String? {
        guard let start = page.range(of: "```remit \(kind)\n"),
            let end = page.range(of: "\n```", range: start.upperBound..<page.endIndex)
        else { return nil }
        return page[start.upperBound..<end.lowerBound] + "\n"
    }

    /// The contract that a page shows for its examples to refer to.
    private func beside(_ page: String) -> [SourceText] {
        block("beside", of: page).map { [SourceText(name: "beside.remit", $0)] } ?? []
    }

    /// A block in which `\u{…}` stands for a character and `\x{…}` for a byte that a page cannot show.
    private func unescaped(_ text: String) throws -> [UInt8] {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let isByte = bytes[place...].starts(with: "\\x{".utf8)
            guard isByte || bytes[place...].starts(with: "\\u{".utf8) else {
                result.append(bytes[place])
                place += 1
                continue
            }
            let end = try #require(bytes[place...].firstIndex(of: UInt8(ascii: "}")))
            let number = try #require(UInt32(String(decoding: bytes[(place + 3)..<end], as: UTF8.self), radix: 16))
            if isByte {
                result.append(try #require(UInt8(exactly: number)))
            } else {
                result += Array(String(Character(try #require(Unicode.Scalar(number)))).utf8)
            }
            place = end + 1
        }
        return result
    }

    /// What a page calls wrong.
    private func wrong(_ page: String) throws -> SourceText? {
        if let text = block("wrong", of: page) { return SourceText(name: "claim.remit", text) }
        return try block("wrong escaped", of: page).map { SourceText(name: "claim.remit", bytes: try unescaped($0)) }
    }

    @Test(arguments: codes) func theWrongExampleHasExactlyThisMistake(code: String) throws {
        let page = try page(code)
        guard let wrong = try wrong(page) else {
            let input = try #require(Self.builtInputs[code], "\(code) has neither an example nor a built input")
            #expect(page.contains("would"), "\(code) does not say why it shows no mistake")
            return #expect(findings(in: input()).map(\.code.number).contains(code))
        }
        #expect(Self.builtInputs[code] == nil, "\(code) has an example and a built input")
        let found = findings(in: wrong, beside: beside(page))
        #expect(
            Set(found.map(\.code.number)).sorted() == ([code] + (Self.companions[code] ?? [])).sorted(),
            "\(DiagnosticText(wrong).text(of: found))")
    }

    @Test(arguments: codes) func theRightExampleIsClean(code: String) throws {
        let page = try page(code)
        let right = try #require(block("right", of: page), "\(code) shows nothing that is right")
        let found = findings(in: right, beside: beside(page))
        #expect(found.isEmpty, "\(DiagnosticText(SourceText(name: code, right)).text(of: found))")
    }

    @Test(arguments: codes) func thePageBeginsWithCodeAndTitle(code: String) throws {
        let entry = try #require(DiagnosticCode.catalogue.first { $0.number == code })
        #expect(try page(code).hasPrefix("# \(code): \(entry.title)\n"))
    }

    @Test func theCatalogueIsSortedAndSingle() {
        #expect(Self.codes == Self.codes.sorted())
        #expect(Set(Self.codes).count == Self.codes.count)
    }
}

/// Contracts that tests vary.
enum Samples {
    static let small = requiring("amount > 0 CNY")

    /// A small contract whose action requires a condition.
    static func requiring(_ condition: String) -> String {
        """
        contract Small version 1
          title    "A small contract"
          timezone +08:00

        role Clerk

        case {
          amount : CNY
        }

        final state done

        action file
          opens  done
          by     Clerk
          enters amount
        {
          require \(condition) else "Not so"
        }

        """
    }

    /// A small contract whose action holds these statements.
    static func doing(_ statements: String) -> String {
        requiring("amount > 0 CNY else \"No\"\n\(statements)\nrequire yes")
    }

    /// A contract with a table of this many rows that neither overlap nor leave a gap.
    static func table(rows: Int) -> String {
        var text = """
            contract Prices version 1
              title "Prices"

            role Clerk

            case {
              code  : Integer
              price : CNY starts 0 CNY
            }

            final state done

            action file opens done by Clerk enters code { set price to list(code) }

            table list(code: Integer) gives price: CNY {
              | code || price |

            """
        for row in 0..<(rows - 1) { text += "  | \(row == 0 ? "<= 0" : "\(row)") || \(row) CNY |\n" }
        return text + "  | >= \(rows - 1) || 0 CNY |\n}\n"
    }

    /// A contract with a `first` table of random rows of three tests each, among many columns of yes and no.
    static func tangledTable(columns: Int, rows: Int) -> String {
        var random = SplitMix64(state: 4003)
        let names = (0..<columns).map { "c\($0)" }
        var text = "contract Tangle version 1\n  title \"Tangle\"\n\nrole Clerk\n\ncase {\n"
        for name in names { text += "  \(name) : Boolean\n" }
        text += "  answer : Integer starts 0\n}\n\nfinal state done\n\n"
        text += "action file opens done by Clerk enters \(names.joined(separator: ", ")) {\n"
        text += "  set answer to tangle(\(names.joined(separator: ", ")))\n}\n\n"
        text +=
            "table tangle(\(names.map { "\($0): Boolean" }.joined(separator: ", "))) gives answer: Integer first {\n"
        text += "  | \(names.joined(separator: " | ")) || answer |\n"
        for row in 0..<rows {
            var cells = [String](repeating: "any", count: columns)
            for _ in 0..<3 { cells[random.below(columns)] = random.below(2) == 0 ? "yes" : "no" }
            text += "  | \(cells.joined(separator: " | ")) || \(row) |\n"
        }
        return text + "}\n"
    }
}
