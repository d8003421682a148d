import Glibc

/// The few calls of the operating system that the store makes itself.
enum SystemCalls {
    /// The system's words for an errno.
    static func text(of number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(number, &buffer, buffer.count) == 0 else {
            return "error \(number)"
        }
        let words = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: words, as: UTF8.self)
    }

    /// What a user can do about an errno.
    static func hint(for number: Int32) -> String {
        switch number {
        case EACCES, EPERM, EROFS: "choose a directory that this user may write, or change its rights"
        case ENOENT, ENOTDIR: "make the directory first, or check the path"
        case ENOSPC, EDQUOT: "make room on the disk, then try again"
        case EMFILE, ENFILE: "close other files or raise the limit of open files, then try again"
        default: "check the path, the disk and the system log, then try again"
        }
    }

    /// The path without symbolic links, so that a file has one lock under all its names.
    static func resolved(_ path: String) throws(StoreError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .noSuchFile(path: path.isEmpty ? "(an empty path)" : path)
        }
        guard let whole = realpath(path, nil) else {
            let number = errno
            throw number == ENOENT ? .noSuchFile(path: path) : .system(doing: "opening", path: path, number: number)
        }
        defer { free(whole) }
        return String(cString: whole)
    }

    /// The path of a file that need not exist in a directory that does.
    static func resolvedForNewFile(_ path: String) throws(StoreError) -> String {
        let bytes = Array(path.utf8)
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let name = String(decoding: bytes[start...], as: UTF8.self)
        guard !name.isEmpty, !bytes.contains(0), name.utf8.count < 200 else {
            throw .system(doing: "making", path: path, number: EINVAL)
        }
        let directory = start == 0 ? "." : String(decoding: bytes[..<start], as: UTF8.self)
        guard let whole = realpath(directory, nil) else {
            throw .system(doing: "making", path: path, number: errno)
        }
        defer { free(whole) }
        let parent = String(cString: whole)
        return parent.utf8.elementsEqual("/".utf8) ? "/" + name : parent + "/" + name
    }

    /// The directory of a path that one of the functions above gave.
    static func directory(of path: String) -> String {
        let bytes = Array(path.utf8)
        let end = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
        return end == 0 ? "/" : String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// Whether something has this name, be it a link that leads nowhere.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether a plain file has this name; found without opening it, which would drop SQLite's locks.
    static func isPlainFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether an open file is a plain one, and no pipe or device.
    static func isPlain(_ file: Int32) -> Bool {
        var status = stat()
        return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The files that SQLite opens beside a database.
    static func neighbours(of path: String) -> [String] { ["-journal", "-wal", "-shm"].map { path + $0 } }

    /// Refuses what SQLite would open beside a database and is no plain file: reading a pipe would wait for whoever
    /// writes to it.
    static func checkNeighbours(of path: String) throws(StoreError) {
        for neighbour in neighbours(of: path) where exists(neighbour) {
            guard isPlainFile(neighbour) else {
                throw .system(doing: "opening", path: neighbour, number: EINVAL)
            }
        }
    }

    /// Whether this user may write the file and make others beside it.
    static func mayWrite(_ path: String) -> Bool {
        access(path, W_OK) == 0 && access(directory(of: path), W_OK) == 0
    }

    /// The length of a file in bytes, 0 if there is none.
    static func length(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_size : 0
    }

    /// Makes an empty file that only this user may read, unless the name is taken.
    static func makeFile(_ path: String) throws(StoreError) {
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw errno == EEXIST
                ? .alreadyExists(path: path) : .system(doing: "making", path: path, number: errno)
        }
        close(file)
    }

    /// An errno.
    struct Problem: Error {
        let number: Int32
    }

    /// The first bytes of a file, at most `limit`; not for a database that is open in this process, whose locks would
    /// go with the file.
    static func contents(_ path: String, limit: Int) -> Result<[UInt8], Problem> {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            return .failure(Problem(number: errno))
        }
        defer { close(file) }
        guard isPlain(file) else {
            return .failure(Problem(number: EINVAL))
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit, 1 << 16))
        while bytes.count < limit {
            let count = read(file, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0, errno == EINTR {
                continue
            }
            guard count >= 0 else {
                return .failure(Problem(number: errno))
            }
            guard count > 0 else {
                break
            }
            bytes += chunk[..<count]
        }
        return .success(bytes)
    }

    /// Makes the content of a file durable.
    static func sync(_ path: String) throws(StoreError) {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            throw .system(doing: "opening", path: path, number: errno)
        }
        defer { close(file) }
        guard fsync(file) == 0 else {
            throw .system(doing: "syncing", path: path, number: errno)
        }
    }

    /// Removes a file if it is there.
    static func remove(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .system(doing: "removing", path: path, number: errno)
        }
    }

    /// Gives a file another name in the same directory, unless that name is taken, and makes the change durable.
    static func rename(_ old: String, to new: String) throws(StoreError) {
        // A second link refuses to replace; some file systems have none, and the caller has looked already.
        if link(old, new) == 0 {
            try remove(old)
        } else if errno == EEXIST || exists(new) {
            throw .alreadyExists(path: new)
        } else if Glibc.rename(old, new) != 0 {
            throw .system(doing: "making", path: new, number: errno)
        }
        try syncDirectory(directory(of: new))
    }

    private static func syncDirectory(_ path: String) throws(StoreError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            throw .system(doing: "opening", path: path, number: errno)
        }
        defer { close(directory) }
        guard fsync(directory) == 0 else {
            throw .system(doing: "syncing", path: path, number: errno)
        }
    }
}
