import Foundation
import RemitLanguage
import RemitValues
import Testing

/// The pages under `Docs/errors`: what they call wrong is reported under their code, what they call right is clean.
@Suite struct PageTests {
    static let codes = DiagnosticCode.catalogue.map(\.number)

    /// Mistakes that another never comes without.
    static let companions = ["R1032": ["R1010"], "R4014": ["R4012"], "R4018": ["R2005"]]

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

    /// A block in which `\u{…}` stands for a character and `\x{…}` for a byte that a page cannot show, and `\*{9:…}`
    /// for nine times what is behind the colon, in which `\#` is the number of the time.
    private func unescaped(_ text: String) throws -> [UInt8] {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let kind = place + 1 < bytes.count && bytes[place] == UInt8(ascii: "\\") ? bytes[place + 1] : 0
            let isOpen = place + 2 < bytes.count && bytes[place + 2] == UInt8(ascii: "{")
            guard isOpen, "ux*".utf8.contains(kind) else {
                result.append(bytes[place])
                place += 1
                continue
            }
            let end = try #require(bytes[place...].firstIndex(of: UInt8(ascii: "}")))
            let inner = String(decoding: bytes[(place + 3)..<end], as: UTF8.self)
            place = end + 1
            if kind == UInt8(ascii: "*") {
                result += try repeated(inner)
                continue
            }
            let number = try #require(UInt32(inner, radix: 16))
            if kind == UInt8(ascii: "x") {
                result.append(try #require(UInt8(exactly: number)))
            } else {
                result += Array(String(Character(try #require(Unicode.Scalar(number)))).utf8)
            }
        }
        return result
    }

    /// `9:…`: nine times what is behind the colon.
    private func repeated(_ text: String) throws -> [UInt8] {
        let colon = try #require(text.firstIndex(of: ":"))
        let count = try #require(Int(text[..<colon]))
        let part = String(text[text.index(after: colon)...])
        guard part.contains("\\#") else { return Array(repeatElement(Array(part.utf8), count: count).joined()) }
        return (1...count).flatMap { Array(part.replacingOccurrences(of: "\\#", with: "\($0)").utf8) }
    }

    /// What a page calls wrong.
    private func wrong(_ page: String) throws -> SourceText? {
        if let text = block("wrong", of: page) { return SourceText(name: "claim.remit", text) }
        return try block("wrong escaped", of: page).map { SourceText(name: "claim.remit", bytes: try unescaped($0)) }
    }

    @Test(arguments: codes) func theWrongExampleHasExactlyThisMistake(code: String) throws {
        let page = try page(code)
        let wrong = try #require(try wrong(page), "\(code) shows nothing that is wrong")
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
}
