import Foundation
import RemitLanguage
import Testing

@testable import RemitAnalysis

/// Every region with an example is one that two versions decide differently, and every case that they decide
/// differently is told.
@Suite struct ComparisonCaseTests {
    private static let folder = "Comparisons"

    static let cases = ChangeFile.names(in: folder)

    /// Behind each change of a case file stands what is told of it.
    @Test(arguments: cases) func whatIsToldIsDecidedDifferently(name: String) throws {
        try ChangeFile(name, in: Self.folder).judge { change, old, new in
            let found = try ComparedCases(old, new)
            #expect(try found.faults() == [], "\(name): \(change)")
            return found.lines
        }
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 6) }

    /// Every constant and operator of the guards changed by chance, twice for a pair.
    @Test(arguments: 1...10) func randomPairsAreToldTruly(seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let text = Self.contract(&chance)
        let source = SourceText(name: "small", text)
        let contract = try #require(parse(source).contract)
        let all = mutants(of: contract, in: source)
        for _ in 0..<2 {
            let mutant = all[chance.below(all.count)]
            let changed = String(decoding: mutant.text(of: source), as: UTF8.self)
            guard Compiler.compile(SourceText(name: "small", changed)).program != nil else { continue }
            let found = try ComparedCases(text, changed)
            let told = found.lines.joined(separator: "\n")
            #expect(try found.faults() == [], "seed \(seed): \(mutant.words)\n\(text)\n\(told)")
        }
    }

    private static func condition(_ chance: inout Chance, depth: Int = 2) -> String {
        func number() -> Int { chance.below(6) }
        switch depth == 0 ? chance.below(5) : chance.below(9) {
        case 0: return "n \(["<", "<=", ">", ">=", "is", "is not"][chance.below(6)]) \(number())"
        case 1: return "x \(["<", "<=", ">", ">="][chance.below(4)]) \(number())"
        case 2: return "k is \(["a", "b", "c"][chance.below(3)])"
        case 3: return "n \(["<", "<=", ">", ">="][chance.below(4)]) x"
        case 4: return "f"
        case 5: return "(\(condition(&chance, depth: depth - 1)) and \(condition(&chance, depth: depth - 1)))"
        case 6: return "(\(condition(&chance, depth: depth - 1)) or \(condition(&chance, depth: depth - 1)))"
        case 7: return "(o is present and o > \(number()))"
        default: return "not \(condition(&chance, depth: 0))"
        }
    }

    private static func contract(_ chance: inout Chance) -> String {
        func require(_ code: Int) -> String { "require \(condition(&chance)) else \"Z-\(code)\" \"no\"" }
        let code = chance.below(2)
        return """
            contract Small version 1
              title "Small"
            role Clerk
            enum K { a, b, c }
            parameter lim: Integer { from 2020-01-01: \(chance.below(5)) from 2026-01-01: \(chance.below(7)) }
            case {
              k : K
              n : Integer
              x : Integer
              f : Boolean
              o : optional Integer
              s : Integer starts 0
            }
            state mid
            final state done, denied
            function big(i: Integer) gives Boolean { return i > \(chance.below(6)) }
            checks screening(y: Integer) {
              deny "A" "a" when \(condition(&chance))
              note "B" "b" when y > \(chance.below(6)) and \(condition(&chance, depth: 1))
              note "C" "c" when big(y) or y < lim on \(["today", "2026-02-01"][chance.below(2)])
            }
            action go opens mid, denied by Clerk enters k, n, x, f, o {
              \(require(1))
              let z = \(["n", "x"][chance.below(2)])
              set s to \(["5", "x", "z"][chance.below(3)])
              if \(condition(&chance, depth: 1)) { \(require(1 + code)) } else { \(require(3)) }
              require s > \(chance.below(6)) else "Z-4" "no"
              run screening(z)
              match screening { deny { become denied } pend, note, clear { become mid } }
            }
            """
    }
}
