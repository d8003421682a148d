import Glibc

/// Writes a new file piece by piece under another name, and gives it its own when it is whole and on disk.
final class FileWriter {
    private let path: String
    private let draft: String
    private var descriptor: Int32
    private var pending: [UInt8] = []

    init(path: String, mode: mode_t = 0o644) throws(CommandFailure) {
        guard !Files.exists(path) else { throw Files.cannot("make", path, EEXIST) }
        self.path = path
        draft = "\(path).\(getpid()).unfinished"
        descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Files.cannot("make", path, errno) }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            unlink(draft)
        }
    }

    /// Adds bytes at the end.
    func append(_ bytes: [UInt8]) throws(CommandFailure) {
        pending += bytes
        if pending.count >= 1 << 20 { try flush() }
    }

    /// Makes the file whole: what was written is on disk, under its name.
    func finish() throws(CommandFailure) {
        try flush()
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw Files.cannot("write", path, errno) }
        guard link(draft, path) == 0 else { throw Files.cannot("make", path, errno) }
        close(descriptor)
        descriptor = -1
        unlink(draft)
    }

    private func flush() throws(CommandFailure) {
        var rest = pending[...]
        pending = []
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Files.cannot("write", path, errno) }
            rest = rest.dropFirst(count)
        }
    }
}

/// Reads a file piece by piece.
final class FileReader {
    private let path: String
    private let descriptor: Int32
    private var chunk = [UInt8](repeating: 0, count: 1 << 20)
    /// The bytes read so far.
    private(set) var done = 0
    /// The bytes of the file, as far as the system knows.
    let length: Int

    init(path: String) throws(CommandFailure) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Files.cannot("read", path, errno) }
        var facts = stat()
        length = fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    }

    deinit { close(descriptor) }

    /// The next bytes; nil at the end.
    func next() throws(CommandFailure) -> ArraySlice<UInt8>? {
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Files.cannot("read", path, errno) }
            done += count
            return count == 0 ? nil : chunk[..<count]
        }
    }
}

/// A ledger that is being made under another name.
struct DraftLedger {
    let path: String

    /// Removes what is there of it.
    func remove() throws(CommandFailure) {
        for suffix in ["", "-wal", "-shm", "-journal", ".lock", ".unfinished"] where unlink(path + suffix) != 0 {
            guard errno == ENOENT else { throw Files.cannot("remove", path + suffix, errno) }
        }
    }

    /// Gives the ledger its name, once it is closed; refuses to replace another.
    func become(_ name: String) throws(CommandFailure) {
        guard link(path, name) == 0 else { throw Files.cannot("make", name, errno) }
        try remove()
        let folder = name.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(name[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }
}
