import RemitValues

/// Values in words.
extension Speaker {
    /// An expression as words, such as `the larger of base − deductible and 0.00 CNY`.
    func value(_ expression: Expression) -> Phrase {
        switch expression.kind {
        case .boolean(let isYes): isYes ? say("yes", "是").marked(isAtom: true) : say("no", "否").marked(isAtom: true)
        case .number(let digits): number(digits)
        case .percent(let digits): Phrase("\(Self.grouped(digits))%")
        case .money(let digits, let currency): amount(digits, currency.text)
        case .date(let written): day(written)
        case .dateTime(let written, let time):
            say("{0}, {1}", "{0}{1}", day(written), Phrase(time)).marked(isAtom: true)
        case .term(let count, let unit): term(count, unit)
        case .text(let text): quoted(text)
        case .document(let text): say("the document {0}", "文件{0}", quoted(text)).marked(isAtom: true)
        case .name(let name): isAbsent(expression) ? say("nothing", "空").marked(isAtom: true) : self.name(name)
        case .actor: say("the person acting", "办理人").marked(isAtom: true)
        case .now: say("the present moment", "办理时刻").marked(isAtom: true)
        case .today: say("today", "当日").marked(isAtom: true)
        case .thisCase: say("the case", "本案").marked(isAtom: true)
        case .member, .lookup, .call, .record, .list, .map, .onDate, .of, .passing: reading(expression)
        case .arithmetic(let operation, let left, let right): arithmetic(operation, left, right)
        case .negated(let inner): say("−{0}", "−{0}", operand(inner)).marked(isAtom: true)
        case .rounded(let inner, let rounding): rounded(inner, rounding)
        case .aggregate(let aggregate): self.aggregate(aggregate)
        case .otherwise(let first, let second):
            say("{0}, or {1} where there is none", "{0}（没有时为{1}）", operand(first), operand(second))
        case .choose(let condition, let then, let otherwise):
            say(
                "{0} if {1}, otherwise {2}", "下列之一：若{1}，{0}；否则，{2}", operand(then), subordinate(condition),
                operand(otherwise))
        case .seats(let count, let who, let scope):
            seats(count, say("{0}{1}", "{0}{1}", signers(who), self.scope(scope)).marked(isAtom: signers(who).isAtom))
        case .reveal(let inner): say("{0} (made public)", "{0}（予以公开）", value(inner))
        case .bracketed(let inner): bracketed(inner)
        case .anyTwoShare, .comparison, .within, .isIn, .state, .not, .and, .or, .implies:
            condition(expression)
        }
    }

    private func bracketed(_ inner: Expression) -> Phrase {
        let phrase = value(inner)
        return phrase.isAtom ? phrase : brackets(phrase)
    }

    private func seats(_ count: String, _ who: Phrase) -> Phrase {
        let who = who.isAtom ? who : brackets(who)
        return count == "1"
            ? say("one {0}", "1名{0}", who).marked(isAtom: true)
            : say("{1} different people, each {0}", "{1}名不同的{0}", who, Phrase(count)).marked(isAtom: true)
    }

    /// ` (of any organisation)`, or nothing for the home organisation.
    func scope(_ scope: OrganisationScope) -> Phrase {
        switch scope {
        case .home: .empty
        case .any: say(" (of any organisation)", "（任何机构）")
        case .of(let organisation): say(" (of {0})", "（属于{0}）", value(organisation))
        }
    }

    /// `1 of (A or B)`: who may fill the seats.
    private func signers(_ who: Expression) -> Phrase {
        switch who.kind {
        case .bracketed(let inner): signers(inner)
        case .or(let left, let right): listed([signers(left), signers(right)], .or)
        default: value(who)
        }
    }

    /// An expression beside an operator: in brackets unless it reads as one thing.
    func operand(_ expression: Expression) -> Phrase {
        let phrase = value(expression)
        return phrase.isAtom ? phrase : brackets(phrase)
    }

    // MARK: Arithmetic

    private func arithmetic(_ operation: ArithmeticOperator, _ left: Expression, _ right: Expression) -> Phrase {
        if operation == .subtract, facts.sort(left) == .date, facts.sort(right) == .date {
            return say("the time from {1} to {0}", "自{1}至{0}的时间", operand(left), operand(right))
        }
        let first = term(left, below: operation, isRight: false)
        let second = term(right, below: operation, isRight: true)
        switch operation {
        case .add: return say("{0} + {1}", "{0} + {1}", first, second)
        case .subtract: return say("{0} − {1}", "{0} − {1}", first, second)
        case .multiply: return say("{0} × {1}", "{0} × {1}", first, second)
        case .divide: return say("{0} ÷ {1}", "{0} ÷ {1}", first, second)
        }
    }

    /// An operand of an operator; sums and products stand without brackets where the contract has none.
    private func term(_ expression: Expression, below: ArithmeticOperator, isRight: Bool) -> Phrase {
        if case .arithmetic(_, let left, let right) = expression.kind,
            facts.sort(left) != .date || facts.sort(right) != .date
        {
            return value(expression)
        }
        return operand(expression)
    }

    private func rounded(_ inner: Expression, _ rounding: RoundingSyntax) -> Phrase {
        if endsInAMonth(inner) {
            return rounding.mode == "up"
                ? say(
                    "{0} (where a month has no such day, the first day of the next)", "{0}（如该月没有这一天，则为次月第一天）",
                    value(inner))
                : say(
                    "{0} (where a month has no such day, its last day)", "{0}（如该月没有这一天，则为该月最后一天）",
                    value(inner))
        }
        let how =
            switch rounding.mode {
            case "half up": say("rounded to the nearest, halves up", "四舍五入")
            case "half even": say("rounded to the nearest, halves to the even digit", "四舍六入五成双")
            case "up": say("rounded up", "向上进位")
            default: say("rounded down", "舍去尾数")
            }
        guard let places = rounding.places else { return say("{0}, {1}", "{0}，{1}", value(inner), how) }
        return say(
            "{0}, {1} to {2} places", "{0}，{1}，保留{2}位小数", value(inner), how, Phrase(String(places)))
    }

    /// Whether months or years are added or taken away.
    private func endsInAMonth(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .bracketed(let inner): return endsInAMonth(inner)
        case .arithmetic(_, _, let last):
            var months = last
            while case .bracketed(let inner) = months.kind { months = inner }
            if case .term(_, let unit) = months.kind { return unit == "month" || unit == "year" }
            return false
        default: return false
        }
    }

    // MARK: Lists

    private func aggregate(_ aggregate: AggregateSyntax) -> Phrase {
        let variable = name(aggregate.variable)
        let source = operand(aggregate.source)
        let each = aggregate.condition.map {
            say("each {0} in {1} for which {2}", "{1}中每个满足“{2}”的{0}", variable, source, subordinate($0))
        }
        let chosen = each ?? say("each {0} in {1}", "{1}中每个{0}", variable, source)
        let value = aggregate.value.map { operand($0) } ?? variable
        switch aggregate.operation {
        case .sum: return say("the sum of {0} over {1}", "对{1}，{0}之和", value, chosen)
        case .largest: return say("the largest of {0} over {1}", "对{1}，{0}的最大值", value, chosen)
        case .smallest: return say("the smallest of {0} over {1}", "对{1}，{0}的最小值", value, chosen)
        case .list: return say("the list of {0} for {1}", "对{1}，{0}的列表", value, chosen)
        case .count: return count(aggregate, variable, source)
        case .any, .every: return quantified(aggregate, variable, source)
        }
    }

    private func count(_ aggregate: AggregateSyntax, _ variable: Phrase, _ source: Phrase) -> Phrase {
        guard let condition = aggregate.condition else {
            return say("the number of {0} in {1}", "{1}中{0}的个数", variable, source)
        }
        return say(
            "the number of {0} in {1} for which {2}", "{1}中满足“{2}”的{0}的个数", variable, source,
            subordinate(condition))
    }

    private func quantified(_ aggregate: AggregateSyntax, _ variable: Phrase, _ source: Phrase) -> Phrase {
        let condition = [aggregate.value, aggregate.condition].compactMap { $0 }.map { self.condition($0) }
        let isAny = aggregate.operation == .any
        guard let last = condition.last else {
            return isAny
                ? say("there is some {0} in {1}", "{1}中有{0}", variable, source)
                : say("every {0} in {1}", "{1}中每个{0}", variable, source)
        }
        return isAny
            ? say("for some {0} in {1}, {2}", "{1}中有某个{0}满足：{2}", variable, source, last)
            : say("for every {0} in {1}, {2}", "{1}中每个{0}均满足：{2}", variable, source, last)
    }
}
