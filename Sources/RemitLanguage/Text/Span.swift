/// A half-open range of byte offsets in one source file.
public struct Span: Hashable, Sendable {
    /// The first byte.
    public let start: Int
    /// The byte after the last.
    public let end: Int

    /// The bytes from `start` up to, not including, `end`.
    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = max(start, end)
    }

    /// The smallest span that holds both.
    public func joined(_ other: Span) -> Span { Span(min(start, other.start), max(end, other.end)) }
}
