import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

@testable import RemitStore

/// The format document says what stands in the rows of a state: no space is missing, and its examples are what the code
/// writes.
@Suite struct FormatRowTests {
    private static let file = World.root.appendingPathComponent("Docs/format.md")
    private static let title = "### 5.3 Examples of rows\n"
    private static let heading = "| space | item | value |\n|---|---|---|\n"

    private static let till = """
        contract Till version 1
          title "Till"
          use   Rates version 1
          refers to Lending version 1
          calendar Days
        role Clerk
        calendar Days { days monday to friday from 2026-01-01 until 2027-01-01 { closed 2026-01-01 } }
        case { amount : CNY }
        final state done
        action file opens done by Clerk enters amount { set amount to taxed(amount) }

        library Rates version 1
          title "Rates"
        function taxed(amount: CNY) gives CNY { return amount * 106% rounded half up }
        """

    /// A ledger in whose state stands something of every space that is not about private values.
    private func ledger() throws -> Lending {
        let lending = try Lending()
        for (name, amount) in [("one", 100), ("two", 50), ("boom", 20)] {
            _ = try lending.ask(TextValue(name), Int64(amount))
        }
        _ = try lending.perform("approve consent", by: "bo", on: 2)
        _ = try lending.deploy(Self.till)
        lending.clock.set("2026-03-03", hour: 9)
        _ = try lending.deploy(Lending.second(begins: ""))
        _ = try lending.node.commitDue()
        guard let from = CalendarDate.parse("2027-01-01"), let until = CalendarDate.parse("2028-01-01") else {
            throw World.Missing()
        }
        let period = Value.record([.date(from), .date(until), .list([.date(from)]), .list([])])
        try lending.world.system([
            .registerMachine(identifier: "robot", name: "Robot"), .delegate(to: "bo", until: until),
            .extendCalendar(contract: "Till", calendar: "Days", period: period),
            .grantRole(person: "bo", role: "Administrator", organisation: "insurer"),
            .setQuorum(.erasure, count: 2),
            .propose(name: "erase", arguments: [.text("case"), .text("Lending/1"), .list([])]),
        ])
        return lending
    }

    private func rows(_ lending: Lending) throws -> [StateRow] {
        var rows: [StateRow] = []
        let store = try ChainStore(path: lending.world.path, mode: .readOnly)
        try store.forEachState(asOf: lending.node.head.height) { row throws(StoreError) in
            rows.append(row)
            return .next
        }
        return rows
    }

    /// The name by which the document has a space: without the names of contracts and what follows.
    private func family(_ space: String) -> String {
        let parts = space.split(separator: "/").map(String.init)
        let open = ["case", "unique", "register", "fund", "calendar"]
        return open.contains(parts[0]) ? "\(parts[0])/" : space
    }

    @Test func everySpaceIsInTheDocument() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(text.range(of: "### 5.1 Rows of the state"))
        let end = try #require(text.range(of: "### 5.2"))
        let part = text[start.upperBound..<end.lowerBound]
        let families = Set(try rows(try ledger()).map { family($0.space) })
        for family in families.sorted() { #expect(part.contains("`\(family)"), "\(family)") }
        let expected = [
            "calendar/", "case/", "contract", "contract/current", "contract/latest", "contract/library",
            "contract/refers", "contract/version", "counter", "due", "fund/", "grant", "grant/delegation",
            "grant/holders", "key", "key/first", "node", "organisation", "person", "proposal", "register/", "sequence",
            "stalled", "unique/",
        ]
        #expect(families.sorted() == expected)
    }

    @Test func theExamplesAreWhatTheCodeWrites() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(text.range(of: Self.title + "\n"))
        let end = try #require(text.range(of: "\n### 5.4 The ledger's own calls"))
        var seen: [String: Int] = [:]
        var lines = ""
        for row in try rows(try ledger()) where !row.space.utf8.elementsEqual("contract".utf8) {
            // Two of each: the second often has something that the first has not.
            seen[family(row.space), default: 0] += 1
            guard seen[family(row.space), default: 0] <= 2 else { continue }
            lines += "| `\(row.space)` | `\(Hex.encode(row.item))` | `\(Hex.encode(row.value))` |\n"
        }
        let introduction = """
            Rows of one ledger that the code of this project made; a test holds them to this page. Item and value are \
            in hexadecimal digits.

            """
        let expected = introduction + "\n" + Self.heading + lines
        guard ProcessInfo.processInfo.environment["REMIT_RECORD"] == nil else {
            try (text[..<start.upperBound] + expected + text[end.lowerBound...])
                .write(to: Self.file, atomically: true, encoding: .utf8)
            Issue.record("the examples were recorded anew: read what changed")
            return
        }
        #expect(text[start.upperBound..<end.lowerBound] == expected)
    }

    /// What the table says of the members of the rows that a second reader needs is so.
    @Test func theMembersOfACaseAreThoseOfTheDocument() throws {
        let lending = try ledger()
        let row = try #require(try rows(lending).first { $0.space == "case/Lending/0000000002" })
        guard case .record(let members) = try ValueCoding.decode(bytes: row.value) else {
            Issue.record("no record")
            return
        }
        #expect(members.count == 10)
        #expect(members[0] == .text(TextValue(try lending.node.contract(named: "Lending").digest.hex)))
        #expect(members[2] == .enumeration("running") && members[3] == .integer(3) && members[6] == .integer(3))
        guard case .record(let fields) = members[4], case .list(let due) = members[8],
            case .list(let rounds) = members[9],
            case .record(let round)? = rounds.first
        else {
            Issue.record("other members")
            return
        }
        #expect(fields.count == 5 && due.count == 2 && round.count == 8 && round[0] == .enumeration("granted"))
    }
}
