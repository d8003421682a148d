public import RemitValues

/// Hands over the lines of a file one by one, in bounded memory.
public final class LineReader {
    /// A line without its end, and its number from 1.
    public struct Line {
        public let number: Int
        public let bytes: [UInt8]
        /// The line was longer than the limit: its bytes are left out, and the lines behind it can be read.
        public let isTooLong: Bool
    }

    /// The file.
    public let source: ByteSource
    private let limit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var number = 0
    private var isAtEnd = false

    /// Reads lines of a file, each at most `limit` bytes long.
    public init(path: String, limit: Int = Limits.lineBytes) throws(ExchangeError) {
        source = try ByteSource(path: path)
        self.limit = limit
    }

    /// The next line, with CR LF taken off, and a byte order mark off the first; nil at the end.
    public func next() throws(ExchangeError) -> Line? {
        var searched = start
        var isTooLong = false
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let line = buffer[start..<end]
                start = end + 1
                return finish(line, isTooLong: isTooLong || line.count > limit)
            }
            searched = buffer.count
            if searched - start > limit {
                // What is too long is read past, so that the rest goes on and memory stays bounded.
                isTooLong = true
                start = searched
            }
            if isAtEnd {
                guard start < buffer.count || isTooLong else { return nil }
                let line = buffer[start...]
                start = buffer.count
                return finish(line, isTooLong: isTooLong)
            }
            if start > 0 {
                buffer.removeFirst(start)
                searched -= start
                start = 0
            }
            let more = try source.next()
            if more.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: more) }
        }
    }

    private func finish(_ slice: ArraySlice<UInt8>, isTooLong: Bool) -> Line {
        number += 1
        if isTooLong { return Line(number: number, bytes: [], isTooLong: true) }
        var line = slice
        if line.last == 0x0D { line = line.dropLast() }
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        return Line(number: number, bytes: Array(line), isTooLong: false)
    }
}
