public import RemitExchange
public import RemitLanguage
import RemitRuntime

/// What a contract declares, as the exchange's target types.
public enum TargetBridge {
    /// The named arguments of an action: the entered fields, then the parameters.
    public static func arguments(of action: ActionDeclaration, in program: CheckedProgram) -> [(
        name: String, type: TargetType
    )] {
        let entered = action.enters.map { program.caseFields[$0] }
        return (entered + action.parameters).compactMap { field in
            type(field.type, in: program).map { (field.name, $0) }
        }
    }

    /// The target type of a declared type; nil for types that nothing declared has.
    public static func type(_ type: ValueType, in program: CheckedProgram) -> TargetType? {
        switch type {
        case .boolean: return .boolean
        case .integer: return .integer
        case .decimal: return .decimal
        case .money(let currency): return .money(currency)
        case .date: return .date
        case .dateTime: return .dateTime
        case .duration: return .duration
        case .text(let length): return .text(maxScalars: length)
        case .enumeration(let index): return .enumeration(program.enumerations[index].cases)
        case .organisation: return .organisation
        case .person: return .person
        case .optional(let wrapped): return self.type(wrapped, in: program).map(TargetType.optional)
        case .list(let element, let bound):
            return self.type(element, in: program).map { .list(of: $0, max: bound) }
        case .record(let index):
            var fields: [(name: String, type: TargetType)] = []
            for field in program.records[index].fields {
                guard let type = self.type(field.type, in: program) else { return nil }
                fields.append((field.name, type))
            }
            return .record(fields)
        case .set(let element, let bound):
            return self.type(element, in: program).map { .set(of: $0, max: bound) }
        case .party: return .party
        case .document: return .document
        case .map(let key, let value, let bound):
            guard let key = self.type(key, in: program), let value = self.type(value, in: program) else { return nil }
            return .map(of: key, to: value, max: bound)
        case .caseOf(let contract): return .caseReference(program.others[contract].name)
        case .term, .quorum: return .withheld(TypeNames.name(type, in: program))
        case .unrounded, .entry, .otherState, .state, .verdict, .roundOutcome, .unknown: return nil
        }
    }
}
