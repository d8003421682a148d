import RemitLanguage
import RemitValues
import Testing

@testable import RemitAnalysis

/// Differences of conditions are compared with trying every value.
@Suite struct ComparisonTests {
    private static let names: [TextValue] = ["a", "b", "c"]

    private static func formula(_ chance: inout Chance, depth: Int) -> Formula {
        switch depth == 0 ? 0 : chance.below(5) {
        case 1: return .not(formula(&chance, depth: depth - 1))
        case 2: return .all((0..<2).map { _ in formula(&chance, depth: depth - 1) })
        case 3: return .some((0..<3).map { _ in formula(&chance, depth: depth - 1) })
        case 4 where chance.below(4) == 0: return .constant(chance.below(2) == 0)
        default:
            let low = chance.below(5)
            let range = ValueRange(
                lower: chance.below(3) == 0 ? nil : .integer(Int64(low)), lowerIncluded: chance.below(2) == 0,
                upper: chance.below(3) == 0 ? nil : .integer(Int64(low + chance.below(3))),
                upperIncluded: chance.below(2) == 0)
            return .cell(input: names[chance.below(3)], .integer, .ranges([range]))
        }
    }

    private static func holds(_ formula: Formula, _ point: [Int64]) -> Bool {
        switch formula {
        case .constant(let value): value
        case .not(let inner): !holds(inner, point)
        case .all(let parts): parts.allSatisfy { holds($0, point) }
        case .some(let parts): parts.contains { holds($0, point) }
        case .order: false
        case .cell(let input, _, let cell):
            if case .ranges(let ranges) = cell, let index = names.firstIndex(of: input) {
                ranges.contains { $0.contains(.integer(point[index])) }
            } else {
                false
            }
        }
    }

    @Test(arguments: 1...300) func regionsAreExactlyWhereTwoConditionsDiffer(seed: Int) {
        var chance = Chance(state: UInt64(seed))
        let first = Self.formula(&chance, depth: 3)
        let second = Self.formula(&chance, depth: 3)
        let program = CheckedProgram(name: "Small", version: 1)
        let comparison = FormulaComparison(first, second, program)
        #expect(comparison.isComplete, "seed \(seed)")
        for a in Int64(-1)...8 {
            for b in Int64(-1)...8 {
                for c in Int64(-1)...8 {
                    let point = [a, b, c]
                    let found = comparison.regions.filter { region in
                        region.region.allSatisfy { part in
                            let name = comparison.inputs[part.input]
                            guard let index = Self.names.firstIndex(of: name) else { return false }
                            let exact = ValueRange(
                                lower: .integer(point[index]), lowerIncluded: true, upper: .integer(point[index]),
                                upperIncluded: true)
                            return Atoms.intersect(
                                comparison.columns[part.input].atoms(of: .ranges([exact])), part.atoms)
                        }
                    }
                    let (one, other) = (Self.holds(first, point), Self.holds(second, point))
                    guard one != other || !found.isEmpty else { continue }
                    #expect(found.count == 1 && one != other, "seed \(seed), point \(point)")
                    #expect(found.first?.firstHolds == one, "seed \(seed), point \(point)")
                }
            }
        }
    }

    @Test(arguments: 1...200) func whatIsLeftOfABoxIsDisjointAndWhole(seed: Int) {
        var chance = Chance(state: UInt64(seed))
        func side() -> [AtomRange] {
            Atoms.normal(
                (0..<(1 + chance.below(2))).map { _ in
                    let low = chance.below(6)
                    return AtomRange(low: low, high: low + chance.below(3))
                })
        }
        let (box, other) = (AtomBox(sides: [side(), side(), side()]), AtomBox(sides: [side(), side(), side()]))
        let left = box.subtracting(other)
        func isIn(_ box: AtomBox, _ point: [Int]) -> Bool {
            zip(box.sides, point).allSatisfy { Atoms.contains($0, $1) }
        }
        for a in 0..<9 {
            for b in 0..<9 {
                for c in 0..<9 {
                    let point = [a, b, c]
                    let expected = isIn(box, point) && !isIn(other, point)
                    #expect(left.count { isIn($0, point) } == (expected ? 1 : 0), "seed \(seed), point \(point)")
                }
            }
        }
    }

    @Test func periodsAreCutAtEveryDate() throws {
        let first = try #require(CalendarDate(year: 2025, month: 1, day: 1))
        let second = try #require(CalendarDate(year: 2026, month: 1, day: 1))
        let pieces = PolicyComparison.pieces([Period(from: first, until: second), Period(from: second, until: nil)])
        #expect(
            pieces == [
                Period(from: nil, until: first), Period(from: first, until: second), Period(from: second, until: nil),
            ])
        #expect(PolicyComparison.holds(Period(from: first, until: nil), throughout: pieces[2]))
        #expect(!PolicyComparison.holds(Period(from: second, until: nil), throughout: pieces[1]))
        #expect(PolicyComparison.pieces([Period(from: nil, until: nil)]) == [Period(from: nil, until: nil)])
    }
}
