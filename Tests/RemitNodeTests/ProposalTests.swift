import Foundation
import RemitLedger
import RemitValues
import Testing

@testable import RemitNode

/// Proposals stand for so many blocks, and can be taken back.
@Suite struct ProposalTests {
    /// The ledger's own contract on one state, at any height.
    private struct Council {
        let state = WorkingState(over: EmptyState())
        let founder: SeedSigner

        init() throws {
            founder = try World.signer("administrator")
            SystemContract.found(
                SystemCall.Founding(
                    chain: "test", organisation: "insurer", organisationName: "Insurer", administrator: "ann",
                    administratorName: "Ann", administratorKey: founder.publicKey,
                    nodeKey: try World.signer("node").publicKey), in: state)
            for person: TextValue in ["bo", "cy"] {
                let calls: [SystemCall] = [
                    .registerPerson(identifier: person, name: person),
                    .addKey(person: person, key: try World.signer(person.string).publicKey),
                    .grantRole(person: person, role: "Administrator", organisation: "insurer"),
                ]
                for call in calls { #expect(try perform(call, by: "ann", at: 1) == "done") }
            }
            #expect(try perform(.setQuorum(.deploy, count: 2), by: "ann", at: 2) == "done")
        }

        /// What comes of a call: `done`, or the code and the text of the refusal.
        func perform(
            _ call: SystemCall, by person: TextValue, at height: UInt64, as transaction: Digest = .zero
        ) throws -> String {
            let contract = SystemContract(
                state: state, catalogue: ContractCatalogue(), actor: Party(.person, person), organisation: "insurer",
                height: height, sender: founder.publicKey, transaction: transaction,
                time: try #require(Instant(seconds: 1_780_272_000)))
            let refusal = try contract.perform(call)
            return refusal.map { "\($0.code): \($0.text)" } ?? "done"
        }

        func isThere(_ proposal: Digest) throws -> Bool {
            try state.value(StateLayout.proposal(proposal)) != nil
        }
    }

    private func calendar() throws -> SystemCall {
        let day = try #require(CalendarDate.parse("2027-01-01"))
        let next = try #require(CalendarDate.parse("2028-01-01"))
        return .extendCalendar(
            contract: "None", calendar: "Days", period: .record([.date(day), .date(next), .list([]), .list([])]))
    }

    private func proposal() throws -> SystemCall {
        let call = try calendar()
        return .propose(name: TextValue(call.name), arguments: call.arguments)
    }

    @Test func aProposalStandsUntilABlockAndNoLonger() throws {
        let council = try Council()
        let (kept, late) = (Hashing.sha256([1]), Hashing.sha256([2]))
        for digest in [kept, late] {
            #expect(try council.perform(proposal(), by: "ann", at: 10, as: digest) == "done")
        }
        // In the last block the vote still counts, and the call is carried out: there is no such contract.
        #expect(try council.perform(.endorse(kept), by: "bo", at: 100_010) == "unknown: contract None is not deployed")
        let over = "argument: the proposal stood until block 100010"
        #expect(try council.perform(.endorse(late), by: "bo", at: 100_011) == over)
        #expect(try council.isThere(late))
        // Before, nobody takes back what somebody else proposed; then any administrator does.
        let early = "role: only who made the proposal may withdraw it before block 100011"
        #expect(try council.perform(.withdraw(late), by: "bo", at: 100_010) == early)
        #expect(try council.perform(.withdraw(late), by: "bo", at: 100_011) == "done")
        #expect(try !council.isThere(late))
    }

    /// The second verifier's author reads the number in the document.
    @Test func theNumberOfBlocksIsInTheDocument() throws {
        let file = World.root.appendingPathComponent("Docs/format.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| `proposal` | digest") })
        #expect(row.contains("100,000 above that of the block that proposed"))
        #expect(Limits.proposalBlocks == 100_000)
    }

    @Test func whoProposedMayTakeItBack() throws {
        let world = try World()
        var calls = try world.admit("bo") + world.admit("lin")
        calls.append(.grantRole(person: "bo", role: "Administrator", organisation: "insurer"))
        calls.append(.setQuorum(.deploy, count: 2))
        try world.system(calls)
        try world.system([proposal()])
        let found = try #require(try world.node.proposals().first)
        #expect(found.expiry == Int64(world.node.head.height + 100_000))
        let (bo, lin) = (try World.signer("bo"), try World.signer("lin"))
        func told(_ signer: SeedSigner?) throws -> String? {
            try world.system([.withdraw(found.identifier)], by: signer).first?.receipt.outcome.told
        }
        let last = found.expiry + 1
        #expect(try told(bo) == "role: only who made the proposal may withdraw it before block \(last)")
        #expect(try told(lin) == "role: only an Administrator acting for insurer may do this, and lin is not")
        #expect(try told(nil) == "done")
        #expect(try world.node.proposals().isEmpty)
        #expect(try told(nil) == "unknown: there is no open proposal \(found.identifier.hex)")
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }
}
