import Dispatch
import Glibc
import RemitExchange
import RemitRuntime
import RemitValues

/// Decides the lines of a file on several cores, and gives the decisions in the order of the lines.
///
/// While the cores decide a block of lines, the decisions of the block before are written and the next block is read.
/// A block is cut into pieces that the cores take one after another, so that none waits for a slower one.
final class BatchLines {
    private let evaluators: [BatchEvaluator]
    private var line = 1

    init(evaluators: [BatchEvaluator]) { self.evaluators = evaluators }

    var done: Int { evaluators.reduce(0) { $0 + $1.done } }
    var refused: Int { evaluators.reduce(0) { $0 + $1.refused } }
    var unreadable: Int { evaluators.reduce(0) { $0 + $1.unreadable } }

    private var blockBytes: Int { Limits.batchBytes * evaluators.count }

    /// Decides everything that a source holds.
    func run(_ source: ByteSource, write: ([UInt8]) -> Void) throws(ExchangeError) {
        var blocks = LineBlocks(source, size: blockBytes)
        try run(write: write) { () throws(ExchangeError) in try blocks.next() }
    }

    /// Decides everything in memory.
    func run(_ bytes: [UInt8], write: ([UInt8]) -> Void) {
        var start = 0
        run(write: write) { () throws(Never) in
            let begin = start
            start = min(bytes.count, begin + blockBytes)
            while start < bytes.count, bytes[start - 1] != 0x0A { start += 1 }
            return bytes[begin..<start]
        }
    }

    /// Decides block after block, up to an empty one.
    private func run<Failure: Error>(
        write: ([UInt8]) -> Void, next: () throws(Failure) -> ArraySlice<UInt8>
    ) throws(Failure) {
        var block = try next()
        var failure: Failure?
        var decided = Outputs()
        var deciding = Outputs()
        while !block.isEmpty {
            var following: ArraySlice<UInt8> = []
            block.withUnsafeBufferPointer { bytes in
                let work = BlockWork(bytes: bytes, pieces: pieces(bytes), outputs: deciding)
                let helpers = start(work)
                decided.write(write)
                do throws(Failure) { following = try next() } catch { failure = error }
                work.run(evaluators[0])
                helpers.wait()
            }
            swap(&decided, &deciding)
            block = following
        }
        decided.write(write)
        if let failure { throw failure }
    }

    /// Sets all cores but this one to work.
    private func start(_ work: BlockWork) -> DispatchGroup {
        let group = DispatchGroup()
        for evaluator in evaluators.dropFirst() {
            // Each core has an evaluator of its own.
            nonisolated(unsafe) let evaluator = evaluator
            DispatchQueue.global().async(group: group) { work.run(evaluator) }
        }
        return group
    }

    /// Ranges that end at line ends, with the number of the first line of each.
    private func pieces(_ bytes: UnsafeBufferPointer<UInt8>) -> [BlockWork.Piece] {
        guard let base = bytes.baseAddress else { return [] }
        let size = evaluators.count == 1 ? bytes.count : Limits.batchPiece
        var result: [BlockWork.Piece] = []
        var start = 0
        while start < bytes.count {
            var stop = min(bytes.count, start + size)
            if stop < bytes.count {
                let found = memchr(base + stop - 1, 0x0A, bytes.count - stop + 1)
                stop = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) + 1 } ?? bytes.count
            }
            result.append(BlockWork.Piece(range: start..<stop, firstLine: line))
            line += LineEnds.count(UnsafeBufferPointer(rebasing: bytes[start..<stop]))
            start = stop
        }
        return result
    }
}

/// The decisions of one block, piece by piece; their room is used again.
private final class Outputs {
    var texts: [[UInt8]] = []
    var count = 0

    /// Room for so many pieces.
    func prepare(_ count: Int) {
        self.count = count
        while texts.count < count { texts.append([]) }
    }

    func write(_ write: ([UInt8]) -> Void) {
        for text in texts.prefix(count) { write(text) }
        count = 0
    }
}

/// One block that several cores decide together.
private final class BlockWork: @unchecked Sendable {
    struct Piece {
        let range: Range<Int>
        let firstLine: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let pieces: [Piece]
    private let outputs: Outputs
    private let lock = DispatchSemaphore(value: 1)
    private var taken = 0

    init(bytes: UnsafeBufferPointer<UInt8>, pieces: [Piece], outputs: Outputs) {
        self.bytes = bytes
        self.pieces = pieces
        self.outputs = outputs
        outputs.prepare(pieces.count)
    }

    /// The next piece that nobody has taken.
    private func take() -> Int? {
        lock.wait()
        defer { lock.signal() }
        guard taken < pieces.count else { return nil }
        taken += 1
        return taken - 1
    }

    /// Decides pieces until none is left.
    func run(_ evaluator: BatchEvaluator) {
        while let piece = take() {
            decide(UnsafeBufferPointer(rebasing: bytes[pieces[piece].range]), pieces[piece].firstLine, evaluator)
            let text = evaluator.takeOutput()
            lock.wait()
            outputs.texts[piece] = text
            lock.signal()
        }
    }

    /// Whether a line has only what JSON calls blank.
    private func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    }

    private func decide(_ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ evaluator: BatchEvaluator) {
        guard let base = bytes.baseAddress else { return }
        // Most of what there is to read is ASCII, of which nothing has to be brought to normal form.
        let isPlain = NormalForm.isPlain(bytes)
        // Programs for spreadsheets begin a file with a mark of its encoding.
        var start = first == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var line = first
        while start < bytes.count {
            let rest = bytes.count - start
            let end =
                memchr(base + start, 0x0A, rest).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
            let text = UnsafeBufferPointer(start: base + start, count: end - start)
            if text.count > Limits.lineBytes {
                evaluator.passOver(longLine: line)
            } else if !isBlank(text) {
                if !isPlain, let normal = NormalForm.of(line: text) {
                    normal.bytes.withUnsafeBufferPointer {
                        evaluator.decide($0, number: line, givenPlace: normal.givenPlace)
                    }
                } else {
                    evaluator.decide(text, number: line)
                }
            }
            start = end + 1
            line += 1
        }
    }
}

/// Finds and counts line ends.
enum LineEnds {
    /// Where the first and the last line end stand; nil where there is none.
    static func firstAndLast(_ bytes: [UInt8]) -> (first: Int, last: Int)? {
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base, 0x0A, bytes.count) else { return nil }
            var last = bytes.count - 1
            while bytes[last] != 0x0A { last -= 1 }
            return (UnsafeRawPointer(found) - UnsafeRawPointer(base), last)
        }
    }

    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var total = 0
        var place = 0
        while place < bytes.count, let found = memchr(base + place, 0x0A, bytes.count - place) {
            total += 1
            place = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
        }
        return total
    }
}
