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
    /// The files of which the text is put together, with the number of the line on which each begins.
    private let files: [(name: String, line: Int)]

    /// A text under a name.
    public init(name: String, bytes: [UInt8]) {
        self.init(name: name, bytes: bytes, files: [(name, 1)])
    }

    /// A text of several files, each of which begins on a line of its own.
    private init(name: String, bytes: [UInt8], files: [(name: String, line: Int)]) {
        self.name = name
        self.bytes = bytes
        self.files = files
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

    /// The text with another behind it, as a contract is put together with the libraries that it uses.
    public func followed(by other: SourceText) -> SourceText {
        var whole = bytes
        if let last = whole.last, last != 0x0A { whole.append(0x0A) }
        if !whole.isEmpty { whole.append(0x0A) }
        let first = SourceText(name: "", bytes: whole).lineCount
        return SourceText(
            name: name, bytes: whole + other.bytes,
            files: files + other.files.map { ($0.name, $0.line + first - 1) })
    }

    /// The name of the file that holds a line of the text, and the number that the line has there; both count from 1.
    public func place(ofLine line: Int) -> (file: String, line: Int) {
        guard let file = files.last(where: { $0.line <= line }) else { return (name, line) }
        return (file.name, line - file.line + 1)
    }

    /// The name of the file that holds an offset.
    public func file(at offset: Int) -> String { place(ofLine: line(at: offset)).file }

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

    /// Line and column of an offset in its file, both counted from 1; a column is one Unicode scalar value.
    public func position(at offset: Int) -> (line: Int, column: Int) {
        let line = line(at: offset)
        let start = lineStarts[line - 1]
        let end = min(max(offset, start), bytes.count)
        return (place(ofLine: line).line, scalarCount(Span(start, end)) + 1)
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
