/// `sum of … for … in … where …` and its relatives.
extension Parser {
    private static let operations: [Keyword: AggregateSyntax.Operation] = [
        .sum: .sum, .count: .count, .largest: .largest, .smallest: .smallest, .any: .any, .every: .every,
        .list: .list,
    ]

    /// Whether an aggregate begins here.
    var isAggregate: Bool {
        switch token.keyword {
        case .sum, .count, .largest, .smallest, .list: token(ahead: 1).keyword == .of
        case .any, .every:
            token(ahead: 1).kind == .word && (token(ahead: 2).keyword == .in || at(.any, then: .two))
        default: false
        }
    }

    /// How an aggregate is written that begins with a word.
    static func form(ofAggregate word: Keyword?) -> String {
        switch word {
        case .count: "count of … in …"
        case .any, .every: "\(word?.rawValue ?? "any") … in … where …"
        default: "\(word?.rawValue ?? "sum") of … for … in …"
        }
    }

    mutating func aggregate() throws(Abandoned) -> Expression {
        try enter()
        defer { depth -= 1 }
        if at(.any, then: .two), token(ahead: 2).keyword == .of { return try pairs() }
        let word = advance()
        let operation = word.keyword.flatMap { Self.operations[$0] } ?? .sum
        var value: Expression?
        var tallest = 0
        if ![.any, .every].contains(operation) {
            advance()
            if operation != .count {
                value = try rounded()
                tallest = height
                try expect(.for, "and a name for each element", help: "write `sum of line.price for line in lines`")
            }
        }
        let variable = try name("a new name for each element")
        let help =
            operation == .count
            ? "write `size(\(variable.text))`, or `count of x in \(variable.text) where …`"
            : "write `… for x in \(variable.text)`, with a new name for each element"
        try expect(.in, "and a list after `\(variable.text)`", help: help)
        let source = try tight()
        tallest = max(tallest, height)
        var condition: Expression?
        if accept(.where) {
            condition = try expression()
            tallest = max(tallest, height)
        }
        try grow(over: tallest)
        let found = AggregateSyntax(
            operation: operation, value: value, variable: variable, source: source, condition: condition)
        return Expression(.aggregate(found), span(from: word.span.start))
    }

    /// `any two of lines share code, date`.
    private mutating func pairs() throws(Abandoned) -> Expression {
        let start = token.span.start
        advance()
        advance()
        advance()
        let list = try tight()
        try expect(.share, "and the names of fields")
        var fields = [try name("the name of a field")]
        while at(.comma), isLoneName(token(ahead: 1), before: token(ahead: 2)) {
            advance()
            fields.append(try name("the name of a field"))
        }
        try grow(over: height)
        return Expression(.anyTwoShare(list, fields), span(from: start))
    }

    /// Whether a name behind a comma can only be one more field: in an argument list the comma may separate arguments.
    private func isLoneName(_ name: Token, before next: Token) -> Bool {
        guard name.kind == .word, name.keyword?.isReserved != true else { return false }
        let opensList = name.keyword == .any || name.keyword == .every
        let opensFile = name.keyword == .document && next.kind == .text
        if (opensList && next.kind == .word && !next.startsLine) || opensFile { return false }
        switch next.kind {
        case .comma, .rightParenthesis, .rightBracket, .rightBrace, .bar, .doubleBar, .end: return true
        // A text never follows a field: the word before it begins something else, such as an invariant.
        case .text: return false
        case .leftBrace: return true
        case .word:
            let goesOn: [Keyword] = [.is, .in, .not, .on, .of, .passing, .otherwise, .rounded]
            return next.startsLine || !(next.keyword.map { goesOn.contains($0) } ?? false)
        default: return false
        }
    }
}
