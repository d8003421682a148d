public import RemitLanguage
import RemitValues

/// Tells a decision in sentences that a claims officer can read.
public struct TraceNarrator: Sendable {
    let program: CheckedProgram
    private let source: [UInt8]
    private let rules: CitedRules

    /// A narrator of a program, with the source text that its places point into.
    public init(program: CheckedProgram, source: [UInt8]) {
        self.program = program
        self.source = source
        rules = CitedRules(program)
    }

    /// The decision, what decided it, and how the values came about, each a sentence.
    public func sentences(_ transition: Transition) -> [String] {
        [outcome(transition)] + deciding(transition) + steps(transition) + unfillable(transition)
    }

    /// The outcome in one sentence.
    public func outcome(_ transition: Transition) -> String {
        switch transition.outcome {
        case .refused(let refusal):
            let code = refusal.code.map { " with \($0)" } ?? ""
            return "Refused\(code): \(refusal.text)\(place(of: refusal))\(cited(rules.source(at: refusal.span)))."
        case .done(let effects):
            guard program.states.indices.contains(effects.caseState.state) else { return "Done." }
            let state = words(program.states[effects.caseState.state].name)
            return "\(effects.caseState.reference) is \(state)."
        }
    }

    /// Where a value could not be worked out, whose text says only what went wrong; nothing for other refusals.
    private func place(of refusal: Refusal) -> String {
        switch refusal.reason {
        case .overflow, .precision, .divisionByZero, .dateRange: refusal.span.map(within) ?? ""
        default: ""
        }
    }

    private func within(_ span: Span) -> String {
        let written = text(span)
        return written.isEmpty ? "" : ", in `\(written)`"
    }

    private func deciding(_ transition: Transition) -> [String] {
        if transition.findings.isEmpty {
            let ran = (transition.trace?.entries ?? []).contains {
                if case .verdict = $0.event { true } else { false }
            }
            return ran ? ["Every check was run, and none found anything."] : []
        }
        return transition.findings.sorted { rank($0) < rank($1) }.map { finding in
            let source = finding.source.map { " (\($0))" } ?? ""
            let reason = because(finding, transition)
            return "\(found(finding)): \(finding.text)\(source)\(reason)."
        }
    }

    private func rank(_ finding: Finding) -> Int {
        switch finding.severity {
        case .deny: 0
        case .pend: 1
        case .note: 2
        }
    }

    private func found(_ finding: Finding) -> String {
        switch (finding.severity, finding.line) {
        case (.deny, nil): "Denied by \(finding.code)"
        case (.deny, let line?): "Line \(line) is denied by \(finding.code)"
        case (.pend, nil): "To be looked at, by \(finding.code)"
        case (.pend, let line?): "Line \(line) is to be looked at, by \(finding.code)"
        case (.note, nil): "Noted by \(finding.code)"
        case (.note, let line?): "Noted by \(finding.code) on line \(line)"
        }
    }

    /// The values that made a check hold.
    private func because(_ finding: Finding, _ transition: Transition) -> String {
        for entry in transition.trace?.entries ?? [] {
            guard case .check(let clause, _, let item, let line, true, let reads) = entry.event,
                clause == finding.clause, line == finding.line
            else { continue }
            let condition = text(item.check.condition.expression.span)
            let values = told(reads, beside: condition, holds: true)
            return " — because \(condition)" + (values.isEmpty ? "" : ", where \(values)")
        }
        return ""
    }

    // MARK: Step by step

    private func steps(_ transition: Transition) -> [String] {
        guard let trace = transition.trace else { return [] }
        var repeats = Repeats()
        for entry in trace.entries { repeats.count(entry) }
        var sentences: [String] = []
        var told: Set<String> = []
        var held = 0
        var passed = 0
        var verdicts: Set<String> = []
        for (index, entry) in trace.entries.enumerated() {
            switch entry.event {
            case .branch(_, nil, let reads) where reads.first.map({ verdicts.contains(text($0.span)) }) ?? false:
                // What a match goes by has just been told as the verdict.
                continue
            case .check(_, _, _, _, let holds, _):
                if holds { held += 1 } else { passed += 1 }
            case .fieldSet where isOfForm(entry):
                // What a form gives stands in one sentence.
                if index > 0, isOfForm(trace.entries[index - 1]) { continue }
                sentences.append(form(trace.entries[index...].prefix { isOfForm($0) }))
            case .localSet, .parameterRead, .tableRead, .functionCalled, .rowRead, .otherRead, .branch:
                // What comes again for each line is told once, with all that came of it.
                guard let sentence = sentence(entry, repeats), told.insert(sentence).inserted else { continue }
                sentences.append(sentence)
            default:
                if case .verdict(let group, _) = entry.event, program.checks.indices.contains(group) {
                    verdicts.insert(program.checks[group].name)
                }
                if let sentence = sentence(entry, repeats), sentences.last != sentence { sentences.append(sentence) }
            }
        }
        // Of what is left out nothing can be counted.
        if held + passed > 0, trace.omitted == 0 {
            let checks = held + passed == 1 ? "1 check" : "\(held + passed) checks"
            sentences.append("Of \(checks) made, \(held) found something.")
        }
        guard trace.omitted > 0 else { return sentences }
        let first = "Only the first \(trace.entries.count) steps are told, and what is counted is counted in these."
        return [first] + sentences + ["\(trace.omitted) further steps are left out here."]
    }

    private func isOfForm(_ entry: Trace.Entry) -> Bool {
        guard case .fieldSet(let index, _) = entry.event, program.caseFields.indices.contains(index) else {
            return false
        }
        return entry.span == program.caseFields[index].span
    }

    private func form(_ entries: ArraySlice<Trace.Entry>) -> String {
        let given = entries.compactMap { entry in
            if case .fieldSet(let field, let value) = entry.event {
                "\(words(program.caseFields[field].name)): \(shown(value))"
            } else {
                nil
            }
        }
        return "The form gives \(list(given))."
    }

    private func sentence(_ entry: Trace.Entry, _ repeats: Repeats) -> String? {
        switch entry.event {
        case .admitted(let role): return "The actor was let in as \(role)\(cited(rules.source(at: entry.span)))."
        case .localSet: return assignment(entry.span, repeats.values(at: entry.span))
        case .argumentsGiven(let action, let values):
            guard program.actions.indices.contains(action) else { return nil }
            let given = zip(program.actions[action].parameters, values).map { "\(words($0.name)): \(shown($1))" }
            return "The call gives \(list(given))."
        case .fieldSet(let field, let value):
            guard program.caseFields.indices.contains(field) else { return nil }
            let name = words(program.caseFields[field].name)
            return "\(capitalised(name)) is set to \(shown(value)), by `\(text(entry.span))`."
        case .fieldGrown(let field, let value):
            guard program.caseFields.indices.contains(field) else { return nil }
            return "\(added(value)) is added to \(words(program.caseFields[field].name)), by `\(text(entry.span))`."
        case .rowSet(let register, let keys, let field, let value):
            guard program.registers.indices.contains(register) else { return nil }
            let declared = program.registers[register]
            let name = program.records[declared.row].fields[field].name
            return "\(declared.name) of \(list(keys.map(shown))) now has \(words(name)) \(shown(value))."
        case .rowRead(let register, _, let found):
            guard !found, program.registers.indices.contains(register) else { return nil }
            return "\(program.registers[register].name) has no row for \(some(repeats.misses(in: register).map(key)))."
        case .otherRead(let reference, let contract, let field, let value):
            guard let field else { return "\(reference) is \(shown(value))." }
            guard program.others.indices.contains(contract) else { return nil }
            return
                "\(capitalised(words(program.others[contract].fields[field].name))) of \(reference) is \(shown(value))."
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
            let condition = text(entry.span)
            let values = told(reads, beside: condition, holds: holds)
            return (holds ? "It is required, and holds, that " : "It is required, and does not hold, that ")
                + condition + (values.isEmpty ? "." : ", where \(values).")
        case .checkFaulted(let clause, let line, let text):
            let check = program.check(clause)
            let what = check.map { "The check \($0.code)" } ?? "A value that checks read"
            let place = line.map { " on line \($0)" } ?? ""
            let within = check == nil ? self.within(entry.span) : ""
            return "\(what)\(place) could not be evaluated: \(text)\(within)\(cited(check?.source))."
        case .verdict(let checks, let verdict):
            guard program.checks.indices.contains(checks) else { return nil }
            let rest = verdict != .deny && repeats.deniesLines(of: checks) ? ": lines are denied, not the whole" : ""
            return "The verdict of \(words(program.checks[checks].name)) is \(verdict.rawValue)\(rest)."
        case .stateEntered(let state):
            guard program.states.indices.contains(state) else { return nil }
            return "The case becomes \(words(program.states[state].name))."
        case .invariant(let text, let holds): return holds ? nil : broken(text)
        case .noticeGiven(let recipient, let text): return "\(recipient) is notified: \(text)"
        case .posted, .roundOpened, .roundEnded, .voted, .counted, .timerFired, .deadlineSet, .deadlineSpent:
            return engine(entry.event)
        case .branch(let arm, let condition, let reads):
            return branch(arm, condition, reads, repeats.branches(at: entry.span))
        case .check: return nil
        }
    }

    private func assignment(_ span: Span, _ values: [Value]) -> String? {
        switch values.first {
        case nil, .record, .list, .set, .map, .absent: return nil
        default: break
        }
        let came = values.map(shown)
        let isSteady = came.allSatisfy { $0 == came[0] }
        let what = isSteady ? " to \(came[0])" + (came.count > 1 ? " each time" : "") : " in turn to \(some(came))"
        guard let name = nameOfBinding(before: span) else { return "`\(text(span))` comes\(what)." }
        return "\(capitalised(words(name))) comes\(what), by `\(text(span))`."
    }

    /// The name that a `let` gives to the value at a place.
    private func nameOfBinding(before span: Span) -> String? {
        guard span.start >= 0, span.start <= source.count else { return nil }
        var rest = source[..<span.start]
        func skipBlanks() { rest = rest[..<(rest.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? rest.startIndex)] }
        skipBlanks()
        guard rest.last == UInt8(ascii: "=") else { return nil }
        rest = rest.dropLast()
        skipBlanks()
        let begin = rest.lastIndex { $0 <= 0x20 }.map { $0 + 1 } ?? rest.startIndex
        let name = String(decoding: rest[begin...], as: UTF8.self)
        rest = rest[..<begin]
        skipBlanks()
        return rest.suffix(3).elementsEqual("let".utf8) ? name : nil
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

    func cited(_ source: String?) -> String { source.map { " (\($0))" } ?? "" }

    // MARK: Words

    /// A value as people read it: shares as they are, amounts grouped, enumeration values taken apart.
    func shown(_ value: Value) -> String {
        switch value {
        case .enumeration(let name): words(name.string)
        case .instant(let instant): instant.zonedText(offset: program.timezone)
        case .map(let entries): "\(entries.count) entr\(entries.count == 1 ? "y" : "ies")"
        case .list(let items):
            seats(value)?.description ?? "\(items.count) element\(items.count == 1 ? "" : "s")"
        default: value.description
        }
    }

    /// The quorum that a value is: seats for roles that the contract has. A trace does not say of what type a value is.
    private func seats(_ value: Value) -> Quorum? {
        guard let quorum = Quorum(value), !quorum.groups.isEmpty else { return nil }
        let areRoles = quorum.roles.allSatisfy { text in
            program.roles.contains { TextValue($0) == SeatClaim(text).role }
        }
        return areRoles ? quorum : nil
    }

    /// The source text of a place, on one line.
    func text(_ span: Span) -> String {
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

    func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// A key of a register; several columns in brackets.
    private func key(_ values: [Value]) -> String {
        values.count == 1 ? shown(values[0]) : "(" + values.map(shown).joined(separator: ", ") + ")"
    }

    /// The first of many, and how many more there are.
    func some(_ parts: [String]) -> String {
        guard parts.count > Limits.narratedValues else { return list(parts) }
        let more = parts.count - Limits.narratedValues
        return list(parts.prefix(Limits.narratedValues) + ["\(more) more"])
    }

    func list(_ parts: [String]) -> String {
        guard let last = parts.last else { return "" }
        if parts.count == 1 { return last }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }
}
