import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// What runs while the rules change: due times, calendars, rules for days past, registers and funds.
@Suite struct RuleChangeTests {
    /// Appeals that lapse after three working days, at a price of their day.
    private static func appeals(
        _ version: Int, closed: String = "2026-01-01", price: Int = 20, migration: String = ""
    ) -> String {
        """
        contract Appeals version \(version)
          title    "Appeals"
          timezone +08:00
          calendar OfficeDays
        calendar OfficeDays {
          days   monday to friday
          shifts 08:00 to 12:00, 14:00 to 18:00
          from 2026-01-01 until 2026-04-01 { closed \(closed) }
        }
        role Clerk
        parameter price: CNY {
          from 2025-01-01: 10 CNY
          from 2026-01-01: \(price) CNY
        }
        case { day : Date  fee : CNY starts 0 CNY }
        state filed
        final state answered, lapsed
        action file opens filed by Clerk enters day { set fee to price on day }
        action again in filed by Clerk { become filed }
        action reckon in filed by Clerk { set fee to price on day }
        action answer in filed by Clerk { become answered }
        after 3 working days in filed { become lapsed }
        \(migration)
        """
    }

    /// A ledger with contracts of one clerk, and a clock that the test moves.
    private final class Office {
        let clock: TestClock
        let world: World
        let contract: String

        init(_ contract: String, _ day: String, _ source: String) throws {
            guard let start = Instant(seconds: 1_767_225_600) else { throw World.Missing() }
            clock = TestClock(start)
            clock.set(day, hour: 9)
            world = try World(clock: clock)
            self.contract = contract
            #expect(try deploy(source) == "done")
            try world.system([.grantRole(person: "ann", role: "Clerk", organisation: "insurer")])
        }

        func deploy(_ source: String) throws -> String {
            try word(.deployContract(source: TextValue(source), home: "insurer"))
        }

        func word(_ call: SystemCall) throws -> String {
            if case .refused(let code, _) = try world.system([call])[0].receipt.outcome { return code }
            return "done"
        }

        func view(_ number: Int64) throws -> CaseView {
            try world.node.caseView(CaseReference(contract: contract, number: number))
        }

        func perform(_ call: String, _ arguments: [Value] = [], on number: Int64? = nil) throws -> [String] {
            var writer = try TransactionWriter(node: world.node, signer: world.administrator)
            let view = try number.map { try self.view($0) }
            let digest = try view?.stored.contract ?? world.node.contract(named: contract).digest
            return try world.node.commit([
                writer.sign(action: call, contract: digest, arguments: arguments, organisation: "insurer", on: view)
            ]).words
        }

        func file(_ day: String) throws -> [String] {
            let date = try #require(CalendarDate.parse(day))
            return try perform("file", [.date(date)])
        }

        /// The version, state and first due time of a case.
        func brief(_ number: Int64) throws -> String {
            let view = try self.view(number)
            let first = view.stored.state.due.first ?? nil
            let due = first?.zonedText(offset: 28_800) ?? "never"
            return "\(view.program.version) \(view.stateName) \(due)"
        }

        func fee(_ number: Int64) throws -> Value? { try view(number).field("fee") }

        func verify() throws {
            #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
        }
    }

    /// "A term counts from entry into the state, or from the field when it is set; n working days end with the nth
    /// working day after that day; the due time is then fixed, whatever the calendar becomes."
    @Test func aDueTimeIsFixedWhateverTheCalendarBecomes() throws {
        let office = try Office("Appeals", "2026-03-02", Self.appeals(1))
        #expect(try office.file("2026-03-02") == ["done"])
        #expect(try office.file("2026-03-02") == ["done"])
        #expect(try office.brief(1) == "1 filed 2026-03-06 00:00:00 +08:00")
        // Wednesday is closed from now on, for cases that are brought over as well.
        #expect(try office.deploy(Self.appeals(2, closed: "2026-03-04", migration: "migrate from 1 {}")) == "done")
        office.clock.set("2026-03-02", hour: 10)
        #expect(try office.world.node.commitDue()?.fired == ["done", "done", "done"])
        #expect(try office.file("2026-03-02") == ["done"])
        #expect(try office.perform("again", on: 2) == ["done"])
        #expect(try office.brief(1) == "2 filed 2026-03-06 00:00:00 +08:00")
        // A term that starts now follows the calendar as it is now.
        #expect(try office.brief(2) == "2 filed 2026-03-07 00:00:00 +08:00")
        #expect(try office.brief(3) == "2 filed 2026-03-07 00:00:00 +08:00")
        office.clock.set("2026-03-06", hour: 0)
        #expect(try office.world.node.commitDue()?.fired == ["done"])
        #expect(try (1...3).map { try office.view($0).stateName } == ["lapsed", "filed", "filed"])
        try office.verify()
    }

    private func period(_ from: String, _ until: String, closed: String) throws -> SystemCall {
        let days = try [from, until, closed].map { text in
            let day = try #require(CalendarDate.parse(text))
            return Value.date(day)
        }
        return .extendCalendar(
            contract: "Appeals", calendar: "OfficeDays",
            period: .record([days[0], days[1], .list([days[2]]), .list([])]))
    }

    /// "A period for days to come may be added by a transaction with the deploying quorum, and every running version
    /// reads it; a rule for days past takes a new version and `migrate`."
    @Test func everyRunningVersionReadsDaysThatAreAdded() throws {
        let office = try Office("Appeals", "2026-03-26", Self.appeals(1))
        #expect(try office.file("2026-03-26") == ["done"])
        #expect(try office.deploy(Self.appeals(2)) == "done")
        office.clock.set("2026-03-30", hour: 9)
        // Neither version knows the day after the last of March.
        #expect(try office.perform("again", on: 1) == ["noRule"])
        #expect(try office.file("2026-03-30") == ["noRule"])
        #expect(try office.word(period("2026-04-01", "2027-01-01", closed: "2026-04-02")) == "done")
        #expect(try office.perform("again", on: 1) == ["done"])
        #expect(try office.file("2026-03-30") == ["done"])
        #expect(try office.brief(1) == "1 filed 2026-04-04 00:00:00 +08:00")
        #expect(try office.brief(2) == "2 filed 2026-04-04 00:00:00 +08:00")
        // So does one that is deployed later.
        #expect(try office.deploy(Self.appeals(3)) == "done")
        #expect(try office.file("2026-03-30") == ["done"])
        #expect(try office.brief(3) == "3 filed 2026-04-04 00:00:00 +08:00")
        try office.verify()
    }

    /// "A period for days to come may be added by a transaction with the deploying quorum, and every running version
    /// reads it; a rule for days past takes a new version and `migrate`."
    @Test func aRuleForDaysPastTakesANewVersionAndMigrate() throws {
        let office = try Office("Appeals", "2026-03-02", Self.appeals(1))
        #expect(try office.file("2026-02-20") == ["done"])
        #expect(try office.fee(1) == .money(Hospital.yuan(20)))
        // No transaction changes what held in February.
        #expect(try office.word(period("2026-02-01", "2026-03-01", closed: "2026-02-03")) == "argument")
        // A version alone holds for what begins under it.
        #expect(try office.deploy(Self.appeals(2, price: 15)) == "done")
        #expect(try office.perform("reckon", on: 1) == ["done"])
        #expect(try office.fee(1) == .money(Hospital.yuan(20)))
        #expect(try office.file("2026-02-20") == ["done"])
        #expect(try office.fee(2) == .money(Hospital.yuan(15)))
        let migration = "migrate from 1 { set fee to price on day }"
        #expect(try office.deploy(Self.appeals(3, price: 15, migration: migration)) == "done")
        office.clock.set("2026-03-02", hour: 10)
        #expect(try office.world.node.commitDue()?.fired == ["done", "done"])
        #expect(try office.fee(1) == .money(Hospital.yuan(15)))
        #expect(try office.brief(1) == "3 filed 2026-03-06 00:00:00 +08:00")
        try office.verify()
    }

    private static func stores(_ version: Int, fields: String = "", take: String = "", more: String = "") -> String {
        """
        contract Stores version \(version)
          title "Stores"
        role Clerk
        fund Purse in CNY kept by Clerk
        register Stock by item: Text(8) {
          taken : Integer starts 0
          \(fields)
        }
        case { item : Text(8)  seen : Integer starts 0  last : Integer starts 0 }
        state open
        final state done
        action take opens open by Clerk enters item {
          add 1 to Stock[item].taken
          set seen to Stock[item].taken
          \(take)
          reserve 10 CNY from Purse
        }
        action more in open by Clerk {
          add 1 to Stock[item].taken
          set seen to Stock[item].taken
          \(more)
        }
        action finish in open by Clerk { become done }
        """
    }

    /// "Registers and funds outlive versions, which may only add fields with `starts`."
    @Test func registersAndFundsOutliveVersions() throws {
        let office = try Office("Stores", "2026-03-02", Self.stores(1))
        #expect(try office.word(.deposit(contract: "Stores", fund: "Purse", amount: Hospital.yuan(100))) == "done")
        #expect(try office.perform("take", [.text("gauze")]) == ["done"])
        let second = Self.stores(
            2, fields: "last : Integer starts 7",
            take: "set last to Stock[item].last  set Stock[item].last to 9", more: "set last to Stock[item].last")
        #expect(try office.deploy(second) == "done")
        func fields(_ number: Int64) throws -> [Value?] {
            let view = try office.view(number)
            return [view.field("seen"), view.field("last")]
        }
        // The new version counts on in the same row, whose new field begins as it says.
        #expect(try office.perform("take", [.text("gauze")]) == ["done"])
        #expect(try fields(2) == [.integer(2), .integer(7)])
        // So does the old one, which leaves alone what it does not know.
        #expect(try office.perform("more", on: 1) == ["done"])
        #expect(try fields(1) == [.integer(3), .integer(0)])
        #expect(try office.perform("more", on: 2) == ["done"])
        #expect(try fields(2) == [.integer(4), .integer(9)])
        // Both have reserved from one fund, and what the old case gives back is there for new ones.
        let held = try office.world.node.fund("Purse", of: "Stores").state
        #expect(held == FundState(balance: 10_000, reserved: 2_000))
        #expect(try office.perform("finish", on: 1) == ["done"])
        #expect(try office.world.node.fund("Purse", of: "Stores").state.reserved == 1_000)
        // A version that leaves the field out does not take over.
        #expect(try office.deploy(Self.stores(3)) == "breaking")
        try office.verify()
    }
}
