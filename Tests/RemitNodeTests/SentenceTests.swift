import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Sentences of the language reference that speak of blocks and of who holds what.
@Suite struct SentenceTests {
    static let contract = """
        contract Draw version 1
          title "Draw"
        role Clerk
        fund Pool in CNY kept by Clerk
        register Count by name: Text(9) { hits : Integer starts 0 }
        case { number : Integer starts 0 payee : Party }
        final state done
        action draw opens done by Clerk enters payee accept unapprovedPayment because "a test" {
          require Count["all"].hits < 3 else "Enough"
          add 1 to Count["all"].hits
          set number to Count["all"].hits
          pay 40 CNY from Pool to payee
        }
        """

    private static func world() throws -> (world: World, contract: DeployedContract) {
        let world = try World()
        let calls: [SystemCall] =
            [.deployContract(source: TextValue(contract), home: "insurer")] + (try world.admit("li"))
            + [.grantRole(person: "li", role: "Clerk", organisation: "insurer")]
        try world.system(calls)
        try world.system(
            [.deposit(contract: "Draw", fund: "Pool", amount: Hospital.yuan(100))], by: World.signer("li"))
        return (world, try world.node.contract(named: "Draw"))
    }

    private static let payee: [Value] = [.party(Party(.organisation, "insurer"))]

    /// "Transactions of a block run one after another, each on what the one before left, registers and funds included."
    @Test func transactionsOfABlockSeeWhatTheOneBeforeLeft() throws {
        let (world, contract) = try Self.world()
        var writer = try TransactionWriter(node: world.node, signer: World.signer("li"))
        var transactions: [Transaction] = []
        for _ in 0..<3 {
            transactions.append(
                try writer.sign(
                    action: "draw", contract: contract.digest, arguments: Self.payee, organisation: "insurer", on: nil))
        }
        let block = try world.node.commit(transactions)
        #expect(block.words == ["done", "done", "funds"])
        for number in 1...2 {
            let view = try world.node.caseView(CaseReference(contract: "Draw", number: Int64(number)))
            #expect(view.stored.state.fields[0] == .integer(Int64(number)))
        }
        #expect(try world.node.fund("Pool", of: "Draw").state.balance == 2_000)
    }

    /// "A transaction names its sender and the organisation that the sender acts for; the role must be held there at
    /// that block."
    @Test func theRoleMustBeHeldAtThatBlock() throws {
        let (world, contract) = try Self.world()
        func draw(_ organisation: TextValue) throws -> [String] {
            var writer = try TransactionWriter(node: world.node, signer: World.signer("li"))
            return try world.node.commit([
                writer.sign(
                    action: "draw", contract: contract.digest, arguments: Self.payee, organisation: organisation,
                    on: nil)
            ]).words
        }
        try world.system([.registerOrganisation(identifier: "other", name: "Other")])
        #expect(try draw("insurer") == ["done"])
        #expect(try draw("other") == ["role"])
        try world.system([.revokeRole(person: "li", role: "Clerk", organisation: "insurer")])
        #expect(try draw("insurer") == ["role"])
        try world.system([.grantRole(person: "li", role: "Clerk", organisation: "insurer")])
        #expect(try draw("insurer") == ["done"])
    }
}
