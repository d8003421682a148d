import RemitLanguage
import RemitValues

/// Single entries of maps.
extension Machine {
    /// Where a key stands among the entries, or would stand; they are sorted by key.
    func place(of key: Value, in entries: [Value.MapEntry]) throws(Stop) -> (index: Int, isThere: Bool) {
        try charge(Cost.halvings(entries.count) &* (1 &+ work(key)))
        var lower = 0
        var upper = entries.count
        while lower < upper {
            let middle = lower + (upper - lower) / 2
            if entries[middle].key < key { lower = middle + 1 } else { upper = middle }
        }
        return (lower, lower < entries.count && entries[lower].key == key)
    }

    func writeEntry(_ statement: CheckedStatement) throws(Stop) {
        let span = statement.span
        switch statement.kind {
        case .setEntry(let field, let key, let expression):
            let key = try known(evaluate(key), span)
            try change(field, key, span) { (_) throws(Stop) in try self.evaluate(expression) }
        case .addToEntry(let field, let key, let expression):
            let key = try known(evaluate(key), span)
            try change(field, key, span) { (old) throws(Stop) in
                let value = try self.evaluate(expression)
                guard let old else {
                    let name = self.program.caseFields[field].name
                    throw .refused(Refusal(.missing, "`\(name)` has no entry for \(key)", at: span))
                }
                return try self.sum(old, value, span)
            }
        default: throw misfit(span)
        }
    }

    /// Puts a value at a key; the map is built anew.
    private func change(
        _ field: Int, _ key: Value, _ span: Span, _ value: (Value?) throws(Stop) -> Value
    ) throws(Stop) {
        guard caseState.fields.indices.contains(field) else { throw misfit(span) }
        let held = try knownItself(caseState.fields[field], program.caseFields[field].name, span)
        guard case .map(var entries) = held else { throw misfit(span) }
        let place = try place(of: key, in: entries)
        let new = Value.MapEntry(key: key, value: try value(place.isThere ? entries[place.index].value : nil))
        try charge(Cost.elements(entries.count))
        try build(1)
        if place.isThere { entries[place.index] = new } else { entries.insert(new, at: place.index) }
        try set(field, .map(entries), span)
    }

    func removeEntry(_ key: Value, _ entries: [Value.MapEntry], _ field: Int, _ span: Span) throws(Stop) {
        let place = try place(of: key, in: entries)
        try charge(Cost.elements(entries.count))
        var rest = entries
        if place.isThere { rest.remove(at: place.index) }
        try set(field, .map(rest), span)
    }

    private func sum(_ old: Value, _ value: Value, _ span: Span) throws(Stop) -> Value {
        switch old {
        case .integer: try arithmetic(.addInteger, old, value, span)
        case .decimal: try arithmetic(.addDecimal, old, value, span)
        case .money: try arithmetic(.addMoney, old, value, span)
        case .duration: try arithmetic(.addDuration, old, value, span)
        default: throw misfit(span)
        }
    }
}
