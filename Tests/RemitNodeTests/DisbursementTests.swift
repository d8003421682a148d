import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Money, signatures and deadlines on a chain: the emergency fund of a hospital.
final class Hospital {
    let clock: TestClock
    let world: World
    let contract: DeployedContract
    var node: LedgerNode { world.node }

    init(roles: [(String, String)] = Hospital.staff) throws {
        guard let start = Instant(seconds: 1_772_413_200) else { throw World.Missing() }
        clock = TestClock(start)
        world = try World(clock: clock)
        var calls: [SystemCall] = [
            .registerOrganisation(identifier: "supplier", name: "Supplier"),
            .deployContract(source: TextValue(try World.contract("emergency-disbursement")), home: "insurer"),
        ]
        for name in Set(roles.map(\.0)).sorted() { calls += try world.admit(name) }
        for (name, role) in roles {
            calls.append(.grantRole(person: TextValue(name), role: TextValue(role), organisation: "insurer"))
        }
        try world.system(calls)
        contract = try world.node.contract(named: "EmergencyDisbursement")
        try system(
            .deposit(contract: "EmergencyDisbursement", fund: "EmergencyFund", amount: Self.yuan(200_000)), by: "zhao")
    }

    static let staff = [
        ("li", "DepartmentHead"), ("wang", "FinanceOfficer"), ("zhao", "ChiefFinancialOfficer"), ("lu", "President"),
        ("chen", "Cashier"),
    ]

    static func yuan(_ amount: Int64) throws -> Money {
        guard let currency = Currency(code: "CNY") else { throw World.Missing() }
        return Money(minorUnits: amount * 100, currency: currency)
    }

    @discardableResult
    func system(_ call: SystemCall, by person: String) throws -> Execution {
        try world.system([call], by: World.signer(person))[0]
    }

    /// Performs a call in a block of its own.
    @discardableResult
    func perform(
        _ call: String, _ arguments: [Value] = [], by person: String, on number: Int64? = nil, seen: UInt64? = nil
    ) throws -> CommittedBlock {
        var writer = try TransactionWriter(node: node, signer: World.signer(person))
        let view = try number.map {
            try node.caseView(CaseReference(contract: "EmergencyDisbursement", number: $0))
        }
        return try node.commit([
            writer.sign(
                action: call, contract: contract.digest, arguments: arguments, organisation: "insurer", on: view)
        ])
    }

    func request(_ amount: Int64, urgency: TextValue = "urgent") throws -> CommittedBlock {
        try perform(
            "request",
            [
                // Each is for another patient: for one they would be one commitment.
                .enumeration("surgery"), .party(Party(.organisation, "supplier")), .text(TextValue("P-\(amount)")),
                .money(Self.yuan(amount)), .enumeration(urgency), .text("Blood warmer failed"),
            ], by: "li")
    }

    func state(of number: Int64) throws -> String {
        try node.caseView(CaseReference(contract: "EmergencyDisbursement", number: number)).stateName
    }

    func fund() throws -> (balance: Int64, reserved: Int64) {
        let held = try node.fund("EmergencyFund", of: "EmergencyDisbursement")
        return (held.state.balance, held.state.reserved)
    }

    func verify() throws {
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
        #expect(report.replayed == report.transactions)
    }
}

extension CommittedBlock {
    /// The outcomes of the transactions, a word each; a refusal with its code.
    var words: [String] { executions.map(Self.word) }
    /// The outcomes of the deadlines.
    var fired: [String] { deadlines.map(Self.word) }

    private static func word(_ execution: Execution) -> String {
        switch execution.receipt.outcome {
        case .done: "done"
        case .refused(let code, _): code
        case .stalled: "stalled"
        }
    }
}

@Suite struct DisbursementTests {
    @Test func twoSignaturesPayTheSupplier() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        let opened = try hospital.request(80_000)
        #expect(opened.executions[0].receipt.postings.map(\.debit) == ["reserved/EmergencyDisbursement/1"])
        #expect(try hospital.perform("approve funding", by: "wang", on: 1).words == ["done"])
        #expect(try hospital.perform("approve funding", by: "wang", on: 1).words == ["alreadySigned"])
        #expect(try hospital.perform("approve funding", by: "li", on: 1).words == ["excluded"])
        #expect(try hospital.perform("approve funding", by: "zhao", on: 1).words == ["done"])
        #expect(try hospital.state(of: 1) == "approved")
        guard let invoice = Document(digest: Array(repeating: 7, count: 32), mediaType: "application/pdf", size: 10)
        else { throw World.Missing() }
        let paid = try hospital.perform("pay", [.money(Hospital.yuan(80_000)), .document(invoice)], by: "chen", on: 1)
        #expect(paid.words == ["done"])
        let posting = try #require(paid.executions[0].receipt.postings.first)
        #expect(posting.credit == "reserved/EmergencyDisbursement/1")
        #expect(posting.debit == "organisation/supplier")
        #expect(posting.minorUnits == 8_000_000)
        #expect(try hospital.fund() == (12_000_000, 0))
        try hospital.verify()
    }

    /// "A block runs what has fallen due before its transactions, by due time, case, order of writing, with `now` the
    /// due time; the node makes a block if none is coming."
    @Test func aBlockRunsWhatHasFallenDueBeforeItsTransactions() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        _ = try hospital.request(8_000)
        hospital.clock.set("2026-03-02", hour: 10)
        _ = try hospital.request(9_000)
        #expect(try hospital.node.commitDue() == nil)
        hospital.clock.set("2026-03-03", hour: 9, minute: 30)
        // The first request is overdue, so its signature comes too late; the second is in time.
        let block = try hospital.perform("approve funding", by: "wang", on: 1)
        #expect(block.fired == ["done"])
        #expect(block.words == ["state"])
        #expect(block.deadlines[0].receipt.transaction == .zero)
        #expect(block.deadlines[0].receipt.notices.map(\.to) == ["President"])
        #expect(try hospital.state(of: 1) == "expired")
        #expect(try hospital.state(of: 2) == "requested")
        #expect(try hospital.fund() == (20_000_000, 900_000))
        hospital.clock.set("2026-03-04", hour: 9)
        let due = try #require(try hospital.node.commitDue())
        #expect(due.fired == ["done"])
        #expect(due.header.transactionCount == 0)
        #expect(try hospital.state(of: 2) == "expired")
        #expect(try hospital.fund() == (20_000_000, 0))
        try hospital.verify()
    }

    @Test func manyDeadlinesFireInOrderOfDueTimeAndCase() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        // The amounts decide the terms: 24 hours, 4 hours, 24 hours.
        _ = try hospital.request(1_000)
        _ = try hospital.request(120_000)
        _ = try hospital.request(2_000)
        hospital.clock.set("2026-03-05", hour: 9)
        let block = try #require(try hospital.node.commitDue())
        #expect(
            block.deadlines.map(\.receipt.caseReference) == [
                "EmergencyDisbursement/2", "EmergencyDisbursement/1", "EmergencyDisbursement/3",
            ])
        try hospital.verify()
    }

    /// "`within` is required, so a round nobody can fill ends overdue, and the receipt says so on opening."
    @Test func aRoundThatNobodyCanFillIsRecorded() throws {
        let hospital = try Hospital(roles: Hospital.staff.filter { $0.0 != "lu" })
        hospital.clock.set("2026-03-02", hour: 9)
        let block = try hospital.request(120_000)
        #expect(block.executions[0].receipt.unfillableRounds == ["funding"])
        try hospital.system(
            .registerPerson(identifier: "lu", name: "Lu"), by: "administrator")
        try hospital.system(.grantRole(person: "lu", role: "President", organisation: "insurer"), by: "administrator")
        #expect(try hospital.request(1_000).executions[0].receipt.unfillableRounds == [])
        try hospital.verify()
    }

    /// "A role counts if held when signing: granted later, one may sign; revoked later, the signature stands."
    @Test func aRoleCountsIfHeldWhenSigning() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        _ = try hospital.request(80_000)
        #expect(try hospital.perform("approve funding", by: "wang", on: 1).words == ["done"])
        try hospital.system(
            .revokeRole(person: "wang", role: "FinanceOfficer", organisation: "insurer"), by: "administrator")
        #expect(try hospital.perform("approve funding", by: "chen", on: 1).words == ["role"])
        try hospital.system(
            .grantRole(person: "chen", role: "ChiefFinancialOfficer", organisation: "insurer"), by: "administrator")
        #expect(try hospital.perform("approve funding", by: "chen", on: 1).words == ["done"])
        #expect(try hospital.state(of: 1) == "approved")
        try hospital.verify()
    }

    @Test func aDelegateSignsForWhoDelegatedUntilTheDay() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        guard let until = CalendarDate.parse("2026-03-03") else { throw World.Missing() }
        try hospital.system(.delegate(to: "chen", until: until), by: "zhao")
        _ = try hospital.request(120_000)
        #expect(try hospital.perform("approve funding", by: "chen", on: 1).words == ["done"])
        #expect(try hospital.perform("approve funding", by: "zhao", on: 1).words == ["alreadySigned"])
        hospital.clock.set("2026-03-03", hour: 9)
        _ = try hospital.request(130_000)
        #expect(try hospital.perform("approve funding", by: "chen", on: 2).words == ["role"])
        try hospital.verify()
    }

    /// Who is excluded cannot bar others by delegating to them; and a signature that was given stands.
    @Test func aDelegateRenounces() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        guard let until = CalendarDate.parse("2027-01-01") else { throw World.Missing() }
        _ = try hospital.request(80_000)
        // The requester delegates to the only others who can sign.
        for person: TextValue in ["wang", "zhao"] { try hospital.system(.delegate(to: person, until: until), by: "li") }
        #expect(try hospital.perform("approve funding", by: "wang", on: 1).words == ["excluded"])
        try hospital.system(.renounce(delegationOf: "li"), by: "wang")
        #expect(try hospital.perform("approve funding", by: "wang", on: 1).words == ["done"])
        #expect(try hospital.perform("approve funding", by: "zhao", on: 1).words == ["excluded"])

        // Not again, until the delegate says so.
        let again = try hospital.system(.delegate(to: "wang", until: until), by: "li")
        guard case .refused("role", _) = again.receipt.outcome else {
            Issue.record("\(again.receipt.outcome)")
            return
        }
        for (call, by) in [
            (SystemCall.renounce(delegationOf: "li"), "wang"), (.endDelegation(to: "wang"), "li"),
            (.endRenunciation(of: "li"), "zhao"), (.renounce(delegationOf: "zhao"), "wang"),
        ] as [(SystemCall, String)] {
            guard case .refused = try hospital.system(call, by: by).receipt.outcome else {
                Issue.record("\(call.name) by \(by) was done")
                continue
            }
        }
        try hospital.system(.endRenunciation(of: "li"), by: "wang")
        try hospital.system(.delegate(to: "wang", until: until), by: "li")
        _ = try hospital.request(8_000)
        #expect(try hospital.perform("approve funding", by: "wang", on: 2).words == ["excluded"])
        try hospital.verify()
    }

    @Test func whatWasSignedStandsWhenItIsRenounced() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        guard let until = CalendarDate.parse("2027-01-01") else { throw World.Missing() }
        try hospital.system(.delegate(to: "chen", until: until), by: "zhao")
        _ = try hospital.request(80_000)
        #expect(try hospital.perform("approve funding", by: "chen", on: 1).words == ["done"])
        try hospital.system(.renounce(delegationOf: "zhao"), by: "chen")
        #expect(try hospital.perform("approve funding", by: "zhao", on: 1).words == ["alreadySigned"])
        #expect(try hospital.perform("approve funding", by: "wang", on: 1).words == ["done"])
        #expect(try hospital.state(of: 1) == "approved")
        _ = try hospital.request(80_000)
        #expect(try hospital.perform("approve funding", by: "chen", on: 2).words == ["role"])
        try hospital.verify()
    }

    @Test func aMachineFillsNoSeat() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        try hospital.system(.registerMachine(identifier: "robot", name: "Robot"), by: "administrator")
        try hospital.system(
            .addKey(person: "robot", key: World.signer("robot").publicKey), by: "administrator")
        try hospital.system(
            .grantRole(person: "robot", role: "FinanceOfficer", organisation: "insurer"), by: "administrator")
        _ = try hospital.request(8_000)
        #expect(try hospital.perform("approve funding", by: "robot", on: 1).words == ["role"])
        try hospital.verify()
    }

    @Test func onlyKeepersDeposit() throws {
        let hospital = try Hospital()
        let refused = try hospital.system(
            .deposit(contract: "EmergencyDisbursement", fund: "EmergencyFund", amount: Hospital.yuan(1)), by: "chen")
        guard case .refused(let code, _) = refused.receipt.outcome else {
            Issue.record("it was done")
            return
        }
        #expect(code == "role")
        let done = try hospital.system(
            .deposit(contract: "EmergencyDisbursement", fund: "EmergencyFund", amount: Hospital.yuan(1)), by: "zhao")
        #expect(done.receipt.postings.map(\.credit) == ["person/zhao"])
        #expect(try hospital.fund() == (20_000_100, 0))
    }

    /// "An action or signature names the revision of the case that its sender saw; a signature on a case that has since
    /// changed is refused." Other people's signatures do not change what the case says.
    @Test func aSignatureOnACaseThatHasChangedIsRefused() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        _ = try hospital.request(18_000, urgency: "lifeThreatening")
        let seen = try hospital.node.caseView(CaseReference(contract: "EmergencyDisbursement", number: 1))
        _ = try hospital.perform("payFirst", [.text("Bleeding")], by: "zhao", on: 1)
        var late = try TransactionWriter(node: hospital.node, signer: World.signer("wang"))
        let block = try hospital.node.commit([
            late.sign(
                action: "approve ratification", contract: hospital.contract.digest, arguments: [],
                organisation: "insurer", on: seen)
        ])
        #expect(block.words == ["changed"])
        #expect(try hospital.perform("approve ratification", by: "wang", on: 1).words == ["done"])
        try hospital.verify()
    }

    /// "A term counts from entry into the state, or from the field when it is set; n working days end with the nth
    /// working day after that day; the due time is then fixed, whatever the calendar becomes."
    @Test func aCalendarIsExtended() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-12-31", hour: 9)
        _ = try hospital.request(18_000, urgency: "lifeThreatening")
        #expect(try hospital.perform("payFirst", [.text("Bleeding")], by: "zhao", on: 1).words == ["noRule"])
        guard let from = CalendarDate.parse("2027-01-01"), let until = CalendarDate.parse("2028-01-01") else {
            throw World.Missing()
        }
        let period = Value.record([.date(from), .date(until), .list([.date(from)]), .list([])])
        try hospital.system(
            .extendCalendar(contract: "EmergencyDisbursement", calendar: "HospitalDays", period: period),
            by: "administrator")
        #expect(try hospital.perform("payFirst", [.text("Bleeding")], by: "zhao", on: 1).words == ["done"])
        hospital.clock.set("2027-01-06", hour: 0)
        #expect(try hospital.node.commitDue()?.fired == ["done"])
        #expect(try hospital.state(of: 1) == "breached")
        try hospital.verify()
    }

    /// "A period for days to come may be added by a transaction with the deploying quorum, and every running version
    /// reads it; a rule for days past takes a new version and `migrate`."
    @Test func daysToComeNeedTheDeployingQuorum() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-12-31", hour: 9)
        func extending(_ from: String, _ until: String) throws -> SystemCall {
            guard let from = CalendarDate.parse(from), let until = CalendarDate.parse(until) else {
                throw World.Missing()
            }
            let period = Value.record([.date(from), .date(until), .list([]), .list([])])
            return .extendCalendar(contract: "EmergencyDisbursement", calendar: "HospitalDays", period: period)
        }
        func word(_ call: SystemCall, by person: String) throws -> String? {
            guard case .refused(let word, _) = try hospital.system(call, by: person).receipt.outcome else { return nil }
            return word
        }
        // Neither days past, nor today, nor days that are known.
        #expect(try word(extending("2026-12-01", "2026-12-15"), by: "administrator") == "argument")
        #expect(try word(extending("2026-12-31", "2027-06-01"), by: "administrator") == "argument")
        #expect(try word(extending("2027-01-01", "2028-01-01"), by: "zhao") == "role")
        try hospital.system(
            .grantRole(person: "zhao", role: "Administrator", organisation: "insurer"), by: "administrator")
        try hospital.system(.setQuorum(.deploy, count: 2), by: "administrator")
        let call = try extending("2027-01-01", "2028-01-01")
        #expect(try word(call, by: "administrator") == "quorum")
        let proposal = try hospital.system(
            .propose(name: TextValue(call.name), arguments: call.arguments), by: "administrator")
        #expect(try hospital.request(18_000, urgency: "lifeThreatening").words == ["done"])
        #expect(try hospital.perform("payFirst", [.text("Bleeding")], by: "lu", on: 1).words == ["noRule"])
        #expect(try word(.endorse(proposal.receipt.transaction), by: "zhao") == nil)
        #expect(try hospital.perform("payFirst", [.text("Bleeding")], by: "lu", on: 1).words == ["done"])
        try hospital.verify()
    }
}
