import RemitValues

/// Finds rows that hold for the same inputs, exactly: rows are split by the column that tells most of them apart.
struct OverlapFinder {
    let rows: [[[AtomRange]]]
    /// How many pairs to find before stopping.
    let limit: Int
    private(set) var pairs: [(first: Int, second: Int)] = []
    private var seen: Set<[Int]> = []
    /// Rows handled by splitting; beyond this the rest is compared pair by pair, which always ends.
    private var splitWork = Limits.splitRows

    init(_ rows: [[[AtomRange]]], limit: Int) {
        self.rows = rows
        self.limit = limit
    }

    mutating func run() {
        guard let columns = rows.first?.count else { return }
        let candidates = rows.indices.filter { row in rows[row].allSatisfy { !$0.isEmpty } }
        find(candidates, Array(0..<columns))
        pairs.sort { ($0.first, $0.second) < ($1.first, $1.second) }
    }

    private mutating func find(_ group: [Int], _ columns: [Int]) {
        guard group.count > 1, pairs.count < limit else { return }
        if group.count <= 12 || splitWork <= 0 { return compareAll(group, columns) }
        splitWork -= group.count
        var best: (column: Int, most: Int)?
        for column in columns {
            let most = mostActive(group, column)
            if most < best?.most ?? Int.max { best = (column, most) }
        }
        guard let best, best.most < group.count else {
            // In each column some atom is common to all: so is a whole row of atoms.
            for other in group.dropFirst() { note(group[0], other) }
            return
        }
        let rest = columns.filter { $0 != best.column }
        for clique in cliques(group, best.column) { find(clique, rest) }
    }

    private mutating func compareAll(_ group: [Int], _ columns: [Int]) {
        for (position, first) in group.enumerated() {
            for second in group[(position + 1)...] {
                if pairs.count >= limit { return }
                if columns.allSatisfy({ Atoms.intersect(rows[first][$0], rows[second][$0]) }) { note(first, second) }
            }
        }
    }

    private mutating func note(_ first: Int, _ second: Int) {
        let pair = [min(first, second), max(first, second)]
        if pairs.count < limit, seen.insert(pair).inserted { pairs.append((pair[0], pair[1])) }
    }

    /// Where runs begin and end along a column, ends after beginnings.
    private func events(_ group: [Int], _ column: Int) -> [(place: Int, isEnd: Bool, row: Int)] {
        var events: [(place: Int, isEnd: Bool, row: Int)] = []
        for row in group {
            for range in rows[row][column] {
                events.append((range.low, false, row))
                events.append((range.high, true, row))
            }
        }
        events.sort { ($0.place, $0.isEnd ? 1 : 0, $0.row) < ($1.place, $1.isEnd ? 1 : 0, $1.row) }
        return events
    }

    private func mostActive(_ group: [Int], _ column: Int) -> Int {
        var active = 0
        var most = 0
        for event in events(group, column) {
            active += event.isEnd ? -1 : 1
            most = max(most, active)
        }
        return most
    }

    /// The largest sets of rows that share an atom of a column.
    private func cliques(_ group: [Int], _ column: Int) -> [[Int]] {
        var result: [[Int]] = []
        var active: Set<Int> = []
        var hasGrown = false
        for event in events(group, column) {
            if event.isEnd {
                if hasGrown, active.count > 1 { result.append(active.sorted()) }
                hasGrown = false
                active.remove(event.row)
            } else {
                active.insert(event.row)
                hasGrown = true
            }
        }
        return result
    }
}
