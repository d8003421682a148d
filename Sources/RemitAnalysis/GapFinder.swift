import RemitValues

/// What a search for an uncovered input came to.
enum Coverage: Equatable {
    case complete
    /// An atom for each column that no row covers.
    case gap([Int])
    /// The search would have taken more pieces than the limit allows.
    case notProved
}

/// Finds inputs that no row covers, exactly.
struct GapFinder {
    let rows: [[[AtomRange]]]
    let domain: [[AtomRange]]
    /// How many pieces may still be looked at; one of many cells counts as several, so that time is bounded too.
    var budget: Int
    /// For each row and column, whether the cell holds for all of the domain.
    private var isFull: [[Bool]] = []
    /// For each row how many runs of atoms its cells hold.
    private var runs: [Int] = []

    init(_ rows: [[[AtomRange]]], domain: [[AtomRange]], budget: Int = Limits.tablePieces) {
        self.rows = rows
        self.domain = domain
        self.budget = budget
    }

    /// How many cells a piece may have to count as one.
    static let pieceCells = 64

    // Rows that do not overlap: atoms are counted.

    /// Complete if the rows' volumes add up to that of the domain; a gap is found by descending where they fall short.
    func countedCoverage() -> Coverage {
        var active = Array(rows.indices)
        var point: [Int] = []
        // For each row, the volumes of what lies behind each column.
        var volumes: [[Volume]] = []
        for row in rows { volumes.append(suffixVolumes(row)) }
        let whole = suffixVolumes(domain)
        var total = Volume.zero
        for row in volumes { total.add(row[0]) }
        guard total < whole[0] else { return .complete }
        for column in domain.indices {
            guard let atom = shortAtom(column, active, volumes, whole[column + 1]) else { return .complete }
            point.append(atom)
            active = active.filter { Atoms.contains(rows[$0][column], atom) }
        }
        return .gap(point)
    }

    private func suffixVolumes(_ cells: [[AtomRange]]) -> [Volume] {
        var result = [Volume](repeating: .one, count: cells.count + 1)
        for column in cells.indices.reversed() {
            result[column] = result[column + 1].multiplied(by: Atoms.size(cells[column]))
        }
        return result
    }

    /// The first atom of a column at which the rows together hold less than `whole` of what lies behind it.
    private func shortAtom(_ column: Int, _ active: [Int], _ volumes: [[Volume]], _ whole: Volume) -> Int? {
        var changes: [(place: Int, isEnd: Bool, row: Int)] = []
        for row in active {
            for range in rows[row][column] {
                changes.append((range.low, false, row))
                changes.append((range.high + 1, true, row))
            }
        }
        changes.sort { ($0.place, $0.row) < ($1.place, $1.row) }
        var sum = Volume.zero
        var next = 0
        var atom = 0
        let count = Atoms.size(domain[column])
        while atom < count {
            // Added first, so that the sum never falls below zero on the way.
            let start = next
            while next < changes.count, changes[next].place == atom { next += 1 }
            for change in changes[start..<next] where !change.isEnd { sum.add(volumes[change.row][column + 1]) }
            for change in changes[start..<next] where change.isEnd { sum.subtract(volumes[change.row][column + 1]) }
            if sum < whole { return atom }
            atom = next < changes.count ? changes[next].place : count
        }
        return nil
    }

    // Rows that may overlap: the domain is split until each piece is covered by one row or by none.

    private struct Piece: Hashable {
        let rows: [Int]
        let columns: [Int]
    }

    mutating func splitCoverage() -> Coverage {
        var covered: Set<Piece> = []
        var point = domain.map { $0.first?.low ?? 0 }
        if domain.contains(where: \.isEmpty) { return .complete }
        let sizes = domain.map { Atoms.size($0) }
        runs = rows.map(Atoms.runs)
        isFull = rows.map { row in
            domain.indices.map { Atoms.size(Atoms.intersection(row[$0], domain[$0])) == sizes[$0] }
        }
        let start = rows.indices.filter { row in
            domain.indices.allSatisfy { Atoms.intersect(rows[row][$0], domain[$0]) }
        }
        switch isCovered(Piece(rows: start, columns: Array(domain.indices)), &covered, &point) {
        case true?: return .complete
        case false?: return .gap(point)
        case nil: return .notProved
        }
    }

    /// Whether rows cover a piece; false leaves the way to a gap in `point`; nil where the budget is spent.
    private mutating func isCovered(_ piece: Piece, _ covered: inout Set<Piece>, _ point: inout [Int]) -> Bool? {
        if piece.rows.isEmpty { return false }
        let work = max(piece.rows.count * piece.columns.count, piece.rows.reduce(0) { $0 + runs[$1] })
        budget -= 1 + work / Self.pieceCells
        if budget < 0 { return nil }
        var open = [Int](repeating: 0, count: domain.count)
        for row in piece.rows {
            var isWhole = true
            for column in piece.columns where !isFull[row][column] {
                open[column] += 1
                isWhole = false
            }
            if isWhole { return true }
        }
        if covered.contains(piece) { return true }
        // The column on which most rows depend goes first; of equals the leftmost.
        var chosen = piece.columns[0]
        for column in piece.columns where open[column] > open[chosen] { chosen = column }
        let rest = piece.columns.filter { $0 != chosen }
        var seen: Set<[Int]> = []
        let parts = segments(piece.rows, chosen)
        if budget < 0 { return nil }
        for (atom, active) in parts where seen.insert(active).inserted {
            point[chosen] = atom
            let answer = isCovered(Piece(rows: active, columns: rest), &covered, &point)
            if answer != true { return answer }
        }
        covered.insert(piece)
        return true
    }

    /// The stretches of a column along which the same rows hold, each with its first atom; takes its work off the
    /// budget, and is not complete once that is spent.
    private mutating func segments(_ active: [Int], _ column: Int) -> [(atom: Int, rows: [Int])] {
        var changes = domain[column].map { (place: $0.low, row: -1, begins: false) }
        for row in active {
            for range in Atoms.intersection(rows[row][column], domain[column]) {
                changes.append((range.low, row, true))
                changes.append((range.high + 1, row, false))
            }
        }
        // At one place rows end before others begin.
        changes.sort { ($0.place, $0.begins ? 1 : 0, $0.row) < ($1.place, $1.begins ? 1 : 0, $1.row) }
        var result: [(atom: Int, rows: [Int])] = []
        var holding: [Int] = []
        var next = 0
        var work = changes.count
        while next < changes.count, work / Self.pieceCells <= budget {
            let place = changes[next].place
            while next < changes.count, changes[next].place == place {
                let change = changes[next]
                if change.row >= 0 { Self.update(&holding, change.row, begins: change.begins) }
                next += 1
            }
            if Atoms.contains(domain[column], place) { result.append((place, holding)) }
            work += holding.count
        }
        budget -= work / Self.pieceCells
        return result
    }

    /// Puts a row into sorted ones, or takes it out.
    private static func update(_ sorted: inout [Int], _ row: Int, begins: Bool) {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < row { low = middle + 1 } else { high = middle }
        }
        if begins {
            sorted.insert(row, at: low)
        } else if low < sorted.count, sorted[low] == row {
            sorted.remove(at: low)
        }
    }

    // Making an example of a gap as wide as it goes.

    /// A box around an uncovered point that no row touches, widened column by column.
    func widened(_ point: [Int]) -> [[AtomRange]] {
        var box = point.map { [AtomRange(low: $0, high: $0)] }
        for column in box.indices {
            var free = domain[column]
            for row in rows {
                let touches = box.indices.allSatisfy { $0 == column || Atoms.intersect(row[$0], box[$0]) }
                guard touches, let last = domain[column].last else { continue }
                free = Atoms.intersection(free, Atoms.complement(row[column], count: last.high + 1))
            }
            box[column] = free
        }
        return box
    }
}
