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

    private static func reports(_ version: Int, code: String = "Text(8)") -> String {
        """
        contract Reports version \(version)
          title "Reports"
        role Clerk
        record Sample { day : Date  code : \(code) }
        case { sample : optional Sample  samples : list of Sample (4) }
        final state filed
        action file opens filed by Clerk enters sample, samples { }
        """
    }

    private static func reader(of version: Int) -> String {
        """
        contract Reader version 1
          title "Reader"
          refers to Reports version \(version)
        role Clerk
        case { report : case of Reports  number : Integer starts 0 }
        final state filed
        action take opens filed by Clerk enters report {
          let sample = report.sample
          require sample is present and sample is Sample(day: sample.day, code: "A") else "Another code"
          require any two of report.samples share code else "No two alike"
          set number to size(report.samples)
        }
        """
    }

    /// Records are read whole, so that one with a private part is not read: the checker says so of the version that the
    /// head names, and the chain refuses it of a later one.
    @Test func recordsAreReadWhereNoPartIsPrivate() throws {
        let world = try world([Self.reports(1), Self.reader(of: 1)])
        let day = try #require(CalendarDate(year: 2026, month: 3, day: 1))
        let sample = Value.record([.date(day), .text("A")])
        #expect(try call(world, "Reports", "file", [sample, .list([sample, sample])]) == "done")
        #expect(try call(world, "Reader", "take", [.caseReference("Reports/1")]) == "done")
        #expect(try world.node.caseView(CaseReference(contract: "Reader", number: 1)).field("number") == .integer(2))
        try world.system([
            .deployContract(source: TextValue(Self.reports(2, code: "private Text(8)")), home: "insurer")
        ])
        #expect(try call(world, "Reports", "file", [.absent, .list([])]) == "done")
        #expect(
            try call(world, "Reader", "take", [.caseReference("Reports/2")])
                == "unreadable: Reports/2 follows version 2 of Reports, and `sample` is not known from version 1")
        let late = SystemCall.deployContract(source: TextValue(Self.reader(of: 2)), home: "insurer")
        let refused = try words(world.system([late])[0])
        #expect(refused.hasPrefix("R3028: `sample` of `Reports` holds `Sample.code`, which is private"), "\(refused)")
        try isSound(world)
    }
}
