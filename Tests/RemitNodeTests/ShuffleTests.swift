import Foundation
import RemitLanguage
import RemitLedger
import RemitValues
import Testing

@testable import RemitNode
@testable import RemitRuntime

/// The order of declarations means nothing: every shuffle of a contract gives the same receipts, byte for byte.
///
/// Where the order of writing has a meaning of its own it is kept: among deadlines and approvals (what is due first at
/// one time), among checks (their clause numbers), among keys and among invariants (which refuses first), and among
/// scenarios. `REMIT_ROUNDS` is the number of shuffles of each contract, `REMIT_SEED` the first seed.
@Suite struct ShuffleTests {
    static let files: [URL] = ["Contracts", "Tests/RemitRuntimeTests/Cases"].flatMap { folder in
        let url = World.root.appendingPathComponent(folder)
        let found = (try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? []
        return found.filter { $0.pathExtension == "remit" && !isLibrary($0) }.sorted { $0.path < $1.path }
    }

    private static func isLibrary(_ file: URL) -> Bool {
        guard let data = try? Data(contentsOf: file) else { return false }
        return parse(SourceText(name: file.lastPathComponent, bytes: Array(data))).contract?.isLibrary ?? false
    }

    /// The contracts that those refer to.
    private static let others: [SourceText] = {
        let folder = World.root.appendingPathComponent("Tests/RemitRuntimeTests/Cases/beside")
        let beside = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return (files + beside).compactMap { file in
            (try? Data(contentsOf: file)).map { SourceText(name: file.lastPathComponent, bytes: Array($0)) }
        }
    }()

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test func thereAreContracts() { #expect(Self.files.count >= 12) }

    @Test(arguments: files) func everyShuffleGivesTheSameReceipts(_ file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let wanted = try receipts(of: text)
        #expect(wanted.count > 1)
        let first = UInt64(Self.setting("REMIT_SEED") ?? 1)
        for round in 0..<UInt64(Self.setting("REMIT_ROUNDS") ?? 2) {
            let shuffled = try Self.shuffled(text, seed: first &+ round)
            let found = try receipts(of: shuffled)
            if found != wanted {
                Issue.record("\(file.lastPathComponent), seed \(first &+ round)")
                return
            }
        }
    }

    /// The shuffles are such: most declarations do not stand where they stood.
    @Test func aShuffleChangesTheOrder() throws {
        let text = try String(contentsOf: Self.files[1], encoding: .utf8)
        let shuffled = try Self.shuffled(text, seed: 1)
        #expect(shuffled != text)
        #expect(shuffled.utf8.filter { $0 != 0x0A }.sorted() == text.utf8.filter { $0 != 0x0A }.sorted())
    }

    // MARK: Receipts

    /// What a chain would keep of every step of every scenario, under one digest of the contract.
    private func receipts(of text: String) throws -> [[UInt8]] {
        let compilation = Compiler.compile(
            World.linked(SourceText(name: "shuffled", text)), find: ContractSearch { Self.others }.find)
        let errors = compilation.diagnostics.filter { $0.severity == .error }.map(\.message)
        let compiled = compilation.program
        let program = try #require(compiled, "\(errors)")
        let contract = DeployedContract(
            digest: .zero, home: Party(.organisation, "home"), since: 0, source: SourceText(name: "none", ""),
            program: program, privacy: nil)
        var found: [[UInt8]] = []
        let evaluator = Evaluator(ExecutableProgram(program))
        for scenario in program.scenarios {
            var run = ScenarioRun(program: program, evaluator: evaluator)
            for step in scenario.steps { run.perform(step) }
            #expect(run.failures.isEmpty, "\(scenario.title)")
            found += try receipts(of: run.history, contract)
        }
        return found
    }

    private func receipts(of history: [Transition], _ contract: DeployedContract) throws -> [[UInt8]] {
        let now = try #require(Instant(seconds: 0))
        let executor = Executor(
            state: WorkingState(over: EmptyState()), catalogue: ContractCatalogue(), height: 1, time: now)
        var cases: [TextValue: StoredCase] = [:]
        return try history.map { transition in
            let findings = FindingsCoding.findings(transition)
            var receipt = Receipt(
                transaction: .zero, outcome: .done, cost: transition.cost, findings: findings.digest)
            switch transition.outcome {
            case .refused(let refusal):
                receipt.outcome = .refused(code: refusal.code ?? refusal.reason.word, text: refusal.text)
            case .done(let effects):
                let reference = effects.caseState.reference
                try executor.apply(effects, contract: contract, existing: cases[reference], nil)
                cases[reference] = StoredCase(contract: .zero, opened: 1, state: effects.caseState)
                receipt.caseReference = reference.string
                receipt.tell(effects)
            }
            receipt.changes = executor.state.finishTransaction()
            return receipt.encoded
        }
    }

    private struct EmptyState: StateReading {
        func bytes(_ key: StateKey) -> [UInt8]? { nil }
        func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) -> [[UInt8]] { [] }
    }

    // MARK: Shuffling

    private static func shuffled(_ text: String, seed: UInt64) throws -> String {
        let bytes = Array(text.utf8)
        let contract = try #require(parse(SourceText(name: "whole", text)).contract)
        let declarations = contract.declarations
        let head = try #require(declarations.first).span.start
        // What stands before a declaration, such as its comment, goes with it.
        var start = lineStart(head, bytes)
        var pieces: [(group: String?, text: [UInt8])] = []
        for declaration in declarations {
            pieces.append((group(of: declaration.kind), Array(bytes[start..<declaration.span.end])))
            start = declaration.span.end
        }
        let tail = Array(bytes[start...])
        var random = Chance(seed: seed)
        var order = Array(pieces.indices)
        for place in order.indices.dropFirst().reversed() { order.swapAt(place, random.below(place + 1)) }
        // Those of one group take the places of the group in the order in which they were written.
        for group in Set(pieces.compactMap(\.group)).sorted() {
            let places = order.indices.filter { pieces[order[$0]].group == group }
            for (place, piece) in zip(places, places.map { order[$0] }.sorted()) { order[place] = piece }
        }
        var whole = Array(bytes[..<lineStart(head, bytes)])
        for index in order { whole += pieces[index].text + [0x0A] }
        return String(decoding: whole + tail, as: UTF8.self)
    }

    private static func lineStart(_ place: Int, _ bytes: [UInt8]) -> Int {
        (bytes[..<place].lastIndex(of: 0x0A) ?? -1) + 1
    }

    private static func group(of kind: Declaration.Kind) -> String? {
        switch kind {
        case .deadline, .approval: "timers"
        case .checks: "checks"
        case .unique: "keys"
        case .invariant: "invariants"
        case .given, .scenario: "scenarios"
        default: nil
        }
    }

    private struct Chance {
        var state: UInt64
        init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) % UInt64(bound))
        }
    }
}
