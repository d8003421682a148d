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

    /// The columns that a text takes on a terminal: wide East Asian characters take two, combining marks none.
    static func width(_ text: String) -> Int {
        var width = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x300...0x36F, 0x200B...0x200D, 0xFE00...0xFE0F: break
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                width += 2
            default: width += 1
            }
        }
        return width
    }
}
