import RemitLanguage
import RemitValues

/// The parts of a letter: why, by which rules, on which facts, and what follows.
extension DecisionLetter {
    func reasons(_ transition: Transition, _ withheld: Withheld) -> [String] {
        var reasons: [String] = []
        if case .refused(let refusal) = transition.outcome {
            let code = refusal.code.map { "\($0): " } ?? ""
            let what = code + why(refusal, openly: withheld.refusal) + inBrackets(cited.source(at: refusal.span))
            reasons.append(words.sentence(what) + facts(ofRequirement: transition, withheld))
        }
        return reasons + declines(transition)
            + transition.findings.map { finding in
                let what =
                    switch finding.severity {
                    case .deny: say("Denied", "不予通过")
                    case .pend: say("To be looked at", "需要复核")
                    case .note: say("Noted", "备注")
                    }
                let line = finding.line.map { say(" (line {0})", "（第{0}行）", String($0)) } ?? ""
                let source = inBrackets(finding.source)
                let reads = read(by: finding, transition)
                return words.sentence("\(what)\(line), \(finding.code): \(words.text(finding.text))\(source)")
                    + told(reads, withheld)
            }
    }

    /// Who was against it, and why.
    private func declines(_ transition: Transition) -> [String] {
        (transition.trace?.entries ?? []).compactMap { entry in
            guard case .voted(let index, let vote) = entry.event, let reason = vote.reason,
                program.approvals.indices.contains(index)
            else { return nil }
            let what = say(
                "“{1}” was declined by {0}", "“{1}”被{0}否决", vote.by.identifier.string,
                words.name(program.approvals[index].name))
            return words.sentence(
                say("{0}{1}: {2}", "{0}{1}：{2}", what, inBrackets(program.approvals[index].source), reason.string))
        }
    }

    private func facts(ofRequirement transition: Transition, _ withheld: Withheld) -> String {
        for entry in (transition.trace?.entries ?? []).reversed() {
            if case .requirement(false, let reads) = entry.event { return told(reads, withheld) }
        }
        return ""
    }

    private func read(by finding: Finding, _ transition: Transition) -> [Trace.Read] {
        for entry in transition.trace?.entries ?? [] {
            if case .check(finding.clause, _, _, finding.line, true, let reads) = entry.event { return reads }
        }
        return []
    }

    /// The facts that decided, each once.
    private func told(_ reads: [Trace.Read], _ withheld: Withheld) -> String {
        var facts: [String] = []
        for read in reads {
            if case .record = read.value { continue }
            let value = withheld.places.contains(read.span) ? keptPrivate : shown(read.value)
            let fact = say("{0}: {1}", "{0}：{1}", words.reading(text(read.span)), value)
            if !facts.contains(fact) { facts.append(fact) }
        }
        guard !facts.isEmpty else { return "" }
        let all = facts.joined(separator: words.language == .english ? "; " : "；")
        return say(" What decided: {0}.", "决定此事的事实：{0}。", all)
    }

    /// The rows and figures that the decision was worked out by, each once, those that cite a source first.
    func rules(_ transition: Transition, _ withheld: Withheld) -> [String] {
        var cited: [String] = []
        var others: [String] = []
        for entry in transition.trace?.entries ?? [] {
            guard let (rule, source) = rule(entry, withheld) ?? head(entry) else { continue }
            if let source {
                let whole = words.sentence(rule + inBrackets(source))
                if !cited.contains(whole) { cited.append(whole) }
            } else {
                let whole = words.sentence(rule)
                if !others.contains(whole) { others.append(whole) }
            }
        }
        let all = cited + others
        guard all.count > Limits.letterRules else { return all }
        let more = all.count - Limits.letterRules
        return all.prefix(Limits.letterRules) + [say("{0} more of the same kind.", "另有{0}条同类规则。", String(more))]
    }

    private func rule(_ entry: Trace.Entry, _ withheld: Withheld) -> (rule: String, source: String?)? {
        let isWithheld = withheld.places.contains(entry.span)
        switch entry.event {
        case .parameterRead(let index, _, _, let value) where program.parameters.indices.contains(index):
            let parameter = program.parameters[index]
            return (say("{0}: {1}", "{0}：{1}", words.name(parameter.name), shown(value)), parameter.source)
        case .tableRead(let index, let section, let row, _, let inputs, let outputs)
        where program.tables.indices.contains(index):
            let table = program.tables[index]
            guard table.sections.indices.contains(section), table.sections[section].rows.indices.contains(row) else {
                return nil
            }
            let source = table.sections[section].rows[row].source ?? table.source
            let name = words.name(table.name)
            // The row would tell what it was chosen by.
            guard !isWithheld else { return (say("{0}: {1}", "{0}：{1}", name, keptPrivate), table.source) }
            let given = pairs(table.inputs, inputs)
            let found = pairs(table.outputs, outputs)
            return (say("{0}: for {1} it is {2}", "{0}：{1}时，{2}", name, given, found), source)
        case .functionCalled(let index, _, let value) where program.functions.indices.contains(index):
            let function = program.functions[index]
            guard let source = function.source else { return nil }
            let result = isWithheld ? keptPrivate : shown(value)
            return (say("{0}: {1}", "{0}：{1}", words.name(function.name), result), source)
        default: return nil
        }
    }

    /// The action, round or deadline that a step is of, where the policy cites something for it.
    private func head(_ entry: Trace.Entry) -> (rule: String, source: String?)? {
        switch entry.event {
        case .admitted:
            guard let action = program.actions.last(where: { $0.span.start <= entry.span.start }),
                let source = action.source
            else { return nil }
            return (quoted(action.name), source)
        case .roundOpened(let index, _), .roundEnded(let index, _), .voted(let index, _):
            guard program.approvals.indices.contains(index), let source = program.approvals[index].source else {
                return nil
            }
            return (quoted(program.approvals[index].name), source)
        case .timerFired(let index):
            guard program.timers.indices.contains(index), case .deadline(let deadline) = program.timers[index],
                let source = program.deadlines[deadline].source
            else { return nil }
            return (over(program.deadlines[deadline]), source)
        default: return nil
        }
    }

    private func quoted(_ name: String) -> String { say("“{0}”", "“{0}”", words.name(name)) }

    private func pairs(_ fields: [FieldDeclaration], _ values: [Value]) -> String {
        words.listed(zip(fields, values).map { say("{0} {1}", "{0}{1}", words.name($0.name), shown($1)) })
    }

    /// What the form gave, and the call beside it.
    func given(_ transition: Transition, _ withheld: Withheld) -> [String] {
        func told(_ name: String, _ value: Value, isWithheld: Bool) -> String {
            say("{0}: {1}", "{0}：{1}", words.name(name), isWithheld ? keptPrivate : shown(value))
        }
        return (transition.trace?.entries ?? []).flatMap { entry -> [String] in
            switch entry.event {
            case .fieldSet(let index, let value) where program.caseFields.indices.contains(index):
                let field = program.caseFields[index]
                guard entry.span == field.span else { return [] }
                return [told(field.name, value, isWithheld: withheld.fields.contains(index))]
            case .argumentsGiven(let action, let values) where program.actions.indices.contains(action):
                return zip(program.actions[action].parameters, values).map { parameter, value in
                    told(parameter.name, value, isWithheld: withheld.places.contains(parameter.span))
                }
            default: return []
            }
        }
    }

    private var keptPrivate: String { say("kept private", "保密") }

    func money(_ transition: Transition) -> [String] {
        guard case .done(let effects) = transition.outcome else { return [] }
        return effects.postings.map { posting in
            let amount = posting.amount.grouped
            let fund = words.name(posting.fund.string)
            switch (posting.from, posting.to) {
            case (_, .party(let party)):
                return say("{0} is paid from {1} to {2}.", "从{1}支付{0}给{2}。", amount, fund, party.identifier.string)
            case (.available, .reserved): return say("{0} is set aside in {1}.", "在{1}中预留{0}。", amount, fund)
            case (.reserved, .available):
                return say("{0} is no longer set aside in {1}.", "{1}中预留的{0}已释放。", amount, fund)
            default: return say("{0} moves in {1}.", "{1}发生{0}的变动。", amount, fund)
            }
        }
    }

    /// Rounds that wait for signatures, and due times.
    func next(_ transition: Transition) -> [String] {
        guard case .done(let effects) = transition.outcome else { return [] }
        var items: [String] = []
        for (approval, round) in zip(program.approvals, effects.caseState.rounds) {
            guard let round, round.outcome == .open else { continue }
            let seats = round.seats
            items.append(
                say(
                    "{0} waits for signatures ({1} still open), until {2}.", "{0}还需{1}个签字，截止{2}。",
                    quoted(approval.name) + inBrackets(approval.source), String(seats.all - seats.filled),
                    words.time(round.due)))
        }
        for (deadline, due) in zip(program.deadlines, effects.caseState.due) {
            guard let due else { continue }
            let states = words.listed(deadline.states.map { words.name(program.states[$0].name) })
            items.append(
                say(
                    "If the case is still {0} at {1}, what the rules say of that{2} happens by itself.",
                    "案件到{1}仍为{0}的，自动按规则{2}处理。", states, words.time(due), inBrackets(deadline.source)))
        }
        return items
    }

    /// The source text of a place, on one line.
    private func text(_ span: Span) -> String {
        guard span.start >= 0, span.end <= source.count, span.start <= span.end else { return "" }
        let written = String(decoding: source[span.start..<span.end], as: UTF8.self)
        return written.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" }).joined(separator: " ")
    }
}
