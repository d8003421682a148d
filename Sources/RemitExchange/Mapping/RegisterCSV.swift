public import RemitValues

/// Reads the rows of a register from a CSV file whose columns have the names of keys and fields.
public final class RegisterCSV {
    /// A column that a register wants.
    public struct Column {
        let name: String
        let type: TargetType
        let hasStart: Bool

        /// A key or field; one that starts with a value may be left out, as a column or in a row.
        public init(_ name: String, _ type: TargetType, hasStart: Bool = false) {
            self.name = name
            self.type = type
            self.hasStart = hasStart
        }

        /// Whether the file need not have the column.
        fileprivate var mayBeMissing: Bool { if case .optional = type { true } else { hasStart } }

        /// Whether an empty cell says nothing; of what is optional it says that it is absent.
        fileprivate var mayBeEmpty: Bool { if case .optional = type { false } else { hasStart } }
    }

    private let reader: CSVReader
    private let columns: [(index: Int?, column: Column)]
    /// Columns that the register does not have.
    public let ignored: [String]

    /// Opens a file for the keys and fields of a register; refuses one that lacks a column.
    public init(path: String, columns wanted: [Column], form: @escaping TextForm = { $0 }) throws(ExchangeError) {
        reader = try CSVReader(path: path, form: form)
        var columns: [(index: Int?, column: Column)] = []
        for column in wanted {
            let index = reader.header.firstIndex { TextValue($0) == TextValue(column.name) }
            guard index != nil || column.mayBeMissing else {
                let there = Self.listed(reader.header)
                throw .header(path: path, problem: "there is no column \"\(column.name)\"; the columns are \(there)")
            }
            columns.append((index, column))
        }
        self.columns = columns
        ignored = reader.header.filter { name in !wanted.contains { TextValue($0.name) == TextValue(name) } }
    }

    /// The file, for its progress.
    public var source: ByteSource { reader.source }

    /// The next row with its line: a value for each key and field, nil for one that the file leaves out; or why it
    /// cannot be used; nil at the end.
    public func next() throws(ExchangeError) -> (line: Int, row: Result<[Value?], ExchangeError>)? {
        guard let result = try reader.next() else { return nil }
        switch result {
        case .failure(let error):
            guard case .csv(let line, _) = error else { throw error }
            return (line, .failure(error))
        case .success(let record):
            do throws(ConversionProblem) {
                let row = try columns.map { index, column throws(ConversionProblem) -> Value? in
                    try index.flatMap { index throws(ConversionProblem) in try value(record.fields[index], column) }
                }
                return (record.line, .success(row))
            } catch {
                return (record.line, .failure(.csv(line: record.line, problem: "`\(error.path)` \(error.text)")))
            }
        }
    }

    private func value(_ text: String, _ column: Column) throws(ConversionProblem) -> Value? {
        if text.isEmpty {
            if column.mayBeEmpty { return nil }
            if case .optional = column.type { return .absent }
        }
        return try ValueConversion.convert(.string(text), to: column.type, path: column.name)
    }

    /// The first names of a header, each in short: it may be any file at all.
    private static func listed(_ names: [String]) -> String {
        let shown = names.prefix(Limits.tableColumns).map { name in
            let scalars = name.unicodeScalars
            return scalars.count <= Limits.identifierBytes
                ? name : String(String.UnicodeScalarView(scalars.prefix(Limits.identifierBytes))) + "…"
        }
        return shown.joined(separator: ", ") + (names.count > shown.count ? " and others" : "")
    }
}
