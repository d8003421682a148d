import Dispatch
import Glibc
import RemitExchange
import RemitRuntime
import RemitValues

/// Decides the lines of a file on several cores, and gives the decisions in the order of the lines.
final class BatchLines {
    private let evaluators: [BatchEvaluator]
    private var pending: [UInt8] = []
    private var line = 1

    init(evaluators: [BatchEvaluator]) { self.evaluators = evaluators }

    var done: Int { evaluators.reduce(0) { $0 + $1.done } }
    var refused: Int { evaluators.reduce(0) { $0 + $1.refused } }
    var unreadable: Int { evaluators.reduce(0) { $0 + $1.unreadable } }

    /// Decides everything that a source holds.
    func run(_ source: ByteSource, write: ([UInt8]) -> Void) throws(ExchangeError) {
        while true {
            let bytes = try source.next()
            pending += bytes
            let isAtEnd = bytes.isEmpty
            guard isAtEnd || pending.count >= Limits.batchBytes * evaluators.count else { continue }
            // Without a line end in all that was read the line is longer than any may be.
            guard isAtEnd || pending.count <= Limits.batchBytes * evaluators.count + Limits.lineBytes else {
                throw .csv(line: line, problem: "the line is too long")
            }
            let end = isAtEnd ? pending.count : (pending.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
            if end > 0 {
                decide(end, write)
                pending.removeFirst(end)
            }
            if isAtEnd { return }
        }
    }

    /// Decides everything in memory, a share for each core at a time.
    func run(_ bytes: [UInt8], write: ([UInt8]) -> Void) {
        var start = 0
        while start < bytes.count {
            var end = min(bytes.count, start + Limits.batchBytes * evaluators.count)
            while end < bytes.count, bytes[end - 1] != 0x0A { end += 1 }
            pending = Array(bytes[start..<end])
            decide(pending.count, write)
            start = end
        }
        pending = []
    }

    private func decide(_ end: Int, _ write: ([UInt8]) -> Void) {
        let parts = shares(end)
        var outputs = [[UInt8]](repeating: [], count: parts.count)
        pending.withUnsafeBufferPointer { bytes in
            outputs.withUnsafeMutableBufferPointer { results in
                // Each core has a share, an evaluator and a result of its own.
                nonisolated(unsafe) let (bytes, results, evaluators) = (bytes, results, evaluators)
                DispatchQueue.concurrentPerform(iterations: parts.count) { part in
                    let (range, first) = parts[part]
                    Self.decide(UnsafeBufferPointer(rebasing: bytes[range]), first, evaluators[part])
                    results[part] = evaluators[part].takeOutput()
                }
            }
        }
        for output in outputs { write(output) }
    }

    /// Ranges that end at line ends, one for each core, with the number of the first line.
    private func shares(_ end: Int) -> [(Range<Int>, Int)] {
        var result: [(Range<Int>, Int)] = []
        var start = 0
        for part in 1...evaluators.count where start < end {
            var stop = part == evaluators.count ? end : max(start, end * part / evaluators.count)
            while stop < end, stop == start || pending[stop - 1] != 0x0A { stop += 1 }
            result.append((start..<stop, line))
            line += pending[start..<stop].count { $0 == 0x0A }
            start = stop
        }
        return result
    }

    private static func decide(_ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ evaluator: BatchEvaluator) {
        guard let base = bytes.baseAddress else { return }
        var start = 0
        var line = first
        while start < bytes.count {
            let rest = bytes.count - start
            let end =
                memchr(base + start, 0x0A, rest).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
            let text = UnsafeBufferPointer(start: base + start, count: end - start)
            if text.contains(where: { $0 > 0x20 }) { evaluator.decide(text, number: line) }
            start = end + 1
            line += 1
        }
    }
}
