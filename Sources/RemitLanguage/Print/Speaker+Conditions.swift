import RemitValues

/// Conditions in words.
extension Speaker {
    /// What must be so, in a line.
    func condition(_ expression: Expression) -> Phrase {
        switch expression.kind {
        case .comparison(let operation, let left, let right): comparison(operation, left, right)
        case .within(let value, let lower, let upper, let isNot): within(value, lower, upper, isNot)
        case .isIn(let value, let list, let isNot): isIn(value, list, isNot)
        case .state(let value, let test): state(value, test)
        case .not(let inner): negation(inner)
        case .and(let left, let right) where Self.isSeats(right):
            say("{0}, and {1}", "{0}，以及{1}", condition(left), condition(right))
        case .and(let left, let right): say("{0} and {1}", "{0}，且{1}", part(left), part(right))
        case .or(let left, let right): say("{0} or {1}", "{0}，或{1}", part(left), part(right))
        case .implies(let left, let right): say("if {0}, then {1}", "如果{0}，那么{1}", subordinate(left), condition(right))
        case .anyTwoShare(let list, let fields):
            say("two of {0} agree in {1}", "{0}中有两项的{1}相同", value(list), listed(fields))
        case .bracketed(let inner): brackets(condition(inner))
        case .call(let name, let arguments): holds(name, arguments, isNot: false, expression)
        case .name, .member, .lookup: say("{0} is yes", "{0}为是", operand(expression))
        default: value(expression)
        }
    }

    /// A condition behind `if` or its like: one that begins with such a word itself stands in brackets.
    func subordinate(_ expression: Expression) -> Phrase {
        let inner = Self.unbracketed(expression)
        switch inner.kind {
        case .implies, .choose: return say("it holds that {0}", "满足{0}", brackets(condition(inner)))
        default: return condition(expression)
        }
    }

    /// Whether an expression says how many must sign.
    private static func isSeats(_ expression: Expression) -> Bool {
        if case .seats = unbracketed(expression).kind { true } else { false }
    }

    /// A part of a condition of several parts; one with a comma of its own stands in brackets.
    private func part(_ expression: Expression) -> Phrase {
        switch expression.kind {
        case .implies, .choose: brackets(condition(expression))
        default: condition(expression)
        }
    }

    private func holds(_ name: Name, _ arguments: [Expression], isNot: Bool, _ expression: Expression) -> Phrase {
        guard facts.functions.contains(name.bytes) else {
            return isNot
                ? say("{0} is no", "{0}为否", operand(expression))
                : say("{0} is yes", "{0}为是", operand(expression))
        }
        let rule = self.name(name)
        if arguments.isEmpty {
            return isNot ? say("{0} does not apply", "不适用{0}", rule) : say("{0} applies", "适用{0}", rule)
        }
        return isNot
            ? say("{0} does not apply to {1}", "{0}不适用于{1}", rule, keys(arguments))
            : say("{0} applies to {1}", "{0}适用于{1}", rule, keys(arguments))
    }

    private func negation(_ inner: Expression) -> Phrase {
        switch inner.kind {
        case .name, .member, .lookup: say("{0} is no", "{0}为否", operand(inner))
        case .call(let name, let arguments): holds(name, arguments, isNot: true, inner)
        case .bracketed(let within): negation(within)
        case .state(let value, .empty): state(value, .notEmpty)
        case .state(let value, .notEmpty): state(value, .empty)
        case .state(let value, .present): state(value, .absent)
        case .state(let value, .absent): state(value, .present)
        default: say("it is not so that {0}", "并非{0}", brackets(condition(inner)))
        }
    }

    private func comparison(_ operation: ComparisonOperator, _ left: Expression, _ right: Expression) -> Phrase {
        let known = facts.sort(left)
        let sort = known == .other || known == .row ? facts.sort(right) : known
        let verb = Self.verb(operation, sort)
        let areResults = isResult(left) || isResult(right)
        let sides = areResults ? (result(left), result(right)) : (side(left), side(right))
        return say("{0} \(verb.english) {1}", "{0}\(verb.chinese){1}", sides.0, sides.1)
    }

    /// Whether an expression is the result of checks.
    func isResult(_ expression: Expression) -> Bool {
        if case .name(let name) = Self.unbracketed(expression).kind { facts.checks.contains(name.bytes) } else { false }
    }

    /// What is compared with the result of checks: a verdict in words, or the name of the checks.
    private func result(_ expression: Expression) -> Phrase {
        guard case .name(let name) = Self.unbracketed(expression).kind, !isResult(expression) else {
            return side(expression)
        }
        return verdict(name)
    }

    /// A side of a comparison: a sum or a phrase stands as it is, a condition in brackets.
    private func side(_ expression: Expression) -> Phrase {
        switch expression.kind {
        case .and, .or, .not, .implies, .comparison, .otherwise, .choose, .rounded: operand(expression)
        default: value(expression)
        }
    }

    /// The words of a comparison for values of a kind.
    static func verb(_ operation: ComparisonOperator, _ sort: NameFacts.Sort) -> (english: String, chinese: String) {
        switch (operation, sort) {
        case (.equal, .number), (.equal, .duration): ("is", "等于")
        case (.notEqual, .number), (.notEqual, .duration): ("is not", "不等于")
        case (.equal, _): ("is", "为")
        case (.notEqual, _): ("is not", "不为")
        case (.less, .date): ("is earlier than", "早于")
        case (.lessOrEqual, .date): ("is not later than", "不晚于")
        case (.greater, .date): ("is later than", "晚于")
        case (.greaterOrEqual, .date): ("is not earlier than", "不早于")
        case (.less, .duration): ("is shorter than", "短于")
        case (.greater, .duration): ("is longer than", "长于")
        case (.less, _): ("is less than", "小于")
        case (.lessOrEqual, _): ("is at most", "不超过")
        case (.greater, _): ("is more than", "大于")
        case (.greaterOrEqual, _): ("is at least", "不小于")
        }
    }

    private func within(_ value: Expression, _ lower: Expression, _ upper: Expression, _ isNot: Bool) -> Phrase {
        let parts = (side(value), operand(lower), operand(upper))
        return isNot
            ? say("{0} is not between {1} and {2}, both included", "{0}不在{1}至{2}之间（含两端）", parts.0, parts.1, parts.2)
            : say("{0} is between {1} and {2}, both included", "{0}在{1}至{2}之间（含两端）", parts.0, parts.1, parts.2)
    }

    private func isIn(_ value: Expression, _ list: [Expression], _ isNot: Bool) -> Phrase {
        if list.count == 1, let only = list.first {
            return isNot
                ? say("{0} is not among {1}", "{0}不在{1}之中", side(value), operand(only))
                : say("{0} is among {1}", "{0}在{1}之中", side(value), operand(only))
        }
        let choices = listed(list.map { isResult(value) ? result($0) : operand($0) }, .or)
        return isNot
            ? say("{0} is none of {1}", "{0}不为{1}", side(value), choices)
            : say("{0} is {1}", "{0}为{1}", side(value), choices)
    }

    private func state(_ value: Expression, _ test: Expression.StateTest) -> Phrase {
        let what = side(value)
        let isRow = facts.sort(value) == .row
        switch test {
        case .present:
            return isRow ? say("{0} is on file", "{0}在册", what) : say("{0} is given", "填有{0}", what)
        case .absent:
            return isRow ? say("{0} is not on file", "{0}不在册", what) : say("{0} is not given", "未填{0}", what)
        case .empty: return say("{0} is empty", "{0}为空", what)
        case .notEmpty: return say("{0} is not empty", "{0}不为空", what)
        case .like(let pattern):
            return say(
                "{0} has the form {1} (A a letter from A to Z, large or small, 9 a digit from 0 to 9, ? any one, "
                    + "* any run)",
                "{0}符合格式{1}（A表示一个英文字母，大小写均可，9表示0至9的一个数字，?表示任意一个字符，*表示任意多个字符）", what,
                Phrase(Self.pattern(pattern), .code))
        }
    }

    private static func pattern(_ text: TextSyntax) -> String { text.plain ?? "" }

    // MARK: Conditions of many parts

    /// A condition as an item: one of many parts is taken apart below, so that no brackets are needed.
    ///
    /// - Parameter isBehindIf: Whether the lead ends in `if`, so that no other may follow at once.
    func item(
        _ expression: Expression, lead: Phrase, isBehindIf: Bool = false, trail: Phrase = .empty
    ) -> PageItem {
        guard Self.isLong(expression) else {
            var whole = lead
            whole.append(isBehindIf ? subordinate(expression) : condition(expression))
            whole.append(trail)
            return PageItem(sentence(whole))
        }
        var whole = lead
        whole.append(
            Self.isAll(expression)
                ? say("all of these hold", "以下各项全部成立") : say("at least one of these holds", "以下至少一项成立"))
        whole.append(trail)
        whole.append(language == .english ? ":" : "：")
        return PageItem(whole.capitalised, parts(expression))
    }

    /// The parts of a condition, each an item.
    private func parts(_ expression: Expression) -> [PageItem] {
        let isAll = Self.isAll(expression)
        return Self.flattened(expression, isAll).map { part in
            let inner = Self.unbracketed(part)
            if Self.joins(inner) {
                let lead =
                    Self.isAll(inner)
                    ? say("all of these hold:", "以下各项全部成立：") : say("at least one of these holds:", "以下至少一项成立：")
                return PageItem(lead.capitalised, parts(inner))
            }
            return PageItem(sentence(condition(inner)))
        }
    }

    /// Whether a condition is easier to read taken apart.
    static func isLong(_ expression: Expression) -> Bool {
        let inner = unbracketed(expression)
        guard joins(inner) else { return false }
        let parts = flattened(inner, isAll(inner))
        return parts.count > 2 || parts.contains { joins(unbracketed($0)) }
    }

    private static func joins(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .and, .or: true
        default: false
        }
    }

    private static func isAll(_ expression: Expression) -> Bool {
        if case .and = unbracketed(expression).kind { true } else { false }
    }

    static func unbracketed(_ expression: Expression) -> Expression {
        var inner = expression
        while case .bracketed(let within) = inner.kind { inner = within }
        return inner
    }

    private static func flattened(_ expression: Expression, _ isAll: Bool) -> [Expression] {
        switch (unbracketed(expression).kind, isAll) {
        case (.and(let left, let right), true), (.or(let left, let right), false):
            flattened(left, isAll) + flattened(right, isAll)
        default: [expression]
        }
    }
}
