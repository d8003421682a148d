import Glibc
import RemitValues

/// Reads lines as they arrive: of standard input, a named pipe or a file.
final class ArrivingLines {
    /// A line with its number, from 1; without bytes where it is longer than any may be.
    struct Line {
        let number: Int
        let bytes: [UInt8]?
    }

    /// What the input is called in messages.
    let name: String
    private let path: String
    private let limit: Int
    private var descriptor: Int32 = -1
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    private var held: [UInt8] = []
    /// Where the line that is read next begins in what is held, and how far that was searched.
    private var start = 0
    private var searched = 0
    private var number = 0
    /// Whether the rest of a line that is too long is passed over.
    private var isTooLong = false
    private var isAtEnd = false

    /// An input whose lines have at most `limit` bytes; `-` stands for standard input. It is opened by the first read,
    /// which for a named pipe waits for somebody who writes.
    init(_ path: String, limit: Int) {
        self.path = path
        self.limit = limit
        name = path == "-" ? "standard input" : path
    }

    deinit {
        if descriptor > STDIN_FILENO { close(descriptor) }
    }

    /// The next line without its end, once it is there; nil after the last.
    func next() throws(CommandFailure) -> Line? {
        while true {
            if let end = held[searched...].firstIndex(of: 0x0A) { return take(through: end) }
            searched = held.count
            if searched - start > limit {
                isTooLong = true
                start = searched
            }
            if isAtEnd { return start < held.count || isTooLong ? take(through: held.count) : nil }
            try fill()
        }
    }

    private func take(through end: Int) -> Line {
        number += 1
        var line = held[start..<end]
        if line.last == 0x0D { line.removeLast() }
        let found = Line(number: number, bytes: isTooLong || line.count > limit ? nil : Array(line))
        isTooLong = false
        start = min(end + 1, held.count)
        searched = start
        return found
    }

    private func fill() throws(CommandFailure) {
        if descriptor < 0 {
            descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Files.cannot("read", path, errno) }
        }
        held.removeFirst(start)
        searched -= start
        start = 0
        var count = read(descriptor, &chunk, chunk.count)
        while count < 0, errno == EINTR { count = read(descriptor, &chunk, chunk.count) }
        guard count >= 0 else { throw Files.cannot("read", name, errno) }
        if count == 0 { isAtEnd = true }
        held += chunk[..<count]
    }
}
