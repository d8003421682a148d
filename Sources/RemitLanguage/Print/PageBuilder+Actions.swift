import RemitValues

/// What people can do, what they sign, and what happens by itself.
extension PageBuilder {
    mutating func addActions() {
        guard !actions.isEmpty else { return }
        section(say("What can be done", "可以办理的事项"))
        for action in actions {
            heading(say("{0}{1}", "{0}{1}", speaker.name(action.name), speaker.cited(action.source)))
            inside(.action(action)) { $0.list($0.items(of: action)) }
        }
    }

    private func items(of action: ActionSyntax) -> [PageItem] {
        var items: [PageItem] = []
        if !action.authorities.isEmpty { items.append(labelled("Who may", "谁可以办理", who(action.authorities))) }
        if let excluded = excluded(action.except) { items.append(excluded) }
        items.append(labelled("When", "何时", occasion(action)))
        if let form = form(action) { items.append(form) }
        let head = Self.conditions(action.body)
        if head > 0 {
            items.append(
                labelled("What must hold", "须满足的条件", .empty, speaker.conditions(action.body.statements.prefix(head))))
        }
        var steps = speaker.steps(action.body.statements.dropFirst(head))
        if let opened = opened(action) { steps.append(opened) }
        items.append(
            steps.isEmpty
                ? labelled("What happens", "办理结果", say("it is recorded", "予以记录"))
                : labelled("What happens", "办理结果", .empty, steps))
        items += afresh(action)
        items += action.accepts.map { accepted($0) }
        return items
    }

    private func occasion(_ action: ActionSyntax) -> Phrase {
        let states = speaker.listed(action.states, .or)
        if action.opens.isEmpty { return say("the case is {0}", "案件状态为{0}", states) }
        let opening = say("at any time; it begins a new case", "随时；由此开始一个新案件")
        return action.states.isEmpty ? opening : say("{0}, or the case is {1}", "{0}，或案件状态为{1}", opening, states)
    }

    private func form(_ action: ActionSyntax) -> PageItem? {
        var parts = action.enters.map { asked($0, by: action) }
        parts += action.parameters.map { say("{0} ({1})", "{0}（{1}）", speaker.name($0.name), speaker.type($0.type)) }
        return parts.isEmpty ? nil : labelled("The form asks for", "表单须填", speaker.listed(parts))
    }

    /// A field of the form, with a word where it may be left out, which only an action that opens a case allows.
    private func asked(_ field: Name, by action: ActionSyntax) -> Phrase {
        let isOptional = caseFields.contains { $0.name.bytes == field.bytes && $0.type.isOptional }
        guard isOptional, !action.opens.isEmpty else { return speaker.name(field) }
        return say("{0} (may be left out)", "{0}（可以不填）", speaker.name(field))
    }

    /// How many statements at the beginning only ask: what stands behind a change may depend on it and stays there.
    private static func conditions(_ body: Block) -> Int {
        let asking = body.statements.prefix { statement in
            switch statement.kind {
            case .require, .binding: true
            default: false
            }
        }
        let isAsked = asking.contains { statement in
            switch statement.kind {
            case .require, .binding(_, _, orElse: .some): true
            default: false
            }
        }
        return isAsked ? asking.count : 0
    }

    /// Where a new case begins, if the body does not say.
    private func opened(_ action: ActionSyntax) -> PageItem? {
        guard !action.opens.isEmpty, StateGraph.becomes(action.body).isEmpty else { return nil }
        return PageItem(
            speaker.sentence(say("The case begins as {0}", "案件以{0}状态开始", speaker.listed(action.opens, .or))))
    }

    /// The rounds that a change of the case opens afresh.
    private func afresh(_ action: ActionSyntax) -> [PageItem] {
        guard !action.enters.isEmpty || Self.writes(action.body, caseFields) else { return [] }
        // A case that always leaves closes its rounds anyway.
        let leaves = action.body.statements.contains { statement in
            guard case .become(let target) = statement.kind else { return false }
            return !action.states.contains { $0.bytes == target.bytes }
        }
        if leaves { return [] }
        return approvals.filter { approval in
            approval.states.contains { state in action.states.contains { $0.bytes == state.bytes } }
        }.map { approval in
            labelled(
                "Signatures", "签字",
                say(
                    "if the case stays where it is, {0} begins afresh, and signatures given before no longer "
                        + "count, because the case has changed",
                    "如案件状态不变，因案件已变更，{0}重新开始，此前的签字不再有效", speaker.name(approval.name)))
        }
    }

    private static func writes(_ block: Block, _ fields: [FieldSyntax]) -> Bool {
        block.statements.contains { statement in
            switch statement.kind {
            case .set(let target, _), .add(_, let target), .remove(_, let target):
                if case .name(let name) = target.kind { fields.contains { $0.name.bytes == name.bytes } } else { false }
            case .choose(_, let then, let otherwise):
                writes(then, fields) || (otherwise.map { writes($0, fields) } ?? false)
            case .match(_, let arms): arms.contains { writes($0.body, fields) }
            case .each(_, _, let body): writes(body, fields)
            default: false
            }
        }
    }

    // MARK: Approvals

    mutating func addApprovals() {
        guard !approvals.isEmpty else { return }
        section(say("What is signed", "签字审批"))
        for approval in approvals {
            heading(say("{0}{1}", "{0}{1}", speaker.name(approval.name), speaker.cited(approval.source)))
            inside(.approval(approval)) { $0.list($0.items(of: approval)) }
        }
    }

    private func items(of approval: ApprovalSyntax) -> [PageItem] {
        var items = [
            labelled(
                "When", "何时",
                say(
                    "while the case is {0}; a new round begins each time it becomes so", "案件状态为{0}时；每次进入该状态即重新开始",
                    speaker.listed(approval.states, .or))),
            labelled("Who must sign", "须由谁签字", speaker.value(approval.needs), origins(approval.needs)),
        ]
        if let excluded = excluded(approval.except) { items.append(excluded) }
        items.append(labelled("Within", "时限", speaker.value(approval.within)))
        items.append(
            labelled(
                "Declined by", "否决",
                approval.declinedBy.map { speaker.value($0) }
                    ?? say("any one person who could sign, giving a reason", "任何一名有权签字者，须说明理由")))
        items.append(outcome("If granted", "通过后", approval.granted))
        items.append(outcome("If declined", "被否决后", approval.declined))
        items.append(outcome("If nobody answers in time", "逾期未答复", approval.overdue))
        items += approval.accepts.map { accepted($0) }
        return items
    }

    /// Where a field of the case that says who must sign has its value from.
    private func origins(_ needs: Expression) -> [PageItem] {
        guard case .name(let field) = needs.kind, caseFields.contains(where: { $0.name.bytes == field.bytes }) else {
            return []
        }
        return actions.flatMap { action in
            let inner = speaker.inside(.action(action))
            let name = speaker.name(action.name)
            var origins = Self.values(of: field, in: action.body).map { value in
                say("by {0}: {1}", "由{0}定为：{1}", name, inner.value(value))
            }
            if action.enters.contains(where: { $0.bytes == field.bytes }) {
                origins.append(say("as {0} enters it", "由{0}填写", name))
            }
            return origins.map { PageItem(speaker.sentence($0)) }
        }
    }

    /// What a field is set to, in order of writing.
    private static func values(of field: Name, in block: Block) -> [Expression] {
        block.statements.flatMap { statement -> [Expression] in
            switch statement.kind {
            case .set(let target, let value):
                if case .name(let name) = target.kind, name.bytes == field.bytes { [value] } else { [] }
            case .choose(_, let then, let otherwise):
                values(of: field, in: then) + (otherwise.map { values(of: field, in: $0) } ?? [])
            case .match(_, let arms): arms.flatMap { values(of: field, in: $0.body) }
            case .each(_, _, let body): values(of: field, in: body)
            default: []
            }
        }
    }

    private func outcome(_ english: String, _ chinese: String, _ block: Block?) -> PageItem {
        guard let block, !block.statements.isEmpty else {
            return labelled(english, chinese, say("nothing further happens", "无进一步动作"))
        }
        return labelled(english, chinese, .empty, speaker.steps(block))
    }

    // MARK: Events

    mutating func addEvents() {
        guard !deadlines.isEmpty || !entering.isEmpty else { return }
        section(say("What happens by itself", "自动发生的事项"))
        for deadline in deadlines {
            let states = speaker.listed(deadline.states, .or)
            let term = speaker.value(deadline.term)
            let time =
                deadline.past.map {
                    say("{0} after {1}, while {2}", "处于{2}状态，{1}之后{0}", term, speaker.name($0), states)
                } ?? say("when a case has been {1} for {0}", "处于{1}状态满{0}", term, states)
            heading(say("{0}{1}", "{0}{1}", time, speaker.cited(deadline.source)))
            inside(.deadline(deadline)) { $0.list($0.speaker.steps(deadline.body)) }
        }
        for (state, body) in entering {
            heading(say("whenever a case becomes {0}", "案件转为{0}时", speaker.name(state)))
            inside(.entering(state, body)) { $0.list($0.speaker.steps(body), isOrdered: true) }
        }
    }
}
