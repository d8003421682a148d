/// What the parser learns about the layout of a token; the formatter works by it.
struct TokenMarks: OptionSet, Sendable {
    let rawValue: UInt16
    /// Begins a declaration.
    static let declaration = TokenMarks(rawValue: 1 << 0)
    /// Begins a line of the contract's head.
    static let headLine = TokenMarks(rawValue: 1 << 1)
    /// Begins what stands on a line of its own in a block.
    static let item = TokenMarks(rawValue: 1 << 2)
    /// Begins a clause of a declaration's head.
    static let clause = TokenMarks(rawValue: 1 << 3)
    /// The brace that opens, or closes, a block of items.
    static let blockOpen = TokenMarks(rawValue: 1 << 4)
    static let blockClose = TokenMarks(rawValue: 1 << 5)
    /// Stays on the line of the token before it.
    static let joined = TokenMarks(rawValue: 1 << 6)
    /// Touches the token before it.
    static let tight = TokenMarks(rawValue: 1 << 7)
    /// Touches the token behind it, as a sign does its number.
    static let prefix = TokenMarks(rawValue: 1 << 8)
    /// The brace of a block whose items always have lines of their own.
    static let tallBlock = TokenMarks(rawValue: 1 << 9)
}

/// What is aligned in neighbouring lines.
enum Column: UInt8, Sendable {
    case none, value, colon, promise, starts, equals, text, condition, refusal, brace, source, bar
}
