import Glibc
import RemitValues

/// The calls of the operating system that the commands make themselves.
enum Files {
    /// The system's words for an errno.
    static func words(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
    }

    /// Whether something has this name.
    static func exists(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }

    /// Whether a folder has this name.
    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether this user may list a folder and reach what is in it.
    static func mayLookInto(_ folder: String) -> Bool { access(folder, R_OK | X_OK) == 0 }

    /// Whether a file with bytes of its own has this name, and no folder, pipe or device.
    static func isPlain(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// The names of the files in a folder that end in some way, in the order of their bytes; the first of very many.
    ///
    /// Hidden files are left out, and so is what is no plain file, or what is one: reading a pipe would wait for its
    /// writer.
    static func names(in folder: String, ending: String, plain: Bool = true) throws(CommandFailure) -> [String] {
        guard let stream = opendir(folder) else { throw cannot("read", folder, errno) }
        defer { closedir(stream) }
        func first(_ names: [String]) -> [String] {
            Array(names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(Limits.folderNames))
        }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.utf8.first != UInt8(ascii: "."), name.utf8.reversed().starts(with: ending.utf8.reversed()),
                isPlain("\(folder)/\(name)") == plain
            else { continue }
            names.append(name)
            // Which are the first does not depend on the order in which the system tells them.
            if names.count >= 2 * Limits.folderNames { names = first(names) }
        }
        return first(names)
    }

    /// Gives a file another name; one that has it already is replaced.
    static func rename(_ path: String, to other: String) throws(CommandFailure) {
        guard Glibc.rename(path, other) == 0 else { throw cannot("rename", path, errno) }
    }

    /// Removes a file.
    static func remove(_ path: String) throws(CommandFailure) {
        guard unlink(path) == 0 else { throw cannot("remove", path, errno) }
    }

    /// The folder that a file lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    /// The rights of a file, as `chmod` takes them; nil where there is none.
    static func rights(_ path: String) -> mode_t? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o7777 : nil
    }

    /// Reads a file, at most one byte more than `limit`, so that the caller sees that it is too long.
    static func read(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannot("read", path, errno) }
        defer { close(descriptor) }
        return try read(descriptor, path, limit: limit)
    }

    /// Reads a plain file whose name nobody gave, as in a folder of ours: a pipe would make the caller wait for whoever
    /// writes to it, and a device need not end.
    static func readPlain(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        let descriptor = try openPlain(path)
        defer { close(descriptor) }
        return try read(descriptor, path, limit: limit)
    }

    /// Opens a plain file for reading, and nothing else; the caller closes it.
    static func openPlain(_ path: String) throws(CommandFailure) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw cannot("read", path, errno) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .files("cannot read \(path): it is no plain file", hint: "move it away, or restore the file")
        }
        return descriptor
    }

    static func read(_ descriptor: Int32, _ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        var facts = stat()
        if fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR {
            throw .files("cannot read \(path): it is a folder", hint: "name a file in it")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit + 1 - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw cannot("read", path, errno) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    /// Makes a new file with these rights; refuses to replace one.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(CommandFailure) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw cannot("make", path, errno) }
        try finish(descriptor, path, bytes)
    }

    /// Puts new content in the place of a file in one step, so that it is never seen half written; keeps its rights.
    ///
    /// What is private gets a file that only its owner may read.
    static func replace(_ path: String, _ bytes: [UInt8], isPrivate: Bool = false) throws(CommandFailure) {
        var facts = stat()
        let isThere = stat(path, &facts) == 0
        // A device or a pipe takes what is written, and stays what it is.
        if isThere, ![S_IFREG, S_IFDIR].contains(facts.st_mode & S_IFMT) {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw cannot("write", path, errno) }
            return try finish(descriptor, path, bytes, isNew: false)
        }
        let mode = isPrivate ? 0o600 : isThere ? facts.st_mode & 0o777 : 0o644
        var target = path
        if let whole = realpath(path, nil) {
            target = String(cString: whole)
            free(whole)
        }
        let draft = "\(target).\(getpid()).unfinished"
        let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw cannot("write", path, errno) }
        try finish(descriptor, draft, bytes)
        guard Glibc.rename(draft, target) == 0 else {
            let number = errno
            unlink(draft)
            throw cannot("write", path, number)
        }
    }

    /// Throws where a file could not be written for want of its folder, or of a right.
    static func mayReplace(_ path: String) throws(CommandFailure) {
        if isFolder(path) { throw cannot("write", path, EISDIR) }
        let place = exists(path) && !isPlain(path) ? path : folder(of: path)
        guard access(place, W_OK) == 0 else { throw cannot("write", path, errno) }
    }

    /// The same for a file whose name nobody gave: what is no plain file there is left alone, since writing to a pipe
    /// would wait for whoever reads it.
    static func replacePlain(_ path: String, _ bytes: [UInt8], isPrivate: Bool = false) throws(CommandFailure) {
        guard !exists(path) || isPlain(path) else {
            throw .files("cannot write \(path): it is no plain file", hint: "move it away")
        }
        try replace(path, bytes, isPrivate: isPrivate)
    }

    /// Writes all bytes, on the disk where there is one, and closes; what is new and not whole is removed.
    private static func finish(
        _ descriptor: Int32, _ path: String, _ bytes: [UInt8], isNew: Bool = true
    ) throws(CommandFailure) {
        var rest = bytes[...]
        var problem: Int32 = 0
        while !rest.isEmpty, problem == 0 {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { problem = errno } else { rest = rest.dropFirst(count) }
        }
        if problem == 0, fsync(descriptor) != 0, errno != EINVAL { problem = errno }
        if close(descriptor) != 0, problem == 0 { problem = errno }
        if problem != 0 {
            if isNew { unlink(path) }
            throw cannot("write", path, problem)
        }
    }

    /// Makes a folder, and those above it, unless it is there.
    static func makeFolder(_ path: String, mode: mode_t) throws(CommandFailure) {
        if isFolder(path) { return }
        if let slash = path.utf8.dropLast().lastIndex(of: UInt8(ascii: "/")), slash > path.utf8.startIndex {
            try makeFolder(String(path[..<slash]), mode: 0o755)
        }
        guard mkdir(path, mode) == 0 || (errno == EEXIST && isFolder(path)) else { throw cannot("make", path, errno) }
    }

    /// Removes a folder if nothing is in it.
    static func removeEmptyFolder(_ path: String) {
        rmdir(path)
    }

    static func cannot(_ verb: String, _ path: String, _ number: Int32) -> CommandFailure {
        let hint =
            switch number {
            case ENOENT, ENOTDIR: "check the path"
            case EACCES, EPERM, EROFS: "check the rights of the file and its folder"
            case EEXIST: "choose another name, or move that one away"
            case ENOSPC, EDQUOT: "make room on the disk, then try again"
            default: "check the path and the disk"
            }
        return .files("cannot \(verb) \(path): \(words(number))", hint: hint)
    }
}
