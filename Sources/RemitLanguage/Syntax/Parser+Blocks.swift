/// Braces, and finding the way after a mistake.
extension Parser {
    /// Words that begin a declaration.
    static let declarationWords: [Keyword] = [
        .role, .enum, .record, .calendar, .fund, .register, .parameter, .table, .case, .unique, .state, .final, .checks,
        .function, .action, .approval, .after, .entering, .invariant, .migrate, .given, .scenario,
    ]

    private static let declarationSet = Set(declarationWords)

    func isDeclarationWord(_ token: Token) -> Bool {
        guard token.startsLine, let keyword = token.keyword else { return false }
        // A library behind the contract ends what is being read as a declaration does.
        return keyword == .library || Self.declarationSet.contains(keyword)
    }

    /// Whether a token begins a declaration without any blank before it: so it seems one, whatever braces are open.
    func isAtMargin(_ token: Token) -> Bool {
        guard guesses, isDeclarationWord(token) else { return false }
        let start = token.span.start
        return start == 0 || source.bytes[start - 1] == 0x0A || source.bytes[start - 1] == 0x0D
    }

    /// Reads `{ items }`; a mistake in one item does not touch the next.
    ///
    /// - Parameters:
    ///   - owner: Whose braces they are, as in "the action `pay`".
    ///   - startsItem: Where to go on after a mistake.
    ///   - isOver: Where the braces have ended, though they are open still; asked only of a text with a mistake.
    @discardableResult
    mutating func braces(
        of owner: String, isTall: Bool = false, startsItem: (Parser) -> Bool,
        isOver: (Parser) -> Bool = { _ in false },
        item: (inout Parser) throws(Abandoned) -> Void
    ) throws(Abandoned) -> Span {
        mark(isTall ? [.blockOpen, .tallBlock] : .blockOpen)
        let isMissing = !at(.leftBrace)
        let opener = token
        if isMissing {
            let failure = unexpected("`{` to open \(owner)", help: "put what belongs to it in braces: `{ … }`")
            // What begins on the next line is what the braces hold, and their end is further down.
            guard token.startsLine, !isAtMargin(token), startsItem(self) else { throw failure }
        }
        try enter()
        defer { depth -= 1 }
        if !isMissing { advance() }
        while !at(.rightBrace) {
            if at(.end) || (isAtMargin(token) && index > 0) || (guesses && isOver(self)) {
                if !isMissing { reportUnclosed(opener, owner) }
                return span(from: opener.span.start)
            }
            let start = index
            mark(.item)
            do throws(Abandoned) {
                try item(&self)
            } catch {
                recover(from: start, startsItem)
            }
            if index == start { advance() }
        }
        mark(.blockClose)
        advance()
        return span(from: opener.span.start)
    }

    private mutating func reportUnclosed(_ opener: Token, _ owner: String) {
        guard !(lexed.isIncomplete && at(.end)) else { return }
        report(
            .unclosedBracket, "the `{` of \(owner) is never closed", opener.span, label: "opened here",
            labels: [Label(token.span, "still open here")], help: "put a `}` where \(owner) ends")
    }

    /// Goes to where the next item seems to begin, or to the brace that closes the block.
    mutating func recover(from start: Int, _ startsItem: (Parser) -> Bool) {
        var open = 0
        if index == start { skip(&open) }
        while !at(.end), !isAtMargin(token) {
            if open == 0, at(.rightBrace) || (token.startsLine && startsItem(self)) { return }
            skip(&open)
        }
    }

    private mutating func skip(_ open: inout Int) {
        if at(.leftBrace) { open += 1 }
        if at(.rightBrace), open > 0 { open -= 1 }
        advance()
    }

    /// The bracket that closes one opened by `opener`.
    mutating func close(_ kind: Token.Kind, _ opener: Token, what: String) throws(Abandoned) {
        if at(kind) {
            advance()
            return
        }
        let sign = kind == .rightBracket ? "]" : ")"
        let isLost = at(.end) || token.startsLine || at(.leftBrace) || at(.rightBrace)
        if isLost {
            throw fail(
                .unclosedBracket, "the `\(text(of: opener))` of \(what) is never closed", opener.span,
                label: "opened here", labels: [Label(token.span, "expected `\(sign)` before this")],
                help: "put `\(sign)` where \(what) ends")
        }
        throw unexpected(
            "`,` or `\(sign)`", labels: [Label(opener.span, "to close this bracket")],
            help: "put `\(sign)` where \(what) ends, or `,` before a further value")
    }
}
