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
        guard move.kind == .action, isSound(move.name.span),
            let except = program.actions.first(where: { $0.span == move.name.span })?.except
        else { return }
        let round = roundsBefore(move).first { round in
            guard let index = heads.firstIndex(where: { $0.name.bytes == round.bytes }) else { return true }
            return !except.contains { ValueOrigins.all(of: $0, in: program) { $0 == .signers(index) } }
        }
        guard let round else { return }
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
