import RemitValues

/// Final states: a case that is in one stays there.
extension Checker {
    /// Reports what would lead a case out of a final state. What leaves it there, such as a correction, is allowed.
    mutating func checkFinalStates() {
        for move in moves where !move.isOpening {
            for state in move.states where program.states[state].isFinal {
                guard let target = move.targets.first(where: { $0 != state }) else { continue }
                let declared = program.states[state]
                report(
                    .finalLeft, "`\(move.name.text)` leads from `\(declared.name)`, which is final", at: move.name.span,
                    "becomes `\(program.states[target].name)`", labels: [Label(declared.span, "declared final here")],
                    help: "leave `\(declared.name)` out of its head, or declare it without `final`")
            }
        }
    }
}
