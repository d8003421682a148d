import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Nothing that one may do leaves quorums that the administrators who can sign cannot fill.
@Suite struct QuorumGuardTests {
    /// What came of calls: `done`, or the code and the text of the refusal.
    private func told(_ executions: [Execution]) -> [String] {
        executions.map(\.receipt.outcome.told)
    }

    /// A ledger whose administrators are Ann and Bo, and two of them deploy.
    private func two() throws -> World {
        let world = try World()
        var calls = try world.admit("bo")
        calls.append(.grantRole(person: "bo", role: "Administrator", organisation: "insurer"))
        calls.append(.setQuorum(.deploy, count: 2))
        #expect(told(try world.system(calls)) == ["done", "done", "done", "done"])
        return world
    }

    private func verify(_ world: World) throws {
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }

    private let short = "quorum: 1 administrators would be left, and a quorum asks for 2"

    @Test func theLastKeyOfTheOnlyAdministratorStays() throws {
        let world = try World()
        let key = world.administrator.publicKey
        let refused = "quorum: 0 administrators would be left, and a quorum asks for 1"
        #expect(told(try world.system([.revokeKey(key)])) == [refused])
        // Of two keys one may end, in the same block, too; then the other may not.
        let second = try World.signer("second")
        #expect(
            told(try world.system([.addKey(person: "ann", key: second.publicKey), .revokeKey(key)])) == [
                "done", "done",
            ])
        #expect(told(try world.system([.revokeKey(second.publicKey)], by: second)) == [refused])
        // A key is rotated at any time.
        let third = try World.signer("third")
        #expect(told(try world.system([.rotateKey(third.publicKey)], by: second)) == ["done"])
        #expect(told(try world.system([.revokeKey(third.publicKey)], by: third)) == [refused])
        try verify(world)
    }

    @Test func aKeyThatAQuorumNeedsStays() throws {
        let world = try two()
        let (bo, spare) = (try World.signer("bo"), try World.signer("spare"))
        #expect(told(try world.system([.revokeKey(bo.publicKey)])) == [short])
        #expect(told(try world.system([.revokeKey(bo.publicKey)], by: bo)) == [short])
        #expect(told(try world.system([.addKey(person: "bo", key: spare.publicKey)], by: bo)) == ["done"])
        #expect(told(try world.system([.revokeKey(bo.publicKey), .revokeKey(spare.publicKey)])) == ["done", short])
        // The key of somebody who is no administrator is nobody's but theirs.
        try world.system(try world.admit("lin"))
        #expect(told(try world.system([.revokeKey(World.signer("lin").publicKey)])) == ["done"])
        try verify(world)
    }

    @Test func whoHasNoKeyFillsNoQuorum() throws {
        let world = try two()
        try world.system([
            .registerPerson(identifier: "cy", name: "Cy"),
            .grantRole(person: "cy", role: "Administrator", organisation: "insurer"),
        ])
        let few = "quorum: there are 2 administrators: 3 could never agree"
        #expect(told(try world.system([.setQuorum(.erasure, count: 3)])) == [few])
        #expect(
            told(try world.system([.revokeRole(person: "bo", role: "Administrator", organisation: "insurer")])) == [
                short
            ])
        #expect(
            told(try world.system([.revokeRole(person: "cy", role: "Administrator", organisation: "insurer")])) == [
                "done"
            ])
        try verify(world)
    }

    /// A machine may be an administrator; where administrators agree it counts for nobody, not even alone.
    @Test func aMachineCountsInNoQuorum() throws {
        let world = try World()
        let (bot, bo) = (try World.signer("bot"), try World.signer("bo"))
        let machine = "role: bot is a machine account, which counts in no quorum of administrators"
        try world.system([
            .registerMachine(identifier: "bot", name: "Bot"), .addKey(person: "bot", key: bot.publicKey),
            .grantRole(person: "bot", role: "Administrator", organisation: "insurer"),
        ])
        // What asks for no quorum is open to it.
        #expect(told(try world.system(try world.admit("bo"), by: bot)) == ["done", "done"])
        let grant = SystemCall.grantRole(person: "bo", role: "Administrator", organisation: "insurer")
        let recovery = SystemCall.addKey(person: "bo", key: try World.signer("spare").publicKey)
        let alone = [grant, recovery, .setQuorum(.deploy, count: 1)]
        #expect(told(try world.system(alone, by: bot)) == [machine, machine, machine])
        // Nor does it fill one: not in the guards, not by a proposal, not by a vote.
        let few = "quorum: there are 1 administrators: 2 could never agree"
        #expect(told(try world.system([.setQuorum(.administration, count: 2)])) == [few])
        #expect(
            told(try world.system([.revokeKey(world.administrator.publicKey)])) == [
                "quorum: 0 administrators would be left, and a quorum asks for 1"
            ])
        #expect(told(try world.system([grant, .setQuorum(.administration, count: 2)])) == ["done", "done"])
        let change = SystemCall.setQuorum(.erasure, count: 2)
        let proposal = SystemCall.propose(name: TextValue(change.name), arguments: change.arguments)
        #expect(told(try world.system([proposal], by: bot)) == [machine])
        #expect(told(try world.system([proposal])) == ["done"])
        let open = try #require(try world.node.proposals().first)
        #expect(told(try world.system([.endorse(open.identifier)], by: bot)) == [machine])
        #expect(try world.node.proposals().map(\.identifier) == [open.identifier])
        #expect(told(try world.system([.endorse(open.identifier)], by: bo)) == ["done"])
        #expect(try world.node.proposals().isEmpty)
        // Its key may end at any time: no quorum becomes short of it.
        #expect(told(try world.system([.revokeKey(bot.publicKey)])) == ["done"])
        try verify(world)
    }

    @Test func whatNoVoteCanMakePossibleIsNotPutToTheVote() throws {
        let world = try two()
        #expect(told(try world.system([.setQuorum(.administration, count: 2)])) == ["done"])
        for count: Int64 in [0, -1, 101] {
            let call = SystemCall.setQuorum(.deploy, count: count)
            let proposal = SystemCall.propose(name: TextValue(call.name), arguments: call.arguments)
            let refused = "argument: a quorum has 1 to 100 administrators, not \(count)"
            #expect(told(try world.system([proposal, call])).first == refused)
        }
        let grant = SystemCall.grantRole(person: "bo", role: "", organisation: "insurer")
        #expect(
            told(try world.system([.propose(name: TextValue(grant.name), arguments: grant.arguments)])) == [
                "argument: grantRole with such arguments is nothing that administrators vote on"
            ])
        #expect(try world.node.proposals().isEmpty)
        try verify(world)
    }

    /// Keys of a block that is not on disk yet are counted.
    @Test func keysOfTheBlockBeforeAreCounted() throws {
        let world = try two()
        let bo = try World.signer("bo")
        var (own, other) = (
            try TransactionWriter(node: world.node, signer: bo),
            try TransactionWriter(node: world.node, signer: world.administrator)
        )
        let pipeline = try BlockPipeline(node: world.node)
        let calls: [(SystemCall, Bool)] = [
            (.addKey(person: "bo", key: try World.signer("spare").publicKey), true),
            (.revokeKey(bo.publicKey), false), (.revokeKey(try World.signer("spare").publicKey), false),
            (.addKey(person: "ann", key: try World.signer("more").publicKey), false),
            (.revokeKey(world.administrator.publicKey), false),
        ]
        for (call, isOwn) in calls {
            let signed =
                isOwn ? try own.sign(call, organisation: "insurer") : try other.sign(call, organisation: "insurer")
            try pipeline.commit([try #require(CheckedTransaction(signed))], written: { _ in })
        }
        try pipeline.finish()
        let rows = try SQL.rows(world.path, "SELECT outcome FROM decisions ORDER BY height DESC LIMIT 5")
        #expect(rows == [["done"], ["done"], ["refused quorum"], ["done"], ["done"]])
        try verify(world)
    }
}
