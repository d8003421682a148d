import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Two versions of one contract, on a chain whose clock a test moves.
final class Lending {
    static let first = """
        contract Lending version 1
          title    "Lending"
          timezone +08:00
        role Clerk, Boss
        enum Kind { short }
        fund Pot in CNY kept by Clerk
        register Tally by name: Text(8) { count : Integer starts 0 }
        case {
          name   : Text(8)
          amount : CNY
          kind   : Kind
        }
        state waiting, running
        final state closed, expired
        unique by name except closed, expired
        action ask opens waiting by Clerk enters name, amount, kind {
          reserve amount from Pot
          add 1 to Tally[name].count
          become waiting
        }
        approval consent
          in     waiting
          needs  1 of Boss
          within 48 hours
          accept singleSigner because "a test"
        {
          granted  { become running }
          declined { become closed }
          overdue  { become expired }
        }
        action count in running by Clerk { add 1 to Tally[name].count }
        action close in running by Clerk { become closed }
        after 30 days in running { become expired }
        """

    /// What the migration of the second version says.
    static let migration = """
        migrate from 1 when amount >= 10 CNY {
          state waiting to pending
          require not (name is "boom") else "NO" "{name} may not go on"
          set score to Tally[name].count * 10
        }
        """

    static func second(begins: String = " from 2026-04-01", migration: String = migration) -> String {
        """
        contract Lending version 2\(begins)
          title    "Lending"
          timezone +08:00
        role Clerk, Boss
        enum Kind { long, short }
        fund Pot in CNY kept by Clerk
        register Tally by name: Text(20) {
          count : Integer starts 0
          last  : Integer starts 7
        }
        case {
          score  : Integer
          name   : Text(20)
          amount : CNY
          kind   : optional Kind
          lines  : Integer starts 3
        }
        state pending, running
        final state closed, expired
        unique by name except closed, expired
        action ask opens pending by Clerk enters name, amount, kind {
          set score to 1
          reserve amount from Pot
          set Tally[name].last to 9
          become pending
        }
        approval consent
          in     pending
          needs  1 of Boss
          within 24 hours
          accept singleSigner because "a test"
        {
          granted  { become running }
          declined { become closed }
          overdue  { become expired }
        }
        action count in running by Clerk { add 1 to Tally[name].count }
        action close in running by Clerk { become closed }
        after 60 days in running { become expired }
        after 10 days in running { add 1 to lines }
        \(migration)
        """
    }

    let clock: TestClock
    let world: World
    var node: LedgerNode { world.node }

    init() throws {
        guard let start = Instant(seconds: 1_772_413_200) else { throw World.Missing() }
        clock = TestClock(start)
        clock.set("2026-03-02", hour: 9)
        world = try World(clock: clock)
        var calls = try world.admit("bo")
        calls += [
            .deployContract(source: TextValue(Self.first), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
            .grantRole(person: "bo", role: "Boss", organisation: "insurer"),
            .deposit(contract: "Lending", fund: "Pot", amount: try Hospital.yuan(1000)),
        ]
        try world.system(calls)
    }

    func deploy(_ source: String) throws -> String {
        let execution = try world.system([.deployContract(source: TextValue(source), home: "insurer")])[0]
        switch execution.receipt.outcome {
        case .done: return "done"
        case .refused(let code, let text): return "\(code): \(text)"
        case .stalled(let reason): return reason
        }
    }

    /// Performs a call in a block of its own, under the version of its case, or the one in force.
    @discardableResult
    func perform(
        _ call: String, _ arguments: [Value] = [], by person: String = "administrator", on number: Int64? = nil
    ) throws -> CommittedBlock {
        var writer = try TransactionWriter(node: node, signer: World.signer(person))
        let view = try number.map { try self.view($0) }
        let digest = try view?.stored.contract ?? node.contract(named: "Lending").digest
        return try node.commit([
            writer.sign(action: call, contract: digest, arguments: arguments, organisation: "insurer", on: view)
        ])
    }

    @discardableResult
    func ask(_ name: TextValue, _ amount: Int64) throws -> CommittedBlock {
        try perform("ask", [.text(name), .money(Hospital.yuan(amount)), .enumeration("short")])
    }

    func view(_ number: Int64) throws -> CaseView {
        try node.caseView(CaseReference(contract: "Lending", number: number))
    }

    /// The version and state of a case, and a field.
    func brief(_ number: Int64, _ field: String = "lines") throws -> String {
        let view = try view(number)
        guard case .integer(let value)? = view.field(field) else { return "\(view.program.version) \(view.stateName)" }
        return "\(view.program.version) \(view.stateName) \(value)"
    }

    func verify() throws {
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
    }
}
