public import RemitLanguage
import RemitValues

/// Tells a decision in sentences that a claims officer can read.
public struct TraceNarrator: Sendable {
    let program: CheckedProgram
    private let source: [UInt8]

    /// A narrator of a program, with the source text that its places point into.
    public init(program: CheckedProgram, source: [UInt8]) {
        self.program = program
        self.source = source
    }

    /// The decision, what decided it, and how the values came about, each a sentence.
    public func sentences(_ transition: Transition) -> [String] {
        [outcome(transition)] + deciding(transition) + steps(transition)
    }

    /// The outcome in one sentence.
    public func outcome(_ transition: Transition) -> String {
        switch transition.outcome {
        case .refused(let refusal):
            let code = refusal.code.map { " with \($0)" } ?? ""
            return "Refused\(code): \(refusal.text)."
        case .done(let effects):
            guard program.states.indices.contains(effects.caseState.state) else { return "Done." }
            let state = words(program.states[effects.caseState.state].name)
            return "\(effects.caseState.reference) is \(state)."
        }
    }

    private func deciding(_ transition: Transition) -> [String] {
        if transition.findings.isEmpty {
            let ran = (transition.trace?.entries ?? []).contains {
                if case .verdict = $0.event { true } else { false }
            }
            return ran ? ["Every check was run, and none found anything."] : []
        }
        return transition.findings.sorted { rank($0) < rank($1) }.map { finding in
            let line = finding.line.map { " on line \($0)" } ?? ""
            let source = finding.source.map { " (\($0))" } ?? ""
            let reason = because(finding, transition)
            return "\(verb(finding.severity)) \(finding.code)\(line): \(finding.text)\(source)\(reason)."
        }
    }

    private func rank(_ finding: Finding) -> Int {
        switch finding.severity {
        case .deny: 0
        case .pend: 1
        case .note: 2
        }
    }

    private func verb(_ severity: CheckSyntax.Severity) -> String {
        switch severity {
        case .deny: "Denied by"
        case .pend: "To be looked at, by"
        case .note: "Noted by"
        }
    }

    /// The values that made a check hold.
    private func because(_ finding: Finding, _ transition: Transition) -> String {
        for entry in transition.trace?.entries ?? [] {
            guard case .check(let clause, _, let check, let line, true, let reads) = entry.event,
                clause == finding.clause, line == finding.line
            else { continue }
            let condition = text(check.condition.expression.span)
            let values = told(reads)
            return " — because \(condition)" + (values.isEmpty ? "" : ", where \(values)")
        }
        return ""
    }

    private func told(_ reads: [Trace.Read]) -> String {
        var seen: Set<String> = []
        var parts: [String] = []
        for read in reads {
            // A whole row says less than the field of it that the condition asked for.
            if case .record = read.value { continue }
            let name = text(read.span)
            guard seen.insert(name).inserted else { continue }
            parts.append("\(name) is \(shown(read.value))")
        }
        return list(parts)
    }

    // MARK: Step by step

    private func steps(_ transition: Transition) -> [String] {
        guard let trace = transition.trace else { return [] }
        var sentences: [String] = []
        var held = 0
        var passed = 0
        for entry in trace.entries {
            if case .check(_, _, _, _, let holds, _) = entry.event {
                if holds { held += 1 } else { passed += 1 }
                continue
            }
            if let sentence = sentence(entry), sentences.last != sentence { sentences.append(sentence) }
        }
        if held + passed > 0 {
            let checks = held + passed == 1 ? "1 check" : "\(held + passed) checks"
            sentences.append("Of \(checks) made, \(held) found something.")
        }
        if trace.omitted > 0 { sentences.append("\(trace.omitted) further steps are left out here.") }
        return sentences
    }

    private func sentence(_ entry: Trace.Entry) -> String? {
        switch entry.event {
        case .admitted(let role): return "The actor was let in as \(role)."
        case .localSet(_, let value): return assignment(entry.span, value)
        case .fieldSet(let field, let value):
            guard program.caseFields.indices.contains(field) else { return nil }
            let name = words(program.caseFields[field].name)
            if entry.span == program.caseFields[field].span { return "The form gives \(name): \(shown(value))." }
            return "\(capitalised(name)) is set to \(shown(value)), by `\(text(entry.span))`."
        case .rowSet(let register, let keys, let field, let value):
            guard program.registers.indices.contains(register) else { return nil }
            let declared = program.registers[register]
            let name = program.records[declared.row].fields[field].name
            return "\(declared.name) of \(list(keys.map(shown))) now has \(words(name)) \(shown(value))."
        case .rowRead(let register, let keys, let found):
            guard !found, program.registers.indices.contains(register) else { return nil }
            return "\(program.registers[register].name) has no row for \(list(keys.map(shown)))."
        case .parameterRead(let index, let period, let day, let value):
            return parameter(index, period, day, value)
        case .tableRead(let index, let section, let row, let day, let inputs, let outputs):
            return table(index, section, row, day, inputs, outputs)
        case .functionCalled(let index, let arguments, let value):
            guard program.functions.indices.contains(index) else { return nil }
            let function = program.functions[index]
            // A call for each line would drown the rest: the line's own value says enough.
            let isShort = arguments.allSatisfy { if case .record = $0 { false } else { true } }
            return isShort
                ? "\(capitalised(words(function.name))) comes to \(shown(value))\(cited(function.source))." : nil
        case .requirement(let holds, let reads):
            let values = told(reads)
            return (holds ? "It is required, and holds, that " : "It is required, and does not hold, that ")
                + text(entry.span) + (values.isEmpty ? "." : ", where \(values).")
        case .checkFaulted(_, let line, let text):
            return "A check\(line.map { " on line \($0)" } ?? "") could not be evaluated: \(text)."
        case .verdict(let checks, let verdict):
            guard program.checks.indices.contains(checks) else { return nil }
            return "The verdict of \(words(program.checks[checks].name)) is \(verdict.rawValue)."
        case .stateEntered(let state):
            guard program.states.indices.contains(state) else { return nil }
            return "The case becomes \(words(program.states[state].name))."
        case .invariant(let text, let holds): return holds ? nil : "\"\(text)\" would no longer hold."
        case .noticeGiven(let recipient, let text): return "\(recipient) is notified: \(text)"
        case .posted, .roundOpened, .roundEnded, .voted, .timerFired, .deadlineSet: return engine(entry.event)
        case .check, .branch: return nil
        }
    }

    private func assignment(_ span: Span, _ value: Value) -> String? {
        switch value {
        case .record, .list, .set, .map, .absent: return nil
        default: return "`\(text(span))` comes to \(shown(value))."
        }
    }

    private func parameter(_ index: Int, _ period: Int, _ day: CalendarDate?, _ value: Value) -> String? {
        guard program.parameters.indices.contains(index) else { return nil }
        let parameter = program.parameters[index]
        let from = parameter.values.indices.contains(period) ? parameter.values[period].period.from : nil
        return
            "\(capitalised(words(parameter.name))) is \(shown(value))\(since(from, on: day))\(cited(parameter.source))."
    }

    private func table(
        _ index: Int, _ section: Int, _ row: Int, _ day: CalendarDate?, _ inputs: [Value], _ outputs: [Value]
    ) -> String? {
        guard program.tables.indices.contains(index), program.tables[index].sections.indices.contains(section),
            program.tables[index].sections[section].rows.indices.contains(row)
        else { return nil }
        let table = program.tables[index]
        let period = table.sections[section].period
        let given = zip(table.outputs, outputs).map { "\(words($0.name)) \(shown($1))" }
        let conditions = zip(table.inputs, inputs).map { "\(words($0.name)) is \(shown($1))" }
        let source = table.sections[section].rows[row].source ?? table.source
        return "Row \(row + 1) of \(words(table.name)) gives \(list(given)), because \(list(conditions))"
            + "\(since(period.from, on: day))\(cited(source))."
    }

    private func since(_ from: CalendarDate?, on day: CalendarDate?) -> String {
        guard let from, let day else { return "" }
        return ", by the rule from \(from) on, read on \(day)"
    }

    private func cited(_ source: String?) -> String { source.map { " (\($0))" } ?? "" }

    // MARK: Words

    /// A value as people read it: shares as they are, amounts grouped, enumeration values taken apart.
    func shown(_ value: Value) -> String {
        switch value {
        case .enumeration(let name): words(name.string)
        case .instant(let instant): instant.text(offset: program.timezone)
        case .list(let items): "\(items.count) element\(items.count == 1 ? "" : "s")"
        default: value.description
        }
    }

    /// The source text of a place, on one line.
    private func text(_ span: Span) -> String {
        guard span.start >= 0, span.end <= source.count else { return "" }
        let written = String(decoding: source[span.start..<span.end], as: UTF8.self)
        return written.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" }).joined(separator: " ")
    }

    /// A name taken apart: `lifeThreatening` is life-threatening in speech, `life threatening` here.
    func words(_ name: String) -> String {
        var taken = ""
        for (index, scalar) in name.unicodeScalars.enumerated() {
            let isUpper = ("A"..."Z").contains(scalar)
            if isUpper, index > 0 { taken.unicodeScalars.append(" ") }
            taken += isUpper && index > 0 ? String(scalar).lowercased() : String(scalar)
        }
        return taken
    }

    private func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private func list(_ parts: [String]) -> String {
        guard let last = parts.last else { return "" }
        if parts.count == 1 { return last }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }
}
