/// A piece of a contract: a word, a literal or a sign.
struct Token: Sendable {
    /// What a token is.
    enum Kind: UInt8, Sendable {
        /// A name, or a word of the language.
        case word
        /// `20_000`, `333.33`.
        case number
        /// `70%`.
        case percent
        /// `2026-03-02`.
        case date
        /// `09:00`; also `24:00`, which only a shift may end with.
        case time
        /// `"…"`; `payload` is its index among the texts.
        case text
        case leftBrace, rightBrace, leftParenthesis, rightParenthesis, leftBracket, rightBracket
        case comma, colon, dot, bar, doubleBar, equals
        case plus, minus, star, slash
        case less, lessOrEqual, greater, greaterOrEqual
        /// Something that was reported already.
        case invalid
        case end
    }

    let kind: Kind
    let span: Span
    /// Whether nothing but blanks and comments stands before it on its line.
    let startsLine: Bool
    /// The word of the language that a `.word` spells.
    let keyword: Keyword?
    let payload: Int

    init(_ kind: Kind, _ span: Span, startsLine: Bool, keyword: Keyword? = nil, payload: Int = 0) {
        self.kind = kind
        self.span = span
        self.startsLine = startsLine
        self.keyword = keyword
        self.payload = payload
    }
}

/// A `//` comment up to the end of its line.
public struct Comment: Sendable {
    /// From `//` to the end of the line, blanks at the end left out.
    public let span: Span
    /// Whether it has its line to itself.
    public let standsAlone: Bool
}

/// The words that the grammar gives a meaning to; most of them only where it expects them.
enum Keyword: String, CaseIterable, Sendable {
    // Declarations and the head.
    case contract, library, version, title, purpose, timezone, use, refers, calendar
    case role, `enum`, record, fund, register, parameter, table, `case`, unique, state, final, checks, function
    case action, approval, after, entering, invariant, migrate, given, scenario
    // Clauses.
    case about, kept, gives, first, collect, per, until, starts, opens, enters, except, accept, because
    case needs, within, declined, granted, overdue, past, by, any, an, organisation
    // Statements.
    case `let`, require, refuse, set, add, remove, match, run, become, notify, reserve, release, pay, transfer
    case `return`
    // Checks and scenarios.
    case deny, pend, note, when, at, expect, does, finds, find, nothing, refused, approve, decline, holds, acts,
        renounces, line
    // Types.
    case optional, list, map, `private`
    // Expressions.
    case and, or, not, implies, `is`, `in`, otherwise, rounded, on, of, passing, `if`, then, `else`, yes, no, actor
    case now, today, reveal
    case sum, count, largest, smallest, every, `for`, `where`, from, to, document, two, share, places, present, absent
    case empty, like, half, up, even, down

    /// Words that are never names.
    var isReserved: Bool {
        switch self {
        case .and, .or, .not, .implies, .is, .in, .otherwise, .rounded, .on, .of, .passing, .if, .then, .else, .yes,
            .no, .actor, .now, .today, .case, .reveal:
            true
        default: false
        }
    }

    static let bySpelling: [String: Keyword] = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

/// Everything that the lexer made of a source.
struct LexedSource: Sendable {
    /// The tokens in order; the last is `.end`.
    var tokens: [Token] = []
    var texts: [TextSyntax] = []
    var comments: [Comment] = []
    var diagnostics: [Diagnostic] = []
    /// Whether reading was given up before the end.
    var isIncomplete = false
}
