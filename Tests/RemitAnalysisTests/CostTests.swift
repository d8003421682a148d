import Foundation
import RemitAnalysis
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// The worst case is never below what scenarios really cost.
@Suite struct CostTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: ["insurance-claim", "commercial-claim"]) func theWorstCaseHolds(name: String) throws {
        let file = Self.root.appendingPathComponent("Contracts/\(name).remit")
        let source = SourceText(name: name, bytes: Array(try Data(contentsOf: file)))
        let program = try #require(Compiler.compile(source).program)
        let worst = worstCaseCosts(program)
        var dearest = [UInt64](repeating: 0, count: worst.count)
        for scenario in program.scenarios {
            var run = ScenarioRun(program: program)
            for step in scenario.steps {
                run.perform(step)
                guard case .perform(let perform) = step.kind, case .action(let index) = perform.call,
                    let cost = run.last?.cost
                else { continue }
                dearest[index] = max(dearest[index], cost)
            }
        }
        for (action, real) in zip(worst, dearest) {
            #expect(action.cost.map { $0 >= real } ?? true, "\(action.action) cost \(real)")
            #expect(real > 0, "no scenario performs \(action.action)")
        }
    }
}
