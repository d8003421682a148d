import RemitLanguage
import RemitValues

extension OutputWriter {
    /// Writes what the reference evaluator decided, as the machine's own decisions are written.
    mutating func decided(line: Int, _ transition: Transition) {
        begin(line)
        switch transition.outcome {
        case .done(let effects):
            begin(state: effects.caseState.state)
            for (index, field) in fields.enumerated() {
                begin(field: index)
                let values = effects.caseState.fields
                value(values.indices.contains(field.number) ? values[field.number] : .absent, field.shape)
            }
            raw("}")
        case .refused(let refusal): self.refusal(refusal)
        }
        beginFindings()
        for (index, finding) in transition.findings.enumerated() {
            begin(finding: finding.clause, on: Int64(finding.line ?? 0), isFirst: index == 0)
            quoted(finding.text)
            raw("}")
        }
        end(transition.cost)
    }

    /// Writes a value of a shape; nested no deeper than the types of the contract.
    private mutating func value(_ value: Value, _ index: Int) {
        switch value {
        case .absent: raw("null")
        case .boolean(let flag): raw(flag ? "true" : "false")
        case .integer(let number): TextWriter.integer(number, &bytes)
        case .duration(let duration): TextWriter.integer(duration.seconds, &bytes)
        case .money(let money): amount(money.minorUnits, money.currency.minorDigits)
        case .text(let text), .enumeration(let text), .caseReference(let text): quoted(text.string)
        case .party(let party):
            var name = party.identifier.string
            if case .party(nil) = coder.shapes[index].kind {
                name = Self.kind(isOrganisation: party.kind == .organisation) + name
            }
            quoted(name)
        case .record(let parts):
            guard case .record(let shapes, _) = coder.shapes[index].kind else { return raw("null") }
            raw("{")
            for (field, (part, shape)) in zip(parts, shapes).enumerated() {
                if field > 0 { raw(",") }
                raw(recordPrefixes[index][field])
                self.value(part, shape)
            }
            raw("}")
        case .list(let items), .set(let items):
            if let quorum = Quorum(value), case .quorum = coder.shapes[index].kind {
                return quoted(quorum.description)
            }
            raw("[")
            for (place, item) in items.enumerated() {
                if place > 0 { raw(",") }
                self.value(item, coder.shapes[index].elements ?? index)
            }
            raw("]")
        case .map(let entries): map(entries, index)
        default: quoted(value.description)
        }
    }

    private mutating func map(_ entries: [Value.MapEntry], _ index: Int) {
        guard case .map(let entry) = coder.shapes[index].kind, case .record(let parts, _) = coder.shapes[entry].kind,
            parts.count == 2
        else { return raw("null") }
        let isObject = isMember(coder.shapes[parts[0]])
        raw(isObject ? "{" : "[")
        for (place, entry) in entries.enumerated() {
            if place > 0 { raw(",") }
            if !isObject { raw("[") }
            value(entry.key, parts[0])
            raw(isObject ? ":" : ",")
            value(entry.value, parts[1])
            if !isObject { raw("]") }
        }
        raw(isObject ? "}" : "]")
    }

    /// Whether a key of a shape is written in quotes, and so can be the name of a member.
    private func isMember(_ shape: Shape) -> Bool {
        switch shape.kind {
        case .text, .party, .named, .date, .instant, .reference: true
        default: false
        }
    }
}
