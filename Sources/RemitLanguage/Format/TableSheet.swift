import RemitValues

/// A decision table as the rows of a sheet: its cells as the contract writes them.
///
/// The columns are those of the table, with `from` and `until` before them if it is dated, and `per`, the source that a
/// row cites, behind them.
public struct TableSheet: Sendable {
    /// The names of the columns.
    public let header: [String]
    public let rows: [[String]]
    /// How many comments stand among the rows; the sheet leaves them out.
    public let comments: Int

    /// The declaration, and its rows from brace to brace.
    let whole: Span
    let body: Span
    let inputs: [String]
    let outputs: [String]
    /// Whether its rows hold in periods.
    public let isDated: Bool

    /// The table of a name in the text of a contract; nil where that has no such table, or mistakes of syntax.
    public init?(_ name: String, in source: SourceText) {
        let (parser, contract) = Parser.contract(of: source)
        guard let contract, !parser.diagnostics.contains(where: { $0.severity == .error })
        else {
            return nil
        }
        let tables = contract.declarations.compactMap { declaration -> (TableSyntax, Span)? in
            guard case .table(let table) = declaration.kind, table.name.bytes == TextValue(name) else { return nil }
            return (table, declaration.span)
        }
        guard let (table, whole) = tables.first, let body = Self.braces(in: parser.tokens, from: whole.start) else {
            return nil
        }
        self.whole = whole
        self.body = body
        comments = parser.lexed.comments.count { body.start <= $0.span.start && $0.span.start < body.end }
        inputs = table.inputs.map(\.name.text)
        outputs = table.outputs.map(\.name.text)
        isDated = table.sections.contains { $0.period.from != nil }
        header = (isDated ? ["from", "until"] : []) + inputs + outputs + ["per"]
        var rows: [[String]] = []
        for section in table.sections {
            var period: [String] = []
            if isDated {
                period = [section.period.from, section.period.until].map { $0.map { source.text($0.span) } ?? "" }
            }
            for row in section.rows {
                var fields = period
                for cell in row.cells { fields.append(source.text(cell.span)) }
                for output in row.outputs { fields.append(source.text(output.span)) }
                fields.append(row.source?.plain ?? "")
                rows.append(fields)
            }
        }
        self.rows = rows
    }

    /// Where each column stands in a file with such a header; nil within for one that is left out and empty in every
    /// row, which the source of rows and the ends of periods may be. Nil where the header is another.
    public func places(under names: [String]) -> [Int?]? {
        var places: [Int?] = []
        var next = 0
        for (column, name) in header.enumerated() {
            if names.indices.contains(next), TextValue(names[next]) == TextValue(name) {
                places.append(next)
                next += 1
            } else if column == header.count - 1 || isDated && column == 1 {
                places.append(nil)
            } else {
                return nil
            }
        }
        return next == names.count ? places : nil
    }

    /// The names of the tables of a contract, for whoever misspelt one.
    public static func names(in source: SourceText) -> [String] {
        (parse(source).contract?.declarations ?? []).compactMap { declaration in
            if case .table(let table) = declaration.kind { table.name.text } else { nil }
        }
    }

    /// The first pair of braces behind a place.
    private static func braces(in tokens: [Token], from start: Int) -> Span? {
        var depth = 0
        var opened = 0
        for token in tokens where token.span.start >= start {
            if token.kind == .leftBrace {
                if depth == 0 { opened = token.span.start }
                depth += 1
            } else if token.kind == .rightBrace {
                depth -= 1
                if depth == 0 { return Span(opened, token.span.end) }
            }
        }
        return nil
    }
}

/// A row of a sheet that is to take a table's place, and the line of the file on which it begins.
public struct SheetRecord: Sendable {
    public let line: Int
    public let fields: [String]

    public init(line: Int, fields: [String]) {
        self.line = line
        self.fields = fields
    }
}

/// What is wrong in a sheet.
public struct SheetProblem: Sendable {
    /// The line of the file, and the name of the column; nil where it is about the whole.
    public let line: Int
    public let column: String?
    public let message: String
    public let help: String?
}

/// A contract with a table's rows replaced, before it is laid out, so that mistakes lead back to the sheet.
public struct SheetDraft: Sendable {
    /// The text of the contract with the new rows.
    public let source: SourceText
    private let sheet: TableSheet
    private let original: SourceText
    private let records: [SheetRecord]
    private let body: String
    /// Where each cell stands in the text, in order: the position of its record and of its column.
    private let cells: [(span: Span, record: Int, column: Int)]
    /// Where each row ends, in order.
    private let rows: [(end: Int, record: Int)]

    /// Puts records in the place of a table's rows; each has the columns of the sheet.
    public init(_ sheet: TableSheet, in original: SourceText, _ records: [SheetRecord]) {
        self.sheet = sheet
        self.original = original
        self.records = records
        var writer = SheetWriter(sheet, start: sheet.body.start)
        for (position, record) in records.enumerated() { writer.add(record.fields, position) }
        body = writer.finished()
        cells = writer.cells
        rows = writer.rows
        source = SourceText(
            name: original.name,
            bytes: Array(original.bytes[..<sheet.body.start]) + Array(body.utf8)
                + Array(original.bytes[sheet.body.end...]))
    }

    /// The number of rows.
    public var count: Int { records.count }

    /// What is wrong with the sheet itself, before it is read as a table: rows that are missing, cells that are none.
    public var problems: [SheetProblem] {
        guard !records.isEmpty else {
            return [SheetProblem(line: 1, column: nil, message: "there are no rows", help: "add one below the header")]
        }
        var found: [SheetProblem] = []
        for record in records {
            for (column, field) in zip(sheet.header, record.fields) {
                guard let (message, help) = problem(field, column) else { continue }
                found.append(SheetProblem(line: record.line, column: column, message: message, help: help))
            }
        }
        return found
    }

    /// What keeps a field from being a cell, and what to do about it.
    private func problem(_ field: String, _ column: String) -> (message: String, help: String)? {
        if column == "per" { return nil }
        if Self.trimmed(field).isEmpty {
            if sheet.isDated, column == "until" { return nil }
            let isInput = sheet.inputs.contains { TextValue($0) == TextValue(column) }
            return ("the cell is empty", isInput ? "write `any` if it does not matter" : "write its value")
        }
        if Self.trimmed(field).utf8.contains(0x0A) {
            return ("the cell holds a line end", "write it on one line")
        }
        switch Self.stray(field) {
        case UInt8(ascii: "|"): return ("the cell holds a bar", "several values are separated by commas")
        case UInt8(ascii: "\""): return ("a text in the cell has no end", "put `\"` where it ends")
        case UInt8(ascii: "/"): return ("the cell holds a comment", "write what explains a row into the contract")
        default: return nil
        }
    }

    /// A bar, or the beginning of a comment, outside of texts, or the mark of a text that has no end: each would change
    /// what stands behind the cell.
    private static func stray(_ field: String) -> UInt8? {
        let bytes = Array(field.utf8)
        var isText = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isText, byte == UInt8(ascii: "\\") {
                index += 1
            } else if byte == UInt8(ascii: "\"") {
                isText.toggle()
            } else if !isText, byte == UInt8(ascii: "|") {
                return byte
            } else if !isText, byte == UInt8(ascii: "/"), index + 1 < bytes.count, bytes[index + 1] == byte {
                return byte
            }
            index += 1
        }
        return isText ? UInt8(ascii: "\"") : nil
    }

    /// The errors among diagnostics of the text that lie in the table, led back to the sheet.
    public func problems(_ diagnostics: [Diagnostic]) -> [SheetProblem] {
        let end = sheet.body.start + body.utf8.count
        return diagnostics.compactMap { diagnostic in
            let place = diagnostic.primary.span
            guard diagnostic.severity == .error, place.start < end, place.end > sheet.whole.start else { return nil }
            let cell = cells.first { $0.span.start <= place.start && place.start <= $0.span.end }
            let record = cell?.record ?? rows.first { place.start < $0.end }?.record
            return SheetProblem(
                line: record.map { records[$0].line } ?? 1, column: cell.map { sheet.header[$0.column] },
                message: ([diagnostic.message] + diagnostic.notes).joined(separator: "; "), help: diagnostic.help)
        }
    }

    /// The text of the contract with the table laid out and all else as it was; nil where the table has mistakes.
    public var laidOut: [UInt8]? {
        let head = "contract Sheet version 1\n\n"
        let table = Array(original.bytes[sheet.whole.start..<sheet.body.start]) + Array(body.utf8)
        let alone = SourceText(name: "table", bytes: Array(head.utf8) + table + [0x0A])
        guard case .formatted(let bytes) = format(alone), bytes.starts(with: head.utf8) else { return nil }
        var laidOut = Array(bytes.dropFirst(head.utf8.count))
        while laidOut.last == 0x0A { laidOut.removeLast() }
        return Array(original.bytes[..<sheet.whole.start]) + laidOut + Array(original.bytes[sheet.body.end...])
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        [" ", "\t", "\r", "\n", "\u{A0}"].contains(scalar)
    }
}

/// Writes the rows of a sheet as those of a table.
private struct SheetWriter {
    private(set) var cells: [(span: Span, record: Int, column: Int)] = []
    private(set) var rows: [(end: Int, record: Int)] = []
    private let sheet: TableSheet
    private var text = "{\n"
    private var length: Int
    private var period: [String]?

    init(_ sheet: TableSheet, start: Int) {
        self.sheet = sheet
        length = start + 2
        if !sheet.isDated { put(heading) }
    }

    private var heading: String {
        "| " + sheet.inputs.joined(separator: " | ") + " || " + sheet.outputs.joined(separator: " | ") + " |\n"
    }

    private mutating func put(_ piece: String) {
        text += piece
        length += piece.utf8.count
    }

    mutating func add(_ fields: [String], _ record: Int) {
        guard fields.count == sheet.header.count else { return }
        var column = 0
        if sheet.isDated {
            let dates = fields[..<2].map { Self.date(SheetDraft.trimmed($0)) }
            if period != dates {
                if period != nil { put("}\n") }
                period = dates
                put("from ")
                cell(dates[0], record, 0)
                if !dates[1].isEmpty {
                    put(" until ")
                    cell(dates[1], record, 1)
                }
                put(" {\n" + heading)
            }
            column = 2
        }
        put("| ")
        for index in sheet.inputs.indices {
            if index > 0 { put(" | ") }
            cell(SheetDraft.trimmed(fields[column]), record, column)
            column += 1
        }
        put(" || ")
        for index in sheet.outputs.indices {
            if index > 0 { put(" | ") }
            cell(SheetDraft.trimmed(fields[column]), record, column)
            column += 1
        }
        put(" |")
        if !fields[column].isEmpty {
            put(" per ")
            cell("\"\(Self.escaped(fields[column]))\"", record, column)
        }
        put("\n")
        rows.append((length, record))
    }

    private mutating func cell(_ piece: String, _ record: Int, _ column: Int) {
        cells.append((Span(length, length + piece.utf8.count), record, column))
        put(piece)
    }

    mutating func finished() -> String {
        if period != nil { put("}\n") }
        put("}")
        return text
    }

    /// A day as spreadsheets like to write it, `2026/1/2`, as the language does.
    private static func date(_ text: String) -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts.allSatisfy({ Int($0) != nil }) else { return text }
        let padded = parts.dropFirst().map { $0.utf8.count == 1 ? "0\($0)" : String($0) }
        return ([String(parts[0])] + padded).joined(separator: "-")
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\", "{", "}": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
