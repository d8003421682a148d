import RemitValues

/// Reads records of comma-separated values (RFC 4180) under a header, streaming.
public final class CSVReader {
    /// A record, and the line on which it begins.
    public struct Record: Sendable {
        public let line: Int
        public let fields: [String]
    }

    /// The names of the columns.
    public let header: [String]
    private let lines: LineReader
    private let form: TextForm

    /// Opens a file and reads its header; every field is brought to a form.
    public init(path: String, form: @escaping TextForm = { $0 }) throws(ExchangeError) {
        self.form = form
        lines = try LineReader(path: path)
        guard let record = try Self.read(lines, form) else { throw .header(path: path, problem: "it is empty") }
        switch record {
        case .success(let found): header = found.fields
        case .failure(let error): throw .header(path: path, problem: error.reason)
        }
        var seen: Set<[UInt8]> = []
        for name in header where !seen.insert(Array(name.utf8)).inserted {
            throw .header(path: path, problem: "the column \"\(name)\" stands twice")
        }
    }

    /// The file, for its progress.
    public var source: ByteSource { lines.source }

    /// The next record; a failure names the line, and reading goes on behind it; nil at the end.
    public func next() throws(ExchangeError) -> Result<Record, ExchangeError>? {
        while let result = try Self.read(lines, form) {
            guard case .success(let record) = result else { return result }
            if record.fields.count == 1, record.fields[0].isEmpty { continue }
            guard record.fields.count == header.count else {
                return .failure(
                    .csv(
                        line: record.line,
                        problem: "\(record.fields.count) fields stand under \(header.count) columns"))
            }
            return result
        }
        return nil
    }

    private static func read(
        _ lines: LineReader, _ form: TextForm
    ) throws(ExchangeError) -> Result<Record, ExchangeError>? {
        guard let first = try lines.next() else { return nil }
        guard !first.isTooLong else { return .failure(tooLong(first)) }
        var splitter = CSVSplitter()
        splitter.take(first.bytes)
        var isTooLong = false
        while splitter.isQuoted {
            guard let line = try lines.next() else {
                return .failure(.csv(line: first.number, problem: "a quoted field has no end"))
            }
            // The record is read to its end all the same, so that the one behind it begins where it should.
            isTooLong = isTooLong || line.isTooLong || splitter.size > Limits.lineBytes
            if isTooLong { splitter.forget() }
            splitter.take([0x0A] + line.bytes)
        }
        if isTooLong { return .failure(tooLong(first)) }
        if let problem = splitter.problem { return .failure(.csv(line: first.number, problem: problem)) }
        guard let fields = splitter.fields() else {
            return .failure(.csv(line: first.number, problem: "the text is not valid UTF-8"))
        }
        return .success(Record(line: first.number, fields: fields.map(form)))
    }

    private static func tooLong(_ line: LineReader.Line) -> ExchangeError {
        .csv(line: line.number, problem: "the record is longer than \(Limits.lineBytes) bytes")
    }
}

/// Splits the bytes of one record into fields.
private struct CSVSplitter {
    private var done: [[UInt8]] = []
    private var field: [UInt8] = []
    private var wasQuoted = false
    private(set) var isQuoted = false
    private(set) var problem: String?
    private(set) var size = 0
    private var pendingQuote = false

    mutating func take(_ bytes: [UInt8]) {
        size += bytes.count
        for byte in bytes { take(byte) }
        if pendingQuote {
            isQuoted = false
            pendingQuote = false
        }
    }

    private mutating func take(_ byte: UInt8) {
        if isQuoted {
            if pendingQuote {
                pendingQuote = false
                if byte == UInt8(ascii: "\"") {
                    field.append(byte)
                    return
                }
                isQuoted = false
            } else if byte == UInt8(ascii: "\"") {
                pendingQuote = true
                return
            } else {
                field.append(byte)
                return
            }
        }
        if byte == UInt8(ascii: ",") {
            done.append(field)
            field = []
            wasQuoted = false
        } else if byte == UInt8(ascii: "\"") {
            if field.isEmpty, !wasQuoted {
                isQuoted = true
                wasQuoted = true
            } else {
                problem = "a quote stands inside a field without quotes"
            }
        } else if wasQuoted {
            problem = "something follows a closing quote"
        } else {
            field.append(byte)
        }
    }

    /// Drops what was read of the record; whether a quote is open stays known.
    mutating func forget() {
        done = []
        field = []
    }

    func fields() -> [String]? {
        var texts: [String] = []
        for bytes in done + [field] {
            guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
            texts.append(text)
        }
        return texts
    }
}
