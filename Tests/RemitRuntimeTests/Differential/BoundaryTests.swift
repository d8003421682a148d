import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Every operator at the edges of its types, by both evaluators: overflow, rounding of halves, 38 digits.
@Suite struct BoundaryTests {
    private static let integers: [Int64] = [
        .min, .min + 1, -(1 << 62), -3, -2, -1, 0, 1, 2, 3, 7, 10, (1 << 58) - 1, 1 << 58, 1 << 62, .max - 1, .max,
    ]

    /// Coefficients and places: halves of both signs, what just fits a word and what just does not, 38 digits.
    private static let decimals: [(Int128, Int)] = [
        (0, 0), (1, 0), (-1, 0), (5, 1), (-5, 1), (15, 1), (-15, 1), (25, 1), (-25, 1), (125, 3), (-125, 3), (1, 18),
        (-1, 18), (5, 18), (333, 3), (ExactDecimal.maximumCoefficient, 0), (-ExactDecimal.maximumCoefficient, 0),
        (ExactDecimal.maximumCoefficient, 1), (-ExactDecimal.maximumCoefficient, 18), ((1 << 58) - 1, 0),
        (1 << 58, 0), (-(1 << 58), 2), (-(1 << 58) - 1, 2), (Int128(Int64.max) * 100 + 50, 2),
        (Int128(Int64.min) * 100 - 50, 2), (Int128(Int64.max), 0), (9_223_372_036_854_775_807_5, 1),
    ]

    private static let modes = ["half up", "half even", "up", "down"]

    /// A contract with an action for each expression; `a` and `b` are its parameters.
    private static func contract() -> String {
        var text = """
            contract Edges version 1
              title "Edges"
            role Clerk
            case { whole: Integer starts 0 exact: Decimal starts 0.0
              money: CNY starts 0 CNY days: Duration starts 0 days
              holds: Boolean starts no parts: list of CNY (7) starts [] }
            final state done

            """
        var count = 0
        func action(_ heads: String, _ field: String, _ expression: String) {
            count += 1
            text += "action do\(count)(\(heads)) opens done by Clerk { set \(field) to \(expression) }\n"
        }
        for sign in ["+", "-", "*"] {
            action("a: Integer, b: Integer", "whole", "a \(sign) b")
            action("a: Decimal, b: Decimal", "exact", "a \(sign) b")
            if sign == "*" {
                action("a: CNY, b: Integer", "money", "a * b")
                action("a: Duration, b: Integer", "days", "magnitude(-a)")
            } else {
                action("a: CNY, b: CNY", "money", "a \(sign) b")
                action("a: Duration, b: Duration", "days", "a \(sign) b")
            }
        }
        for mode in modes {
            action("a: CNY, b: Decimal", "money", "a * b rounded \(mode)")
            action("a: CNY, b: Decimal", "money", "a / b rounded \(mode)")
            action("a: CNY, b: CNY", "exact", "a / b rounded \(mode) to 4 places")
            for places in [0, 1, 2, 17, 18] {
                action("a: Decimal, b: Decimal", "exact", "a rounded \(mode) to \(places) places")
                action("a: Decimal, b: Decimal", "exact", "a / b rounded \(mode) to \(places) places")
                action("a: Integer, b: Integer", "exact", "a / b rounded \(mode) to \(places) places")
            }
        }
        action("a: Integer, b: Integer", "whole", "-a")
        action("a: Integer, b: Integer", "whole", "magnitude(a)")
        action("a: Decimal, b: Decimal", "exact", "magnitude(-a)")
        action("a: Decimal, b: Integer", "exact", "a * b + 1.0 * b")
        action("a: Decimal, b: Decimal", "exact", "largest(a, b) - smallest(a, b)")
        action("a: CNY, b: Decimal", "holds", "a * b > a and a * b is not a")
        action("a: Decimal, b: Decimal", "holds", "a < b or a is b")
        action("a: CNY, b: Decimal", "money", "a + a * b rounded half even")
        action("a: CNY, b: Integer", "parts", "split(a, 7)")
        action("a: CNY, b: list of Integer (3)", "parts", "split(a, b)")
        return text
    }

    private static func values(_ type: ValueType) -> [Value] {
        switch type {
        case .integer: return integers.map { .integer($0) }
        case .money(let currency): return integers.map { .money(Money(minorUnits: $0, currency: currency)) }
        case .duration: return integers.map { .duration(Duration(seconds: $0)) }
        case .list:
            let lists: [[Int64]] = [[], [0], [1, 2, 3], [.max, .max, .max], [0, .max, 1], [1, -1], [3, 0, 3]]
            return lists.map { .list($0.map { .integer($0) }) }
        default:
            return decimals.compactMap { try? ExactDecimal(coefficient: $0.0, scale: $0.1) }.map { .decimal($0) }
        }
    }

    @Test func bothEvaluatorsAgreeAtTheEdges() throws {
        let compilation = Compiler.compile(SourceText(name: "edges.remit", Self.contract()))
        #expect(compilation.diagnostics.filter { $0.code.severity == .error }.map(\.message) == [])
        let program = try #require(compilation.program)
        let executable = ExecutableProgram(program)
        #expect(executable.reasonForReference == nil)
        let machine = Evaluator(executable)
        let reference = Evaluator(program: program)
        let world = DifferentialWorld()
        let now = try #require(Instant(seconds: 1_770_000_000))
        var differences: [String] = []
        var words: [String: Int] = [:]
        for (index, action) in program.actions.enumerated() {
            for one in Self.values(action.parameters[0].type) {
                for other in Self.values(action.parameters[1].type) {
                    let request = Request(
                        action: index, actor: Party(.person, "bo"), organisation: world.home, now: now,
                        arguments: [one, other], existing: nil, newReference: "Edges/1")
                    let expected = try reference.perform(request, view: world)
                    let found = try #require(try machine.run(request, view: world))
                    if let difference = Verdicts.difference(expected, found) {
                        differences.append("\(action.name) of \(one) and \(other): \(difference)")
                    }
                    words[Verdicts.word(expected), default: 0] += 1
                }
            }
        }
        #expect(differences == [])
        #expect(Set(words.keys) == ["done", "overflow", "divisionByZero", "precision", "bound"], "\(words)")
        #expect((words["done"] ?? 0) > 10_000)
    }
}
