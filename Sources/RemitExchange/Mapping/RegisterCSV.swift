public import RemitValues

/// Reads the rows of a register from a CSV file whose columns have the names of keys and fields.
public final class RegisterCSV {
    private let reader: CSVReader
    private let columns: [(index: Int?, name: String, type: TargetType)]
    /// Columns that the register does not have.
    public let ignored: [String]

    /// Opens a file for the keys and fields of a register; refuses one that lacks a column.
    public init(path: String, columns wanted: [(name: String, type: TargetType)]) throws(ExchangeError) {
        reader = try CSVReader(path: path)
        var columns: [(index: Int?, name: String, type: TargetType)] = []
        for (name, type) in wanted {
            let index = reader.header.firstIndex { TextValue($0) == TextValue(name) }
            if index == nil {
                guard case .optional = type else {
                    throw .csv(
                        line: 1,
                        problem:
                            "there is no column \"\(name)\"; the columns are \(reader.header.joined(separator: ", "))")
                }
            }
            columns.append((index, name, type))
        }
        self.columns = columns
        ignored = reader.header.filter { name in !wanted.contains { TextValue($0.name) == TextValue(name) } }
    }

    /// The file, for its progress.
    public var source: ByteSource { reader.source }

    /// The next row, as a record of keys and fields; a failure names the line; nil at the end.
    public func next() throws(ExchangeError) -> Result<Value, ExchangeError>? {
        guard let result = try reader.next() else { return nil }
        switch result {
        case .failure(let error): return .failure(error)
        case .success(let record):
            var values: [Value] = []
            for column in columns {
                let text = column.index.map { record.fields[$0] } ?? ""
                do throws(ConversionProblem) {
                    if text.isEmpty, case .optional = column.type {
                        values.append(.absent)
                    } else {
                        let json = JSONValue.string(text)
                        values.append(try ValueConversion.convert(json, to: column.type, path: column.name))
                    }
                } catch {
                    return .failure(.csv(line: record.line, problem: "`\(error.path)` \(error.text)"))
                }
            }
            return .success(.record(values))
        }
    }
}
