import RemitLanguage
import Testing

@testable import RemitRuntime

/// The verifier against code that was spoiled on purpose.
@Suite struct VerifierTests {
    private static func draft() throws -> (Code, CheckedProgram) {
        let compilation = Compiler.compile(
            SourceText(name: "batch.remit", bytes: Array(BatchTests.contract.utf8)))
        let program = try #require(compilation.program)
        return (try Lowering.lower(program, metering: true), program)
    }

    /// Code with maps, cases of other contracts, rounds and money, beside the one of a batch.
    private static func codes() throws -> [Code] {
        let names = ["maps.remit", "others.remit", "semantics-rounds.remit", "semantics-money.remit"]
        let programs = LoweringTests.programs.filter { names.contains($0.name) }.map(\.program)
        #expect(programs.count >= names.count)
        return try [draft().0] + programs.map { (program) in try Lowering.lower(program, metering: true) }
    }

    @Test func soundCodePasses() throws {
        #expect(CodeVerifier(try Self.draft().0).problem() == nil)
    }

    @Test func everyRegisterBeyondTheFileIsFound() throws {
        for code in try Self.codes() { try Self.spoilOperands(of: code) }
    }

    private static func spoilOperands(of code: Code) throws {
        var tried = 0
        var seen: [Operation: Int] = [:]
        // A few places of each instruction are enough.
        for place in code.instructions.indices {
            seen[code.instructions[place].operation, default: 0] += 1
            if seen[code.instructions[place].operation, default: 0] > 3 { continue }
            let operands = code.instructions[place].operation.operands
            for (part, change) in [
                (operands.a, \Instruction.a), (operands.b, \Instruction.b), (operands.c, \Instruction.c),
            ] {
                switch part {
                case .read, .write, .readWalk, .writeWalk, .fieldMap, .fieldList, .pattern, .refusal, .conformance,
                    .row, .table, .parameter, .check, .group, .register, .action, .block, .writePair, .caseField,
                    .other, .fund, .transfer, .deadline, .approval, .registerList:
                    tried += 1
                    var instructions = code.instructions
                    instructions[place][keyPath: change] = .max
                    #expect(CodeVerifier(code.with(instructions)).problem() != nil, "\(instructions[place])")
                default: break
                }
            }
        }
        #expect(tried > 40)
    }

    @Test func everyJumpOutOfTheCodeIsFound() throws {
        let (code, _) = try Self.draft()
        var tried = 0
        for place in code.instructions.indices {
            var instructions = code.instructions
            switch instructions[place].operation.operands.place {
            case .absolute:
                let old = instructions[place]
                instructions[place] = Instruction(old.operation, d: old.d, a: old.a, number: 1_000_000)
            case .distance: instructions[place].c = UInt16(bitPattern: 30_000)
            default: continue
            }
            tried += 1
            #expect(CodeVerifier(code.with(instructions)).problem() != nil)
        }
        #expect(tried > 5)
    }

    @Test func noConstantMayBeWritten() throws {
        let (code, _) = try Self.draft()
        let constant = try #require(code.isConstant.firstIndex(of: true))
        let place = try #require(code.instructions.firstIndex { $0.operation == .move })
        var instructions = code.instructions
        instructions[place].a = UInt16(constant)
        #expect(CodeVerifier(code.with(instructions)).problem()?.contains("constant") == true)
    }

    @Test(arguments: [(Operation.composeThenFind, Operation.finding), (.multiplyThenAdd, .addDecimal)])
    func whatTakesTheNextInstructionStandsBeforeIt(_ first: Operation, _ second: Operation) throws {
        var tried = 0
        for code in try Self.codes() + [Self.claim()] {
            for place in code.instructions.indices where code.instructions[place].operation == first {
                #expect(code.instructions[place + 1].operation == second)
                var instructions = code.instructions
                instructions[place + 1] = Instruction(.jump, number: Int32(place))
                #expect(CodeVerifier(code.with(instructions)).problem() != nil)
                tried += 1
            }
        }
        #expect(tried > 0)
    }

    private static func claim() throws -> Code {
        let program = try #require(LoweringTests.programs.first { $0.name == "claim.remit" }?.program)
        return try Lowering.lower(program, metering: true)
    }

    @Test func codeMustEnd() throws {
        let (code, _) = try Self.draft()
        let instructions = code.instructions + [Instruction(.move)]
        #expect(CodeVerifier(code.with(instructions)).problem() != nil)
    }
}
