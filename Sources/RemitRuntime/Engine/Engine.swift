import RemitLanguage
import RemitValues

/// A fund of another contract.
struct ForeignFund: Hashable {
    let contract: TextValue
    let fund: TextValue
}

/// What the engine, not the contract, does in a transition: money, rounds of signatures, due times, delegates.
///
/// The reference evaluator and the register machine both work by it, so its tables have one meaning. It holds what a
/// transition has changed of them so far, over the view of the state.
final class Engine<View: StateView> {
    let program: CheckedProgram
    let view: View
    let request: Request
    unowned let host: any EngineHost
    /// The name of the case.
    let reference: TextValue

    /// What the case has reserved in each fund, when its deadlines fall due, and its rounds.
    var reserved: [Int64] = []
    var due: [Instant?] = []
    var rounds: [RoundState?] = []
    /// Funds changed so far: own ones by index, others by contract and name.
    var funds: [Int: FundState] = [:]
    var foreignFunds: [ForeignFund: (currency: Currency, state: FundState)] = [:]
    var postings: [Effects.Posting] = []
    /// The approvals whose rounds opened and that nobody can fill.
    private(set) var unfillable: [Int] = []
    /// Those whom the actor stands in for in the organisation acted for, and in any, once they were asked for.
    private var principals: [Party]?
    private var allPrincipals: [Party]?
    /// The round that this transition has ended.
    var ended: Int?
    /// The timers of the case that have fired at this instant, this one last; none where somebody acts.
    var fired: [Int] = []
    /// The contract's calendar with all that was added to it, once it was needed.
    var calendar: WorkCalendar?

    init(program: CheckedProgram, view: View, request: Request, host: any EngineHost) {
        self.program = program
        self.view = view
        self.request = request
        self.host = host
        reference = request.existing?.reference ?? request.newReference
        begin()
    }

    /// Begins with what the request's case has; the calendar stays.
    func begin() {
        funds = [:]
        foreignFunds = [:]
        postings = []
        unfillable = []
        principals = nil
        guard let existing = request.existing else {
            // A new case has nothing of it all.
            Self.empty(&reserved, program.funds.count, 0)
            Self.empty(&due, program.deadlines.count, nil)
            Self.empty(&rounds, program.approvals.count, nil)
            return
        }
        // A case from before a construct was there has nothing of it.
        reserved = Self.padded(existing.reserved, program.funds.count, 0)
        due = Self.padded(existing.due, program.deadlines.count, nil)
        rounds = Self.padded(existing.rounds, program.approvals.count, nil)
    }

    private static func padded<Element>(_ list: [Element], _ count: Int, _ element: Element) -> [Element] {
        list.count < count ? list + Array(repeating: element, count: count - list.count) : list
    }

    private static func empty<Element>(_ list: inout [Element], _ count: Int, _ element: Element) {
        guard list.count == count else {
            list = Array(repeating: element, count: count)
            return
        }
        for index in list.indices { list[index] = element }
    }

    func charge(_ steps: UInt64) throws(Stop) { try host.charge(steps) }

    func note(_ event: @autoclosure () -> Trace.Event, at span: Span) { host.note(event(), at: span) }

    /// The refusal for a program that does not fit; the checker makes sure that it is never seen.
    func misfit(_ span: Span) -> Stop {
        .refused(Refusal(.internalFault, "the program does not fit its types here", at: span))
    }

    /// Those whom the actor stands in for today, in the organisation acted for.
    func delegators() throws(Stop) -> [Party] {
        if let principals { return principals }
        let today = request.now.date(offset: program.timezone)
        do {
            let found = try view.delegators(of: request.actor, organisation: request.organisation, on: today)
            principals = found
            return found
        } catch {
            throw .fault(error)
        }
    }

    /// Those whom the actor stands in for today, in whichever organisation: acting for another one hides nothing.
    func allDelegators() throws(Stop) -> [Party] {
        if let allPrincipals { return allPrincipals }
        let today = request.now.date(offset: program.timezone)
        do {
            let found = try view.delegators(of: request.actor, on: today)
            allPrincipals = found
            return found
        } catch {
            throw .fault(error)
        }
    }

    /// Whether a head that names a party lets a person act for the organisation acted for: as that party, or as one who
    /// belongs to it. Either way they hold a role there.
    func isParty(_ value: Value, _ person: Party) throws(Stop) -> Bool {
        let organisation = request.organisation
        guard value == .party(person) || value == .party(organisation) else { return false }
        do { return try view.isMember(person, of: organisation) } catch { throw .fault(error) }
    }

    /// Whether a party, or one of a list or set, is somebody whom the actor stands in for.
    func standsIn(for value: Value) throws(Stop) -> Bool {
        let principals = try allDelegators()
        if principals.isEmpty { return false }
        return Self.parties(value).contains {
            if case .party(let party) = $0 { principals.contains(party) } else { false }
        }
    }

    /// Keeps that a round opened which nobody can fill.
    func keepUnfillable(_ round: Int) {
        if !unfillable.contains(round) { unfillable.append(round) }
    }

    /// The names of the approvals whose rounds opened and that nobody can fill, in order of writing.
    var unfillableNames: [String] { unfillable.sorted().map { program.approvals[$0].name } }

    /// Puts what changed into the case.
    func settle(_ state: inout CaseState) {
        state.reserved = reserved
        state.due = due
        state.rounds = rounds
        // What has fired at this instant matters as long as more falls due at it.
        let goesOn = !fired.isEmpty && state.timers(of: program).contains { $0.due <= request.now }
        state.fired = goesOn ? CaseState.Fired(at: request.now, timers: fired.sorted()) : nil
    }
}
