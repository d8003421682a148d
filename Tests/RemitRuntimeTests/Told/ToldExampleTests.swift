import Foundation
import RemitAnalysis
import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// Every example that a comparison tells is played from its words alone, and decided differently.
@Suite struct ToldExampleTests {
    /// What a run over many pairs came to.
    struct Tally {
        var pairs = 0
        var told = 0
        var examples = 0
        var faults: [String] = []
    }

    private static func number(_ name: String, _ otherwise: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise
    }

    private static func say(_ text: String) {
        guard ProcessInfo.processInfo.environment["REMIT_SUMMARY"] != nil else { return }
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Random contracts, each with mutants of itself.
    @Test func whatIsToldOfRandomPairsHolds() throws {
        let first = Self.number("REMIT_SEED", 1)
        let count = Self.number("REMIT_PAIRS", 3)
        var tally = Tally()
        for seed in first..<first + count {
            var generator = ContractGenerator(seed: UInt64(seed))
            try Self.run(
                "seed \(seed)", generator.contract(), ContractGenerator.find, seed: UInt64(seed), mutants: 1, &tally)
        }
        let counts = "\(tally.pairs) pairs, \(tally.told) told, \(tally.examples) examples"
        Self.say("seeds \(first) to \(first + count - 1): \(counts)")
        #expect(tally.faults == [], "seeds \(first) to \(first + count - 1)")
        #expect(tally.pairs * 2 >= count, "seeds \(first) to \(first + count - 1)")
    }

    /// The contracts of the project, each with mutants of itself.
    @Test(arguments: [
        "emergency-disbursement", "equipment", "herb-lots", "insurance-claim", "materials", "online-care",
    ])
    func whatIsToldOfContractsHolds(name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Contracts")
        func text(_ name: String) throws -> String {
            let file = folder.appending(path: "\(name).remit")
            return try String(contentsOf: file, encoding: .utf8)
        }
        var whole = try text(name)
        if whole.contains("use      Hospital") { whole += "\n" + (try text("hospital")) }
        let first = Self.number("REMIT_SEED", 1)
        var tally = Tally()
        try Self.run(
            "\(name) \(first)", whole, { _ in .missing }, seed: UInt64(first),
            mutants: Self.number("REMIT_MUTANTS", 1), &tally)
        Self.say("\(name), seed \(first): \(tally.pairs) pairs, \(tally.told) told, \(tally.examples) examples")
        #expect(tally.faults == [], "seed \(first)")
        #expect(tally.pairs > 0)
    }

    private static func run(
        _ name: String, _ text: String, _ find: @escaping (ContractReference) -> FoundContract, seed: UInt64,
        mutants count: Int, _ tally: inout Tally
    ) throws {
        let source = SourceText(name: "told.remit", text)
        let compilation = Compiler.compile(source, find: find)
        guard let program = compilation.program, let contract = parse(source).contract else { return }
        var chance = Chance(seed: seed &* 77 &+ 5)
        let rules = mutants(of: contract, in: source)
        let edits = PolicyEdits(of: contract, in: source).all
        guard !rules.isEmpty, !edits.isEmpty else { return }
        var left = count
        for _ in 0..<20 * count where left > 0 {
            // Single rules, and whatever else people change of a policy.
            let edit: PolicyEdits.Edit
            if chance.below(2) == 0 {
                let mutant = chance.pick(rules)
                edit = (mutant.words, mutant.text(of: source))
            } else {
                edit = chance.pick(edits)
            }
            let changed = SourceText(name: "told.remit", bytes: edit.text)
            guard let other = Compiler.compile(changed, find: find).program else { continue }
            tally.pairs += 1
            left -= 1
            let compared = PolicyComparison.compare(
                old: program, oldSource: source, new: other, newSource: changed, find: find)
            let told = compared.differences + compared.unresolved
            tally.told += told.count
            for difference in told where !difference.example.isEmpty {
                tally.examples += 1
                if let fault = try fault(of: difference, program, other) {
                    tally.faults.append("\(name), \(edit.words): \(difference.name): \(fault)")
                }
            }
            if told.isEmpty, let difference = try sampled(program, other, &chance) {
                tally.faults.append("\(name), \(edit.words): told alike, and differs: \(difference)")
            }
        }
    }

    /// What is wrong with an example, as it is told.
    private static func fault(
        of difference: PolicyDifference, _ old: CheckedProgram, _ new: CheckedProgram
    ) throws -> String? {
        let told = difference.example.map { (input: $0.input, value: $0.value) }
        let one = try ToldCase(old, told).decision(comparedWith: new)
        let other = try ToldCase(new, told).decision(comparedWith: old)
        let words = told.map { "\($0.input) is \($0.value)" }.joined(separator: ", ")
        guard let one, let other else { return "cannot be played: \(words)" }
        return one == other ? "is decided alike: \(words); \(one.joined(separator: "; "))" : nil
    }

    /// A request that two versions decide differently, if one is met by chance.
    private static func sampled(
        _ old: CheckedProgram, _ new: CheckedProgram, _ chance: inout Chance
    ) throws -> String? {
        var values = ValueGenerator(chance: chance, program: old)
        values.isMild = true
        let world = DifferentialWorld()
        for _ in 0..<40 {
            guard let index = old.actions.firstIndex(where: { !$0.opens.isEmpty }) else { return nil }
            let action = old.actions[index]
            let arguments = (action.enters.map { old.caseFields[$0] } + action.parameters).map { values.value($0.type) }
            let request = Request(
                action: index, actor: DifferentialWorld.people[0], organisation: world.home,
                now: ValueGenerator.epoch, arguments: arguments, existing: nil, newReference: "Case/1")
            let one = try Evaluator(program: old).perform(request, view: world)
            let other = try Evaluator(program: new).perform(request, view: world)
            if let difference = Verdicts.difference(one, other), one.cost == other.cost { return difference }
        }
        return nil
    }
}
