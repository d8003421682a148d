import Foundation
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Lines of JSON that a batch decides, against the reference evaluator on the values that were written into them.
@Suite struct BatchDifferentialTests {
    /// What a run over many contracts came to.
    private struct Tally {
        var contracts = 0
        var lines = 0
        var done = 0
        var withFindings = 0
        var differences: [String] = []
    }

    private static func number(_ name: String, _ otherwise: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? otherwise
    }

    @Test func linesAreDecidedAsTheReferenceDecides() throws {
        let first = Self.number("REMIT_SEED", 1)
        let count = Self.number("REMIT_PROGRAMS", 200)
        var tally = Tally()
        for seed in first..<first + count { try Self.run(seed, &tally) }
        let summary =
            "seeds \(first) to \(first + count - 1): \(tally.contracts) contracts, \(tally.lines) lines, "
            + "\(tally.done) done, \(tally.withFindings) with findings"
        #expect(tally.differences == [], "\(summary)")
        // What is never decided compares nothing.
        #expect(tally.contracts * 10 >= Int(count) * 8, "\(summary)")
        #expect(tally.done * 20 >= tally.lines, "\(summary)")
        #expect(tally.withFindings * 20 >= tally.lines, "\(summary)")
        if ProcessInfo.processInfo.environment["REMIT_SUMMARY"] != nil {
            FileHandle.standardError.write(Data((summary + "\n").utf8))
        }
    }

    private static func run(_ seed: UInt64, _ tally: inout Tally) throws {
        var generator = ContractGenerator(seed: seed, isForLines: true)
        let text = generator.contract()
        let compilation = Compiler.compile(
            SourceText(name: "generated.remit", bytes: Array(text.utf8)), find: ContractGenerator.find)
        guard let program = compilation.program else { return }
        tally.contracts += 1
        var values = ValueGenerator(chance: Chance(seed: seed &* 37 &+ 11), program: program)
        values.isMild = seed % 2 == 0
        var lines = JSONLines(program: program, chance: Chance(seed: seed &* 41 &+ 5))
        let rows = rows(&values, program)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: seed % 3 == 0 ? Party(.organisation, "away") : home, home: home,
            now: Instant(seconds: 1_770_000_000 + Int64(seed % 1_000) * 70_000) ?? ValueGenerator.epoch)
        let limit = seed % 5 == 0 ? 60 + seed % 400 : Limits.steps
        let batch = try BatchEvaluator(
            ExecutableProgram(program), action: 0, context: context, rows: rows, stepLimit: limit)
        let reference = Evaluator(program: program, stepLimit: limit)
        let declared = program.actions[0]
        let fields = declared.enters.map { program.caseFields[$0] } + declared.parameters
        for number in 1...12 {
            let arguments = fields.map { values.value($0.type) }
            let line = lines.object(fields, arguments)
            let request = Request(
                action: 0, actor: context.actor, organisation: context.organisation, now: context.now,
                arguments: arguments, existing: nil, newReference: "Generated/1")
            let transition = try reference.perform(request, view: BatchEvaluator.View(home: home, rows: rows))
            let expected = lines.decision(number, transition, entered: Set(declared.enters))
            Array(line.utf8).withUnsafeBufferPointer { batch.decide($0, number: number) }
            let found = String(decoding: batch.takeOutput(), as: UTF8.self)
            tally.lines += 1
            if case .done = transition.outcome { tally.done += 1 }
            if !transition.findings.isEmpty { tally.withFindings += 1 }
            if !found.utf8.elementsEqual(expected.utf8) {
                tally.differences.append("seed \(seed) line \(line)\n  expected \(expected)\n  found    \(found)")
            }
        }
    }

    private static func rows(_ values: inout ValueGenerator, _ program: CheckedProgram) -> BatchRows {
        var rows = BatchRows()
        for (index, register) in program.registers.enumerated() {
            for _ in 0..<8 {
                let keys = register.keys.map { values.value($0.type) }
                rows.add(
                    register: index, keys: keys, row: program.records[register.row].fields.map { values.value($0.type) }
                )
            }
        }
        return rows
    }
}

/// Values as lines of JSON have them, in one of the forms in which each may be written, and decisions as they are
/// written; made from values alone, without the reader and the writer of the batch.
private struct JSONLines {
    let program: CheckedProgram
    var chance: Chance

    /// An object, its members in any order; what is absent may be left out.
    mutating func object(_ fields: [FieldDeclaration], _ values: [Value]) -> String {
        var members: [String] = []
        for (field, value) in zip(fields, values) {
            if value == .absent, chance.once(in: 2) { continue }
            let text = "\(blank())\(quoted(field.name))\(blank()):\(blank())\(written(value, field.type))"
            members.insert(text, at: chance.once(in: 3) ? chance.below(members.count + 1) : members.count)
        }
        return "{" + members.joined(separator: ",") + blank() + "}"
    }

    private mutating func blank() -> String { chance.once(in: 9) ? " \t" : "" }

    private mutating func written(_ value: Value, _ type: ValueType) -> String {
        switch (value, type) {
        case (.absent, _): return "null"
        case (_, .optional(let inner)): return written(value, inner)
        case (.boolean(let flag), _): return "\(flag)"
        case (.integer(let number), _): return maybeQuoted("\(number)")
        case (.duration(let duration), _): return maybeQuoted("\(duration.seconds)")
        case (.decimal(let number), _): return maybeQuoted(number.description)
        case (.money(let money), _): return maybeQuoted(money.amount.description)
        case (.instant(let instant), _): return "\"\(instant.utcText)\""
        case (.text(let text), _): return chance.once(in: 3) ? escaped(text.string) : quoted(text.string)
        case (.party(let party), .party):
            let kind = party.kind == .organisation ? "organisation" : "person"
            return quoted("\(kind):\(party.identifier)")
        case (.party(let party), _): return quoted(party.identifier.string)
        case (.record(let parts), .record(let index)): return object(program.records[index].fields, parts)
        case (.list(let items), .list(let element, _)), (.set(let items), .set(let element, _)):
            // A set may come in any order.
            let isTurned = if case .set = value { chance.once(in: 2) } else { false }
            let all = isTurned ? Array(items.reversed()) : items
            return "[" + all.map { written($0, element) }.joined(separator: ",") + "]"
        case (.map(let entries), .map(let key, let element, _)):
            let isObject = chance.once(in: 2)
            let pairs = entries.reversed().map { entry in
                let (name, part) = (written(entry.key, key), written(entry.value, element))
                return isObject ? (name.hasPrefix("\"") ? name : "\"\(name)\"") + ":" + part : "[\(name),\(part)]"
            }
            return (isObject ? "{" : "[") + pairs.joined(separator: ",") + (isObject ? "}" : "]")
        default: return quoted(value.description)
        }
    }

    private mutating func maybeQuoted(_ number: String) -> String { chance.once(in: 2) ? "\"\(number)\"" : number }

    /// A text with every character as an escape.
    private func escaped(_ text: String) -> String {
        "\"" + text.utf16.map { unit in "\\u" + String(0x10000 + Int(unit), radix: 16).suffix(4) }.joined() + "\""
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    // MARK: Decisions

    /// The line that says what a transition came to.
    func decision(_ number: Int, _ transition: Transition, entered: Set<Int>) -> String {
        var text = "{\"line\":\(number)"
        switch transition.outcome {
        case .refused(let refusal):
            text += ",\"refused\":\(quoted(refusal.reason.word))"
            if let code = refusal.code { text += ",\"code\":\(quoted(code))" }
            text += ",\"text\":\(quoted(refusal.text))"
        case .done(let effects):
            text += ",\"state\":\(quoted(program.states[effects.caseState.state].name)),\"fields\":{"
            let fields = zip(program.caseFields, effects.caseState.fields).enumerated()
            text += fields.filter { !entered.contains($0.offset) }.map { _, field in
                "\(quoted(field.0.name)):\(shown(field.1, field.0.type))"
            }.joined(separator: ",")
            text += "}"
        }
        let findings = transition.findings.map { finding in
            "{\"code\":\(quoted(finding.code)),\"severity\":\(quoted(finding.severity.rawValue))"
                + (finding.line.map { ",\"on\":\($0)" } ?? "") + ",\"text\":\(quoted(finding.text))}"
        }
        return text + ",\"findings\":[\(findings.joined(separator: ","))],\"cost\":\(transition.cost)}\n"
    }

    private func shown(_ value: Value, _ type: ValueType) -> String {
        switch (value, type) {
        case (.absent, _): return "null"
        case (_, .optional(let inner)): return shown(value, inner)
        case (.boolean(let flag), _): return "\(flag)"
        case (.integer(let number), _): return "\(number)"
        case (.duration(let duration), _): return "\(duration.seconds)"
        case (.money(let money), _):
            return "\"\(money.amount.text(minimumPlaces: money.currency.minorDigits))\""
        case (.party(let party), _): return quoted(party.identifier.string)
        case (_, .quorum): return quoted(Quorum(value)?.description ?? value.description)
        case (.record(let parts), .record(let index)):
            let members = zip(program.records[index].fields, parts).map { "\(quoted($0.name)):\(shown($1, $0.type))" }
            return "{\(members.joined(separator: ","))}"
        case (.list(let items), .list(let element, _)), (.set(let items), .set(let element, _)):
            return "[\(items.map { shown($0, element) }.joined(separator: ","))]"
        case (.map(let entries), .map(let key, let element, _)):
            let pairs = entries.map { (shown($0.key, key), shown($0.value, element)) }
            // What is written in quotes can be the name of a member; numbers in quotes stand for exactness alone.
            let isObject =
                switch key {
                case .text, .enumeration, .date: true
                default: false
                }
            return isObject
                ? "{\(pairs.map { "\($0):\($1)" }.joined(separator: ","))}"
                : "[\(pairs.map { "[\($0),\($1)]" }.joined(separator: ","))]"
        case (.text(let text), _), (.enumeration(let text), _): return quoted(text.string)
        default: return quoted(value.description)
        }
    }
}
