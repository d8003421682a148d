import RemitValues

/// A local name and the slot in which its value stands.
struct Local {
    enum Kind {
        case binding, parameter, loop
    }

    let name: Name
    let type: ValueType
    let slot: Int
    let kind: Kind
    var isUsed = false
}

/// The names that an expression may use, and what else it may do where it stands.
struct Scope {
    /// The names that are visible, innermost last.
    private(set) var locals: [Local] = []
    /// Where each name stands among the visible ones, innermost last.
    private var places: [TextValue: [Int]] = [:]
    /// The number of slots handed out; slots are never shared, so this is also how many an evaluator needs.
    var slotCount = 0
    /// What messages call this place, such as `a table`.
    var place: String
    /// What one can do about something that is not known here, for messages.
    var remedy = "hand it in as a parameter, or say this in an action"
    /// Whether statements stand here, among them a `let` that refuses.
    var hasStatements = false
    var readsCase = false
    var readsRegisters = false
    var callsFunctions = false
    var knowsActor = false
    var knowsTime = false
    /// Whether a case is being opened here, so that fields must be set before they are read.
    var isOpening = false
    /// Whether a case of an earlier version is brought over, which has not all of the fields.
    var isMigrating = false
    /// Persons and organisations that a scenario speaks of.
    var parties: [TextValue: (party: Party, span: Span)] = [:]
    var partyNames: [Name] = []
    /// Cases of other contracts that a scenario gives.
    var otherCases: [TextValue: GivenCase] = [:]
    /// Cases that a scenario has labelled, in order; the position is the slot.
    var labels: [Name] = []

    /// A place where only constants and parameters' values make sense.
    static let constant = Scope(
        place: "a value that is fixed beforehand", remedy: "write the value itself, or ask for this in a rule")
    static let table = Scope(
        place: "a table", remedy: "hand it in as an input, or say this in an action")
    static let function = Scope(
        place: "a function", readsCase: true, readsRegisters: true, callsFunctions: true, knowsTime: true)
    static let libraryFunction = Scope(place: "a function of a library", callsFunctions: true)
    static let checks = Scope(
        place: "a group of checks", readsCase: true, readsRegisters: true, callsFunctions: true, knowsTime: true)
    static let invariant = Scope(
        place: "an invariant",
        remedy: "`require` it in the actions, or keep what they find in a field of the case and ask for that",
        readsCase: true, callsFunctions: true)
    static let registerInvariant = Scope(
        place: "an invariant of a register",
        remedy: "`require` it where rows are written, or keep it in a field of the row and ask for that",
        callsFunctions: true)
    /// What is done about somebody who acts, where nobody does.
    private static let keepWho = "let an action keep who acts in a field of the case, as in `set clerk to actor`"
    static let entering = Scope(
        place: "an entering block", remedy: keepWho, hasStatements: true, readsCase: true, readsRegisters: true,
        callsFunctions: true, knowsTime: true)
    /// The head of an approval or a deadline.
    static let head = Scope(
        place: "this head", remedy: keepWho, readsCase: true, readsRegisters: true, callsFunctions: true,
        knowsTime: true)
    static let outcome = Scope(
        place: "what follows a round", remedy: keepWho, hasStatements: true, readsCase: true, readsRegisters: true,
        callsFunctions: true, knowsTime: true)
    static let deadline = Scope(
        place: "a deadline", remedy: keepWho, hasStatements: true, readsCase: true, readsRegisters: true,
        callsFunctions: true, knowsTime: true)
    static let migration = Scope(
        place: "a migration", remedy: "set it by what the case has, or leave it out", hasStatements: true,
        readsCase: true, readsRegisters: true, callsFunctions: true, knowsTime: true, isMigrating: true)
    static let action = Scope(
        place: "an action", hasStatements: true, readsCase: true, readsRegisters: true, callsFunctions: true,
        knowsActor: true, knowsTime: true)
    static let scenario = Scope(
        place: "a scenario", remedy: "name the person or the case that is meant, or write the value itself",
        readsRegisters: true, callsFunctions: true, knowsTime: true)

    func local(named key: TextValue) -> Int? { places[key]?.last }

    mutating func show(_ local: Local) {
        places[local.name.bytes, default: []].append(locals.count)
        locals.append(local)
    }

    /// Takes the innermost names out of sight again, until `count` are left.
    mutating func hideLocals(to count: Int) {
        while locals.count > count, let local = locals.popLast() { places[local.name.bytes]?.removeLast() }
    }

    mutating func use(_ index: Int) { locals[index].isUsed = true }

    func label(named key: TextValue) -> Int? { labels.lastIndex { $0.bytes == key } }
}

/// A case of another contract that a scenario gives.
struct GivenCase {
    let name: Name
    let contract: Int
    let reference: TextValue
    /// The fields (indices) that have been given a value.
    var fields: Set<Int>
}

/// What is known at a point of a body, on every path that leads there.
struct Flow {
    /// Optionals that are known to be present, and rounds that are known to be granted.
    var present: Set<ValuePath> = []
    /// Case fields that have a value.
    var assigned: Set<Int> = []
    /// Groups of checks that have run.
    var ran: Set<Int> = []
    /// Whether every path has come to a `become`, and the place of one that some path came to.
    var becameAlways = false
    var becameAt: Span?
    /// Whether every path has ended in a refusal.
    var isEnded = false
    /// Optional case fields that may have become absent, on some path, since the body began.
    private(set) var cleared: Set<Int> = []
    /// For each state that some path has come to by `become`: what is known on all the paths that lead to it.
    private(set) var arrivals: [Int: Arrival] = [:]

    /// What is known of optional case fields where the case gets a new state.
    struct Arrival {
        /// Those that are known to be present.
        var present: Set<Int>
        /// Those that may have become absent since the body began.
        var cleared: Set<Int>
    }

    /// Optional case fields that are known to be present.
    var presentFields: Set<Int> { Set(present.compactMap(\.wholeField)) }

    /// Rounds (indices) that are known to be granted.
    var grantedRounds: Set<Int> { Set(present.compactMap(\.grantedRound)) }

    /// Notes that the case becomes a state.
    mutating func arrive(in state: Int) { arrivals[state] = Arrival(present: presentFields, cleared: cleared) }

    /// Notes that optionals are present.
    mutating func learn(_ paths: Set<ValuePath>) {
        present.formUnion(paths)
        let fields = paths.compactMap(\.wholeField)
        if !fields.isEmpty { changeArrivals { $0.present.formUnion(fields) } }
    }

    /// Notes that a case field has been given a value that is there.
    mutating func noteSet(_ field: Int) {
        cleared.remove(field)
        changeArrivals { $0.cleared.remove(field) }
    }

    /// Notes that a case field may have become absent.
    mutating func noteCleared(_ field: Int) {
        cleared.insert(field)
        changeArrivals { $0.cleared.insert(field) }
    }

    private mutating func changeArrivals(_ change: (inout Arrival) -> Void) {
        arrivals = arrivals.mapValues { known in
            var arrival = known
            change(&arrival)
            return arrival
        }
    }

    /// What is known where two paths meet.
    func merged(_ other: Flow) -> Flow {
        if isEnded, !other.isEnded { return other }
        if other.isEnded, !isEnded { return self }
        var result = self
        result.present.formIntersection(other.present)
        result.assigned.formIntersection(other.assigned)
        result.ran.formIntersection(other.ran)
        result.cleared.formUnion(other.cleared)
        result.arrivals.merge(other.arrivals) { one, two in
            Arrival(present: one.present.intersection(two.present), cleared: one.cleared.union(two.cleared))
        }
        result.becameAlways = becameAlways && other.becameAlways
        result.becameAt = becameAt ?? other.becameAt
        return result
    }

    /// Forgets what was known of a case field that is written.
    mutating func forget(_ field: Int) {
        present = present.filter { !$0.reads(field) }
        changeArrivals { $0.present.remove(field) }
    }

    /// Forgets what is looked up by a case field to which something is added, or from which it is taken: what the field
    /// itself leads to stays known.
    mutating func forgetLookUps(by field: Int) {
        present = present.filter { !$0.looksUp(by: field) }
    }

    /// Forgets what was known of the fields of a register's rows, one of which is written. That a row is there stays
    /// known: rows are never taken away.
    mutating func forgetRows(of register: Int) {
        present = present.filter { !$0.reads(rowsOf: register) }
    }
}

/// What a function or a group of checks reads of the case, itself or through what it calls.
struct Reads {
    var fields: Set<Int> = []
    var verdicts: Set<Int> = []
    /// Functions called, in order of their first call, with the place.
    var calls: [(function: Int, span: Span)] = []
    /// Whether the state of the case or one of its rounds is read.
    var readsState = false
    /// The first thing that is read beside the case, in words: the time, a register, a fund or another case.
    var beyond: String?

    mutating func formUnion(_ other: Reads) {
        fields.formUnion(other.fields)
        verdicts.formUnion(other.verdicts)
        readsState = readsState || other.readsState
        beyond = beyond ?? other.beyond
    }

    /// Whether anything of the case is read.
    var isOfCase: Bool { !fields.isEmpty || !verdicts.isEmpty || readsState }

    mutating func note(beyond what: String) { beyond = beyond ?? what }
}

/// The type that a place wants, and why.
struct Expectation {
    let type: ValueType
    /// Reads on from "because", such as "`payable` is CNY".
    let reason: String
    /// Where the reason stands.
    let origin: Span?

    init(_ type: ValueType, because reason: String, at origin: Span? = nil) {
        self.type = type
        self.reason = reason
        self.origin = origin
    }

    func with(_ type: ValueType) -> Expectation { Expectation(type, because: reason, at: origin) }
}
