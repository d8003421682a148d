public import RemitLanguage
public import RemitValues

/// Judges whether a value is one of a declared type, to its last element.
public struct ValueConformance: Sendable {
    private let program: CheckedProgram
    private let allowsSealed: Bool

    /// Judges by the declarations of a program; `allowsSealed` lets pass private values that are not known.
    public init(program: CheckedProgram, allowsSealed: Bool = false) {
        self.program = program
        self.allowsSealed = allowsSealed
    }

    /// What is wrong with a value, naming the path to it; nil where it conforms.
    public func problem(_ value: Value, _ type: ValueType, path: String, depth: Int = 0) -> String? {
        guard depth < Limits.encodedDepth else { return "`\(path)` is nested too deeply" }
        switch (type, value) {
        case (.optional(let wrapped), _):
            if case .absent = value { return nil }
            return problem(value, wrapped, path: path, depth: depth + 1)
        case (.boolean, .boolean), (.integer, .integer), (.decimal, .decimal), (.date, .date),
            (.dateTime, .instant), (.duration, .duration), (.term, .term), (.document, .document), (.party, .party):
            return nil
        case (_, .sealed) where allowsSealed: return nil
        case (.quorum, _):
            guard let quorum = Quorum(value) else { return "`\(path)` must be a Quorum, not \(value)" }
            let unknown = quorum.roles.first { text in
                !program.roles.contains { TextValue($0) == SeatClaim(text).role }
            }
            if let unknown { return "`\(path)` asks for a role that there is not, \(unknown)" }
            // As a contract writes them: what a quorum costs, and what it can ask for, is bounded by the roles.
            let isWritten = quorum.groups.allSatisfy { group in
                !group.roles.isEmpty && Set(group.roles.map { SeatClaim($0).role }).count == group.roles.count
            }
            return isWritten ? nil : "`\(path)` names a role twice for one seat, or none"
        case (.caseOf(let contract), .caseReference(let reference)): return self.reference(contract, reference, path)
        case (.otherState(let contract), .enumeration(let name)):
            let isKnown =
                program.others.indices.contains(contract)
                && program.others[contract].states.contains { TextValue($0) == name }
            return isKnown ? nil : "`\(path)` has no known state"
        case (.entry(let key, let element), .record(let parts)) where parts.count == 2:
            return problem(parts[0], key, path: "\(path).key", depth: depth + 1)
                ?? problem(parts[1], element, path: "\(path).value", depth: depth + 1)
        case (.money(let currency), .money(let money)):
            return money.currency == currency
                ? nil : "`\(path)` must be in \(currency.code), not \(money.currency.code)"
        case (.text(let bound), .text(let text)):
            let count = text.scalarCount
            return count <= bound ? nil : "`\(path)` has \(count) characters and may have \(bound)"
        case (.enumeration(let index), .enumeration(let name)):
            return enumeration(index, name, path: path)
        case (.person, .party(let party)):
            return party.kind == .person ? nil : "`\(path)` must be a person"
        case (.organisation, .party(let party)):
            return party.kind == .organisation ? nil : "`\(path)` must be an organisation"
        case (.record(let index), .record(let fields)):
            return record(index, fields, path: path, depth: depth)
        case (.list(let element, let bound), .list(let items)), (.set(let element, let bound), .set(let items)):
            return elements(items, element, bound: bound, path: path, depth: depth)
        case (.map(let key, let element, let bound), .map(let entries)):
            return self.elements(entries.map(\.key), key, bound: bound, path: path, depth: depth)
                ?? self.elements(entries.map(\.value), element, bound: bound, path: path, depth: depth)
        default:
            return "`\(path)` must be \(TypeNames.phrase(type, in: program)), not \(value)"
        }
    }

    private func reference(_ contract: Int, _ reference: TextValue, _ path: String) -> String? {
        guard program.others.indices.contains(contract) else { return "`\(path)` has no known type" }
        let name = program.others[contract].name
        let prefix = TextValue("\(name)/").utf8
        let number = reference.utf8.dropFirst(prefix.count)
        let isNumber =
            !number.isEmpty && number.count <= 19 && number.first != UInt8(ascii: "0")
            && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return reference.utf8.starts(with: prefix) && isNumber
            ? nil : "`\(path)` must be a case of \(name), such as \(name)/1, not \(reference)"
    }

    private func enumeration(_ index: Int, _ name: TextValue, path: String) -> String? {
        guard program.enumerations.indices.contains(index) else { return "`\(path)` has no known type" }
        let type = program.enumerations[index]
        if type.cases.contains(where: { TextValue($0) == name }) { return nil }
        return "`\(path)` must be one of \(type.cases.joined(separator: ", ")), not \(name)"
    }

    private func record(_ index: Int, _ fields: [Value], path: String, depth: Int) -> String? {
        guard program.records.indices.contains(index) else { return "`\(path)` has no known type" }
        let declared = program.records[index].fields
        guard declared.count == fields.count else {
            return "`\(path)` must have \(declared.count) fields, not \(fields.count)"
        }
        for (field, value) in zip(declared, fields) {
            if let found = problem(value, field.type, path: "\(path).\(field.name)", depth: depth + 1) { return found }
        }
        return nil
    }

    private func elements(_ items: [Value], _ type: ValueType, bound: Int, path: String, depth: Int) -> String? {
        guard items.count <= bound else { return "`\(path)` has \(items.count) elements and may have \(bound)" }
        for (index, item) in items.enumerated() {
            if let found = problem(item, type, path: "\(path)[\(index + 1)]", depth: depth + 1) { return found }
        }
        return nil
    }
}

/// The names of types as people write them.
public enum TypeNames {
    /// The type as a contract writes it.
    public static func name(_ type: ValueType, in program: CheckedProgram) -> String {
        switch type {
        case .boolean: "Boolean"
        case .integer: "Integer"
        case .decimal: "Decimal"
        case .money(let currency): currency.code
        case .unrounded(let currency): "unrounded \(currency.code)"
        case .date: "Date"
        case .dateTime: "DateTime"
        case .duration: "Duration"
        case .term: "Term"
        case .text(let length): "Text(\(length))"
        case .enumeration(let index):
            program.enumerations.indices.contains(index) ? program.enumerations[index].name : "enum"
        case .record(let index): program.records.indices.contains(index) ? program.records[index].name : "record"
        case .optional(let wrapped): "optional \(name(wrapped, in: program))"
        case .list(let element, let bound): "list of \(name(element, in: program)) (\(bound))"
        case .set(let element, let bound): "set of \(name(element, in: program)) (\(bound))"
        case .map(let key, let element, let bound):
            "map of \(name(key, in: program)) to \(name(element, in: program)) (\(bound))"
        case .entry(let key, let element): "entry from \(name(key, in: program)) to \(name(element, in: program))"
        case .caseOf(let index):
            program.others.indices.contains(index) ? "case of \(program.others[index].name)" : "case"
        case .otherState: "state of another contract's case"
        case .person: "Person"
        case .organisation: "Organisation"
        case .party: "Party"
        case .document: "Document"
        case .state: "state"
        case .verdict: "verdict"
        case .quorum: "Quorum"
        case .roundOutcome: "outcome of a round"
        case .unknown: "unknown"
        }
    }

    /// The type with its article: `an Integer`, `a Date`.
    static func phrase(_ type: ValueType, in program: CheckedProgram) -> String {
        let name = name(type, in: program)
        let vowel = name.utf8.first.map { "AEIOUaeiou".utf8.contains($0) } ?? false
        return (vowel && name != "USD" ? "an " : "a ") + name
    }
}
