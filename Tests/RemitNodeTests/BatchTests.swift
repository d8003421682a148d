import Foundation
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Batches: organisations of the data, refusals, and going on.
@Suite struct BatchTests {
    private static func claims(_ world: World, _ lines: [String]) throws -> String {
        let path = world.folder.appendingPathComponent("claims.ndjson").path
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static func claim(_ id: String, provider: String, price: String = "10") -> String {
        """
        {"resourceType":"Claim","id":"\(id)","status":"active","use":"claim","patient":{"reference":"Patient/1"},\
        "type":{"coding":[{"code":"institutional"}]},"billablePeriod":{"start":"2026-05-20"},"created":"2026-05-21",\
        "provider":{"reference":"Organization/\(provider)"},\
        "item":[{"sequence":1,"productOrService":{"coding":[{"code":"A"}]},"net":{"value":\(price),"currency":"USD"}}]}
        """
    }

    @Test func organisationsOfTheDataAreAdmittedOnTheChain() throws {
        let world = try World()
        _ = try world.deployCommercial()
        let path = try Self.claims(
            world, [Self.claim("1", provider: "new-a"), Self.claim("2", provider: "new-b"), "{", "[1]"])
        let batch = try TestBatch(path, mapping: "fhir-r4-commercial-claim", in: world, blockSize: 1)
        #expect(batch.decisions.map(\.state) == ["approved", "approved"])
        #expect(batch.unusable.map(\.line) == [3])
        #expect(batch.skipped == 1)
        #expect(try world.node.hasOrganisation("new-a"))
        #expect(try world.node.holds(role: "Provider", person: "clearing-house", organisation: "new-b"))
        let again = try TestBatch(path, mapping: "fhir-r4-commercial-claim", in: world)
        #expect(again.known == 2 && again.decisions.isEmpty)
        #expect(try Verification.run(path: world.path, replaying: true).problems.isEmpty)
    }

    @Test func withoutTheAdministratorUnknownOrganisationsAreObjectedTo() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        let signer = try World.signer("clearing-house")
        var admission = try BatchAdmission(
            node: world.node, contract: contract, action: "submit", sender: signer.publicKey, administrator: nil)
        let height = world.node.head.height
        try admission.admit([.init(identifier: "north", name: nil), .init(identifier: "nowhere", name: "Nowhere")])
        #expect(admission.objection(to: "north") == nil)
        #expect(admission.objection(to: "nowhere") == "the organisation nowhere is not registered on the chain")
        #expect(world.node.head.height == height)
    }

    @Test func aNameThatTheChainDoesNotTakeIsObjectedTo() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var admission = try BatchAdmission(
            node: world.node, contract: contract, action: "submit",
            sender: try World.signer("clearing-house").publicKey, administrator: world.administrator)
        let long = TextValue(String(repeating: "x", count: Limits.nameBytes + 1))
        try admission.admit([.init(identifier: long, name: nil), .init(identifier: "fine", name: nil)])
        #expect(admission.objection(to: long)?.hasPrefix("registerOrganisation was refused") == true)
        #expect(admission.objection(to: "fine") == nil)
        #expect(admission.registered == 1 && admission.granted == 1)
    }

    @Test func aStrangersKeySubmitsNothing() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        let stranger = try World.signer("stranger").publicKey
        #expect(throws: NodeError.self) {
            try BatchAdmission(
                node: world.node, contract: contract, action: "submit", sender: stranger, administrator: nil)
        }
    }

    /// A claim refused for want of a role is decided once the role is there, if it is sent again.
    @Test func whatWasRefusedIsSentAgainOnlyWhenAsked() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        try world.system([.registerOrganisation(identifier: "east", name: "East")])
        let signer = try World.signer("clearing-house")
        let call = BatchCall(
            identifier: "C-1", organisation: "east", arguments: try World.claim("C-1", price: "10"))
        func send(retrying: Bool) throws -> (states: [String?], known: Int) {
            var batch = try Adjudicator(
                node: world.node, contract: contract, action: "submit", signer: signer, retryingRefused: retrying)
            var decisions = try batch.take(call)
            decisions += try batch.flush()
            return (decisions.map(\.state), batch.known)
        }
        #expect(try send(retrying: false).states == [nil])
        try world.system([.grantRole(person: "clearing-house", role: "Provider", organisation: "east")])
        #expect(try send(retrying: false).known == 1)
        #expect(try send(retrying: true).states == ["approved"])
        #expect(try send(retrying: true).known == 1)
    }

    /// One key that administers and submits: its transactions stay in one order.
    @Test func anAdministratorMaySubmit() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var batch = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: world.administrator)
        var admission = try BatchAdmission(
            node: world.node, contract: contract, action: "submit", sender: world.administrator.publicKey,
            administrator: world.administrator)
        var states: [String?] = []
        for number in 1...3 {
            let place = TextValue("clinic-\(number)")
            states += try batch.flush().map(\.state)
            try admission.admit([.init(identifier: place, name: nil)])
            try batch.resume()
            let arguments = try World.claim("C-\(number)", price: "10")
            states += try batch.take(BatchCall(identifier: "C", organisation: place, arguments: arguments)).map(\.state)
        }
        states += try batch.flush().map(\.state)
        #expect(states == ["approved", "approved", "approved"])
    }
}
