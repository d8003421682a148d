import RemitValues

/// Fields, rows, rules and records in words.
extension Speaker {
    func reading(_ expression: Expression) -> Phrase {
        switch expression.kind {
        case .member(let base, let field): member(base, field)
        case .lookup(let base, let keys): lookup(base, keys)
        case .call(let name, let arguments): call(name, arguments)
        case .record(let name, let fields): record(name, fields)
        case .list(let items): items.isEmpty ? say("empty", "空") : listed(items.map { value($0) })
        case .map(let entries):
            listed(entries.map { say("{0}: {1}", "{0}：{1}", value($0.key), value($0.value)) })
        case .onDate(let rule, let date):
            inForce(rule, date)
        case .of(let name, let inner): of(name, inner)
        case .passing(let list, let checks):
            say("those {0} that {1} does not deny", "未被{1}拒绝的{0}", value(list), name(checks))
        default: .empty
        }
    }

    private func member(_ base: Expression, _ field: Name) -> Phrase {
        if case .lookup(let register, let keys) = base.kind {
            return say("the {0} in {1} for {2}", "{1}中{2}的{0}", name(field), value(register), self.keys(keys))
        }
        if case .call(let rule, let arguments) = base.kind, !arguments.isEmpty {
            return say(
                "the {0} that {1} gives for {2}", "按{1}查{2}所得的{0}", name(field), name(rule), self.keys(arguments))
        }
        return say("{0}’s {1}", "{0}的{1}", operand(base), name(field)).marked(isAtom: true)
    }

    private func inForce(_ rule: Expression, _ date: Expression) -> Phrase {
        if case .today = date.kind { return say("{0}, as in force today", "当日有效的{0}", value(rule)) }
        return say("{0}, as in force on {1}", "{1}有效的{0}", value(rule), operand(date))
    }

    private func lookup(_ register: Expression, _ keys: [Expression]) -> Phrase {
        say("the entry of {0} for {1}", "{0}中{1}的记录", value(register), self.keys(keys))
    }

    func keys(_ keys: [Expression]) -> Phrase { listed(keys.map { operand($0) }) }

    private func call(_ name: Name, _ arguments: [Expression]) -> Phrase {
        if let known = builtin(name, arguments) { return known }
        let rule = self.name(name)
        guard !arguments.isEmpty else { return rule }
        let whole = say("{0} for {1}", "{0}（{1}）", rule, keys(arguments))
        return language == .chinese ? whole.marked(isAtom: true) : whole
    }

    private func builtin(_ name: Name, _ arguments: [Expression]) -> Phrase? {
        guard let first = arguments.first else { return nil }
        let second = arguments.count > 1 ? arguments[1] : nil
        switch (name.text, arguments.count) {
        case ("date", 3): return date(arguments)
        case ("years", 2):
            return second.map { say("the full years from {0} to {1}", "自{0}至{1}的周年数", operand(first), operand($0)) }
        case ("days", 1): return days(first)
        case ("size", 1): return say("the number of entries in {0}", "{0}的项数", operand(first))
        case ("split", 2):
            return second.map { split(first, $0) }
        case ("largest", 2):
            return second.map { say("the larger of {0} and {1}", "{0}与{1}中较大者", operand(first), operand($0)) }
        case ("smallest", 2):
            return second.map { say("the smaller of {0} and {1}", "{0}与{1}中较小者", operand(first), operand($0)) }
        case ("largest", _) where arguments.count > 2: return say("the largest of {0}", "{0}中最大者", keys(arguments))
        case ("smallest", _) where arguments.count > 2: return say("the smallest of {0}", "{0}中最小者", keys(arguments))
        case ("available", 1): return say("what is free in {0}", "{0}的可用余额", operand(first)).marked(isAtom: true)
        case ("magnitude", 1): return magnitude(first)
        default: return nil
        }
    }

    /// Into a number of equal parts, or by a list of weights.
    private func split(_ amount: Expression, _ by: Expression) -> Phrase {
        guard facts.sort(by) == .number else {
            return say("{0} split in proportion to {1}", "{0}按{1}的比例分成的各份", operand(amount), operand(by))
        }
        if case .number("1") = by.kind { return say("{0} as its only part", "仅含{0}一份", operand(amount)) }
        return say("{0} split into {1} equal parts", "{0}平均分成的{1}份", operand(amount), operand(by))
    }

    private func date(_ arguments: [Expression]) -> Phrase {
        if case .number(let month) = arguments[1].kind, case .number(let day) = arguments[2].kind,
            let known = self.day(of: operand(arguments[0]), month: month, day: day)
        {
            return known
        }
        return say(
            "the day with year {0}, month {1} and day {2}", "年为{0}、月为{1}、日为{2}的日期", operand(arguments[0]),
            operand(arguments[1]), operand(arguments[2]))
    }

    private func days(_ inner: Expression) -> Phrase {
        switch inner.kind {
        case .arithmetic(.subtract, let left, let right):
            say("the number of days from {1} to {0}", "自{1}至{0}的天数", operand(left), operand(right))
        case .call(let name, let arguments) where name.text == "magnitude" && arguments.count == 1:
            if case .arithmetic(.subtract, let left, let right) = arguments[0].kind {
                say("the number of days between {0} and {1}", "{0}与{1}相隔的天数", operand(left), operand(right))
            } else {
                say("the number of days in {0}", "{0}的天数", operand(inner))
            }
        default: say("the number of days in {0}", "{0}的天数", operand(inner))
        }
    }

    private func magnitude(_ inner: Expression) -> Phrase {
        if case .arithmetic(.subtract, let left, let right) = inner.kind {
            return say("the difference between {0} and {1}", "{0}与{1}之差", operand(left), operand(right))
        }
        return say("{0} without its sign", "{0}的绝对值", operand(inner))
    }

    private func of(_ name: Name, _ inner: Expression) -> Phrase {
        let what: Phrase
        switch name.text {
        case "organisation":
            if case .actor = inner.kind {
                return say("the organisation acted for", "所代表的机构").marked(isAtom: true)
            }
            what = say("the organisation", "机构")
        case "year": what = say("the year", "年份")
        case "month": what = say("the month", "月份")
        case "day": what = say("the day", "日")
        case "date": what = say("the date", "日期")
        case "signers":
            return say("those who signed {0}", "{0}的签字人", operand(inner)).marked(isAtom: true)
        default: what = self.name(name)
        }
        return say("{0} of {1}", "{1}的{0}", what, operand(inner)).marked(isAtom: true)
    }

    private func record(_ name: Name, _ fields: [(name: Name, value: Expression)]) -> Phrase {
        guard let first = fields.first else { return self.name(name) }
        // A name beside a name would read as one.
        func part(_ field: (name: Name, value: Expression)) -> Phrase {
            say("{0}: {1}", "{0}：{1}", self.name(field.name), isAbsent(field.value) ? leftOut : value(field.value))
        }
        let parts = fields.dropFirst().reduce(part(first)) { say("{0}; {1}", "{0}；{1}", $0, part($1)) }
        return say("{0} ({1})", "{0}（{1}）", self.name(name), parts).marked(isAtom: true)
    }

    /// What stands in place of a value that is not given.
    var leftOut: Phrase { say("left out", "不填") }

    /// The fields of a row or a case: `stock is 3 and since is 1 January 2026`.
    func contents(_ fields: [(name: Name, value: Expression)]) -> Phrase {
        let parts = fields.map { field in
            isAbsent(field.value)
                ? say("{0} is left out", "{0}不填", name(field.name))
                : say("{0} is {1}", "{0}为{1}", name(field.name), value(field.value))
        }
        guard language == .chinese, let first = parts.first else { return listed(parts) }
        return parts.dropFirst().reduce(first) { say("{0}, {1}", "{0}，{1}", $0, $1) }
    }
}
