import RemitExchange
import RemitValues

/// Cuts what a source holds into blocks of whole lines.
///
/// Of a line that is longer than any may be, so much is kept that it shows: memory stays bounded, and the lines behind
/// it go on.
struct LineBlocks {
    private let source: ByteSource
    /// A block has so many bytes, and the line that goes on there.
    private let size: Int
    /// The beginning of the line in which the last block ended.
    private var rest: [UInt8] = []

    init(_ source: ByteSource, size: Int) {
        self.source = source
        self.size = size
    }

    /// The next block; empty at the end.
    mutating func next() throws(ExchangeError) -> ArraySlice<UInt8> {
        var bytes = rest
        rest = []
        bytes.reserveCapacity(max(bytes.count, size) + Limits.batchBytes)
        // Where the line begins that has no end yet. What was read before is not looked through again.
        var open = 0
        while true {
            let more = try source.next()
            if more.isEmpty { return bytes[...] }
            // Of the line that is open there are so many bytes to come before it is too long, and one to show it.
            let room = max(0, Limits.lineBytes + 1 - (bytes.count - open))
            if let ends = LineEnds.firstAndLast(more) {
                bytes += more[..<min(ends.first, room)]
                bytes += more[ends.first...ends.last]
                open = bytes.count
                bytes += more[(ends.last + 1)...].prefix(Limits.lineBytes + 1)
            } else {
                bytes += more.prefix(room)
            }
            if open > 0, bytes.count >= size {
                rest = Array(bytes[open...])
                return bytes[..<open]
            }
        }
    }
}
