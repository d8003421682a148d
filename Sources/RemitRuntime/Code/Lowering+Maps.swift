import RemitLanguage
import RemitValues

/// Maps: literals, look-ups by key, and changes of single entries.
extension Lowering {
    /// The shapes of a map's keys and values, by the shape of its entries.
    func entryShapes(_ entry: Int) -> (key: Int, value: Int)? {
        guard case .record(let parts, _) = shapes.shapes[entry].kind, parts.count == 2 else { return nil }
        return (parts[0], parts[1])
    }

    /// A map that is written down.
    func map(
        _ entries: [(key: CheckedExpression, value: CheckedExpression)], _ expression: CheckedExpression,
        into target: Register?
    ) throws(LoweringProblem) -> Register {
        let count = try narrow(entries.count, "entries")
        if count > 0 { emit(Instruction(.build, number: 2 * Int32(count)), expression.span) }
        let first = try values(entries.flatMap { [$0.key, $0.value] }).first ?? 0
        let result = try result(expression, target)
        emit(Instruction(.makeMap, result, first, count), expression.span)
        return result
    }

    /// The value at a key, which may be absent unless the checker knows that it is there.
    func entry(
        of map: CheckedExpression, at key: CheckedExpression, _ expression: CheckedExpression, into target: Register?
    ) throws(LoweringProblem) -> Register {
        let found = try value(map)
        let key = try value(key)
        let result = try result(expression, target)
        let kind = try shape(expression.type)
        let wanted = shapes.shapes[kind]
        let guarded = wanted.isOptional && wanted.canBeLeast
        emit(Instruction(.entry, d: guarded ? 1 : 0, result, found, key), expression.span)
        return result
    }

    /// Puts a value at a key of a map that a case field holds, or adds to the one that is there.
    func writeEntry(
        _ field: Int, _ key: CheckedExpression, _ expression: CheckedExpression, adding: Bool, _ span: Span
    ) throws(LoweringProblem) {
        let register = fields[field].register
        guard case .map(_, let element, _) = program.caseFields[field].type,
            case .map(let entry) = shape(of: register).kind, let parts = entryShapes(entry)
        else { throw .unsupported("entries of this") }
        // What was found, whether the key is there, the key, the value.
        let place = shapes.place()
        let found = try temporaries([place, try shape(.boolean), parts.key, parts.value])
        _ = try value(key, into: found + 2)
        emit(Instruction(.seekEntry, found, register, found + 2), span)
        if adding {
            let added = try value(expression)
            let present = assembler.label()
            assembler.emit(Instruction(.jumpIf, a: found + 1, number: 0), span, to: present)
            emit(Instruction(.noEntry, 0, found + 2, try narrow(field, "fields")), span)
            assembler.bind(present)
            let old = try temporary(parts.value)
            emit(Instruction(.entryValue, old, register, found), span)
            try add(added, to: old, element, found + 3, span)
        } else {
            _ = try value(expression, into: found + 3)
        }
        emit(Instruction(.putEntry, register, register, found), span)
        try settle(field, span)
    }
}
