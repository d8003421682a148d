import RemitValues

/// Why input could not be read or understood.
public enum ExchangeError: Error, Sendable {
    /// The file could not be opened or read; the system's words.
    case file(path: String, problem: String)
    /// The gzip stream is damaged or ends too early.
    case compressed(path: String, problem: String)
    /// A line is longer than `Limits.lineBytes`.
    case longLine(line: Int)
    /// Bytes that are not JSON: the offset in the text, from 0, and why.
    case json(offset: Int, problem: String)
    /// A CSV record that cannot be read.
    case csv(line: Int, problem: String)
    /// A CSV file whose first line does not name the columns that are wanted.
    case header(path: String, problem: String)
    /// A mapping file that is not one.
    case mapping(String)
    /// A value that somebody gave for an argument and that does not fit it.
    case argument(String)

    /// One line.
    public var message: String {
        switch self {
        case .file(let path, let problem): "cannot read \(path): \(problem)"
        case .compressed(let path, let problem): "\(path) cannot be decompressed: \(problem)"
        case .longLine(let line): "line \(line) is longer than \(Limits.lineBytes) bytes"
        case .json(let offset, let problem): "not JSON at byte \(offset): \(problem)"
        case .csv(let line, let problem): "line \(line): \(problem)"
        case .header(let path, let problem): "\(path): \(problem)"
        case .mapping(let problem): "the mapping is not right: \(problem)"
        case .argument(let problem): problem
        }
    }

    /// The same without the line, for lists that name the line themselves.
    public var reason: String {
        switch self {
        case .csv(_, let problem): problem
        case .longLine: "the line is longer than \(Limits.lineBytes) bytes"
        default: message
        }
    }

    /// Something to do about it.
    public var hint: String {
        switch self {
        case .file: "check the path, and the rights of the file and its folder"
        case .compressed: "get the file again, or unpack it with gzip and see what is missing"
        case .longLine: "NDJSON holds one resource a line, and CSV one record: check that this is such a file"
        case .json, .csv: "correct the line, or leave it out"
        case .header: "the first line names the columns, separated by commas"
        case .mapping: "see Docs/mapping.md"
        case .argument: "correct the value; remit submit --help shows how arguments are written"
        }
    }
}
