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
            if isApproved || move.money.firstUnapproved == nil {
                warnOfSigningPayer(move)
            } else {
                warn(
                    .unapprovedPayment, "`\(move.name.text)` pays, and no approval comes before it",
                    at: move.money.firstUnapproved ?? payment,
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
        var excluded: Set<TextValue> = []
        for declaration in ownDeclarations {
            guard case .action(let action) = declaration.kind, action.name.span == move.name.span else { continue }
            for case .of(let word, let round) in action.except.map(\.kind) where word.text == "signers" {
                if case .name(let name) = round.kind { excluded.insert(name.bytes) }
            }
        }
        guard let round = roundsBefore(move).first(where: { !excluded.contains($0.bytes) }) else { return }
        warn(
            .selfApproval, "whoever signed `\(round.text)` may also pay, by `\(move.name.text)`", at: move.name.span,
            accepts: accepts(of: move.name),
            help: "add `except signers of \(round.text)` to its head, or say why: "
                + "`accept selfApproval because \"…\"`")
    }

    /// The approvals that a move rests on: those that it requires to be granted, and those granted last before it, of
    /// these those that every way leads through, if there are any; each once, in order of writing.
    private func roundsBefore(_ move: Move) -> [Name] {
        let required = heads.indices.filter { move.money.approving.contains($0) }.map { heads[$0].name }
        let passed = roundsPassed(before: move)
        return required + passed.filter { round in !required.contains { $0.bytes == round.bytes } }
    }

    private func roundsPassed(before move: Move) -> [Name] {
        let last = lastRounds(before: move)
        let needed = last.filter { round in
            let around = reached(unknown: false) { $0.kind != .granted || $0.name.bytes != round.bytes }
            return !move.states.contains { around.contains($0) }
        }
        return needed.isEmpty ? last : needed
    }

    private func lastRounds(before move: Move) -> [Name] {
        var rounds: [Name] = []
        for granted in moves
        where granted.kind == .granted && !rounds.contains(where: { $0.bytes == granted.name.bytes }) {
            var reached = Set(granted.targets)
            var isGrowing = true
            while isGrowing {
                isGrowing = false
                for next in moves where next.kind != .granted && next.states.contains(where: { reached.contains($0) }) {
                    guard !reached.isSuperset(of: next.targets) else { continue }
                    reached.formUnion(next.targets)
                    isGrowing = true
                }
            }
            if move.states.contains(where: { reached.contains($0) }) { rounds.append(granted.name) }
        }
        return rounds
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
        let isOpenerKnown = moves.allSatisfy { move in
            !(move.isOpening || move.kind == .action && move.isUnknown) || isSound(move.name.span)
        }
        guard pays, isOpenerKnown else { return }
        let kept = openerFields.filter { keepsOpener($0) }
        for (head, approval) in zip(heads, program.approvals) where isSound(head.name.span) {
            let barred = Barred(approval.except)
            if kept.contains(where: { barred.bars(field: $0) }) { continue }
            let field = kept.min().map { program.caseFields[$0].name }
            warn(
                .selfApproval, "whoever opens the case may sign `\(head.name.text)`", at: head.name.span,
                accepts: head.accepts,
                help: (field.map { "add `except \($0)` to its head" }
                    ?? "keep who opens the case in a field that nothing else writes, and except it")
                    + ", or say why: `accept selfApproval because \"…\"`")
        }
    }

    /// Whether a field that opening sets to the actor holds the opener for good, whichever action opened the case.
    private func keepsOpener(_ field: Int) -> Bool {
        let isEntered = program.actions.contains { $0.enters.contains(field) }
        let opening = program.actions.filter { !$0.opens.isEmpty }.map(\.body)
        let other =
            program.actions.filter { $0.opens.isEmpty }.map(\.body)
            + program.approvals.flatMap { [$0.granted.block, $0.declined.block, $0.overdue.block] }
            + program.deadlines.map(\.body.block) + program.entering.map(\.body)
        func writes(_ block: CheckedBlock, _ isWrong: (CheckedExpression) -> Bool) -> Bool {
            var found = false
            block.forEachStatement { statement in
                if case .setField(field, let value) = statement.kind, isWrong(value) { found = true }
            }
            return found
        }
        func isOther(_ value: CheckedExpression) -> Bool {
            switch value.kind {
            case .actor: false
            case .wrapped(let inner): isOther(inner)
            default: true
            }
        }
        let isSet = opening.allSatisfy { writes($0) { !isOther($0) } }
        return isSet && !isEntered && !opening.contains { writes($0, isOther) }
            && !other.contains { writes($0) { _ in true } }
    }

    /// Reports states in which a reservation may stay for ever.
    private mutating func checkReservations() {
        guard let first = moves.first(where: { !$0.money.reserves.isEmpty }) else { return }
        let held = heldStates()
        for state in program.states.indices where held.contains(state) {
            let declared = program.states[state]
            let ending = moves.filter { move in
                guard move.kind == .timer else { return false }
                return move.isUnknown || move.states.contains(state) && move.targets.contains { $0 != state }
            }
            if ending.contains(where: \.isUnknown) { continue }
            let lasting = ending.first { !isSpent($0, in: state) }
            let stuck = lasting.flatMap { _ in stay(in: state).stuckWithMoney }
            if lasting != nil, stuck == nil { continue }
            let last = moves.first { !$0.money.reserves.isEmpty && $0.mayStay && $0.states.contains(state) }
            let reserving = declared.isFinal ? last ?? first : first
            let (label, help): (String, String)
            if declared.isFinal {
                label = "final, and released on entry only"
                help = "reserve before the case ends, and pay or release it by then"
            } else if lasting != nil {
                label = "no deadline is sure to end it"
                help = "add `after … in \(declared.name) { become … }`, which leads on whatever holds"
            } else if ending.isEmpty {
                label = "no deadline ends it"
                help = "add `after … in \(declared.name) { become … }`"
            } else {
                label = "its deadline fires once at a moment"
                help = "let a deadline end it that does not lead back to itself"
            }
            let leaving = lasting.map { Label(stuck?.span ?? $0.name.span, "may leave it so, and does not come again") }
            warn(
                .staysReserved, "money may stay reserved for ever while a case is `\(declared.name)`",
                at: declared.span, label,
                labels: [Label(reserving.name.span, "reserves")] + (leaving.map { [$0] } ?? []),
                accepts: accepts(of: reserving.name),
                help: "\(help), or say why: `accept staysReserved because \"…\"`")
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
            // What pays, pays from the reservation, and may leave some of it.
            for move in moves where !move.isUnknown {
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
