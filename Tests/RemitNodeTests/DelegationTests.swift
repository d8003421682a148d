import RemitLedger
import RemitValues
import Testing

@testable import RemitNode

/// How many people somebody stands in for, and for how long.
@Suite struct DelegationTests {
    /// The ledger's own contract on one state, on any day.
    private struct House {
        let state = WorkingState(over: EmptyState())
        let founder: SeedSigner

        init(people: [TextValue]) throws {
            founder = try World.signer("administrator")
            SystemContract.found(
                SystemCall.Founding(
                    chain: "test", organisation: "insurer", organisationName: "Insurer", administrator: "ann",
                    administratorName: "Ann", administratorKey: founder.publicKey,
                    nodeKey: try World.signer("node").publicKey), in: state)
            for person in people {
                let call = SystemCall.registerPerson(identifier: person, name: person)
                #expect(try perform(call, by: "ann", on: "2026-01-01") == "done")
            }
        }

        /// What comes of a call at noon in UTC: `done`, or the code and the text of the refusal.
        func perform(_ call: SystemCall, by person: TextValue, on day: String) throws -> String {
            let date = try #require(CalendarDate.parse(day))
            let contract = SystemContract(
                state: state, catalogue: ContractCatalogue(), actor: Party(.person, person), organisation: "insurer",
                height: 1, sender: founder.publicKey, transaction: .zero,
                time: try #require(Instant(date: date, hour: 12, minute: 0, offset: 0)))
            let refusal = try contract.perform(call)
            return refusal.map { "\($0.code): \($0.text)" } ?? "done"
        }

        func delegate(_ person: TextValue, until day: String, on today: String) throws -> String {
            try perform(.delegate(to: "dd", until: #require(CalendarDate.parse(day))), by: person, on: today)
        }

        /// Whom dd stands in for by the row, with what stands beside them.
        func entries() throws -> [String] {
            guard case .map(let entries)? = try state.value(StateLayout.delegations(to: "dd", organisation: "insurer"))
            else { return [] }
            return entries.map { "\($0.key) \($0.value)".replacing("\"", with: "") }
        }
    }

    @Test func delegationsThatEndedFillNoPlace() throws {
        let people = (0..<Limits.delegations + 2).map { TextValue("p\($0)") }
        let house = try House(people: people + ["dd"])
        for person in people.prefix(Limits.delegations) {
            #expect(try house.delegate(person, until: "2026-02-02", on: "2026-02-01") == "done")
        }
        let full = "argument: dd stands in for 32 people already, and for no more"
        // The last day of all is over in the west of UTC after that of UTC.
        for today in ["2026-02-01", "2026-02-02"] {
            #expect(try house.delegate("p32", until: "2027-01-01", on: today) == full)
        }
        #expect(try house.delegate("p32", until: "2027-01-01", on: "2026-02-03") == "done")
        #expect(try house.entries() == ["p32 2027-01-01"])
        // Whoever is among the ended ones takes their own back as well.
        #expect(try house.delegate("p33", until: "2026-02-04", on: "2026-02-03") == "done")
        #expect(try house.perform(.endDelegation(to: "dd"), by: "p32", on: "2026-02-05") == "done")
        #expect(try house.entries() == [])
    }

    @Test func nobodyDelegatesUntilADayThatIsOver() throws {
        let house = try House(people: ["bo", "dd"])
        for day in ["0001-01-01", "2025-12-31", "2026-01-31"] {
            let refused = "argument: \(day) is over: nobody would be stood in for"
            #expect(try house.delegate("bo", until: day, on: "2026-02-01") == refused)
        }
        #expect(try house.entries() == [])
        #expect(try house.delegate("bo", until: "2026-02-01", on: "2026-02-01") == "done")
    }

    /// People whom somebody has renounced are not stood in for, and bar nobody else.
    @Test func whatWasRenouncedStaysAndFillsNoPlace() throws {
        let people = (0..<Limits.delegations + 1).map { TextValue("p\($0)") }
        let house = try House(people: people + ["dd"])
        for person in people.dropLast() {
            #expect(try house.delegate(person, until: "2027-01-01", on: "2026-02-01") == "done")
        }
        #expect(try house.perform(.renounce(delegationOf: "p0"), by: "dd", on: "2026-02-01") == "done")
        #expect(try house.delegate("p32", until: "2026-03-01", on: "2026-02-01") == "done")
        // Long after, the one that was renounced is the only one left.
        #expect(try house.delegate("p1", until: "2030-01-01", on: "2029-01-01") == "done")
        #expect(try house.entries() == ["p0 0001-01-01", "p1 2030-01-01"])
        #expect(
            try house.delegate("p0", until: "2030-01-01", on: "2029-01-01")
                == "role: dd has renounced standing in for p0, and only dd can end that")
    }
}
