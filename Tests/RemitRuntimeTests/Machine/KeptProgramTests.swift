import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Code as bytes: it comes back as it was, decides the same, and no change of its bytes brings the reader down.
@Suite struct KeptProgramTests {
    /// The contracts of the project, all of which have code.
    static let written = LoweringTests.programs

    /// Contracts by chance, with everything that the language has.
    static let generated: [CheckedProgram] = (1...40).compactMap { seed in
        var generator = ContractGenerator(seed: UInt64(seed))
        return Compiler.compile(
            SourceText(name: "generated.remit", generator.contract()), find: ContractGenerator.find
        ).program
    }

    /// All that stands in a draft, in words, so that a part which the bytes forget shows.
    private static func words(_ draft: CodeDraft) -> String {
        let tables = draft.tables.map { "\($0.name) \($0.inputShapes) \($0.sections) \(String(describing: $0.fixed))" }
        var plain = draft
        plain.tables = []
        plain.checks = []
        plain.conformances = []
        let checks = draft.checks.map {
            "\($0.check.index) \($0.check.severity) \($0.check.code) \($0.check.source ?? "") \($0.check.span) "
                + "\($0.group)"
        }
        let bounds = draft.conformances.map { "\($0.shape) \($0.type) \($0.name)" }
        return "\(plain)\n\(tables)\n\(checks)\n\(bounds)"
    }

    @Test func codeComesBackAsItWas() throws {
        let programs = Self.written.map(\.program) + Self.generated
        #expect(programs.count > 120)
        for program in programs {
            let executable = ExecutableProgram(program)
            let code = try #require(executable.code)
            let bytes = try #require(KeptProgram.bytes(executable))
            let found = try #require(KeptProgram.program(bytes), "\(program.name)")
            let draft = try #require(found.code).draft
            let (isSame, isWhole) = (Self.words(draft) == Self.words(code.draft), KeptProgram.bytes(found) == bytes)
            #expect(isSame && isWhole, "\(program.name)")
        }
    }

    /// Decides every request of every scenario by kept code and the outline beside it.
    @Test func keptCodeDecidesTheSame() throws {
        var transitions = 0
        for (name, program) in Self.written where !program.scenarios.isEmpty {
            let bytes = try #require(KeptProgram.bytes(ExecutableProgram(program)))
            let kept = try #require(KeptProgram.program(bytes))
            let memory = MachineMemory(code: try #require(kept.code))
            var differences: [String] = []
            let reference = Evaluator(program: program)
            _ = ScenarioRunner(program: program).run { request, world, _ in
                transitions += 1
                let run = CodeRun(
                    program: kept.program, memory: memory, view: world, request: request, stepLimit: Limits.steps)
                guard let found = try? run.transition(), let expected = try? reference.perform(request, view: world)
                else {
                    differences.append("handed over: \(request.call)")
                    return
                }
                if let difference = Verdicts.difference(expected, found) { differences.append(difference) }
            }
            #expect(differences == [], "\(name)")
        }
        #expect(transitions > 400)
    }

    /// Any byte may be another, or missing: the reader refuses, or gives code that the verifier found sound.
    @Test func changedBytesBringNothingDown() throws {
        var chance = Chance(seed: 20_261_126)
        var refused = 0
        var tried = 0
        for program in Self.written.map(\.program).prefix(30) + Self.generated.prefix(10) {
            let bytes = try #require(KeptProgram.bytes(ExecutableProgram(program)))
            for _ in 0..<60 {
                var changed = bytes
                switch chance.below(4) {
                case 0: changed.removeLast(1 + chance.below(bytes.count))
                case 1: changed.insert(UInt8(truncatingIfNeeded: chance.next()), at: chance.below(bytes.count))
                case 2: changed[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8))
                default: changed[chance.below(bytes.count)] = UInt8(truncatingIfNeeded: chance.next())
                }
                if changed == bytes { continue }
                tried += 1
                guard let found = KeptProgram.program(changed) else {
                    refused += 1
                    continue
                }
                // What is read is in the one form that there is.
                let isSame = KeptProgram.bytes(found) == changed
                #expect(isSame, "\(program.name)")
            }
        }
        #expect(tried > 2000)
        #expect(refused * 4 > tried, "\(refused) of \(tried)")
    }
}
