import RemitValues

/// Warnings that an author may answer with a reason, and what follows from the ways between states.
extension Checker {
    /// Reports a warning, unless the head accepts it by its name.
    mutating func warn(
        _ code: DiagnosticCode, _ message: String, at span: Span, _ label: String = "", labels: [Label] = [],
        accepts: [AcceptSyntax], help: String
    ) {
        if let accept = accepts.first(where: { $0.warning.bytes == code.answerName.map { TextValue($0) } }) {
            answered.insert(accept.warning.span.start)
            return
        }
        report(code, message, at: span, label, labels: labels, help: help)
    }

    /// Keeps the warnings that a head answers; reports names that are no warnings.
    mutating func noteAccepts(_ accepts: [AcceptSyntax], of owner: String) {
        for accept in accepts {
            let known = DiagnosticCode.answerable.map(\.name)
            guard known.contains(where: { TextValue($0) == accept.warning.bytes }) else {
                report(
                    .unknownName, "there is no warning `\(accept.warning.text)` that could be accepted",
                    at: accept.warning.span, "not known",
                    help: suggestion(accept.warning.text, among: known)
                        ?? "warnings that can be accepted are \(Self.listed(known))")
                continue
            }
            let reason = plain(accept.reason, in: "the reason of `accept`")
            program.accepted.append(
                AcceptedWarning(
                    warning: accept.warning.text, reason: reason, owner: owner, span: accept.warning.span))
        }
    }

    /// Keeps what is answered behind declarations and in the head.
    mutating func noteAnswers() {
        noteAccepts(syntax.accepts, of: syntax.name.text)
        for declaration in ownDeclarations { noteAccepts(declaration.accepts, of: declaration.title) }
    }

    /// Follows money along the ways between states.
    mutating func checkMoneyPaths() {
        let free = reached(unknown: false) { $0.kind != .granted }
        for move in moves where move.kind != .granted && !move.isUnknown {
            guard let payment = move.money.firstPayment else { continue }
            let isApproved = !move.isOpening && !move.states.contains { free.contains($0) }
            if isApproved {
                warnOfSigningPayer(move)
            } else {
                warn(
                    .unapprovedPayment, "`\(move.name.text)` pays, and no approval comes before it", at: payment,
                    labels: [Label(move.name.span, "pays in its body")], accepts: accepts(of: move.name),
                    help: "let an approval lead here, or say why none is needed: "
                        + "`accept unapprovedPayment because \"…\"`")
            }
        }
        checkSelfApproval()
        checkReservations()
    }

    /// Reports an action that pays what its actor may have signed for.
    private mutating func warnOfSigningPayer(_ move: Move) {
        guard move.kind == .action, isSound(move.name.span) else { return }
        let excludes = ownDeclarations.contains { declaration in
            guard case .action(let action) = declaration.kind, action.name.span == move.name.span else { return false }
            return action.except.contains { expression in
                if case .of(let word, _) = expression.kind { word.text == "signers" } else { false }
            }
        }
        if excludes { return }
        warn(
            .selfApproval, "whoever signed may also pay, by `\(move.name.text)`", at: move.name.span,
            accepts: accepts(of: move.name),
            help: "add `except signers of` the approval to its head, or say why: `accept selfApproval because \"…\"`")
    }

    private func accepts(of name: Name) -> [AcceptSyntax] {
        for declaration in ownDeclarations {
            switch declaration.kind {
            case .action(let action) where action.name.span == name.span: return action.accepts
            case .approval(let approval) where approval.name.span == name.span: return approval.accepts
            default: continue
            }
        }
        return []
    }

    /// Reports rounds that lead to payments and that the opener of the case may sign.
    private mutating func checkSelfApproval() {
        let pays = moves.contains { $0.money.firstPayment != nil }
        let isOpenerKnown = moves.allSatisfy { !$0.isOpening || isSound($0.name.span) }
        guard pays, isOpenerKnown, !openerFields.isEmpty else { return }
        for head in heads where isSound(head.name.span) {
            let excluded = head.except.contains { expression in
                guard case .name(let name) = expression.kind, case .caseField(let index) = symbols[name.bytes]?.symbol
                else { return false }
                return openerFields.contains(index)
            }
            if excluded { continue }
            let fields = openerFields.sorted().map { program.caseFields[$0].name }
            warn(
                .selfApproval, "whoever opens the case may sign `\(head.name.text)`", at: head.name.span,
                accepts: head.accepts,
                help: "add `except \(fields[0])` to its head, or say why: `accept selfApproval because \"…\"`")
        }
    }

    /// Reports states in which a reservation may stay for ever.
    private mutating func checkReservations() {
        guard let first = moves.first(where: { !$0.money.reserves.isEmpty }) else { return }
        let held = heldStates()
        for state in program.states.indices where held.contains(state) {
            let declared = program.states[state]
            let ends = moves.contains { move in
                guard move.kind == .timer else { return false }
                return move.isUnknown || move.states.contains(state) && move.targets.contains { $0 != state }
            }
            if ends { continue }
            let last = moves.first { !$0.money.reserves.isEmpty && $0.mayStay && $0.states.contains(state) }
            let reserving = declared.isFinal ? last ?? first : first
            warn(
                .staysReserved, "money may stay reserved for ever while a case is `\(declared.name)`",
                at: declared.span, declared.isFinal ? "final, and released on entry only" : "no deadline ends it",
                labels: [Label(reserving.name.span, "reserves")], accepts: accepts(of: reserving.name),
                help: (declared.isFinal
                    ? "reserve before the case ends, and pay or release it by then, or say why: "
                    : "add `after … in \(declared.name) { become … }`, or say why: ")
                    + "`accept staysReserved because \"…\"`")
        }
    }

    /// The states in which a case may have something reserved. On entry to a final state all is released.
    private func heldStates() -> Set<Int> {
        var held: Set<Int> = []
        for move in moves where !move.money.reserves.isEmpty && !move.isUnknown {
            held.formUnion(move.targets.filter { !program.states[$0].isFinal })
            // What is reserved on entry to a final state is released right away.
            let isEntry = program.entering.contains { $0.span == move.name.span }
            if move.mayStay { held.formUnion(move.states.filter { !isEntry || !program.states[$0].isFinal }) }
        }
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            // What pays, pays from the reservation; what is left of it is not followed here.
            for move in moves where move.money.firstPayment == nil && !move.isUnknown {
                guard move.states.contains(where: { held.contains($0) }) else { continue }
                let targets = move.targets.filter { !program.states[$0].isFinal }
                guard !held.isSuperset(of: targets) else { continue }
                held.formUnion(targets)
                isGrowing = true
            }
        }
        return held
    }
}
