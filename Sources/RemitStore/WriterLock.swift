import Glibc

/// The right to write a ledger: a lock on a file beside it, held as long as the object lives.
///
/// The file stays when the lock goes: removing it would let two processes lock two files of the same name.
/// The system drops the lock with the process, however it ends.
final class WriterLock {
    private let file: Int32

    /// Takes the lock of the ledger at `path`; where somebody has it, waits so many milliseconds for it to come free.
    ///
    /// - Throws: `.locked` if another process, or another store in this one, has it then.
    init(ledger path: String, patience milliseconds: Int = 0) throws(StoreError) {
        let lockPath = path + ".lock"
        // A pipe would be waited for when it is opened, and never be a lock.
        let file = open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard file >= 0 else {
            throw .system(doing: "locking", path: lockPath, number: errno)
        }
        guard SystemCalls.isPlain(file) else {
            close(file)
            throw .system(doing: "locking", path: lockPath, number: EINVAL)
        }
        guard Self.take(file, milliseconds) else {
            let number = errno
            let holder = number == EWOULDBLOCK ? Self.holder(in: file) : nil
            close(file)
            throw number == EWOULDBLOCK
                ? .locked(path: path, process: holder) : .system(doing: "locking", path: lockPath, number: number)
        }
        self.file = file
        Self.sign(file)
    }

    deinit {
        close(file)
    }

    /// The number of the process that has the lock of a ledger, 0 if it is not known; nil if none has it.
    ///
    /// The lock is shared for a moment if nobody has it; who wants it just then is told that it is taken.
    static func heldBy(ledger path: String) -> Int32? {
        let file = open(path + ".lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            return nil
        }
        defer { close(file) }
        guard SystemCalls.isPlain(file), flock(file, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else {
            return nil
        }
        return holder(in: file) ?? 0
    }

    /// How long to wait before the lock is tried again.
    private static let pauseMilliseconds = 10

    private static func take(_ file: Int32, _ patience: Int) -> Bool {
        var rest = patience
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR {
                continue
            }
            guard errno == EWOULDBLOCK, rest > 0 else {
                return false
            }
            usleep(UInt32(pauseMilliseconds) * 1000)
            rest -= pauseMilliseconds
        }
        return true
    }

    /// Writes the number of this process for whoever is refused; the lock holds even if that fails.
    private static func sign(_ file: Int32) {
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(file, 0) == 0 {
            _ = pwrite(file, text, text.count, 0)
        }
    }

    private static func holder(in file: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &buffer, buffer.count, 0)
        guard count > 0 else {
            return nil
        }
        let line = buffer.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: line, as: UTF8.self))
    }
}
