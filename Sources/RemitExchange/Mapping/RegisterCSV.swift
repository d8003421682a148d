public import RemitValues

/// Reads the rows of a register from a CSV file whose columns have the names of keys and fields.
public final class RegisterCSV {
    private let reader: CSVReader
    private let columns: [(index: Int?, name: String, type: TargetType)]
    /// Columns that the register does not have.
    public let ignored: [String]

    /// Opens a file for the keys and fields of a register; refuses one that lacks a column.
    public init(
        path: String, columns wanted: [(name: String, type: TargetType)], form: @escaping TextForm = { $0 }
    ) throws(ExchangeError) {
        reader = try CSVReader(path: path, form: form)
        var columns: [(index: Int?, name: String, type: TargetType)] = []
        for (name, type) in wanted {
            let index = reader.header.firstIndex { TextValue($0) == TextValue(name) }
            if index == nil {
                guard case .optional = type else {
                    let there = Self.listed(reader.header)
                    throw .header(path: path, problem: "there is no column \"\(name)\"; the columns are \(there)")
                }
            }
            columns.append((index, name, type))
        }
        self.columns = columns
        ignored = reader.header.filter { name in !wanted.contains { TextValue($0.name) == TextValue(name) } }
    }

    /// The file, for its progress.
    public var source: ByteSource { reader.source }

    /// The next row, as a record of keys and fields, with its line; or why it cannot be used; nil at the end.
    public func next() throws(ExchangeError) -> (line: Int, row: Result<Value, ExchangeError>)? {
        guard let result = try reader.next() else { return nil }
        switch result {
        case .failure(let error):
            guard case .csv(let line, _) = error else { throw error }
            return (line, .failure(error))
        case .success(let record):
            do throws(ConversionProblem) {
                return (
                    record.line,
                    .success(
                        .record(
                            try columns.map { column throws(ConversionProblem) in
                                try value(column.index.map { record.fields[$0] } ?? "", column.type, column.name)
                            }))
                )
            } catch {
                return (record.line, .failure(.csv(line: record.line, problem: "`\(error.path)` \(error.text)")))
            }
        }
    }

    private func value(_ text: String, _ type: TargetType, _ name: String) throws(ConversionProblem) -> Value {
        if text.isEmpty, case .optional = type { return .absent }
        return try ValueConversion.convert(.string(text), to: type, path: name)
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
