import Glibc
import RemitLanguage
import RemitRuntime
import RemitValues

/// Reads code from bytes as they may stand on a disk, and decides by whatever is found sound.
enum FuzzKept {
    /// Bytes of kept code; or a contract, whose code is changed by chance.
    static func run(_ bytes: [UInt8]) {
        guard let program = Compiler.compile(SourceText(name: "fuzz.remit", bytes: bytes)).program else {
            return decide(bytes)
        }
        guard program.others.isEmpty, let written = KeptProgram.bytes(ExecutableProgram(program)) else { return }
        precondition(KeptProgram.program(written) != nil, "what was written is read")
        decide(written)
        var chance = Chance(seed: bytes)
        for _ in 0..<16 {
            var changed = written
            for _ in 0...chance.below(3) { change(&changed, &chance) }
            decide(changed)
        }
    }

    /// Writes the code of a contract into a folder, for the corpus to begin with.
    static func seed(_ bytes: [UInt8], into folder: String) {
        guard let program = Compiler.compile(SourceText(name: "fuzz.remit", bytes: bytes)).program,
            let written = KeptProgram.bytes(ExecutableProgram(program)), written.count < 20_000
        else { return }
        var chance = Chance(seed: written)
        guard let file = fopen("\(folder)/code-\(chance.next())", "wb") else { return }
        _ = fwrite(written, 1, written.count, file)
        fclose(file)
    }

    private static func change(_ bytes: inout [UInt8], _ chance: inout Chance) {
        guard !bytes.isEmpty else { return }
        let place = chance.below(bytes.count)
        switch chance.below(5) {
        case 0: bytes.removeSubrange(place..<min(bytes.count, place + 1 + chance.below(8)))
        case 1: bytes.insert(UInt8(truncatingIfNeeded: chance.next()), at: place)
        case 2: bytes[place] ^= 1 << UInt8(chance.below(8))
        // The largest numbers there are, in the form in which they are written.
        case 3: bytes.replaceSubrange(place...place, with: Array(repeating: 0xFF, count: 9) + [1])
        default: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
        }
    }

    private static func decide(_ bytes: [UInt8]) {
        guard let found = KeptProgram.program(bytes) else { return }
        precondition(KeptProgram.bytes(found) == bytes, "there is one form")
        let program = found.program
        var chance = Chance(seed: bytes)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "p1"), organisation: home, home: home, now: chance.instant())
        for action in program.actions.indices {
            // Steps are few, so that an input is tried quickly.
            guard
                let evaluator = try? BatchEvaluator(
                    found, action: action, context: context, rows: BatchRows(), stepLimit: 20_000)
            else { continue }
            for number in 1...4 {
                let line = FuzzLines.line(for: action, of: program, &chance)
                line.withUnsafeBufferPointer { evaluator.decide($0, number: number) }
            }
            _ = evaluator.takeOutput()
        }
    }
}

/// Lines of JSON with the arguments of an action, by chance.
enum FuzzLines {
    static func line(for action: Int, of program: CheckedProgram, _ chance: inout Chance) -> [UInt8] {
        let declared = program.actions[action]
        let fields = declared.enters.map { program.caseFields[$0] } + declared.parameters
        let maker = ValueMaker(program: program)
        let members = fields.map { field in
            "\"\(field.name)\":\(json(maker.value(of: field.type, &chance, depth: 0), field.type, program))"
        }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    private static func json(_ value: Value, _ type: ValueType, _ program: CheckedProgram) -> String {
        if case .optional(let wrapped) = type { return json(value, wrapped, program) }
        switch value {
        case .absent, .sealed, .map: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return "\(number)"
        case .decimal(let number): return "\"\(number)\""
        case .money(let money): return "\"\(money.amount)\""
        case .duration(let duration): return "\(duration.seconds)"
        case .instant(let instant): return "\"\(instant.utcText)\""
        case .party(let party): return "\"\(party.identifier)\""
        case .record(let parts):
            guard case .record(let index) = type, program.records.indices.contains(index) else { return "{}" }
            let members = zip(program.records[index].fields, parts).map { field, part in
                "\"\(field.name)\":\(json(part, field.type, program))"
            }
            return "{\(members.joined(separator: ","))}"
        case .list(let items), .set(let items):
            guard case .list(let element, _) = type else {
                guard case .set(let element, _) = type else { return "[]" }
                return "[\(items.map { json($0, element, program) }.joined(separator: ","))]"
            }
            return "[\(items.map { json($0, element, program) }.joined(separator: ","))]"
        default: return "\"\(value)\""
        }
    }
}
