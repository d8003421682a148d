import Foundation
import RemitLanguage
import RemitValues
import Testing

/// The pages under `Docs/errors`: what they call wrong is reported under their code, what they call right is clean.
@Suite struct PageTests {
    static let codes = DiagnosticCode.catalogue.map(\.number)

    /// Codes that no readable block can show, with an input that brings them about.
    static let builtInputs: [String: @Sendable () -> SourceText] = [
        "R1002": { SourceText(name: "small.remit", bytes: Array("contract ".utf8) + [0xB0, 0xA1]) },
        "R1003": { SourceText(name: "small.remit", bytes: [UInt8](repeating: 0x20, count: Limits.sourceBytes + 1)) },
        "R1004": { SourceText(name: "small.remit", "\u{FEFF}" + Samples.small) },
        "R1005": { SourceText(name: "small.remit", Samples.small.replacing("Clerk\n", with: "Clerk\u{1B}\n")) },
        "R1007": {
            SourceText(name: "small.remit", Samples.small.replacing("small con", with: "small\" // \u{202E} con"))
        },
        "R1017": { SourceText(name: "small.remit", Samples.requiring("\(String(repeating: "(", count: 1000))1 is 1")) },
        "R1029": { SourceText(name: "small.remit", Samples.table(rows: Limits.tableRows + 1)) },
        "R1032": {
            SourceText(name: "small.remit", Samples.small + String(repeating: "~\n", count: Limits.mistakes + 1))
        },
        "R4003": { SourceText(name: "small.remit", Samples.tangledTable(columns: 50, rows: 240)) },
    ]

    /// Warnings that another warning never comes without.
    static let companions = ["R4014": ["R4012"]]

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

    @Test(arguments: codes) func theWrongExampleHasExactlyThisMistake(code: String) throws {
        let page = try page(code)
        let wrong = block("wrong", of: page)
        guard let wrong else {
            let input = try #require(Self.builtInputs[code], "\(code) has neither an example nor a built input")
            return #expect(findings(in: input()).map(\.code.number).contains(code))
        }
        #expect(Self.builtInputs[code] == nil, "\(code) has an example and a built input")
        let found = Set(findings(in: wrong, beside: beside(page)).map(\.code.number)).sorted()
        #expect(
            found == ([code] + (Self.companions[code] ?? [])).sorted(),
            "\(DiagnosticText(SourceText(name: code, wrong)).text(of: findings(in: wrong)))")
    }

    @Test(arguments: codes) func theRightExampleIsClean(code: String) throws {
        let page = try page(code)
        guard let right = block("right", of: page) else {
            return #expect(Self.builtInputs[code] != nil, "\(code) shows nothing that is right")
        }
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
