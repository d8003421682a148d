import RemitValues

/// The bytes of one contract with the name they are reported under.
///
/// Any bytes will do: what is wrong with them is for the lexer to say.
public struct SourceText: Sendable {
    /// The file's name, as diagnostics show it.
    public let name: String
    /// The text, meant to be UTF-8.
    public let bytes: [UInt8]
    /// The offset of the first byte of each line.
    private let lineStarts: [Int]

    /// A text under a name.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        // A text beyond the limit is refused unread, so its lines are not counted either.
        if bytes.count <= Limits.sourceBytes {
            for (index, byte) in bytes.enumerated() {
                let next = index + 1
                let isLineFeed = byte == 0x0A
                let isLoneReturn = byte == 0x0D && !(next < bytes.count && bytes[next] == 0x0A)
                if isLineFeed || isLoneReturn { starts.append(next) }
            }
        }
        lineStarts = starts
    }

    /// A text under a name.
    public init(name: String, _ text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// The number of lines, at least one.
    public var lineCount: Int { lineStarts.count }

    /// The line, counted from 1, that holds the byte at `offset`.
    public func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// Line and column of an offset, both counted from 1; a column is one Unicode scalar value.
    public func position(at offset: Int) -> (line: Int, column: Int) {
        let line = line(at: offset)
        let start = lineStarts[line - 1]
        let end = min(max(offset, start), bytes.count)
        return (line, scalarCount(Span(start, end)) + 1)
    }

    /// The bytes of a line (counted from 1) without its line end.
    public func lineSpan(_ line: Int) -> Span {
        guard line >= 1, line <= lineStarts.count else { return Span(bytes.count, bytes.count) }
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return Span(start, end)
    }

    /// The text of a span; bytes that are not UTF-8 show as U+FFFD.
    public func text(_ span: Span) -> String {
        let start = min(max(span.start, 0), bytes.count)
        let end = min(max(span.end, start), bytes.count)
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The number of scalar values of a span, which is taken to be UTF-8.
    private func scalarCount(_ span: Span) -> Int {
        var count = 0
        for byte in bytes[span.start..<span.end] where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
