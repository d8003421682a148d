import Glibc
import RemitExchange

/// Writes a synthetic sample into a folder: the claims, and the registers beside them.
enum SampleFolder {
    static let claims = "claims.ndjson"

    /// A register's file of the sample.
    struct Register {
        let name: String
        let path: String
    }

    /// Writes the files; refuses to replace any. Gives the registers in the order in which they are loaded.
    static func write(_ generator: SampleGenerator, to folder: String) throws -> [Register] {
        try Files.makeFolder(folder, mode: 0o755)
        let path = "\(folder)/\(claims)"
        // Written under another name first, so that what has the name is whole.
        let draft = "\(path).\(getpid()).unfinished"
        guard !Files.exists(path) else { throw Files.cannot("make", path, EEXIST) }
        let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Files.cannot("make", path, errno) }
        do {
            var buffer: [UInt8] = []
            try generator.writeClaims { line in
                buffer.append(contentsOf: line.utf8)
                buffer.append(0x0A)
                if buffer.count > 1 << 18 { try put(&buffer, descriptor, path) }
            }
            try put(&buffer, descriptor, path)
        } catch {
            close(descriptor)
            unlink(draft)
            throw error
        }
        guard close(descriptor) == 0, rename(draft, path) == 0 else {
            let number = errno
            unlink(draft)
            throw Files.cannot("write", path, number)
        }
        var registers: [Register] = []
        for file in generator.registers() {
            let place = "\(folder)/\(file.name).csv"
            try Files.create(place, Array(file.text.utf8), mode: 0o644)
            registers.append(Register(name: file.name, path: place))
        }
        return registers
    }

    private static func put(_ buffer: inout [UInt8], _ descriptor: Int32, _ path: String) throws(CommandFailure) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Files.cannot("write", path, errno) }
            rest = rest.dropFirst(count)
        }
        buffer = []
    }
}
