import ArgumentParser
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// Takes decision tables to spreadsheets and back.
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Take a decision table of a contract to a spreadsheet (CSV), and back.",
        discussion: """
            The columns are those of the table; a dated one has `from` and `until` before them. `per` holds the \
            source that a row cites. A file without `until` or `per` has none of these. Cells are written as in the \
            contract: any, <= 17, 1 to 5, not urgent, 20%.

            Example: remit table export claim.remit ratio --out ratio.csv
            Example: remit table import claim.remit ratio ratio.csv
            """,
        subcommands: [Export.self, Import.self])

    /// The contract as its own file has it, without the libraries, whose tables stand in files of their own.
    private static func source(_ path: String) throws(CommandFailure) -> SourceText {
        SourceText(name: path, bytes: NormalForm.of(try Files.read(path, limit: Limits.sourceBytes)))
    }

    private static func sheet(_ name: String, in source: SourceText) throws(CommandFailure) -> TableSheet {
        if let sheet = TableSheet(name, in: source) { return sheet }
        if RemitLanguage.parse(source).hasErrors {
            throw CommandFailure(
                .finding, "contract", "\(source.name) has mistakes of syntax", hint: "remit check \(source.name)")
        }
        let names = TableSheet.names(in: source)
        let near = Suggestion.nearest(to: name, among: names).map { "did you mean \($0)? " } ?? ""
        throw .usage(
            "\(source.name) has no table \(name)",
            hint: near + (names.isEmpty ? "it has no tables" : "its tables are \(names.joined(separator: ", "))"))
    }

    /// Writes a table to a CSV file.
    struct Export: Verb {
        static let words = "table export"
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write the rows of a table to a CSV file.",
            discussion: "Example: remit table export claim.remit ratio --out ratio.csv")

        @Argument(help: "The file of the contract.")
        var file: String

        @Argument(help: "The name of the table.")
        var table: String

        @Option(help: ArgumentHelp("Write the rows to this file.", valueName: "file"))
        var out: String

        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let sheet = try TableCommand.sheet(table, in: try TableCommand.source(file))
            let bytes = CSVText.bytes([sheet.header] + sheet.rows)
            if Files.exists(out) {
                try Files.replace(out, bytes)
            } else {
                try Files.create(out, bytes, mode: 0o644)
            }
            console.line("\(Counted.text(sheet.rows.count, "row")) of \(table) are in \(out)", .good)
            if sheet.comments > 0 {
                console.warn(
                    "\(Counted.text(sheet.comments, "comment")) among the rows stay in the contract alone")
            }
            return Outcome(.object([.init("file", .string(out)), .init("rows", .integer(Int64(sheet.rows.count)))]))
        }
    }

    /// Puts the rows of a CSV file in the place of a table's.
    struct Import: Verb {
        static let words = "table import"
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Put the rows of a CSV file in the place of a table's rows.",
            discussion: """
                The rest of the contract stays as it is. Nothing is written if the rows have a mistake, overlap or \
                leave a gap.

                Example: remit table import claim.remit ratio ratio.csv
                """)

        @Argument(help: "The file of the contract.")
        var file: String

        @Argument(help: "The name of the table.")
        var table: String

        @Argument(help: "The CSV file.")
        var rows: String

        @OptionGroup var libraries: LibraryOptions
        @OptionGroup var with: WithOptions
        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let source = try TableCommand.source(file)
            let sheet = try TableCommand.sheet(table, in: source)
            let reader = try CSVReader(path: rows, form: NormalForm.of)
            let places = try places(sheet, reader.header)
            let draft = SheetDraft(sheet, in: source, try records(reader, places))
            var problems = draft.problems
            if problems.isEmpty {
                let folders = [Files.folder(of: file)] + libraries.folders
                let whole = try LibraryFiles(folders: folders).linked(draft.source)
                problems = draft.problems(try ContractFile(whole, with: with.files).diagnostics)
            }
            guard problems.isEmpty, let bytes = draft.laidOut else { return refuse(problems, console) }
            let isChanged = bytes != source.bytes
            if isChanged { try Files.replace(file, bytes) }
            warnOfLosses(sheet, places, console)
            if isChanged, sheet.comments > 0 {
                console.warn("\(Counted.text(sheet.comments, "comment")) among the former rows are gone")
            }
            let count = Counted.text(draft.count, "row")
            console.line("\(table) of \(file) has \(count)\(isChanged ? "" : ", as before")", .good)
            return Outcome(
                .object([
                    .init("file", .string(file)), .init("rows", .integer(Int64(draft.count))),
                    .init("changed", .boolean(isChanged)),
                ]))
        }

        private func places(_ sheet: TableSheet, _ header: [String]) throws(CommandFailure) -> [Int?] {
            if let places = sheet.places(under: header) { return places }
            throw CommandFailure(
                .finding, "table", "\(rows):1: the columns are \(header.joined(separator: ", "))",
                hint: "they must be \(sheet.header.joined(separator: ", ")); "
                    + (sheet.isDated ? "until and per may be left out" : "per may be left out"))
        }

        private func records(_ reader: CSVReader, _ places: [Int?]) throws -> [SheetRecord] {
            var records: [SheetRecord] = []
            while let next = try reader.next() {
                let record = try next.get()
                let fields = places.map { $0.map { record.fields[$0] } ?? "" }
                records.append(SheetRecord(line: record.line, fields: fields))
                if records.count > Limits.tableRows { break }
            }
            return records
        }

        /// Says of a column that is left out what the table has in it now.
        private func warnOfLosses(_ sheet: TableSheet, _ places: [Int?], _ console: Console) {
            for (column, place) in places.enumerated() where place == nil {
                let count = sheet.rows.count { !$0[column].isEmpty }
                guard count > 0 else { continue }
                console.warn(
                    "\(rows) has no column \(sheet.header[column]); \(Counted.text(count, "row")) of \(table) had one")
            }
        }

        private func refuse(_ problems: [SheetProblem], _ console: Console) -> Outcome {
            for problem in problems.prefix(Limits.diagnostics) {
                let column = problem.column.map { ", column \($0)" } ?? ""
                console.line("\(rows):\(problem.line)\(column): \(problem.message)", .bad)
                if let help = problem.help { console.line("  \(help)") }
            }
            console.line("\(file) is left as it is")
            return Outcome(
                .object([
                    .init("file", .string(file)), .init("changed", .boolean(false)),
                    .init(
                        "problems",
                        .array(
                            problems.map { problem in
                                .object([
                                    .init("line", .integer(Int64(problem.line))),
                                    .init("column", problem.column.map { .string($0) } ?? .null),
                                    .init("message", .string(problem.message)),
                                    .init("help", problem.help.map { .string($0) } ?? .null),
                                ])
                            })),
                ]), .finding)
        }
    }
}
