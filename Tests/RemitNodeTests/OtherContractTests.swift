import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Contracts that read each other's cases, on a chain.
@Suite struct OtherContractTests {
    private static func referrals(_ version: Int, urgency: String = "routine, urgent", field: String = "urgency")
        -> String
    {
        """
        contract Referrals version \(version)
          title "Referrals"
        role Clerk
        enum Urgency { \(urgency) }
        case { \(field) : Urgency }
        state sent
        final state seen\(version > 2 ? ", lost" : "")
        action send opens sent by Clerk enters \(field) { }
        action see in sent by Clerk { become seen }
        \(version > 2 ? "action lose in sent by Clerk { become lost }" : "")
        """
    }

    private static let visits = """
        contract Visits version 1
          title "Visits"
          refers to Referrals version 1
        role Clerk
        register Seen by referral: case of Referrals kept by Clerk { times : Integer }
        case { referral : case of Referrals  urgent : Boolean starts no  known : Integer starts 0 }
        state open
        final state done
        unique by referral
        action claim opens open by Clerk enters referral {
          set urgent to referral.urgency is urgent
          let row = Seen[referral]
          if row is present { set known to row.times }
        }
        action settle in open by Clerk {
          require referral is seen else "V-1" "{referral} is not seen yet"
          become done
        }
        """

    private func world(_ sources: [String]) throws -> World {
        let world = try World()
        var calls = sources.map { SystemCall.deployContract(source: TextValue($0), home: "insurer") }
        calls.append(.grantRole(person: "ann", role: "Clerk", organisation: "insurer"))
        try world.system(calls)
        return world
    }

    private func call(
        _ world: World, _ contract: String, _ action: String, _ arguments: [Value] = [], on number: Int64? = nil
    ) throws -> String {
        let view = try number.map { try world.node.caseView(CaseReference(contract: contract, number: $0)) }
        let digest = try view?.stored.contract ?? world.node.contract(named: contract).digest
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        let transaction = try writer.sign(
            action: action, contract: digest, arguments: arguments, organisation: "insurer", on: view)
        return try words(world.node.commit([transaction]).executions[0])
    }

    private func words(_ execution: Execution) -> String {
        switch execution.receipt.outcome {
        case .done: "done"
        case .refused(let code, let text): "\(code): \(text)"
        case .stalled(let reason): reason
        }
    }

    private func isSound(_ world: World) throws {
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }

    @Test func stateAndFieldsAreReadAsTheyStand() throws {
        let world = try world([Self.referrals(1), Self.visits])
        #expect(try call(world, "Referrals", "send", [.enumeration("urgent")]) == "done")
        #expect(try call(world, "Visits", "claim", [.caseReference("Referrals/1")]) == "done")
        #expect(try world.node.caseView(CaseReference(contract: "Visits", number: 1)).field("urgent") == .boolean(true))
        #expect(try call(world, "Visits", "settle", on: 1) == "V-1: Referrals/1 is not seen yet")
        #expect(try call(world, "Referrals", "see", on: 1) == "done")
        #expect(try call(world, "Visits", "settle", on: 1) == "done")
        #expect(try call(world, "Visits", "claim", [.caseReference("Referrals/1")]).hasPrefix("unique:"))
        try isSound(world)
    }

    @Test func aCaseThatIsNotThereIsRefused() throws {
        let world = try world([Self.referrals(1), Self.visits])
        #expect(
            try call(world, "Visits", "claim", [.caseReference("Referrals/1")])
                == "noCase: there is no case Referrals/1")
        for wrong in ["Visits/1", "Referrals", "Referrals/", "Referrals/01", "Referrals/-1", "Referrals/1/2"] {
            #expect(try call(world, "Visits", "claim", [.caseReference(TextValue(wrong))]).hasPrefix("argument:"))
        }
        #expect(try call(world, "Visits", "claim", [.text("Referrals/1")]).hasPrefix("argument:"))
        let row = Value.record([.caseReference("Referrals/1"), .integer(3)])
        let load = SystemCall.loadRegister(contract: "Visits", register: "Seen", rows: [row])
        #expect(words(try world.system([load])[0]) == "argument: row 1: there is no case Referrals/1")
        #expect(try call(world, "Referrals", "send", [.enumeration("routine")]) == "done")
        #expect(words(try world.system([load])[0]) == "done")
        #expect(try call(world, "Visits", "claim", [.caseReference("Referrals/1")]) == "done")
        #expect(try world.node.caseView(CaseReference(contract: "Visits", number: 1)).field("known") == .integer(3))
        try isSound(world)
    }

    @Test func theOtherContractIsDeployedFirstAndInThisVersion() throws {
        let world = try World()
        func deploy(_ source: String) throws -> String {
            words(try world.system([.deployContract(source: TextValue(source), home: "insurer")])[0])
        }
        #expect(try deploy(Self.visits) == "R2010: there is no contract `Referrals`")
        #expect(try deploy(Self.referrals(2)) == "done")
        #expect(try deploy(Self.visits) == "R2010: `Referrals` is there in version 2, not 1")
        let fresh = try self.world([Self.referrals(1), Self.visits, Self.referrals(2)])
        #expect(try fresh.node.contract(named: "Visits").program.others.map(\.version) == [1])
        try isSound(world)
        try isSound(fresh)
    }

    /// A version that came later is read by its names; what it does not show refuses the action, and nothing else.
    @Test func casesOfLaterVersionsAreReadByName() throws {
        let world = try world([Self.referrals(1), Self.visits, Self.referrals(3, urgency: "urgent, mild")])
        #expect(try call(world, "Referrals", "send", [.enumeration("urgent")]) == "done")
        #expect(try call(world, "Visits", "claim", [.caseReference("Referrals/1")]) == "done")
        #expect(try call(world, "Referrals", "send", [.enumeration("mild")]) == "done")
        #expect(
            try call(world, "Visits", "claim", [.caseReference("Referrals/2")])
                == "unreadable: Referrals/2 follows version 3 of Referrals, and such a value of `urgency` is not known "
                + "from version 1")
        #expect(try call(world, "Referrals", "lose", on: 1) == "done")
        #expect(
            try call(world, "Visits", "settle", on: 1)
                == "unreadable: Referrals/1 follows version 3 of Referrals, and the state lost is not known "
                + "from version 1")
        try world.system([
            .deployContract(source: TextValue(Self.referrals(4, field: "haste")), home: "insurer")
        ])
        #expect(try call(world, "Referrals", "send", [.enumeration("urgent")]) == "done")
        #expect(
            try call(world, "Visits", "claim", [.caseReference("Referrals/3")])
                == "unreadable: Referrals/3 follows version 4 of Referrals, and `urgency` is not known from version 1")
        try isSound(world)
    }
}
