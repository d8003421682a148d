import CZlib
import Glibc

/// Reads a file in chunks, and unpacks it on the way where it is gzip.
public final class ByteSource {
    /// The path as given.
    public let path: String
    /// The size of the file in bytes, as it lies on disk.
    public let size: Int
    /// How many bytes of the file were read.
    public private(set) var consumed = 0

    private let descriptor: Int32
    private var inflater: Inflater?
    private var isStarted = false

    static let chunk = 1 << 16

    /// Opens a file.
    public init(path: String) throws(ExchangeError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, problem: Self.systemMessage()) }
        var facts = stat()
        size = fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
        if facts.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw .file(path: path, problem: "it is a folder")
        }
    }

    private init(input descriptor: Int32) {
        path = "standard input"
        size = 0
        self.descriptor = descriptor
    }

    /// What is written to the process.
    public static func standardInput() throws(ExchangeError) -> ByteSource {
        let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .file(path: "standard input", problem: systemMessage()) }
        return ByteSource(input: descriptor)
    }

    deinit { close(descriptor) }

    /// The next bytes, unpacked; empty at the end.
    public func next() throws(ExchangeError) -> [UInt8] {
        while true {
            let bytes = try readChunk()
            if !isStarted {
                isStarted = true
                if bytes.starts(with: [0x1F, 0x8B]) { inflater = try Inflater(path: path) }
            }
            guard let inflater else { return bytes }
            if bytes.isEmpty {
                guard inflater.isAtEnd else { throw .compressed(path: path, problem: "it ends too early") }
                return []
            }
            let unpacked = try inflater.unpack(bytes)
            if !unpacked.isEmpty { return unpacked }
        }
    }

    private func readChunk() throws(ExchangeError) -> [UInt8] {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunk) { buffer, initialised in
            repeat {
                count = read(descriptor, buffer.baseAddress, Self.chunk)
            } while count < 0 && errno == EINTR
            initialised = max(0, count)
        }
        guard count >= 0 else { throw .file(path: path, problem: Self.systemMessage()) }
        consumed += count
        return bytes
    }

    private static func systemMessage() -> String { String(cString: strerror(errno)).lowercased() }
}

/// Unpacks a gzip stream of one or more members.
private final class Inflater {
    private var stream = z_stream()
    private let path: String
    /// Whether the last member is complete.
    private(set) var isAtEnd = false

    init(path: String) throws(ExchangeError) {
        self.path = path
        guard remit_inflate_gzip_begin(&stream) == Z_OK else {
            throw .compressed(path: path, problem: "zlib could not begin")
        }
    }

    deinit { inflateEnd(&stream) }

    /// Unpacks a chunk; what it gives may be empty.
    func unpack(_ packed: [UInt8]) throws(ExchangeError) -> [UInt8] {
        var input = packed
        var output: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4 * ByteSource.chunk)
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            repeat {
                if isAtEnd {
                    // Another member follows.
                    guard stream.avail_in > 0 else { break }
                    isAtEnd = false
                    inflateReset(&stream)
                }
                block.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                }
                output.append(contentsOf: block[..<(block.count - Int(stream.avail_out))])
                if status == Z_STREAM_END { isAtEnd = true }
            } while (status == Z_OK || status == Z_STREAM_END) && (stream.avail_in > 0 || stream.avail_out == 0)
        }
        // A full buffer with nothing left to do is reported as Z_BUF_ERROR, and is none.
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw .compressed(path: path, problem: "the data is damaged")
        }
        return output
    }
}
