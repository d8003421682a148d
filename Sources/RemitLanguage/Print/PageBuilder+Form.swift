import RemitValues

/// What a case holds, and the words and records that it is made of.
extension PageBuilder {
    mutating func addForm() {
        guard !caseFields.isEmpty else { return }
        section(say("The case and its form", "案件及其表单"))
        for about in all({ if case .caseFields(let syntax) = $0 { syntax.about } else { nil } }) {
            paragraph(
                say(
                    "A case is about the {0}, under whose key private values are kept and can be erased",
                    "案件关乎{0}，保密内容以其密钥保存，并可据此销毁", speaker.name(about)))
        }
        table(
            PageTable(
                caption: say("What a case holds", "案件内容"),
                heads: [say("Field", "项目"), say("Content", "内容"), say("Filled in by", "由谁填写")],
                rows: caseFields.map { [speaker.name($0.name), content($0), origin($0)] }))
    }

    /// What a field holds, and when it may be empty: whoever opens a case may leave an optional field out, while an
    /// action on a case must be given every field that it enters.
    private func content(_ field: FieldSyntax) -> Phrase {
        guard field.type.isOptional else { return speaker.type(field.type) }
        let forms = actions.filter { $0.enters.contains { $0.bytes == field.name.bytes } }
        let opening = forms.filter { !$0.opens.isEmpty }.map { speaker.name($0.name) }
        let later = forms.filter(\.opens.isEmpty).map { speaker.name($0.name) }
        let how: Phrase
        if forms.isEmpty, let starts = field.starts, !speaker.isAbsent(starts) {
            how = say("may be empty", "可以为空")
        } else if forms.isEmpty {
            how = say("empty until the rules fill it", "由规则填写，此前为空")
        } else if later.isEmpty {
            how = say("may be left out", "可以不填")
        } else if opening.isEmpty {
            let isSet = contract.declarations.flatMap(\.kind.blocks).flatMap(\.all).contains { $0.sets(field.name) }
            how =
                isSet
                ? say("may be empty; must be given in {0}", "可能为空；{0}时必须填写", speaker.listed(later))
                : say("empty at first; must be given in {0}", "起初为空；{0}时必须填写", speaker.listed(later))
        } else {
            how = say(
                "may be left out in {0}; must be given in {1}", "{0}时可以不填；{1}时必须填写", speaker.listed(opening),
                speaker.listed(later))
        }
        return speaker.type(field.type, whenOptional: how)
    }

    /// Where a field's value comes from.
    private func origin(_ field: FieldSyntax) -> Phrase {
        var parts: [Phrase] = []
        let forms = actions.filter { $0.enters.contains { $0.bytes == field.name.bytes } }.map { speaker.name($0.name) }
        if !forms.isEmpty { parts.append(say("the form of {0}", "{0}的表单", speaker.listed(forms))) }
        if let starts = field.starts, !speaker.isAbsent(starts) {
            parts.append(say("begins as {0}", "起始为{0}", speaker.value(starts)))
        }
        if forms.isEmpty { parts.append(say("the rules", "规则")) }
        return parts.count == 1 ? parts[0] : say("{0}; {1}", "{0}；{1}", parts[0], parts[1])
    }

    mutating func addEnumerations() {
        let enumerations = all { if case .enumeration(let syntax) = $0 { syntax } else { nil } }
        guard !enumerations.isEmpty else { return }
        section(say("Words with fixed choices", "固定选项"))
        list(
            enumerations.map {
                PageItem(
                    speaker.sentence(
                        say("{0} is one of: {1}", "{0}为下列之一：{1}", speaker.name($0.name), speaker.listed($0.cases, .or)))
                )
            })
    }

    mutating func addRecords() {
        let records = all { if case .record(let syntax) = $0 { syntax } else { nil } }
        guard !records.isEmpty else { return }
        section(say("What entries of a list hold", "列表各项的内容"))
        for record in records {
            table(
                PageTable(
                    caption: say("Each {0}", "每个{0}", speaker.name(record.name)),
                    heads: [say("Field", "项目"), say("Content", "内容")], rows: fieldRows(record.fields)))
        }
    }

    /// The fields of a record or a register's entry, with what is said of those that may be empty.
    func fieldRows(_ fields: [FieldSyntax], whenOptional how: Phrase? = nil) -> [[Phrase]] {
        fields.map { field in
            let type = speaker.type(field.type, whenOptional: how)
            let starts = field.starts.flatMap { speaker.isAbsent($0) ? nil : $0 }
            let content = starts.map { say("{0}; begins as {1}", "{0}；起始为{1}", type, speaker.value($0)) } ?? type
            return [speaker.name(field.name), content]
        }
    }

    // MARK: Course

    mutating func addCourse() {
        var graph = StateGraph(contract)
        guard !graph.nodes.isEmpty else { return }
        graph.titles = graph.nodes.map { speaker.spelled($0.name.text) }
        let causes = graph.edges.map { cause($0.cause) }
        graph.labels = causes.map { Self.shortened($0.spaced(namesInBrackets: false).plain) }
        section(say("The course of a case", "案件流程"))
        let open = graph.nodes.filter { !$0.isFinal }.map(\.name)
        let final = graph.nodes.filter(\.isFinal).map(\.name)
        if !open.isEmpty { paragraph(say("While it runs, a case is {0}", "进行中的案件，状态为{0}", speaker.listed(open, .or))) }
        if !final.isEmpty { paragraph(ending(as: final)) }
        page.blocks.append(
            .diagram(
                graph, title: say("The states of a case", "案件状态图").plain,
                summary: say(
                    "A case begins at the dot; the table below lists every way from one state to the next.",
                    "案件自圆点开始；下表列出各状态之间的全部流转。"
                ).plain))
        let rows = zip(graph.edges, causes).map { edge, cause in
            [
                edge.from.map { speaker.name(graph.nodes[$0].name) } ?? say("(new case)", "（新案件）"),
                cause.capitalised, speaker.name(graph.nodes[edge.to].name),
            ]
        }
        table(
            PageTable(
                caption: say("Every way from one state to the next", "状态流转"),
                heads: [say("From", "自"), say("By", "经由"), say("To", "至")], rows: rows))
    }

    /// How a case ends, and what may happen to it even then.
    private func ending(as final: [Name]) -> Phrase {
        let bytes = Set(final.map(\.bytes))
        func isThen(_ states: [Name]) -> Bool { states.contains { bytes.contains($0.bytes) } }
        let ended = speaker.listed(final, .or)
        var later: [Name] = []
        var hasDeadline = false
        for declaration in contract.declarations {
            switch declaration.kind {
            case .action(let action) where isThen(action.states): later.append(action.name)
            case .approval(let approval) where isThen(approval.states): later.append(approval.name)
            case .deadline(let deadline) where isThen(deadline.states): hasDeadline = true
            default: break
            }
        }
        if later.isEmpty, !hasDeadline {
            return say("It ends as {0}; nothing can be done with it afterwards", "案件终结于{0}；此后不能再办理", ended)
        }
        if later.isEmpty {
            return say(
                "It ends as {0}, and stays so; nobody can do anything with it afterwards, but a deadline may still run",
                "案件终结于{0}，此后状态不变；不能再办理，但仍可能有期限届满", ended)
        }
        return say(
            "It ends as {0}, and stays so; all that can be done with it afterwards is {1}",
            "案件终结于{0}，此后状态不变；仅可办理{1}", ended, speaker.listed(later, .or))
    }

    private func cause(_ cause: StateGraph.Edge.Cause) -> Phrase {
        switch cause {
        case .action(let name): speaker.name(name)
        case .granted(let name): say("{0} granted", "{0}通过", speaker.name(name))
        case .declined(let name): say("{0} declined", "{0}被拒", speaker.name(name))
        case .overdue(let name): say("{0} overdue", "{0}逾期", speaker.name(name))
        case .deadline(let term, let past):
            past.map { say("{0} after {1}", "{1}之后{0}", speaker.value(term), speaker.name($0)) }
                ?? say("after {0}", "{0}之后", speaker.value(term))
        }
    }

    private static func shortened(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count > 40 else { return text }
        var short = ""
        short.unicodeScalars.append(contentsOf: scalars.prefix(39))
        return short + "…"
    }
}
