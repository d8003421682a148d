import RemitValues

/// Checks, figures, tables and the ways in which values are worked out.
extension PageBuilder {
    mutating func addChecks() {
        let groups = all { if case .checks(let syntax) = $0 { syntax } else { nil } }
        guard !groups.isEmpty else { return }
        section(say("What is checked", "审核规则"))
        paragraph(
            say(
                "All checks of a group are made, so that every reason is known and not only the first. The worst "
                    + "finding decides: deny, then to be looked at, then noted",
                "每组审核全部进行，从而得知所有原因，而不止第一项。以最严重的结果为准：拒绝，其次待审，再次提示"))
        for group in groups {
            heading(speaker.name(group.name))
            if !group.parameters.isEmpty {
                paragraph(
                    say(
                        "They are made with {0}", "审核依据：{0}",
                        speaker.listed(
                            group.parameters.map {
                                say("{0} ({1})", "{0}（{1}）", speaker.name($0.name), speaker.type($0.type))
                            })))
            }
            inside(.checks(group)) { $0.addItems(group.items) }
        }
    }

    /// Checks as a numbered list, and those of a line as a list of their own.
    private mutating func addItems(_ items: [CheckItem]) {
        var meanings: [PageItem] = []
        var checks: [PageItem] = []
        for item in items {
            switch item {
            case .binding(let name, let value, _):
                meanings.append(PageItem(speaker.sentence(speaker.meaning(name, value))))
            case .check(let check): checks.append(self.item(check))
            case .each: break
            }
        }
        if !meanings.isEmpty {
            paragraph(say("In these checks:", "在这些审核中："))
            list(meanings)
        }
        list(checks, isOrdered: true)
        let isEmpty = !items.contains { if case .binding = $0 { false } else { true } }
        if isEmpty { paragraph(say("Nothing is checked", "无审核项")) }
        for case .each(let variable, let source, let inner, _) in items {
            paragraph(
                say(
                    "The following are checked for each {0} in {1}. What is denied here concerns that entry alone; "
                        + "where there are entries and every one is denied, the case is denied. What is to be looked "
                        + "at here holds the case up, unless that entry is denied; what is noted here is noted on "
                        + "the case, even if that entry is denied.",
                    "以下各项对{1}中的每个{0}进行。在此被拒绝的，只涉及该项；如确有各项且均被拒绝，则整个案件被拒绝。在此待审的，使整个案件待审，"
                        + "但该项已被拒绝的除外；在此提示的，即为对整个案件的提示，即使该项已被拒绝。", speaker.name(variable), speaker.value(source)))
            addItems(inner)
        }
    }

    private func item(_ check: CheckSyntax) -> PageItem {
        let effect =
            switch check.severity {
            case .deny: Phrase(page.language == .english ? "Deny" : "拒绝", .strong)
            case .pend: Phrase(page.language == .english ? "Look at" : "待审", .strong)
            case .note: Phrase(page.language == .english ? "Note" : "提示", .strong)
            }
        let lead = say(
            "{0} {1} {2} if ", "{0} {1} {2}，如果", effect, speaker.code(check.code), speaker.quoted(check.text))
        return speaker.item(check.condition, lead: lead, isBehindIf: true, trail: speaker.cited(check.source))
    }

    // MARK: Figures and tables

    mutating func addParameters() {
        let parameters = all { if case .parameter(let syntax) = $0 { syntax } else { nil } }
        guard !parameters.isEmpty else { return }
        section(say("Figures that are set", "规定的数值"))
        var rows: [[Phrase]] = []
        for parameter in parameters {
            for (index, entry) in parameter.values.enumerated() {
                let next = index + 1 < parameter.values.count ? parameter.values[index + 1].period.from : nil
                rows.append([
                    speaker.name(parameter.name), period(entry.period, next: next), speaker.value(entry.value),
                    parameter.source.map { Phrase(speaker.told($0), .source) } ?? Phrase("—"),
                ])
            }
        }
        table(
            PageTable(
                caption: say("Figures, the days on which they hold, and their sources", "数值、有效期及依据"),
                heads: [say("Figure", "名称"), say("Holds", "有效期"), say("Value", "数值"), say("Source", "依据")], rows: rows))
    }

    /// The days of a period: up to the next one, or to its own end.
    func period(_ period: PeriodSyntax, next: Expression?) -> Phrase {
        guard let from = period.from else { return say("always", "一直有效") }
        let first = speaker.value(from)
        guard let end = period.until ?? next else { return say("from {0} on", "{0}起", first) }
        return say("from {0} until before {1}", "{0}起，至{1}前", first, speaker.value(end))
    }

    mutating func addTables() {
        guard !tables.isEmpty else { return }
        section(say("Tables", "规则表"))
        for table in tables {
            heading(titled(table.name))
            paragraph(policy(table))
            for (index, section) in table.sections.enumerated() {
                let next = index + 1 < table.sections.count ? table.sections[index + 1].period.from : nil
                inside(.table(table)) { $0.add(section, of: table, next: next) }
            }
        }
    }

    private func policy(_ table: TableSyntax) -> Phrase {
        let inputs = speaker.listed(table.inputs.map { speaker.name($0.name) })
        let outputs = speaker.listed(table.outputs.map { speaker.name($0.name) })
        let how =
            switch table.policy {
            case .unique: say("exactly one row applies", "恰有一行适用")
            case .first: say("the first row that fits applies", "适用第一个符合的行")
            case .collect: say("every row that fits applies", "符合的各行均适用")
            }
        return say("By {0} it gives {1}; {2}{3}", "按{0}得出{1}；{2}{3}", inputs, outputs, how, speaker.cited(table.source))
    }

    private mutating func add(_ section: TableSection, of table: TableSyntax, next: Expression?) {
        let name = speaker.name(table.name)
        let caption =
            section.period.from == nil ? name : say("{0}, {1}", "{0}，{1}", name, period(section.period, next: next))
        let hasSources = section.rows.contains { $0.source != nil }
        var heads = (section.headerInputs + section.headerOutputs).map { speaker.name($0) }
        if hasSources { heads.append(say("Source", "依据")) }
        let rows = section.rows.map { row in
            var cells = row.cells.map { speaker.cell($0) } + row.outputs.map { speaker.value($0) }
            if hasSources { cells.append(row.source.map { Phrase(speaker.told($0), .source) } ?? Phrase("—")) }
            return cells
        }
        self.table(
            PageTable(
                caption: caption, heads: heads, rows: rows, conditions: section.headerInputs.count, hasRowHeads: false))
    }

    // MARK: Functions

    mutating func addFunctions() {
        let functions = all { if case .function(let syntax) = $0 { syntax } else { nil } }
        guard !functions.isEmpty else { return }
        section(say("How values are worked out", "数值的计算方法"))
        for function in functions {
            let inputs = function.parameters.map { speaker.name($0.name) }
            heading(
                inputs.isEmpty
                    ? say("{0}{1}", "{0}{1}", titled(function.name), speaker.cited(function.source))
                    : say(
                        "{0} for {1}{2}", "{0}（{1}）{2}", titled(function.name), speaker.listed(inputs),
                        speaker.cited(function.source)))
            inside(.function(function)) { $0.list($0.items(of: function)) }
        }
    }

    private func items(of function: FunctionSyntax) -> [PageItem] {
        var items = function.bindings.map { PageItem(speaker.sentence(speaker.meaning($0.name, $0.value))) }
        let isCondition = if case .named(let type) = function.result.kind { type.text == "Boolean" } else { false }
        items.append(
            isCondition
                ? speaker.item(function.value, lead: applies(function.value))
                : PageItem(speaker.sentence(say("the result is {0}", "结果为{0}", speaker.value(function.value)))))
        return items
    }

    private func applies(_ condition: Expression) -> Phrase {
        if case .implies = Speaker.unbracketed(condition).kind { return say("it applies under this rule: ", "适用规则：") }
        return say("it applies if ", "适用的条件是：")
    }
}
