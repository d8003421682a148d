import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// For whom somebody acts, on a chain with several organisations.
@Suite struct ActingTests {
    private static let contract = """
        contract Visits version 1
          title "Visits"
        role Clerk, Nurse
        case { provider : Organisation opener : Person }
        state open
        final state done, dropped, refused
        action file opens open by Clerk of any organisation {
          set provider to organisation of actor
          set opener to actor
        }
        action drop in open by provider { become dropped }
        action close in open by opener { become done }
        action finish in open by Nurse of any organisation except opener { become done }
        approval consent
          in open needs 2 of Nurse of any organisation except opener within 9 hours
        {
          granted { become done } declined { become refused } overdue { become refused }
        }
        """

    private static func world(_ grants: [(String, TextValue, TextValue)]) throws -> World {
        let world = try World()
        var calls: [SystemCall] = [.deployContract(source: TextValue(contract), home: "insurer")]
        for place: TextValue in ["city", "west"] {
            calls.append(.registerOrganisation(identifier: place, name: place))
        }
        for person in Set(grants.map(\.0)).sorted() { calls += try world.admit(person) }
        for (person, role, organisation) in grants {
            calls.append(.grantRole(person: TextValue(person), role: role, organisation: organisation))
        }
        for execution in try world.system(calls) {
            guard case .done = execution.receipt.outcome else { throw World.Missing() }
        }
        return world
    }

    /// What comes of an action or a vote of somebody who acts for an organisation.
    private static func perform(
        _ world: World, _ action: String, by person: String, for organisation: TextValue, on number: Int64? = nil
    ) throws -> String {
        let contract = try world.node.contract(named: "Visits")
        let view = try number.map { try world.node.caseView(CaseReference(contract: "Visits", number: $0)) }
        var writer = try TransactionWriter(node: world.node, signer: World.signer(person))
        let block = try world.node.commit([
            writer.sign(
                action: action, contract: contract.digest, arguments: [], organisation: organisation, on: view)
        ])
        guard case .refused(let code, let text) = block.executions[0].receipt.outcome else { return block.words[0] }
        return "\(code): \(text)"
    }

    private static func verify(_ world: World) throws {
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }

    /// "A role without `of` is one in the organisation that deployed the contract; strangers come in only by `of
    /// <organisation>` or `of any organisation`."
    @Test func strangersDoNotActForAnOrganisation() throws {
        // What po does in the city is no role of this contract; eve has none there, and in the west she has one.
        let world = try Self.world([("ma", "Clerk", "city"), ("eve", "Clerk", "west"), ("po", "Porter", "city")])
        for _ in 0..<4 { #expect(try Self.perform(world, "file", by: "ma", for: "city") == "done") }
        #expect(try Self.perform(world, "drop", by: "eve", for: "city", on: 1) == "role: eve holds no role in city")
        #expect(
            try Self.perform(world, "drop", by: "eve", for: "west", on: 1)
                == "role: eve acting for west is not the case's provider")
        #expect(try Self.perform(world, "drop", by: "po", for: "city", on: 1) == "done")
        #expect(try Self.perform(world, "drop", by: "ma", for: "city", on: 2) == "done")
        #expect(try Self.perform(world, "close", by: "ma", for: "west", on: 3) == "role: ma holds no role in west")
        // Nor does a person whom the case names act where they hold none, not for the insurer that deployed it either.
        #expect(
            try Self.perform(world, "close", by: "ma", for: "insurer", on: 3) == "role: ma holds no role in insurer")
        #expect(try Self.perform(world, "close", by: "ma", for: "city", on: 3) == "done")
        try world.system([.revokeRole(person: "po", role: "Porter", organisation: "city")])
        #expect(try Self.perform(world, "drop", by: "po", for: "city", on: 4) == "role: po holds no role in city")
        try Self.verify(world)
    }

    /// A role that is granted in a block counts in it, also one that nobody held there before.
    @Test func aRoleGrantedInTheBlockCounts() throws {
        let world = try Self.world([("ma", "Clerk", "city"), ("po", "Porter", "west")])
        #expect(try Self.perform(world, "file", by: "ma", for: "city") == "done")
        let contract = try world.node.contract(named: "Visits")
        let view = try world.node.caseView(CaseReference(contract: "Visits", number: 1))
        var administrator = try TransactionWriter(node: world.node, signer: world.administrator)
        var porter = try TransactionWriter(node: world.node, signer: World.signer("po"))
        let block = try world.node.commit([
            administrator.sign(
                .grantRole(person: "po", role: "Porter", organisation: "city"), organisation: "insurer"),
            porter.sign(action: "drop", contract: contract.digest, arguments: [], organisation: "city", on: view),
        ])
        #expect(block.words == ["done", "done"])
        try Self.verify(world)
    }

    /// "`except` looks at the person, at whoever they stand in for, and, where it names an organisation, at all who act
    /// for it."
    @Test func whoStandsInIsExcludedWhicheverOrganisationTheyActFor() throws {
        let world = try Self.world([
            ("ma", "Clerk", "city"), ("ma", "Nurse", "city"), ("zed", "Nurse", "city"), ("zed", "Nurse", "west"),
            ("nora", "Nurse", "west"), ("ned", "Nurse", "west"),
        ])
        #expect(try Self.perform(world, "file", by: "ma", for: "city") == "done")
        #expect(try Self.perform(world, "file", by: "ma", for: "city") == "done")
        let until = try #require(CalendarDate.parse("2027-01-01"))
        try world.system([.delegate(to: "zed", until: until)], by: World.signer("ma"), of: "city")
        for place: TextValue in ["city", "west"] {
            #expect(
                try Self.perform(world, "approve consent", by: "zed", for: place, on: 1)
                    == "excluded: zed stands in for ma, who is excluded from `consent`")
            #expect(
                try Self.perform(world, "finish", by: "zed", for: place, on: 1)
                    == "excluded: zed is excluded from `finish`")
        }
        #expect(try Self.perform(world, "approve consent", by: "nora", for: "west", on: 1) == "done")
        // Elsewhere zed signs in their own name alone: nobody stands in for others where they have no delegation.
        try world.system([.renounce(delegationOf: "ma")], by: World.signer("zed"), of: "city")
        #expect(try Self.perform(world, "approve consent", by: "zed", for: "west", on: 1) == "done")
        #expect(try Self.perform(world, "finish", by: "zed", for: "west", on: 2) == "done")
        try Self.verify(world)
    }
}
