import Foundation
import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// A small generator of its own, so that a seed gives the same run on every machine (SplitMix64).
struct Chances {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// A state with one clerk who may do everything, two funds, and nothing else.
private struct Purse: StateView {
    let home = Party(.organisation, "home")
    var funds: [FundState] = [FundState(balance: 10_000, reserved: 0), .empty]
    /// The fund of another contract, into which money can go.
    var elsewhere = FundState.empty

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? { nil }
    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }
    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }
    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool { true }
    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] { [] }
    func isMachine(_ person: Party) throws(StateFault) -> Bool { false }
    func delegators(of person: Party, organisation: Party, on day: CalendarDate) throws(StateFault) -> [Party] { [] }
    func fund(_ fund: Int) throws(StateFault) -> FundState { funds[fund] }
    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        guard contract == "Elsewhere", fund == "Pot", let yuan = Currency(code: "CNY") else { return nil }
        return (yuan, elsewhere)
    }
    func addedPeriods() throws(StateFault) -> [WorkCalendar.Period] { [] }
}

/// Random movements of money: nothing is lost, nothing is made, nothing is below zero, and the books say the same.
@Suite struct FundConservationTests {
    /// The money of everybody, account by account, as the postings have moved it.
    private struct Books {
        var accounts: [String: Int64] = ["Pool/available": 10_000]

        mutating func post(_ posting: Effects.Posting) {
            accounts["\(posting.fund)/\(posting.from.name)", default: 0] -= posting.amount.minorUnits
            accounts["\(posting.fund)/\(posting.to.name)", default: 0] += posting.amount.minorUnits
        }

        func held(_ fund: String) -> Int64 {
            accounts.filter { $0.key == "\(fund)/available" || $0.key.hasPrefix("\(fund)/reserved/") }
                .reduce(0) { $0 + $1.value }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func moneyIsConserved(_ seed: UInt64) throws {
        let file = Contracts.cases.appendingPathComponent("semantics-money.remit")
        let program = try #require(try Contracts.compile(file).program)
        var chances = Chances(seed: seed)
        var purse = Purse()
        var cases: [CaseState] = []
        var books = Books()
        var done = 0
        for step in 0..<1000 {
            guard let request = request(&chances, cases, program, step) else { continue }
            let transition = try Evaluator(program: program).perform(request, view: purse)
            guard case .done(let effects) = transition.outcome else { continue }
            done += 1
            for write in effects.funds {
                if write.contract != nil {
                    purse.elsewhere = write.state
                    continue
                }
                let index = try #require(program.funds.firstIndex { TextValue($0.name) == write.fund })
                purse.funds[index] = write.state
            }
            if let index = cases.firstIndex(where: { $0.reference == effects.caseState.reference }) {
                cases[index] = effects.caseState
            } else {
                cases.append(effects.caseState)
            }
            for posting in effects.postings {
                #expect(posting.amount.minorUnits > 0, "seed \(seed), step \(step)")
                books.post(posting)
            }
            check(purse, cases, books, "seed \(seed), step \(step)")
        }
        #expect(done > 200, "seed \(seed)")
    }

    private func check(_ purse: Purse, _ cases: [CaseState], _ books: Books, _ place: String) {
        for (index, name) in ["Pool", "Reserve"].enumerated() {
            let fund = purse.funds[index]
            #expect(fund.reserved >= 0 && fund.available >= 0, "\(place)")
            #expect(fund.reserved == cases.reduce(0) { $0 + $1.reserved[index] }, "\(place)")
            #expect(books.held(name) == fund.balance, "\(place)")
            #expect(books.accounts["\(name)/available"] ?? 0 == fund.available, "\(place)")
        }
        #expect(books.held("Pot") == purse.elsewhere.balance && purse.elsewhere.reserved == 0, "\(place)")
        let outside = books.accounts.filter { $0.key.contains("/organisation/") || $0.key.contains("/fund/") }
            .reduce(0) { $0 + $1.value }
        #expect(
            purse.funds[0].balance + purse.funds[1].balance + purse.elsewhere.balance + outside == 10_000, "\(place)")
        for state in cases where program(state) { #expect(state.reserved == [0, 0], "\(place)") }
    }

    /// Whether a case is closed, the second of the two states.
    private func program(_ state: CaseState) -> Bool { state.state == 1 }

    private func request(
        _ chances: inout Chances, _ cases: [CaseState], _ program: CheckedProgram, _ step: Int
    ) -> Request? {
        guard let now = Instant(seconds: 1_780_000_000), let yuan = Currency(code: "CNY") else { return nil }
        let names = ["start", "hold", "hold", "give", "free", "freeAll", "move", "abroad", "close"]
        let name = cases.isEmpty ? "start" : names[chances.below(names.count)]
        guard let action = program.actions.firstIndex(where: { $0.name == name }) else { return nil }
        var arguments: [Value] = []
        if name == "start" {
            arguments = [.party(Party(.organisation, "shop"))]
        } else if name != "freeAll", name != "close" {
            arguments = [.money(Money(minorUnits: Int64(chances.below(700)) - 50, currency: yuan))]
        }
        return Request(
            action: action, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"), now: now,
            arguments: arguments, existing: name == "start" ? nil : cases[chances.below(cases.count)],
            newReference: TextValue("Money/\(step + 1)"))
    }
}
