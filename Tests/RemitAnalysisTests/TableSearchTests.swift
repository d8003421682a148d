import RemitLanguage
import RemitValues
import Testing

@testable import RemitAnalysis

/// A small generator of repeatable numbers.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// The searches against looking at every combination.
@Suite struct TableSearchTests {
    /// Random cells over a domain of `sizes`, often whole columns so that rows meet and gaps are rare enough.
    private func randomRows(_ sizes: [Int], _ count: Int, _ random: inout SplitMix64) -> [[[AtomRange]]] {
        (0..<count).map { _ in
            sizes.map { size in
                if random.below(3) == 0 { return [AtomRange(low: 0, high: size - 1)] }
                let chosen = (0..<size).filter { _ in random.below(2) == 0 }
                return Atoms.normal(chosen.map { AtomRange(low: $0, high: $0) })
            }
        }
    }

    private func points(_ sizes: [Int]) -> [[Int]] {
        sizes.reduce([[]]) { points, size in points.flatMap { point in (0..<size).map { point + [$0] } } }
    }

    private func covers(_ row: [[AtomRange]], _ point: [Int]) -> Bool {
        zip(row, point).allSatisfy { Atoms.contains($0, $1) }
    }

    @Test(arguments: [UInt64](1...400)) func searchesAgreeWithBruteForce(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let sizes = (0..<1 + random.below(4)).map { _ in 1 + random.below(4) }
        let rows = randomRows(sizes, random.below(16), &random)
        let domain = sizes.map { [AtomRange(low: 0, high: $0 - 1)] }
        let all = points(sizes)
        let uncovered = all.filter { point in !rows.contains { covers($0, point) } }
        var pairs: Set<[Int]> = []
        for point in all {
            let hits = rows.indices.filter { covers(rows[$0], point) }
            for (position, first) in hits.enumerated() {
                for second in hits[(position + 1)...] { pairs.insert([first, second]) }
            }
        }
        var overlaps = OverlapFinder(rows, limit: .max)
        overlaps.run()
        // Where all rows of a group meet, only pairs with its first row are reported: at least one for each overlap.
        #expect(Set(overlaps.pairs.map { [$0.first, $0.second] }).isSubset(of: pairs), "seed \(seed)")
        #expect(overlaps.pairs.isEmpty == pairs.isEmpty, "seed \(seed)")
        var gaps = GapFinder(rows, domain: domain)
        check(gaps.splitCoverage(), uncovered, rows, domain, seed)
        if pairs.isEmpty { check(gaps.countedCoverage(), uncovered, rows, domain, seed) }
    }

    private func check(
        _ coverage: Coverage, _ uncovered: [[Int]], _ rows: [[[AtomRange]]], _ domain: [[AtomRange]], _ seed: UInt64
    ) {
        switch coverage {
        case .complete: #expect(uncovered.isEmpty, "seed \(seed)")
        case .gap(let point):
            #expect(uncovered.contains(point), "seed \(seed)")
            let box = GapFinder(rows, domain: domain).widened(point)
            #expect(zip(box, point).allSatisfy { Atoms.contains($0, $1) }, "seed \(seed)")
            let inside = points(domain.map { Atoms.size($0) }).filter { covers(box, $0) }
            #expect(inside.allSatisfy { uncovered.contains($0) }, "seed \(seed)")
        case .notProved: Issue.record("seed \(seed): not proved")
        }
    }

    /// A table that splits its domain again and again has no overlap and no gap; without one row it has that gap.
    @Test(arguments: [UInt64](1...60)) func partitionsAreCompleteUntilARowIsTakenOut(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let sizes = (0..<2 + random.below(3)).map { _ in 2 + random.below(40) }
        let domain = sizes.map { [AtomRange(low: 0, high: $0 - 1)] }
        var boxes = [domain]
        for _ in 0..<random.below(200) {
            let box = boxes.remove(at: random.below(boxes.count))
            let column = random.below(sizes.count)
            let range = box[column][0]
            guard range.count > 1 else {
                boxes.append(box)
                continue
            }
            let cut = range.low + random.below(range.count - 1)
            var left = box
            var right = box
            left[column] = [AtomRange(low: range.low, high: cut)]
            right[column] = [AtomRange(low: cut + 1, high: range.high)]
            boxes += [left, right]
        }
        var overlaps = OverlapFinder(boxes, limit: 1)
        overlaps.run()
        #expect(overlaps.pairs.isEmpty, "seed \(seed)")
        #expect(GapFinder(boxes, domain: domain).countedCoverage() == .complete, "seed \(seed)")
        let missing = boxes.remove(at: random.below(boxes.count))
        guard case .gap(let point) = GapFinder(boxes, domain: domain).countedCoverage() else {
            Issue.record("seed \(seed): the gap was not found")
            return
        }
        #expect(covers(missing, point), "seed \(seed)")
        var doubled = OverlapFinder(boxes + [missing, missing], limit: 1)
        doubled.run()
        #expect(doubled.pairs.map { [$0.first, $0.second] } == [[boxes.count, boxes.count + 1]], "seed \(seed)")
    }

    /// Twenty yes/no columns are a million combinations; nobody counts them one by one.
    @Test func manyColumnsAreNoTrouble() {
        let domain = (0..<20).map { _ in [AtomRange(low: 0, high: 1)] }
        // Row k: the first k columns are yes, column k is no; and one row of yes everywhere.
        var rows: [[[AtomRange]]] = (0..<20).map { row in
            (0..<20).map { column in
                if column < row { return [AtomRange(low: 1, high: 1)] }
                return column == row ? [AtomRange(low: 0, high: 0)] : [AtomRange(low: 0, high: 1)]
            }
        }
        var gaps = GapFinder(rows, domain: domain)
        #expect(gaps.countedCoverage() == .gap([Int](repeating: 1, count: 20)))
        #expect(gaps.splitCoverage() == .gap([Int](repeating: 1, count: 20)))
        rows.append(domain.map { _ in [AtomRange(low: 1, high: 1)] })
        gaps = GapFinder(rows, domain: domain)
        #expect(gaps.countedCoverage() == .complete)
        #expect(gaps.splitCoverage() == .complete)
    }

    /// More than the budget allows ends with an answer that says so.
    @Test func aSpentBudgetIsSaid() {
        // Pigeons in holes: every row forbids two in one hole, or says that a pigeon has none.
        let holes = 9
        let pigeons = 10
        var rows: [[[AtomRange]]] = []
        let any = [AtomRange(low: 0, high: 1)]
        let yes = [AtomRange(low: 1, high: 1)]
        let no = [AtomRange(low: 0, high: 0)]
        for pigeon in 0..<pigeons {
            rows.append((0..<pigeons * holes).map { $0 / holes == pigeon ? no : any })
        }
        for hole in 0..<holes {
            for first in 0..<pigeons {
                for second in (first + 1)..<pigeons {
                    rows.append(
                        (0..<pigeons * holes).map {
                            $0 == first * holes + hole || $0 == second * holes + hole ? yes : any
                        })
                }
            }
        }
        let domain = (0..<pigeons * holes).map { _ in any }
        var gaps = GapFinder(rows, domain: domain, budget: 500)
        #expect(gaps.splitCoverage() == .notProved)
    }

    /// Ten thousand rows over several columns.
    @Test func tenThousandRows() {
        let side = 10
        var rows: [[[AtomRange]]] = []
        for index in 0..<10_000 {
            let digits = [index / 1000, index / 100 % 10, index / 10 % 10, index % 10]
            rows.append(digits.map { [AtomRange(low: $0, high: $0)] })
        }
        let domain = (0..<4).map { _ in [AtomRange(low: 0, high: side - 1)] }
        var overlaps = OverlapFinder(rows, limit: 8)
        overlaps.run()
        #expect(overlaps.pairs.isEmpty)
        #expect(GapFinder(rows, domain: domain).countedCoverage() == .complete)
    }
}
