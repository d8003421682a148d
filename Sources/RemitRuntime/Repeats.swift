import RemitLanguage
import RemitValues

/// What a trace says again and again, as loops over lines do: gathered, so that it can be told at once.
struct Repeats {
    private var values: [Span: [Value]] = [:]
    private var missed: [Int: [[Value]]] = [:]
    private var seen: [Int: Set<[Value]>] = [:]
    private var choices: [Span: [(arm: Int, read: [Trace.Read])]] = [:]
    private var groupsThatDenyLines: Set<Int> = []

    /// Takes in an entry of the trace.
    mutating func count(_ entry: Trace.Entry) {
        switch entry.event {
        case .localSet(_, let value): values[entry.span, default: []].append(value)
        case .rowRead(let register, let keys, false):
            if seen[register, default: []].insert(keys).inserted { missed[register, default: []].append(keys) }
        case .branch(let arm, _, let read): choices[entry.span, default: []].append((arm, read))
        case .check(_, let group, let item, .some, true, _) where item.check.severity == .deny:
            groupsThatDenyLines.insert(group)
        default: break
        }
    }

    /// Whether a group of checks denied a line.
    func deniesLines(of group: Int) -> Bool { groupsThatDenyLines.contains(group) }

    /// What a `let` came to, each time that it was reached.
    func values(at span: Span) -> [Value] { values[span] ?? [] }

    /// The branches taken at an `if` or a `match`, each time that it was reached, with what was read for it.
    func branches(at span: Span) -> [(arm: Int, read: [Trace.Read])] { choices[span] ?? [] }

    /// The keys that a register had no row for, each once, in the order in which they were looked up.
    func misses(in register: Int) -> [[Value]] { missed[register] ?? [] }
}
