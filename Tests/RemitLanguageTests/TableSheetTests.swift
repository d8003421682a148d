import Foundation
import RemitAnalysis
import RemitLanguage
import Testing

/// Tables go to a sheet and come back as they were; what is wrong in a sheet is said with its line and column.
@Suite struct TableSheetTests {
    /// Every contract at hand with the names of its tables.
    static let tables: [(file: String, table: String)] = {
        let folders = [
            "Contracts", "Tests/RemitLanguageTests/Pages", "Tests/RemitRuntimeTests/Cases",
            "Tests/CommandTests/Scripts/Files", "Tests/RemitEditorTests/Sessions",
        ]
        return folders.flatMap { folder in
            ((try? Checkout.names(in: folder, ending: ".remit")) ?? []).flatMap { name in
                let file = "\(folder)/\(name).remit"
                let source = (try? Checkout.bytes(file)).map { SourceText(name: file, bytes: $0) }
                return TableSheet.names(in: source ?? SourceText(name: file, "")).map { (file, $0) }
            }
        }
    }()

    private static func records(_ sheet: TableSheet) -> [SheetRecord] {
        sheet.rows.enumerated().map { SheetRecord(line: $0.offset + 2, fields: $0.element) }
    }

    @Test func thereAreTables() { #expect(Self.tables.count > 12) }

    @Test(arguments: tables.indices) func roundTripIsTheIdentity(index: Int) throws {
        let (file, table) = Self.tables[index]
        let original = try Checkout.bytes(file)
        guard case .formatted(let bytes) = format(SourceText(name: file, bytes: original)) else { return }
        let source = SourceText(name: file, bytes: bytes)
        let sheet = try #require(TableSheet(table, in: source))
        let draft = SheetDraft(sheet, in: source, Self.records(sheet))
        #expect(draft.problems.isEmpty)
        let laidOut = try #require(draft.laidOut, "\(file) \(table)")
        if sheet.comments == 0 { #expect(laidOut == bytes, "\(file) \(table)") }
        #expect(try #require(TableSheet(table, in: SourceText(name: file, bytes: laidOut))).rows == sheet.rows)
    }

    static let contract = """
        contract Prices version 1
          title "Prices"

        // What stands elsewhere   stays   as it is.
        enum Kind { plain,   controlled }

        table price(kind: Kind, age: Integer, code: Text(9)) gives each: CNY, note: Text(40) first per "List, 1" {
          | kind              | age                   | code     || each | note |
          | not controlled    | <= 17                 | "A", "B" || 400 CNY | "a \\"b\\"" | per "List, \\"2\\" \\\\ 3"
          | plain, controlled | > 3 and < 9, 20 to 30 | not "A"  || largest(age, 5) * 100 CNY | "a, b" |
          | any               | any                   | any || -5 CNY                    | "" |
        }

        role   Clerk
        """

    @Test func everyKindOfCellIsKept() throws {
        let source = SourceText(name: "prices.remit", Self.contract)
        let sheet = try #require(TableSheet("price", in: source))
        #expect(sheet.header == ["kind", "age", "code", "each", "note", "per"])
        #expect(
            sheet.rows == [
                ["not controlled", "<= 17", "\"A\", \"B\"", "400 CNY", "\"a \\\"b\\\"\"", "List, \"2\" \\ 3"],
                [
                    "plain, controlled", "> 3 and < 9, 20 to 30", "not \"A\"", "largest(age, 5) * 100 CNY", "\"a, b\"",
                    "",
                ],
                ["any", "any", "any", "-5 CNY", "\"\"", ""],
            ])
        let laidOut = try #require(SheetDraft(sheet, in: source, Self.records(sheet)).laidOut)
        let text = String(decoding: laidOut, as: UTF8.self)
        #expect(text.hasPrefix(Self.contract.components(separatedBy: "table price")[0]))
        #expect(text.hasSuffix("}\n\nrole   Clerk"))
        #expect(try #require(TableSheet("price", in: SourceText(name: "x", bytes: laidOut))).rows == sheet.rows)
    }

    static let dated = """
        contract Rates version 1
          title "Rates"

        table rate(days: Integer) gives share: Decimal {
          from 2025-01-01 until 2025-07-01 {
            | days || share |
            | any  || 20%   |
          }
          from 2026-01-01 {
            | days || share |
            | <= 3 || 30%   |
            | > 3  || 40%   |
          }
        }

        """

    @Test func periodsAreColumns() throws {
        let source = SourceText(name: "rates.remit", Self.dated)
        let sheet = try #require(TableSheet("rate", in: source))
        #expect(sheet.header == ["from", "until", "days", "share", "per"])
        #expect(sheet.rows[0] == ["2025-01-01", "2025-07-01", "any", "20%", ""])
        var rows = Self.records(sheet)
        // A spreadsheet writes days in its own way.
        rows[1] = SheetRecord(line: 3, fields: ["2026/1/1", "", "<= 3", "30%", ""])
        let laidOut = try #require(SheetDraft(sheet, in: source, rows).laidOut)
        #expect(String(decoding: laidOut, as: UTF8.self) == Self.dated)
    }

    /// Cells that make no sense, by row and column, and the column that the message must name.
    static let wrong: [(row: Int, column: Int, cell: String, named: String)] = [
        (0, 0, "", "kind"), (0, 0, "plain | any", "kind"), (1, 0, "plan", "kind"), (1, 1, "=> 5", "age"),
        (1, 1, "5 // five", "age"), (2, 3, "5 USD", "each"), (0, 3, "400", "each"), (2, 4, "}", "note"),
        (2, 1, "1\n2", "age"), (0, 2, "\"A", "code"), (0, 4, "\"{age}", "note"), (1, 3, "nothing(age)", "each"),
    ]

    @Test(arguments: wrong.indices) func mistakesNameLineAndColumn(index: Int) throws {
        let (row, column, cell, named) = Self.wrong[index]
        let source = SourceText(name: "prices.remit", Self.contract)
        let sheet = try #require(TableSheet("price", in: source))
        var records = Self.records(sheet)
        var fields = records[row].fields
        fields[column] = cell
        records[row] = SheetRecord(line: 10 * row + 7, fields: fields)
        let draft = SheetDraft(sheet, in: source, records)
        let problems = draft.problems.isEmpty ? draft.problems(findings(in: draft.source)) : draft.problems
        let first = try #require(problems.first, "\(cell) passes")
        #expect(first.line == 10 * row + 7, "\(first)")
        #expect(first.column == named, "\(first)")
    }

    @Test func aGapIsToldOfTheSheet() throws {
        let source = SourceText(name: "rates.remit", Self.dated)
        let sheet = try #require(TableSheet("rate", in: source))
        let draft = SheetDraft(sheet, in: source, Array(Self.records(sheet).dropLast()))
        let problems = draft.problems(findings(in: draft.source))
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains("has no row for some inputs") == true)
    }
}
