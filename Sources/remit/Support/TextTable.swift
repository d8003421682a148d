import RemitLanguage

/// A table of text whose columns line up.
struct TextTable {
    /// The side on which the cells of a column line up.
    enum Side {
        case left, right
    }

    private let sides: [Side]
    private var rows: [[String]]

    /// A table with the heads of its columns.
    init(_ columns: [(head: String, side: Side)]) {
        sides = columns.map(\.side)
        rows = [columns.map(\.head)]
    }

    /// Adds a row of as many cells as there are columns.
    mutating func add(_ cells: [String]) { rows.append(cells.map(Self.oneLine)) }

    /// The lines, the heads first.
    var lines: [String] {
        let widths = sides.indices.map { column in
            rows.map { column < $0.count ? Self.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() where column < sides.count {
                let padding = String(repeating: " ", count: max(0, widths[column] - Self.width(cell)))
                line += (column == 0 ? "" : "  ") + (sides[column] == .left ? cell + padding : padding + cell)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private static func oneLine(_ text: String) -> String {
        Console.clean(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
    }

    /// The columns that a text takes on a terminal.
    static func width(_ text: String) -> Int { DisplayCells.width(of: text) }
}
