import RemitValues

/// A construct was given up after its mistake was reported; what encloses it goes on behind it.
struct Abandoned: Error {}

/// A recursive-descent parser over the tokens of one source.
struct Parser {
    let source: SourceText
    let lexed: LexedSource
    let tokens: [Token]
    var diagnostics: [Diagnostic]
    /// The token to be read next.
    var index = 0
    /// Tokens from here on are out of sight: the end of the source, or of a table row.
    var limit: Int
    /// How many constructs enclose the one being read.
    var depth = 0
    /// The height of the expression that was read last.
    var height = 0
    var marks: [TokenMarks]
    var columns: [Column]
    /// Whether line ends and margins may tell what was meant. They mean nothing in a text without mistakes, so that
    /// they are asked only where reading without them has found one.
    let guesses: Bool
    /// What is declared behind some words, once a mistake has asked for it.
    var declaredNames: [Keyword: [String]] = [:]
    private var lastMistake = -1
    private var isTooDeep = false

    init(_ source: SourceText, _ lexed: LexedSource? = nil, guesses: Bool = true) {
        let lexed = lexed ?? Lexer.lex(source)
        self.source = source
        self.lexed = lexed
        self.guesses = guesses
        tokens = lexed.tokens
        diagnostics = lexed.diagnostics
        limit = max(0, tokens.count - 1)
        marks = [TokenMarks](repeating: [], count: tokens.count)
        columns = [Column](repeating: .none, count: tokens.count)
    }

    /// Reads a whole source: by its tokens alone, and again with guesses where that finds a mistake.
    static func contract(of source: SourceText) -> (parser: Parser, contract: ContractSyntax?) {
        var exact = Parser(source, guesses: false)
        let contract = exact.parseContract()
        guard !exact.diagnostics.isEmpty else { return (exact, contract) }
        var guessing = Parser(source, exact.lexed)
        let guessed = guessing.parseContract()
        return (guessing, guessed)
    }

    // MARK: Parts of a contract alone

    /// The expression that a text is, and nothing else.
    static func expression(in text: String) -> Expression? {
        var parser = Parser(SourceText(name: "", text))
        do throws(Abandoned) {
            let found = try parser.expression()
            return parser.at(.end) && parser.diagnostics.isEmpty ? found : nil
        } catch {
            return nil
        }
    }

    /// The type that a text is, and nothing else.
    static func type(in text: String) -> TypeSyntax? {
        var parser = Parser(SourceText(name: "", text))
        do throws(Abandoned) {
            let found = try parser.type()
            return parser.at(.end) && parser.diagnostics.isEmpty ? found : nil
        } catch {
            return nil
        }
    }

    // MARK: Looking

    /// The token to be read next; beyond the limit it is an `.end` there.
    var token: Token { token(ahead: 0) }

    func token(ahead distance: Int) -> Token {
        let wanted = index + distance
        if wanted < limit { return tokens[wanted] }
        let place = limit < tokens.count ? tokens[limit].span.start : source.bytes.count
        let end = limit > 0 && limit <= tokens.count && isInRow ? tokens[limit - 1].span.end : place
        return Token(.end, Span(end, end), startsLine: true)
    }

    /// Whether a table row is being read, which ends with its line.
    var isInRow: Bool { limit < tokens.count - 1 }

    /// The end of the token before.
    var previousEnd: Int { index > 0 ? tokens[index - 1].span.end : 0 }

    func at(_ kind: Token.Kind) -> Bool { token.kind == kind }

    func at(_ keyword: Keyword) -> Bool { token.keyword == keyword }

    func at(_ first: Keyword, then second: Keyword) -> Bool {
        token.keyword == first && token(ahead: 1).keyword == second
    }

    func text(of token: Token) -> String { source.text(token.span) }

    func span(from start: Int) -> Span { Span(start, max(start, previousEnd)) }

    // MARK: Taking

    @discardableResult
    mutating func advance() -> Token {
        let current = token
        if index < limit { index += 1 }
        return current
    }

    mutating func accept(_ kind: Token.Kind) -> Bool {
        guard at(kind) else { return false }
        advance()
        return true
    }

    mutating func accept(_ keyword: Keyword) -> Bool {
        guard at(keyword) else { return false }
        advance()
        return true
    }

    @discardableResult
    mutating func expect(_ kind: Token.Kind, _ what: String, help: String? = nil) throws(Abandoned) -> Token {
        guard at(kind) else { throw unexpected(what, help: help) }
        return advance()
    }

    mutating func expect(_ keyword: Keyword, _ place: String, help: String? = nil) throws(Abandoned) {
        guard at(keyword) else { throw unexpected("`\(keyword.rawValue)` \(place)", help: help) }
        advance()
    }

    /// A name; `what` says of what, as in "the name of a role".
    mutating func name(_ what: String) throws(Abandoned) -> Name {
        let current = token
        guard current.kind == .word else {
            throw unexpected(what, help: "a name is a word without quotation marks, such as `amount`")
        }
        let name = Name(text(of: current), current.span)
        if let keyword = current.keyword, keyword.isReserved {
            report(
                .reservedWord, "`\(keyword.rawValue)` is a word of the language and cannot be \(what)", current.span,
                help: "choose another name")
            if !Self.continuesAfterReservedName.contains(token(ahead: 1).kind) { throw Abandoned() }
        }
        advance()
        return name
    }

    private static let continuesAfterReservedName: Set<Token.Kind> = [
        .colon, .comma, .leftBrace, .rightBrace, .leftParenthesis, .rightParenthesis, .equals,
    ]

    /// One or more names between commas.
    mutating func names(_ what: String) throws(Abandoned) -> [Name] {
        var found = [hyphenated(try name(what))]
        while acceptCommaBeforeName() { found.append(hyphenated(try name(what))) }
        return found
    }

    /// The comma between two names; one that is missing on the line is reported and taken as there.
    mutating func acceptCommaBeforeName() -> Bool {
        if accept(.comma) { return true }
        let isName = at(.word) && token.keyword == nil && token(ahead: 1).kind != .colon
        guard guesses, !token.startsLine, isName || (at(.and) && token(ahead: 1).kind == .word) else { return false }
        report(
            .unexpectedToken, "expected `,`, found \(describe(token))", token.span,
            help: "the names of a list are separated by commas")
        _ = accept(.and)
        return true
    }

    /// A text literal; `what` says which, as in "a title".
    mutating func text(_ what: String) throws(Abandoned) -> TextSyntax {
        guard at(.text) else { throw unexpected("\(what) between quotes", help: "put it in quotation marks: `\"…\"`") }
        return textSyntax(of: advance())
    }

    func textSyntax(of token: Token) -> TextSyntax {
        guard token.payload < lexed.texts.count else { return TextSyntax(parts: [], span: token.span) }
        return lexed.texts[token.payload]
    }

    /// A whole number such as a version or a bound.
    mutating func wholeNumber(_ what: String) throws(Abandoned) -> Int64 {
        let current = try expect(.number, what)
        let digits = text(of: current).replacing("_")
        guard let value = Int64(digits) else {
            report(.numberTooLarge, "\(what) is a whole number up to \(Int64.max)", current.span)
            return 1
        }
        return value
    }

    // MARK: Marking

    mutating func mark(_ mark: TokenMarks) {
        if index < marks.count { marks[index].insert(mark) }
    }

    mutating func mark(_ column: Column) {
        if index < columns.count { columns[index] = column }
    }

    // MARK: Reporting

    mutating func report(
        _ code: DiagnosticCode, _ message: String, _ span: Span, label: String = "", labels: [Label] = [],
        notes: [String] = [], help: String? = nil
    ) {
        guard diagnostics.count < Limits.mistakes else { return stopReading() }
        // A second complaint about one place says nothing new, nor does one about what the lexer refused.
        let isKnown =
            span.start == lastMistake || token.kind == .invalid || (index > 0 && tokens[index - 1].kind == .invalid)
        if isKnown { return }
        lastMistake = span.start
        diagnostics.append(
            Diagnostic(code, message, at: Label(span, label), labels: labels, notes: notes, help: help))
    }

    /// Nothing more is read once there are too many mistakes.
    private mutating func stopReading() {
        guard index < tokens.count - 1 else { return }
        limit = tokens.count - 1
        index = limit
        diagnostics.append(
            Diagnostic(
                .tooManyMistakes, "reading stops here: there are too many mistakes",
                at: Label(Span(previousEnd, previousEnd)), help: "is this file a contract?"))
    }

    mutating func fail(
        _ code: DiagnosticCode, _ message: String, _ span: Span, label: String = "", labels: [Label] = [],
        notes: [String] = [], help: String? = nil
    ) -> Abandoned {
        report(code, message, span, label: label, labels: labels, notes: notes, help: help)
        return Abandoned()
    }

    mutating func unexpected(_ what: String, labels: [Label] = [], help: String? = nil) -> Abandoned {
        // After a text that ran to the end of its line nothing can be said about what is missing there.
        if lexed.isIncomplete && token.kind == .end { return Abandoned() }
        // What is missing before the next line is missing on the line before, unless an item begins there.
        let isBehind = index > 0 && index < marks.count && (token.startsLine || token.kind == .end) && !isInRow
        let isMissing = isBehind && marks[index].isDisjoint(with: [.item, .declaration])
        return fail(
            .unexpectedToken, "expected \(what), found \(describe(token))",
            isMissing ? Span(previousEnd, previousEnd) : token.span, label: isMissing ? "missing here" : "",
            labels: labels, help: help)
    }

    /// A token as messages name it.
    func describe(_ token: Token) -> String {
        switch token.kind {
        case .end: isInRow ? "the end of the row" : "the end of the file"
        case .text: "a text"
        case .number, .percent: "the number `\(text(of: token))`"
        case .date: "the date `\(text(of: token))`"
        case .time: "the time `\(text(of: token))`"
        default: "`\(shortened(text(of: token)))`"
        }
    }

    func shortened(_ text: String) -> String {
        text.unicodeScalars.count <= 40 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(40))) + "…"
    }

    /// Reads what a misspelt word seems to begin; where that fails, nothing more is said than that it was misspelt.
    mutating func guessing<T>(_ read: (inout Parser) throws(Abandoned) -> T) throws(Abandoned) -> T {
        let known = diagnostics.count
        do throws(Abandoned) {
            return try read(&self)
        } catch {
            if diagnostics.count > known { diagnostics.removeLast(diagnostics.count - known) }
            throw error
        }
    }

    /// Whether a word stands here behind a value that no contract has: a value is never followed by a name on its
    /// line, unless that begins a field or a step.
    var isForeignWord: Bool {
        let next = token(ahead: 1)
        return guesses && at(.word) && token.keyword == nil && !token.startsLine && next.kind != .colon
            && next.keyword != .does && next.keyword != .of
    }

    // MARK: Depth

    /// Enters a construct that may hold others of its kind; the caller lowers `depth` when it leaves.
    mutating func enter() throws(Abandoned) {
        guard depth < Limits.nesting else { throw tooDeep() }
        depth += 1
    }

    mutating func tooDeep() -> Abandoned {
        let first = !isTooDeep
        isTooDeep = true
        guard first else { return Abandoned() }
        return fail(
            .tooDeep, "more than \(Limits.nesting) levels are nested here", token.span,
            help: "name parts of it with `let` or in a `function`")
    }

    /// Notes that an expression over parts of these heights was built.
    mutating func grow(over heights: Int...) throws(Abandoned) {
        height = (heights.max() ?? 0) + 1
        guard height <= Limits.nesting else { throw tooDeep() }
    }
}

extension String {
    /// The text without a character.
    func replacing(_ character: Character) -> String { filter { $0 != character } }
}
