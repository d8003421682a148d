import RemitLanguage
import RemitValues

/// A run of neighbouring atoms of a column, both ends included.
struct AtomRange: Hashable {
    var low: Int
    var high: Int

    var count: Int { high - low + 1 }
}

/// The inputs of a table cut so finely that each cell is a whole number of pieces (atoms) of its column.
///
/// Two values of one atom cannot be told apart by any row, so that everything said of atoms is exact.
struct TableSpace {
    let columns: [TableColumn]
    /// For each row and column the atoms that the cell accepts: sorted, disjoint, not touching.
    let rows: [[[AtomRange]]]
    /// All atoms of each column.
    let domain: [[AtomRange]]

    init(_ table: TableDeclaration, _ section: CheckedTableSection, _ program: CheckedProgram) {
        var columns: [TableColumn] = []
        for (index, input) in table.inputs.enumerated() {
            let cells = section.rows.map { $0.cells[index] }
            columns.append(TableColumn(input.type, cells, program))
        }
        self.columns = columns
        rows = section.rows.map { row in zip(columns, row.cells).map { $0.atoms(of: $1) } }
        domain = columns.map { [AtomRange(low: 0, high: $0.atomCount - 1)] }
    }

    /// For tests: a space of given sizes.
    init(columns: [TableColumn], rows: [[[AtomRange]]]) {
        self.columns = columns
        self.rows = rows
        domain = columns.map { [AtomRange(low: 0, high: $0.atomCount - 1)] }
    }
}

/// Operations on sorted, disjoint runs of atoms.
enum Atoms {
    static func intersect(_ left: [AtomRange], _ right: [AtomRange]) -> Bool { first(left, right) != nil }

    /// The first run that both hold.
    static func first(_ left: [AtomRange], _ right: [AtomRange]) -> AtomRange? {
        var i = 0
        var j = 0
        while i < left.count, j < right.count {
            let low = max(left[i].low, right[j].low)
            let high = min(left[i].high, right[j].high)
            if low <= high { return AtomRange(low: low, high: high) }
            if left[i].high < right[j].high { i += 1 } else { j += 1 }
        }
        return nil
    }

    static func intersection(_ left: [AtomRange], _ right: [AtomRange]) -> [AtomRange] {
        var result: [AtomRange] = []
        var i = 0
        var j = 0
        while i < left.count, j < right.count {
            let low = max(left[i].low, right[j].low)
            let high = min(left[i].high, right[j].high)
            if low <= high { result.append(AtomRange(low: low, high: high)) }
            if left[i].high < right[j].high { i += 1 } else { j += 1 }
        }
        return result
    }

    /// Sorted and joined where runs touch or overlap.
    static func normal(_ ranges: [AtomRange]) -> [AtomRange] {
        var result: [AtomRange] = []
        for range in ranges.sorted(by: { $0.low < $1.low }) where range.low <= range.high {
            if let last = result.last, range.low <= last.high + 1 {
                result[result.count - 1].high = max(last.high, range.high)
            } else {
                result.append(range)
            }
        }
        return result
    }

    static func complement(_ ranges: [AtomRange], count: Int) -> [AtomRange] {
        var result: [AtomRange] = []
        var next = 0
        for range in ranges {
            if range.low > next { result.append(AtomRange(low: next, high: range.low - 1)) }
            next = range.high + 1
        }
        if next < count { result.append(AtomRange(low: next, high: count - 1)) }
        return result
    }

    static func contains(_ ranges: [AtomRange], _ atom: Int) -> Bool {
        ranges.contains { $0.low <= atom && atom <= $0.high }
    }

    /// How many runs the cells of a row hold together.
    static func runs(_ row: [[AtomRange]]) -> Int { row.reduce(0) { $0 + $1.count } }

    static func size(_ ranges: [AtomRange]) -> Int { ranges.reduce(0) { $0 + $1.count } }
}
