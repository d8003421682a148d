import RemitValues

extension Checker {
    /// Follows the actions from state to state: what is never reached, what cannot be left, what can never be done.
    mutating func checkStates() {
        guard !program.isLibrary, !program.actions.isEmpty || !program.states.isEmpty else { return }
        guard program.actions.contains(where: { !$0.opens.isEmpty }) else {
            // A head with a mistake may have been meant to open one.
            if moves.contains(where: \.isUnknown) { return }
            report(
                .missingPart, "no action opens a case", at: syntax.name.span,
                help: "write an action with `opens` and the state that a new case is in")
            return
        }
        let refused = Set(reportRefusedActions().map { program.actions[$0].span })
        let reached = reached(unknown: true) { $0.kind != .action || !refused.contains($0.name.span) }
        for (index, state) in program.states.enumerated() where !reached.contains(index) {
            report(
                .unreachableState, "no case is ever \(state.name)", at: state.span, "never reached",
                help: "`become \(state.name)` in some action, or leave the state out")
        }
        for (index, state) in program.states.enumerated() where reached.contains(index) && !state.isFinal {
            reportDeadEnd(index, state)
        }
        for action in program.actions where action.opens.isEmpty && !refused.contains(action.span) {
            if action.states.contains(where: { reached.contains($0) }) { continue }
            if moves.contains(where: { $0.isUnknown && $0.name.span == action.span }) { continue }
            report(
                .actionNeverEnabled, "`\(action.name)` can never be done", at: action.span,
                help: "no case is ever in the states that its head names")
        }
    }

    /// Reports a state that a case may never leave, whoever acts.
    private mutating func reportDeadEnd(_ index: Int, _ state: StateDeclaration) {
        let leading = moves.filter { $0.isUnknown || $0.states.contains(index) && $0.targets.contains { $0 != index } }
        if leading.contains(where: { $0.isUnknown || $0.kind == .action }) { return }
        guard let first = leading.first else {
            report(
                .deadEnd, "a case that is \(state.name) stays so for ever", at: state.span, "nothing leads on",
                help: "write an action `in \(state.name)` that becomes another state, or declare it `final state`")
            return
        }
        let label: Label
        if let last = leading.first(where: { !isSpent($0, in: index) }) {
            guard let stuck = stay(in: index).stuckForGood else { return }
            label = Label(stuck.span ?? last.name.span, "may leave the case so, and does not come again")
        } else {
            label = Label(first.name.span, "fires once at a moment, and does not start again")
        }
        report(
            .deadEnd, "a case that is \(state.name) may stay so for ever", at: state.span,
            "nothing else is sure to lead on", labels: [label],
            help: "write an action `in \(state.name)` that becomes another state")
    }

    /// Puts deadlines and the ends of rounds into the order of writing.
    mutating func orderTimers() {
        let (approvals, deadlines) = (program.approvals, program.deadlines)
        func place(_ timer: TimerDeclaration) -> Int {
            switch timer {
            case .deadline(let index): deadlines[index].span.start
            case .overdue(let index): approvals[index].span.start
            }
        }
        program.timers.sort { place($0) < place($1) }
    }

    /// Reports declarations that nothing uses.
    mutating func checkUnused() {
        // What a library holds is there for others.
        guard !program.isLibrary else { return }
        reportUnusedLibraries()
        for name in names where !used.contains(name.bytes) {
            guard let declared = symbols[name.bytes] else { continue }
            let help: String
            switch declared.symbol {
            case .role: help = "name it behind `by` or `kept by`, or leave it out"
            case .enumeration, .record: help = "give a field this type, or leave it out"
            case .register: help = "look something up in it, or leave it out"
            case .fund:
                help =
                    "reserve or pay from it, or leave it out; if it is only to be given to, write "
                    + "`accept unusedName because \"…\"` behind it"
            case .calendar: help = "name it in the head of the contract, or leave it out"
            case .parameter, .table, .function: help = "use it in a rule, or leave it out"
            case .checks: help = "`run \(name.text)` in an action, or leave it out"
            case .action, .approval, .caseField, .repeated: continue
            }
            report(
                .unusedName, "\(declared.symbol.kind.dropArticle) `\(name.text)` is never used", at: name.span,
                help: help)
        }
    }
}
