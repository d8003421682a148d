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

    /// Walks whose rounds cost the least that there is: what was written is read.
    @Test(arguments: [
        "count of line in lines", "count of line in lines passing screening", "sum of 1 for line in lines",
        "count of line in lines where yes", "size(list of 1 for line in lines)", "sum of line for line in lines",
    ])
    func theCheapestWalksComeBack(expression: String) throws {
        let text = """
            contract Small version 1
              title "Small"
            role Clerk
            checks screening { for line in lines { deny "A" "Dear" when line > 5 } }
            case { lines : list of Integer (3) n : Integer starts 0 }
            final state done
            action file opens done by Clerk enters lines {
              run screening
              set n to (\(expression))
            }
            """
        let program = try #require(Compiler.compile(SourceText(name: "small", text)).program)
        let bytes = try #require(KeptProgram.bytes(ExecutableProgram(program)))
        let kept = try #require(KeptProgram.program(bytes))
        let lines: [Value] = [.integer(2), .integer(7), .integer(3)]
        let request = Request(
            call: .action(0), actor: Party(.person, "ma"), organisation: OneClerk().home,
            now: try #require(Instant(seconds: 0)), arguments: [.list(lines)], existing: nil, newReference: "Small/1")
        let reference = try Evaluator(program: program).perform(request, view: OneClerk())
        let run = CodeRun(
            program: kept.program, memory: MachineMemory(code: try #require(kept.code)), view: OneClerk(),
            request: request, stepLimit: Limits.steps)
        #expect(Verdicts.word(reference) == "done")
        let found = try #require(try run.transition())
        #expect(Verdicts.difference(reference, found) == nil)
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

    /// What decides without a trace need not be able to tell it: the reason is given, and the rules are not asked.
    @Test func whatCannotBeTracedSaysWhy() throws {
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        func problem(_ executable: ExecutableProgram) -> String? {
            let found = #expect(throws: BatchProblem.self) {
                try BatchEvaluator(executable, action: 0, context: context, rows: BatchRows(), tracing: true)
            }
            return found?.text
        }
        let kept = try #require(KeptProgram.program(try Self.bytes { _, _ in }))
        #expect(problem(kept) == "Prices cannot be decided here: kept code has no rules that a trace could tell")
        // As many places as the code can number are traced, and one more is not.
        let statements = Array(repeating: "set t to n", count: 65_600).joined(separator: "\n")
        let text = """
            contract Many version 1
              title "Many"
            role Clerk
            case { t : Integer starts 0 }
            final state done
            action go(n: Integer) opens done by Clerk { \(statements) }
            """
        let many = ExecutableProgram(
            try #require(Compiler.compile(SourceText(name: "many.remit", text)).program))
        #expect(many.reasonForReference == nil)
        #expect(
            problem(many) == "Many cannot be decided here: the code would have too many places that are traced")
    }

    // MARK: Bytes that nobody wrote so

    private static let prices = """
        contract Prices version 1
          title "Prices"
        role Clerk
        enum Kind { one, two, three }
        record Line { n : Integer }
        case { kind : Kind line : Line due : CNY starts 0 CNY }
        final state billed
        action bill opens billed by Clerk enters kind, line { set due to price(kind) }
        table price(kind: Kind) gives price: CNY {
          | kind  || price    |
          | one   || 0.50 CNY |
          | two   || 1.50 CNY |
          | three || 2.50 CNY |
        }
        """

    /// The bytes of the prices, where a change has been made before they are written.
    private static func bytes(
        _ change: (inout CheckedProgram, inout CodeDraft) -> Void
    ) throws -> [UInt8] {
        var program = try #require(Compiler.compile(SourceText(name: "prices.remit", prices)).program)
        var draft = try #require(ExecutableProgram(program).code).draft
        change(&program, &draft)
        var writer = ByteWriter()
        ProgramOutline(program: program).write(&writer)
        draft.write(&writer)
        return writer.bytes
    }

    @Test func unchangedBytesAreRead() throws {
        let found = try #require(KeptProgram.program(try Self.bytes { _, _ in }))
        #expect(MachineMemory(code: try #require(found.code)).code.instructions.isEmpty == false)
    }

    @Test(arguments: [Int.min, Int.max, 86_401, -86_401])
    func aTimeZoneThatIsNoneIsRefused(_ timezone: Int) throws {
        let bytes = try Self.bytes { program, draft in
            program.timezone = timezone
            draft.timezone = timezone
        }
        #expect(KeptProgram.program(bytes) == nil)
    }

    /// A column says how many classes it has in two places.
    @Test(arguments: [(Int.max, Int.min), (Int.max, Int.max), (-1, 0), (2, 4)])
    func classesThatCannotBeCountedAreRefused(_ direct: Int, _ count: Int) throws {
        var found = false
        let bytes = try Self.bytes { _, draft in
            draft.tables = draft.tables.map { table in
                let sections = table.sections.map { section in
                    let columns = section.columns.map { column in
                        if case .direct = column.classes { found = true }
                        return TableColumnCode(
                            classes: .direct(direct), count: count, accepted: column.accepted, starts: column.starts)
                    }
                    return TableCode.Section(
                        period: section.period, firstRow: section.firstRow, rowCount: section.rowCount,
                        columns: columns, search: section.search)
                }
                return TableCode(
                    name: table.name, isCollect: table.isCollect, isDated: table.isDated,
                    inputShapes: table.inputShapes, sections: sections, fixed: table.fixed)
            }
        }
        #expect(found)
        #expect(KeptProgram.program(bytes) == nil)
    }

    @Test func noCodeAtAllIsRefused() throws {
        let bytes = try Self.bytes { _, draft in
            draft.instructions = []
            draft.spans = []
            draft.handlers = []
            draft.jumps = []
        }
        #expect(KeptProgram.program(bytes) == nil)
        let code = try #require(ExecutableProgram(try EvaluatorTests.program()).code)
        #expect(CodeVerifier(code.with([])).problem() == "there is no code")
    }

    /// No instruction names the list, and the machine's memory is made of it all the same.
    @Test(arguments: [-1, 65_536, 1 << 41, Int.min])
    func listsOfWhatThereCannotBeAreRefused(_ entry: Int) throws {
        #expect(KeptProgram.program(try Self.bytes { _, draft in draft.fieldLists.append([0, 65_535]) }) != nil)
        #expect(KeptProgram.program(try Self.bytes { _, draft in draft.fieldLists.append([entry]) }) == nil)
    }

    /// Values are read as deep as their shapes nest.
    @Test func shapesThatNestTooDeepAreRefused() throws {
        func nested(_ depth: Int, asLists: Bool) throws -> [UInt8] {
            try Self.bytes { _, draft in
                var inner = draft.shapes.firstIndex { $0.kind == .integer } ?? 0
                for _ in 1..<depth {
                    let kind: Shape.Kind = asLists ? .list(inner) : .record([inner], -1)
                    draft.shapes.append(Shape(kind: kind, isOptional: false, bound: 1))
                    inner = draft.shapes.count - 1
                }
            }
        }
        for asLists in [false, true] {
            #expect(KeptProgram.program(try nested(Limits.encodedDepth, asLists: asLists)) != nil)
            #expect(KeptProgram.program(try nested(Limits.encodedDepth + 1, asLists: asLists)) == nil)
            #expect(KeptProgram.program(try nested(200_000, asLists: asLists)) == nil)
        }
    }

    /// The budget of steps ends all code: a way without a charge has an end, and calls that multiply have one too.
    @Test func waysWithoutAnEndAreRefused() throws {
        let program = try #require(Compiler.compile(SourceText(name: "prices.remit", Self.prices)).program)
        let draft = try #require(ExecutableProgram(program).code).draft
        func isBounded(_ instructions: [Instruction], jumps: [Int32] = []) -> Bool {
            var changed = draft
            changed.instructions = instructions
            changed.jumps = jumps
            changed.handlers = []
            return CodeProgress(changed).isBounded
        }
        #expect(CodeProgress(draft).isBounded)
        let halt = Instruction(.halt)
        #expect(!isBounded([Instruction(.jump, number: 0), halt]))
        #expect(isBounded([Instruction(.charge, number: 1), Instruction(.jump, number: 0), halt]))
        #expect(!isBounded([Instruction(.charge, number: 0), Instruction(.jump, number: 0), halt]))
        #expect(!isBounded([Instruction(.call, number: 0), halt]))
        #expect(!isBounded([Instruction(.select, 0, 0, 1), halt], jumps: [0]))
        // A walk charges each element, or what it runs does.
        #expect(isBounded([Instruction(.next, d: 1, 0, 0, UInt16(bitPattern: -1)), halt]))
        #expect(!isBounded([Instruction(.next, d: 0, 0, 0, UInt16(bitPattern: -1)), halt]))
        // Those whom the actor stands in for have an end; a jump that does not ask for the next has none.
        #expect(isBounded([Instruction(.candidate, 0), Instruction(.jumpIfPresent, number: 0), halt]))
        #expect(!isBounded([Instruction(.candidate, 0), Instruction(.jumpIfPresent, number: 1), halt]))
        #expect(!isBounded([Instruction(.candidate, 0), Instruction(.jumpIfPresent, a: 1, number: 0), halt]))
        // So have the rows of a table that collects.
        let rows = Instruction(.tableRow, d: 1, 3, 0, 0)
        let leave = Instruction(.jumpIfAbsent, a: 3, number: 3)
        #expect(isBounded([rows, leave, Instruction(.jump, number: 0), halt]))
        #expect(!isBounded([rows, leave, Instruction(.jump, number: 1), halt]))
        #expect(!isBounded([Instruction(.tableRow, 3, 0, 0), leave, Instruction(.jump, number: 0), halt]))
        // Each of forty routines calls the next one twice.
        var calls: [Instruction] = []
        for level in 1...40 {
            let next = Int32(3 * level)
            calls += [Instruction(.call, number: next), Instruction(.call, number: next), Instruction(.returns)]
        }
        #expect(!isBounded(calls + [Instruction(.returns)]))
        #expect(
            isBounded(
                Array(calls.suffix(15)).map { call in
                    call.operation == .call ? Instruction(.call, number: Int32(call.number - 105)) : call
                } + [Instruction(.returns)]))
    }
}
