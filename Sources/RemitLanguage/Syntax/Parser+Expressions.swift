/// Expressions, from the loosest binding to the tightest.
extension Parser {
    mutating func expression() throws(Abandoned) -> Expression {
        try enter()
        defer { depth -= 1 }
        let left = try logic()
        guard accept(.implies) else { return left }
        let leftHeight = height
        let right = try expression()
        try grow(over: leftHeight, height)
        return Expression(.implies(left, right), left.span.joined(right.span))
    }

    /// Conditions joined by `and`, or by `or`, not by both.
    private mutating func logic() throws(Abandoned) -> Expression {
        var left = try unit()
        var joiner: (span: Span, isAnd: Bool)?
        while let isAnd = joinerAhead() {
            let word = token
            if let joiner, joiner.isAnd != isAnd {
                report(
                    .mixedLogic, "`and` beside `or` can be read in two ways", word.span,
                    labels: [Label(joiner.span, "beside this one")],
                    help: "put brackets around the part that belongs together: `a and (b or c)`")
            } else {
                joiner = (word.span, isAnd)
            }
            advance()
            let leftHeight = height
            let right = try unit()
            try grow(over: leftHeight, height)
            let span = left.span.joined(right.span)
            left = Expression(isAnd ? .and(left, right) : .or(left, right), span)
        }
        return left
    }

    /// Whether `and` (true) or `or` (false) comes next, or a sign that was typed for it; nil for anything else.
    private mutating func joinerAhead() -> Bool? {
        if at(.and) { return true }
        if at(.or) { return false }
        if at(.doubleBar), !isInRow {
            report(.equalsSign, "`||` is not a sign of this language", token.span, help: "write `or`")
            return false
        }
        if isForeignWord, let joiner = Keyword(rawValue: text(of: token).lowercased()), joiner == .and || joiner == .or
        {
            report(
                .equalsSign, "`\(text(of: token))` is written in small letters", token.span,
                help: "write `\(joiner.rawValue)`")
            return joiner == .and
        }
        return at(.invalid) && ["&&", "&"].contains(text(of: token)) ? true : nil
    }

    private mutating func unit() throws(Abandoned) -> Expression {
        if at(.not) {
            try enter()
            defer { depth -= 1 }
            let start = advance().span
            let operand = try unit()
            try grow(over: height)
            return Expression(.not(operand), start.joined(operand.span))
        }
        if at(.if) { return try chooser() }
        return try comparison()
    }

    private mutating func chooser() throws(Abandoned) -> Expression {
        let word = (token: token, index: index)
        let start = advance().span
        let condition = try expression()
        let first = height
        if at(.leftBrace), word.token.startsLine {
            // A statement follows on a line of its own: what stands before it has no value.
            index = word.index
            throw missingValue()
        }
        try expect(.then, "and a value", help: "a choice is written `if … then … else …`")
        let then = try expression()
        let second = height
        guard at(.else) else {
            throw fail(
                .missingElse, "this choice has no `else`", Span(previousEnd, previousEnd),
                label: "expected `else` and a value here", labels: [Label(start, "the choice")],
                help: "a value is needed in both cases: `if … then … else …`")
        }
        advance()
        let otherwise = try expression()
        try grow(over: first, second, height)
        return Expression(.choose(condition, then: then, otherwise: otherwise), start.joined(otherwise.span))
    }

    // MARK: Comparison

    /// One comparison; a second one is reported and left out.
    private mutating func comparison() throws(Abandoned) -> Expression {
        let left = try operand()
        let first = token
        guard let result = try comparison(of: left) else { return left }
        var isReported = false
        while true {
            let sign = token
            guard try comparison(of: result) != nil else { return result }
            if !isReported {
                report(
                    .chainedComparison, "a comparison has two sides", sign.span,
                    labels: [Label(first.span, "the comparison before")],
                    help: "write `a < b and b < c`, or `b in a to c` with both ends included")
            }
            isReported = true
        }
    }

    private mutating func comparison(of left: Expression) throws(Abandoned) -> Expression? {
        let leftHeight = height
        if let sign = comparisonSign() {
            advance()
            let right = try operand()
            try grow(over: leftHeight, height)
            return Expression(.comparison(sign, left, right), left.span.joined(right.span))
        }
        if at(.equals) {
            report(.equalsSign, "two values are compared with `is`", token.span, help: "write `is` instead of `=`")
            advance()
            let right = try operand()
            try grow(over: leftHeight, height)
            return Expression(.comparison(.equal, left, right), left.span.joined(right.span))
        }
        if at(.invalid), let sign = Self.foreignComparison(text(of: token)) {
            advance()
            let right = try operand()
            try grow(over: leftHeight, height)
            return Expression(.comparison(sign, left, right), left.span.joined(right.span))
        }
        if let words = try comparisonInWords(of: left, leftHeight, from: token.span.start) { return words }
        if isForeignWord, let foreign = try foreignComparison(of: left, leftHeight) { return foreign }
        if at(.is) {
            let word = advance()
            return try predicate(of: left, leftHeight, word)
        }
        if at(.in) {
            advance()
            return try membership(of: left, leftHeight, isNot: false)
        }
        if at(.not, then: .in) {
            advance()
            advance()
            return try membership(of: left, leftHeight, isNot: true)
        }
        return nil
    }

    /// The comparison that is meant by a sign of another language, which the lexer has reported.
    private static func foreignComparison(_ sign: String) -> ComparisonOperator? {
        switch sign {
        case "==": .equal
        case "!=", "<>": .notEqual
        case "=>": .greaterOrEqual
        case "=<": .lessOrEqual
        default: nil
        }
    }

    /// A comparison by a word that other languages have for it, reported and read as what is meant.
    private mutating func foreignComparison(of left: Expression, _ leftHeight: Int) throws(Abandoned) -> Expression? {
        let word = text(of: token)
        let meant: String
        switch word {
        case "between": meant = "in a to b`, with both ends included: `in 1 to 20"
        case "equals", "eq": meant = "is"
        case "isnt", "isnot", "differs": meant = "is not"
        case "contains", "includes", "has": meant = "b in a"
        case "matches": meant = "is like \"A99*\""
        case "before", "below", "under": meant = "<"
        case "above", "over", "exceeds": meant = ">"
        default: return nil
        }
        report(.equalsSign, "`\(word)` is no word of this language", token.span, help: "write `\(meant)`")
        advance()
        if word == "matches", at(.text) {
            let pattern = try text("a pattern")
            try grow(over: leftHeight)
            return Expression(.state(left, .like(pattern)), span(from: left.span.start))
        }
        let right = try operand()
        let rightHeight = height
        let span = left.span.joined(right.span)
        switch word {
        case "between" where at(.and) || at(.to):
            advance()
            let high = try rounded()
            try grow(over: leftHeight, rightHeight, height)
            return Expression(.within(left, right, high, isNot: false), self.span(from: left.span.start))
        case "contains", "includes", "has":
            try grow(over: leftHeight, rightHeight)
            return Expression(.isIn(right, [left], isNot: false), span)
        default:
            try grow(over: leftHeight, rightHeight)
            return Expression(.comparison(ComparisonOperator(rawValue: meant) ?? .equal, left, right), span)
        }
    }

    /// What follows `is`.
    private mutating func predicate(
        of left: Expression, _ leftHeight: Int, _ word: Token
    ) throws(Abandoned) -> Expression {
        let start = left.span.start
        if let words = try comparisonInWords(of: left, leftHeight, from: word.span.start) { return words }
        let isNot = accept(.not)
        if at(.like), token(ahead: 1).kind == .text {
            advance()
            let pattern = try text("a pattern")
            let test = Expression(.state(left, .like(pattern)), span(from: start))
            try grow(over: leftHeight)
            return isNot ? Expression(.not(test), test.span) : test
        }
        var test: Expression.StateTest?
        if at(.present) { test = isNot ? .absent : .present }
        if at(.absent) { test = isNot ? .present : .absent }
        if at(.empty) { test = isNot ? .notEmpty : .empty }
        if let test {
            advance()
            try grow(over: leftHeight)
            return Expression(.state(left, test), span(from: start))
        }
        let right = try operand()
        try grow(over: leftHeight, height)
        return Expression(.comparison(isNot ? .notEqual : .equal, left, right), left.span.joined(right.span))
    }

    /// What follows `in`: `a to b`, `(a, b)` or a list.
    private mutating func membership(
        of left: Expression, _ leftHeight: Int, isNot: Bool
    ) throws(Abandoned) -> Expression {
        let start = left.span.start
        if at(.leftParenthesis), bracketHoldsComma() {
            let opener = advance()
            var options: [Expression] = []
            var tallest = leftHeight
            repeat {
                options.append(try expression())
                tallest = max(tallest, height)
            } while accept(.comma)
            try close(.rightParenthesis, opener, what: "these values")
            try grow(over: tallest)
            return Expression(.isIn(left, options, isNot: isNot), span(from: start))
        }
        let low = try rounded()
        let lowHeight = height
        let isRange = at(.invalid) && text(of: token) == ".."
        if isRange { advance() }
        guard isRange || accept(.to) else {
            try grow(over: leftHeight, lowHeight)
            return Expression(.isIn(left, [low], isNot: isNot), span(from: start))
        }
        let high = try rounded()
        try grow(over: leftHeight, lowHeight, height)
        return Expression(.within(left, low, high, isNot: isNot), span(from: start))
    }

    /// Whether the bracket that opens here holds a comma of its own.
    private func bracketHoldsComma() -> Bool {
        var open = 0
        var place = index
        while place < limit {
            switch tokens[place].kind {
            case .leftParenthesis, .leftBracket: open += 1
            case .rightParenthesis, .rightBracket:
                open -= 1
                if open == 0 { return false }
            case .comma where open == 1: return true
            case .leftBrace, .rightBrace: return false
            default: break
            }
            place += 1
        }
        return false
    }

    /// One side of a comparison.
    mutating func operand() throws(Abandoned) -> Expression {
        guard isAggregate else { return try rounded() }
        let word = token
        let found = try aggregate()
        if at(.rounded) || [.plus, .minus, .star, .slash].contains(token.kind) {
            report(
                .needsBrackets, "\(describe(token)) would belong to the list, not to the result", token.span,
                labels: [Label(found.span, "put brackets around this")],
                help: "write `(\(Self.form(ofAggregate: word.keyword))) \(text(of: token)) …`")
            throw Abandoned()
        }
        return found
    }

    // MARK: Arithmetic

    mutating func rounded() throws(Abandoned) -> Expression {
        var result = try additive()
        while at(.rounded) {
            let below = height
            let word = advance().span
            let rounding = try rounding(word)
            try grow(over: below)
            result = Expression(.rounded(result, rounding), result.span.joined(rounding.span))
            if [.plus, .minus, .star, .slash].contains(token.kind) {
                throw fail(
                    .needsBrackets, "`rounded` ends a calculation, and `\(text(of: token))` goes on with it",
                    token.span, labels: [Label(result.span, "put brackets around this")],
                    help: "write `(a * b rounded half up) + c`")
            }
        }
        return result
    }

    private mutating func rounding(_ word: Span) throws(Abandoned) -> RoundingSyntax {
        let help = "write `rounded half up`, `rounded half even`, `rounded up` or `rounded down`"
        var mode = ""
        switch token.keyword {
        case .half:
            advance()
            guard at(.up) || at(.even) else {
                throw fail(
                    .roundingMode, "`rounded half` does not say how a tie is settled", word.joined(token.span),
                    help: help)
            }
            mode = "half \(text(of: advance()))"
        case .up, .down: mode = text(of: advance())
        default:
            throw fail(.roundingMode, "`rounded` does not say how", word, help: help)
        }
        var places: Int64?
        if at(.to), token(ahead: 1).kind == .number, token(ahead: 2).keyword == .places {
            advance()
            places = try wholeNumber("the number of places")
            advance()
        }
        return RoundingSyntax(mode: mode, places: places, span: span(from: word.start))
    }

    mutating func additive() throws(Abandoned) -> Expression {
        var left = try multiplicative()
        while at(.plus) || at(.minus) {
            let leftHeight = height
            let sign: ArithmeticOperator = advance().kind == .plus ? .add : .subtract
            let right = try multiplicative()
            try grow(over: leftHeight, height)
            left = Expression(.arithmetic(sign, left, right), left.span.joined(right.span))
        }
        return left
    }

    private mutating func multiplicative() throws(Abandoned) -> Expression {
        var left = try supplied()
        while at(.star) || at(.slash) {
            let leftHeight = height
            let sign: ArithmeticOperator = advance().kind == .star ? .multiply : .divide
            let right = try supplied()
            try grow(over: leftHeight, height)
            left = Expression(.arithmetic(sign, left, right), left.span.joined(right.span))
        }
        return left
    }

    /// `x otherwise y`, to the right: the first that is there.
    private mutating func supplied() throws(Abandoned) -> Expression {
        let left = try signed()
        guard accept(.otherwise) else { return left }
        let leftHeight = height
        try enter()
        defer { depth -= 1 }
        let right = try supplied()
        try grow(over: leftHeight, height)
        return Expression(.otherwise(left, right), left.span.joined(right.span))
    }

    private mutating func signed() throws(Abandoned) -> Expression {
        guard at(.minus) || at(.reveal) else { return try tight() }
        try enter()
        defer { depth -= 1 }
        if at(.minus) { mark(.prefix) }
        let sign = advance()
        let operand = try signed()
        try grow(over: height)
        let kind: Expression.Kind = sign.kind == .minus ? .negated(operand) : .reveal(operand)
        return Expression(kind, sign.span.joined(operand.span))
    }
}
