import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// The format document names every call of the ledger's own, with arguments as the code reads them.
@Suite struct SystemCallTests {
    private func section(_ title: String) throws -> [[String]] {
        let file = World.root.appendingPathComponent("Docs/format.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let rest = try #require(text.components(separatedBy: title).dropFirst().first)
        let body = rest.components(separatedBy: "\n#").first ?? ""
        return body.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.components(separatedBy: " | ").map { $0.trimmingCharacters(in: ["|", " "]) }
        }
    }

    /// A value of a type as the table names it.
    private func sample(_ type: String) throws -> Value {
        let day = try #require(CalendarDate.parse("2027-01-01"))
        let next = try #require(CalendarDate.parse("2028-01-01"))
        switch type {
        case "text": return .text("P-1")
        case "key", "digest": return .text(TextValue(String(repeating: "0a", count: 32)))
        case "subject": return .text("erasure")
        case "scope": return .text("case")
        case "integer": return .integer(2)
        case "list": return .list([])
        case "date": return .date(day)
        case "period": return .record([.date(day), .date(next), .list([]), .list([])])
        case "money":
            let currency = try #require(Currency(code: "CNY"))
            return .money(Money(minorUnits: 1, currency: currency))
        default:
            Issue.record("no type \(type)")
            return .absent
        }
    }

    @Test func everyCallIsDescribedAsItIsRead() throws {
        let rows = try section("### 5.4 ")
        let source = World.root.appendingPathComponent("Sources/RemitNode/System/SystemCall.swift")
        let names = try String(contentsOf: source, encoding: .utf8).matches(of: /case \.[A-Za-z]+: "([A-Za-z]+)"/)
        let known = names.map { String($0.1) }
        #expect(known.count > 15)
        #expect(rows.map { $0[0].replacing("`", with: "") }.sorted() == known.sorted())
        for row in rows {
            let name = row[0].replacing("`", with: "")
            let arguments = try row[1].matches(of: /\(([a-z]+)\)(?: ·|$)/).map { try sample(String($0.1)) }
            // The name of an erasure's scope is that of a case.
            let given = name == "erase" ? [arguments[0], .text("Lending/1"), arguments[2]] : arguments
            #expect(SystemCall(name: name, arguments: given)?.name == name, "\(row)")
            #expect(SystemCall(name: name, arguments: given)?.arguments == given, "\(row)")
            #expect(SystemCall(name: name, arguments: given.dropLast()) == nil, "\(row)")
        }
    }

    @Test func everyAccountIsDescribed() throws {
        let described = try section("### 5.5 ").map { $0[0] }
        let accounts: [(Effects.Posting.Account, String)] = [
            (.available, "`available`"), (.reserved("Lending/1"), "`reserved/`"), (.fund("Lending.Pot"), "`fund/`"),
            (.party(Party(.person, "bo")), "`person/`"),
            (.party(Party(.organisation, "clinic")), "`organisation/`"),
        ]
        for (account, words) in accounts {
            #expect(described.contains { $0.contains(words) }, "\(account)")
            #expect(account.name.hasPrefix(words.replacing("`", with: "")), "\(account)")
        }
    }
}
