import Foundation
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues
import Testing

@testable import RemitNode

@Suite struct LedgerTests {
    /// A block that another key signs would break the chain for whoever verifies it.
    @Test func noKeyButTheNodesMakesBlocks() throws {
        let world = try World()
        let path = world.path
        try world.node.store.close()
        let other = try World.signer("another node")
        #expect(throws: NodeError.self) {
            try LedgerNode(path: path, access: .writing, signer: other, clock: try World.clock())
        }
        let node = try LedgerNode(path: path, access: .writing, signer: world.nodeSigner, clock: try World.clock())
        #expect(node.head.height == 0)
    }

    @Test func aClaimGoesInAndAVerifiedBlockComesOut() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var adjudicator = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"))
        _ = try adjudicator.take(
            BatchCall(identifier: "C-1", organisation: "north", arguments: try World.claim("C-1", price: "100.006")))
        let decisions = try adjudicator.flush()
        #expect(decisions.map(\.state) == ["approved"])
        let view = try world.node.caseView(CaseReference(contract: "CommercialClaim", number: 1))
        #expect(view.field("payable")?.description == "80.00 USD")
        #expect(view.field("provider")?.description == "north")

        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
        #expect(report.replayed == report.transactions)
        #expect(report.blocks == 3)
    }

    @Test func aRefusalStandsOnTheChainAndChangesNothingElse() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        let before = try Verification.run(path: world.path, replaying: false).stateRows
        var writer = try TransactionWriter(node: world.node, signer: try World.signer("clearing-house"))
        // The clearing-house holds no role in the insurer.
        let transaction = try writer.sign(
            action: "submit", contract: contract.digest, arguments: try World.claim("C-1", price: "1"),
            organisation: "insurer")
        let block = try world.node.commit([transaction])
        guard case .refused(let code, let text) = block.executions[0].receipt.outcome else {
            Issue.record("it was done")
            return
        }
        #expect(code == "role")
        #expect(text == "clearing-house acting for insurer is not Provider of its organisation")
        #expect(block.executions[0].receipt.changes.map(\.key.space) == ["sequence"])
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.isEmpty)
        #expect(report.stateRows == before + 1)
    }

    @Test func replayedAndForeignTransactionsDoNotGetIn() throws {
        let world = try World()
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        let call = SystemCall.registerOrganisation(identifier: "north", name: "North")
        let transaction = try writer.sign(call, organisation: "insurer")
        _ = try world.node.commit([transaction])
        #expect(throws: NodeError.self) { try world.node.commit([transaction]) }
        let other = try World(chain: "another")
        #expect(throws: NodeError.self) { try other.node.commit([transaction]) }
        var stranger = try TransactionWriter(node: world.node, signer: try World.signer("stranger"))
        let foreign = try stranger.sign(call, organisation: "insurer")
        #expect(throws: NodeError.self) { try world.node.commit([foreign]) }
        let forged = Transaction(body: transaction.body, signature: foreign.signature)
        #expect(throws: NodeError.self) { try world.node.commit([forged]) }
        #expect(world.node.head.height == 1)
        #expect(try Verification.run(path: world.path, replaying: true).problems.isEmpty)
    }

    @Test func onlyAdministratorsAdmit() throws {
        let world = try World()
        try world.system(try world.admit("bob"))
        let bob = try World.signer("bob")
        let executions = try world.system(
            [
                .registerOrganisation(identifier: "north", name: "North"),
                .grantRole(person: "bob", role: "Administrator", organisation: "insurer"),
                .deployContract(source: TextValue(try World.contract("commercial-claim")), home: "insurer"),
            ], by: bob)
        for execution in executions {
            guard case .refused("role", _) = execution.receipt.outcome else {
                Issue.record("\(execution.receipt.outcome)")
                continue
            }
        }
    }

    @Test func aBatchGoesOnWhereItStopped() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        let signer = try World.signer("clearing-house")
        let calls = try (1...25).map { number in
            BatchCall(
                identifier: "C-\(number)", organisation: number % 2 == 0 ? "north" : "south",
                arguments: try World.claim("C-\(number)", price: "\(number).55"))
        }
        var first = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: signer, blockSize: 10)
        // Seventeen are taken, ten are on disk, and the process ends.
        for call in calls.prefix(17) { _ = try first.take(call) }
        #expect(world.node.head.height == 2)

        var second = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: signer, blockSize: 10)
        var decided: [BatchDecision] = []
        for call in calls { decided += try second.take(call) }
        decided += try second.flush()
        #expect(second.known == 10)
        #expect(decided.count == 15)
        #expect(decided.allSatisfy { $0.state == "approved" })

        // The same identifier with other content is sent, and refused by the contract.
        var third = try Adjudicator(node: world.node, contract: contract, action: "submit", signer: signer)
        _ = try third.take(
            BatchCall(identifier: "C-3", organisation: "south", arguments: try World.claim("C-3", price: "9999")))
        let changed = try third.flush()
        #expect(changed.count == 1)
        if case .refused(let code, _) = changed[0].execution.receipt.outcome {
            #expect(code == "CO-18")
        } else {
            Issue.record("the changed claim was taken")
        }
        #expect(try Verification.run(path: world.path, replaying: true).problems.isEmpty)
    }

    @Test func theSameInputsGiveTheSameChain() throws {
        func head() throws -> Digest {
            let world = try World()
            let contract = try world.deployCommercial()
            var batch = try Adjudicator(
                node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"),
                blockSize: 7)
            for number in 1...20 {
                _ = try batch.take(
                    BatchCall(
                        identifier: "C-\(number)", organisation: "north",
                        arguments: try World.claim("C-\(number % 15)", price: "\(number).5")))
            }
            _ = try batch.flush()
            return world.node.head.digest
        }
        #expect(try head() == head())
    }

    @Test func aDecisionIsExplainedByReExecution() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var batch = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"))
        _ = try batch.take(
            BatchCall(identifier: "C-1", organisation: "north", arguments: try World.claim("C-1", price: "10")))
        _ = try batch.take(
            BatchCall(identifier: "C-2", organisation: "north", arguments: try World.claim("C-2", price: "20")))
        _ = try batch.flush()
        let explanations = try world.node.explain(case: CaseReference(contract: "CommercialClaim", number: 2))
        #expect(explanations.count == 1)
        let trace = explanations.first?.transition?.transition.trace
        #expect((trace?.entries.count ?? 0) > 5)
        #expect(throws: NodeError.self) {
            try world.node.explain(case: CaseReference(contract: "CommercialClaim", number: 3))
        }
    }
}
