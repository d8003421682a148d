import RemitLanguage
import RemitValues

extension InputReader {
    /// Reads the whole line into values, for the reference evaluator: these hold what a word cannot.
    mutating func readValues(_ coder: ValueCoder) throws(InputProblem) -> [Value] {
        guard cursor.take(0x7B) else { throw cursor.fault("an object is missing") }
        let values = try parts(top, coder)
        try end()
        return values
    }

    private mutating func parts(_ members: Members, _ coder: ValueCoder) throws(InputProblem) -> [Value] {
        var values = [Value](repeating: .absent, count: members.count)
        try self.members(members, absent: .absent, Self.reading(coder)) { values[$0] = $1 }
        return values
    }

    private static func reading(
        _ coder: ValueCoder
    ) -> (inout InputReader, Int) throws(InputProblem) -> Value {
        { (reader, shape) throws(InputProblem) in try reader.held(shape, coder) }
    }

    /// The value of a shape; nested no deeper than the types of the contract.
    private mutating func held(_ index: Int, _ coder: ValueCoder) throws(InputProblem) -> Value {
        let shape = coder.shapes[index]
        let isNull = shape.isOptional && cursor.byte == 0x6E
        switch shape.kind {
        case .record where !isNull:
            guard cursor.take(0x7B) else { throw InputProblem("must be an object") }
            return .record(try parts(records[index], coder))
        case .list(let element) where !isNull: return .list(try list(element, shape, coder))
        case .set(let element) where !isNull: return .makeSet(try list(element, shape, coder))
        case .map(let entry) where !isNull:
            guard case .record(let parts, _) = coder.shapes[entry].kind, parts.count == 2 else { break }
            var entries: [Value.MapEntry] = []
            try self.entries(shape.bound, parts[0], parts[1], Self.reading(coder)) {
                entries.append(Value.MapEntry(key: $0, value: $1))
            }
            return .makeMap(entries)
        default: break
        }
        let word = try value(index)
        guard word == absentWord, shape.isOptional, !isNull else { return coder.value(word, index, machine) }
        switch shape.kind {
        case .integer: return .integer(word)
        case .duration: return .duration(Duration(seconds: word))
        case .money(let currency): return .money(Money(minorUnits: word, currency: currency))
        default: return .absent
        }
    }

    private mutating func list(
        _ element: Int, _ shape: Shape, _ coder: ValueCoder
    ) throws(InputProblem) -> [Value] {
        var values: [Value] = []
        _ = try elements(shape.bound, element, Self.reading(coder)) { values.append($0) }
        return values
    }
}
