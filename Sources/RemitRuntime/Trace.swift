public import RemitLanguage
public import RemitValues

/// The account of a decision, as data, in the order in which things happened.
public struct Trace: Sendable {
    /// What happened, oldest first.
    public private(set) var entries: [Entry] = []
    /// How many entries were left out.
    public private(set) var omitted = 0

    /// The entries that room is made for at once.
    private static let commonEntries = 128

    init() {}

    /// Whether there is room for another entry.
    var hasRoom: Bool { entries.count < Limits.traceEntries }

    /// Forgets everything, and keeps the room for more.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        omitted = 0
    }

    /// Counts an entry that is left out.
    mutating func omit() { omitted += 1 }

    mutating func add(_ event: consuming Event, at span: Span) {
        // An entry is large: those of a common decision are not moved each time that a few more come.
        if entries.capacity == 0 { entries.reserveCapacity(Self.commonEntries) }
        if entries.count < Limits.traceEntries { entries.append(Entry(event: event, span: span)) } else { omitted += 1 }
    }

    /// Something that happened, and where in the contract.
    public struct Entry: Sendable {
        public let event: Event
        public let span: Span
    }

    /// A value that was read, and where the contract reads it.
    public struct Read: Hashable, Sendable {
        public let span: Span
        public let value: Value
    }

    /// A check that was made: shared by all entries that speak of it, which would copy its many parts otherwise.
    public final class Item: Sendable {
        public let check: CheckedCheck

        init(_ check: CheckedCheck) { self.check = check }
    }

    /// What can happen. What is large and rare is kept apart, so that entries are small.
    public enum Event: Sendable {
        /// The actor was let in as the holder of a role or as a party.
        case admitted(as: String)
        /// What the call gave to the parameters of an action (index), in their order.
        case argumentsGiven(action: Int, [Value])
        case fieldSet(Int, Value)
        /// A value was added to a list or set that a field holds.
        case fieldGrown(Int, Value)
        /// A `let`; the entry's span is that of its value.
        case localSet(local: Int, Value)
        case rowSet(register: Int, keys: [Value], field: Int, Value)
        case rowRead(register: Int, keys: [Value], found: Bool)
        /// A field (index) of a case of another contract (index) was read; nil: its state.
        case otherRead(TextValue, contract: Int, field: Int?, Value)
        case parameterRead(Int, period: Int, on: CalendarDate?, Value)
        case tableRead(Int, section: Int, row: Int, on: CalendarDate?, inputs: [Value], outputs: [Value])
        case functionCalled(Int, arguments: [Value], Value)
        case requirement(holds: Bool, reads: [Read])
        case check(clause: Int, group: Int, item: Item, line: Int?, holds: Bool, reads: [Read])
        case checkFaulted(clause: Int, line: Int?, text: String)
        case verdict(checks: Int, Verdict)
        /// A branch of `if` (0 then, 1 else), as a statement or as a value, or an arm of `match`; or 0 where the right
        /// side of `implies` was looked at. Of a statement also what its condition read, or what was matched.
        case branch(Int, condition: Span? = nil, reads: [Read] = [])
        case stateEntered(Int)
        case invariant(String, holds: Bool)
        case noticeGiven(String, String)
        /// Money moved.
        indirect case posted(Effects.Posting)
        case roundOpened(Int, due: Instant)
        case roundEnded(Int, RoundOutcome)
        /// A signature, or with a reason a vote against.
        indirect case voted(Int, RoundState.Vote)
        /// An earlier vote counts for another person from now on, to make room for one that is given.
        indirect case counted(Int, RoundState.Vote)
        /// A timer (index) fell due.
        case timerFired(Int)
        /// A deadline (index) was given its due time.
        case deadlineSet(Int, due: Instant)
        /// A deadline (index) was not started, since it has fired at this moment.
        case deadlineSpent(Int)
    }
}
