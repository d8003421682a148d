import RemitLanguage
import Testing

@testable import RemitAnalysis

/// Small policies changed as people change them: every case is decided by both versions, and whatever is decided
/// differently lies in a region that is told.
@Suite struct ComparisonPairTests {
    /// A policy by its variable parts.
    private struct Policy {
        var names = ["a", "b", "c"]
        var limits: [Int]
        var month = 1
        var bound: Int
        var outputs: [Int]
        var guardian: Int
        var isStrict = false
        var finding: Int
        var rounding = 0
        var states = 2
        var term = 30
        var key = 0

        init(_ chance: inout Chance) {
            limits = [chance.below(9), chance.below(9)]
            bound = chance.below(6)
            outputs = (0..<4).map { _ in chance.below(4) }
            guardian = chance.below(5)
            finding = chance.below(8)
        }

        mutating func change(_ chance: inout Chance) {
            switch chance.below(12) {
            case 0: names.append(names.removeFirst())
            case 1: limits[chance.below(2)] = chance.below(9)
            case 2: month = 1 + chance.below(3)
            case 3: bound = chance.below(6)
            case 4: outputs[chance.below(4)] = chance.below(4)
            case 5: guardian = chance.below(5)
            case 6: isStrict.toggle()
            case 7: finding = chance.below(8)
            case 8: rounding = chance.below(4)
            case 9: states = 1 + chance.below(2)
            case 10: term = 30 + chance.below(3)
            default: key = chance.below(4)
            }
        }

        var text: String {
            let keys = ["", "unique by k", "unique by k, n", "unique by k except done"]
            let modes = ["half up", "half even", "up", "down"]
            return """
                contract Small version 1
                  title "Small"
                role Clerk
                enum K { \(names.joined(separator: ", ")) }
                parameter lim: Integer { from 2020-01-01: \(limits[0]) from 2026-0\(month)-01: \(limits[1]) }
                table grade(k: K, n: Integer) gives g: Integer {
                  | k | n || g |
                  | a | < \(bound) || \(outputs[0]) |
                  | a | >= \(bound) || \(outputs[1]) |
                  | b | any || \(outputs[2]) |
                  | c | any || \(outputs[3]) |
                }
                case {
                  k : K
                  n : Integer
                  m : Integer starts 0
                  r : CNY starts 0 CNY
                }
                state mid, late
                final state done
                \(keys[key])
                checks look { note "C" "much" when n > \(finding) }
                action go opens mid by Clerk enters k, n {
                  require n <= lim on today else "Z-1" "no"
                  set m to grade(k, n)
                  set r to n * 0.01 CNY * 0.5 rounded \(modes[rounding])
                  run look
                  become mid
                }
                action fin in \(states == 2 ? "mid, late" : "mid") by Clerk {
                  require n \(isStrict ? ">" : ">=") \(guardian) else "Z-2" "low"
                  become done
                }
                after \(term) days in mid { become late }
                """
        }
    }

    @Test(arguments: 1...24) func whateverIsDecidedDifferentlyIsTold(seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let first = Policy(&chance)
        var second = first
        for _ in 0...chance.below(2) { second.change(&chance) }
        let found = try ComparedCases(first.text, second.text)
        let told = found.lines.joined(separator: "\n")
        #expect(try found.faults() == [], "seed \(seed)\n\(second.text)\n\(told)")
        // What is written otherwise is told, whether or not it decides; what is not, is not.
        let isTold = !found.comparison.differences.isEmpty || !found.comparison.unresolved.isEmpty
        #expect(isTold == (first.text != second.text), "seed \(seed)\n\(told)")
    }
}
