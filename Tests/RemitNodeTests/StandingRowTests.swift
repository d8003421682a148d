import Foundation
import RemitAnalysis
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Rows that stand when a version brings new invariants for their register.
@Suite struct StandingRowTests {
    private static func contract(_ version: Int, _ invariants: String = "", fields: String = "") -> String {
        """
        contract Shop version \(version)
          title    "Shop"
          timezone +00:00
        role Clerk
        register Price by code: Text(8), size: Integer kept by Clerk {
          cents : Integer
        \(fields)\(invariants)
        }
        case { code : Text(8) }
        final state done
        action file opens done by Clerk enters code { set Price[code, 1].cents to 900 }
        """
    }

    private static let limit = "  invariant \"Nothing is dear\" : cents <= 500"

    private let world: World

    init() throws {
        world = try World()
        try world.system([
            .deployContract(source: TextValue(Self.contract(1)), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
        ])
    }

    private func load(_ rows: [(TextValue, Int64, Int64)]) -> SystemCall {
        .loadRegister(
            contract: "Shop", register: "Price",
            rows: rows.map { .record([.text($0.0), .integer($0.1), .integer($0.2)]) })
    }

    private func deploy(_ text: String) -> SystemCall { .deployContract(source: TextValue(text), home: "insurer") }

    private func told(_ execution: Execution?) -> String {
        switch execution?.receipt.outcome {
        case .refused(let code, let text): "\(code): \(text)"
        case let outcome: outcome.map { "\($0)" } ?? "nothing"
        }
    }

    /// Every block comes out the same when it is executed again, here and in a copy.
    private func verify() throws {
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
        #expect(report.replay.transactions.executed == report.transactions)
        var chain: [UInt8] = []
        _ = try world.node.export { chain += $0 }
        let work = try ChainImport(path: world.folder.appendingPathComponent("copy.sqlite").path)
        try work.append(chain)
        try work.finish()
    }

    private func changes(_ text: String) throws -> [String] {
        let source = SourceText(name: "shop.remit", bytes: Array(text.utf8))
        let program = try #require(Compiler.compile(source).program)
        return try world.node.changes(deploying: program).map { "\($0.gravity) \($0.code): \($0.text)" }
    }

    @Test func aRowThatBreaksANewInvariantRefusesTheVersion() throws {
        try world.system([load([("bb", 1, 900), ("a", 2, 300), ("c", 3, 800), ("a", 1, 500)])])
        let next = Self.contract(2, Self.limit)
        // The first by its item, of which a shorter one comes first.
        #expect(
            try changes(next).first
                == "breaking registerRowsBroken: 2 rows of the register Price break its new invariant "
                + "\"Nothing is dear\": the first is that of \"c\", 3")
        let refused = try world.system([deploy(next)])[0]
        #expect(
            told(refused)
                == "breaking: a row of the register Price breaks its new invariant \"Nothing is dear\": "
                + "that of \"c\", 3")
        #expect(refused.receipt.cost > 4)
        #expect(try world.node.contract(named: "Shop").program.version == 1)

        try world.system([load([("c", 3, 80)])])
        #expect(
            try changes(next).first
                == "breaking registerRowsBroken: a row of the register Price breaks its new invariant "
                + "\"Nothing is dear\": that of \"bb\", 1")
        // What the block has changed before counts as well.
        let executions = try world.system([load([("bb", 1, 90)]), deploy(next)])
        #expect(executions.map(told) == ["done", "done"])
        #expect(try changes(Self.contract(3, Self.limit)) == [])
        // An invariant that the version before has is not asked of the rows again.
        let third = try world.system([deploy(Self.contract(3, Self.limit))])[0]
        #expect(told(third) == "done" && third.receipt.cost == 1)
        try verify()
    }

    @Test func whatABlockBreaksIsFoundInIt() throws {
        try world.system([load([("a", 1, 100)])])
        let executions = try world.system([
            load([("a", 1, 501)]), deploy(Self.contract(2, Self.limit)),
        ])
        #expect(executions.count == 2 && told(executions[1]).hasSuffix("that of \"a\", 1"))
        try verify()
    }

    /// A field that is new has its `starts` in the rows of before.
    @Test func aNewFieldIsHeldByItsStart() throws {
        try world.system([load([("a", 1, 100)])])
        let fields = "  most : Integer starts 50\n"
        let broken = Self.contract(2, "  invariant \"Within bounds\" : cents <= most", fields: fields)
        #expect(try told(world.system([deploy(broken)])[0]).contains("\"Within bounds\": that of \"a\", 1"))
        let holds = Self.contract(2, "  invariant \"Within bounds\" : cents <= 2 * most", fields: fields)
        #expect(try told(world.system([deploy(holds)])[0]) == "done")
        try verify()
    }

    /// An invariant that cannot be evaluated on a row does not hold of it.
    @Test func aFaultBreaksIt() throws {
        try world.system([load([("a", 1, .max)])])
        let outcome = try told(
            world.system([deploy(Self.contract(2, "  invariant \"Twice\" : cents + cents >= 0"))])[0])
        #expect(
            outcome.hasPrefix(
                "breaking: a row of the register Price breaks its new invariant \"Twice\": that of \"a\", 1: "))
        #expect(!outcome.hasSuffix(": "))
    }

    /// The rows are read in pages, all of them.
    @Test func theLastOfManyRowsIsFound() throws {
        let names = (0..<4200).map { "r\(10_000 + $0)" }
        for start in stride(from: 0, to: names.count, by: 1400) {
            try world.system([
                load(names[start..<min(names.count, start + 1400)].map { (TextValue($0), 1, $0 == "r14199" ? 501 : 5) })
            ])
        }
        let refused = try world.system([deploy(Self.contract(2, Self.limit))])[0]
        #expect(told(refused).hasSuffix("that of \"r14199\", 1"))
        // Each row takes a step, and so does each part of what is asked of it.
        #expect(refused.receipt.cost == 1 + 4 * 4200)
        try verify()
    }

    /// What cannot be held to it with the steps of a transaction is refused as well, before as on the chain.
    @Test func moreThanTheStepsOfATransactionAreRefused() throws {
        let bound = (0..<100).map(String.init).joined(separator: ", ")
        let text = """
              invariant "Much" : many() > cents
            """
        let functions = """

            function many() gives Integer {
              let all = [\(bound)]
              return sum of (sum of (sum of z for z in all) for y in all) for x in all
            }
            """
        try world.system([load([("a", 1, 1), ("b", 1, 1), ("c", 1, 1), ("d", 1, 1), ("e", 1, 1), ("f", 1, 1)])])
        let next = Self.contract(2, text) + functions
        let words = "to hold the rows of the register Price to its new invariants takes more than 10000000 steps"
        #expect(try changes(next).first == "breaking registerRowsUnheld: \(words)")
        let refused = try world.system([deploy(next)])[0]
        #expect(told(refused).hasPrefix("budget: \(words): declare them"))
        #expect(refused.receipt.cost == 10_000_000)
        try verify()
    }

    /// Votes carry a version out: then it is held against the rows that there are by then.
    @Test func theLastVoteLooksAtTheRows() throws {
        var calls = try world.admit("bob")
        calls.append(.grantRole(person: "bob", role: SystemCall.administratorRole, organisation: "insurer"))
        try world.system(calls)
        try world.system([.setQuorum(.deploy, count: 2)])
        try world.system([load([("a", 1, 100)])])
        let source = TextValue(Self.contract(2, Self.limit))
        let proposed = try world.system([
            .propose(name: "deployContract", arguments: [.text(source), .text("insurer")])
        ])[0]
        #expect(told(proposed) == "done")
        try world.system([load([("a", 1, 700)])])
        let voted = try world.system(
            [.endorse(proposed.receipt.transaction)], by: World.signer("bob"))[0]
        #expect(told(voted).hasSuffix("that of \"a\", 1"))
        #expect(voted.receipt.cost > 1)
        try verify()
    }
}
