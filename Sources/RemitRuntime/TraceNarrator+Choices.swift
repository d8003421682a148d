import RemitLanguage
import RemitValues

/// Which way a decision went at an `if` or a `match`, and on what.
extension TraceNarrator {
    /// A branch that was taken by a statement; of one that a loop reaches again and again all turns are told at once.
    func branch(
        _ arm: Int, _ condition: Span?, _ reads: [Trace.Read], _ turns: [(arm: Int, read: [Trace.Read])]
    ) -> String? {
        guard let condition else { return matched(reads, turns) }
        guard turns.count <= 1 else {
            let met = turns.filter { $0.arm == 0 }.count
            return "It is so that \(text(condition)), \(met) time\(met == 1 ? "" : "s") of \(turns.count)."
        }
        let words = text(condition)
        let values = told(reads, beside: words, holds: arm == 0)
        return "It is \(arm == 0 ? "so" : "not so") that \(words)"
            + (values.isEmpty ? "." : ", where \(values).")
    }

    /// What was matched; nil of a choice within a value, which is told with the value.
    private func matched(_ reads: [Trace.Read], _ turns: [(arm: Int, read: [Trace.Read])]) -> String? {
        guard let subject = reads.first else { return nil }
        let name = capitalised(text(subject.span))
        let came = turns.flatMap(\.read).map { shown($0.value) }
        guard came.count > 1, !came.allSatisfy({ $0 == came[0] }) else {
            return "\(name) is \(shown(subject.value))\(came.count > 1 ? " each time" : "")."
        }
        return "\(name) is in turn \(some(came))."
    }
}
