import Glibc

/// Tells when a file gets its name in a folder, so that nobody has to look again and again.
///
/// Where the system does not tell, as for folders that other machines write, only the time passes.
final class FolderWatch {
    private let descriptor: Int32
    private let ending: [UInt8]

    /// The head of what the system tells of a file: four numbers of 32 bits, of which the last is the name's length.
    private static let headBytes = 16

    /// Watches for whole files whose names end in some way: those that were written and closed, or renamed to this.
    init(_ folder: String, ending: String) {
        self.ending = Array(ending.utf8)
        descriptor = inotify_init()
        guard descriptor >= 0 else { return }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = inotify_add_watch(descriptor, folder, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO))
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Waits for a file, at most a second, or until a signal comes; whether there was one since the last time.
    func wait() -> Bool {
        guard descriptor >= 0 else {
            sleep(1)
            return false
        }
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&question, 1, 1000) > 0 else { return false }
        var found = false
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return found }
            if names(bytes[..<count]) { found = true }
        }
    }

    /// Whether one of the names that were told ends as it should.
    private func names(_ told: ArraySlice<UInt8>) -> Bool {
        var rest = told
        var found = false
        while rest.count >= Self.headBytes {
            let length = rest.dropFirst(12).prefix(4).withUnsafeBytes { Int($0.loadUnaligned(as: UInt32.self)) }
            let name = rest.dropFirst(Self.headBytes).prefix(length).prefix { $0 != 0 }
            // Without a name it is said that some were lost.
            if name.isEmpty || name.suffix(ending.count).elementsEqual(ending) { found = true }
            rest = rest.dropFirst(Self.headBytes + length)
        }
        return found
    }
}
