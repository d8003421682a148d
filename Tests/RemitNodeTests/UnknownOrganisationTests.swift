import RemitLedger
import RemitNode
import RemitValues
import Testing

/// What a registered key signs for an organisation that nobody knows is on the chain, as every refused attempt.
@Suite struct UnknownOrganisationTests {
    @Test(arguments: ["", "nowhere", "Insurer", "insurer "])
    func anAttemptIsRefusedOnTheChain(_ name: String) throws {
        let world = try World()
        let contract = try world.deployCommercial()
        let organisation = TextValue(name)
        let refused = "unknown: organisation \(name) is not registered"
        let call = SystemCall.registerPerson(identifier: "bo", name: "Bo")
        let execution = try #require(try world.system([call], of: organisation).first)
        #expect(execution.receipt.outcome.told == refused)
        #expect(try !world.node.hasPerson("bo"))

        let house = try World.signer("clearing-house")
        var writer = try TransactionWriter(node: world.node, signer: house)
        let claim = try writer.sign(
            action: "submit", contract: contract.digest, arguments: World.claim("C-1", price: "10.00"),
            organisation: organisation)
        let block = try world.node.commit([claim])
        #expect(block.executions.map(\.receipt.outcome.told) == [refused])
        // The key goes on with its next number.
        #expect(try world.node.lastSequence(of: house.publicKey) == 1)
        let entry = try #require(try world.node.entry(of: claim.digest))
        #expect(entry.outcome.told == refused)
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }
}
