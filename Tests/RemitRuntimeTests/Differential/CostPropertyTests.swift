import Foundation
import RemitAnalysis
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// The worst case of an action is never below what it really costs, with values as large as their types allow and
/// nothing else in the action that would hide a difference.
@Suite struct CostPropertyTests {
    @Test func noConditionCostsMoreThanItsWorstCase() throws {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["REMIT_SEED"].flatMap { UInt64($0) } ?? 1
        let count = environment["REMIT_PROGRAMS"].flatMap { UInt64($0) } ?? 120
        var problems: [String] = []
        var contracts: UInt64 = 0
        var requests = 0
        var near = 0
        for seed in first..<first + count {
            var generator = ContractGenerator(seed: seed)
            let text = generator.pricedContract()
            guard let program = Compiler.compile(SourceText(name: "priced.remit", text)).program else { continue }
            contracts += 1
            let bounds = worstCaseCosts(program)
            let machine = Evaluator(ExecutableProgram(program))
            let reference = Evaluator(program: program)
            var values = ValueGenerator(chance: Chance(seed: seed &* 17 &+ 3), program: program)
            for isFull in [true, false, false] {
                values.isFull = isFull
                for (action, declared) in program.actions.enumerated() {
                    let request = try Self.request(action, declared.enters.map { program.caseFields[$0].type }, &values)
                    let found = try reference.perform(request, view: DifferentialWorld())
                    requests += 1
                    let bound = try #require(bounds[action].cost)
                    if found.cost > bound {
                        problems.append("seed \(seed): cost \(found.cost), bound \(bound): \(Self.line(text, action))")
                    }
                    if isFull, found.cost * 2 >= bound { near += 1 }
                    let other = try machine.perform(request, view: DifferentialWorld())
                    if let difference = Verdicts.difference(found, other) {
                        problems.append("seed \(seed): \(difference): \(Self.line(text, action))")
                    }
                }
            }
        }
        #expect(problems == [])
        // A generator whose contracts are refused, or bounds that are far from every cost, would show nothing.
        #expect(contracts * 10 >= count * 8)
        #expect(near * 10 >= requests / 3, "\(near) of \(requests / 3) bounds are near")
    }

    private static func request(
        _ action: Int, _ types: [ValueType], _ values: inout ValueGenerator
    ) throws -> Request {
        let now = try #require(Instant(seconds: 1_770_000_000))
        return Request(
            call: .action(action), actor: Party(.person, "ann"), organisation: Party(.organisation, "home"), now: now,
            arguments: types.map { values.value($0) }, existing: nil, newReference: "Priced/1")
    }

    private static func line(_ text: String, _ action: Int) -> String {
        text.components(separatedBy: "\n").first { $0.hasPrefix("action priced\(action) ") } ?? ""
    }
}
