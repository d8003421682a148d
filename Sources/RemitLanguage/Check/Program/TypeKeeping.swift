import RemitValues

/// Which values of one version another version of a contract can take over as they are.
public struct TypeKeeping: Sendable {
    public let old: CheckedProgram
    public let new: CheckedProgram

    /// From one version to another.
    public init(from old: CheckedProgram, to new: CheckedProgram) {
        self.old = old
        self.new = new
    }

    /// Whether every value of the old type is one of the new type as it is stored.
    public func keeps(_ before: ValueType, as after: ValueType) -> Bool {
        switch (before, after) {
        case (.text(let was), .text(let bound)): was <= bound
        case (.enumeration(let was), .enumeration(let index)): keepsValues(of: was, as: index)
        case (.record(let was), .record(let index)): keepsFields(of: was, as: index)
        case (.optional(let was), .optional(let inner)): keeps(was, as: inner)
        case (_, .optional(let inner)): keeps(before, as: inner)
        case (.list(let was, let wasBound), .list(let element, let bound)),
            (.set(let was, let wasBound), .set(let element, let bound)):
            wasBound <= bound && keeps(was, as: element)
        case (.map(let wasKey, let was, let wasBound), .map(let key, let element, let bound)):
            wasBound <= bound && keeps(wasKey, as: key) && keeps(was, as: element)
        case (.person, .party), (.organisation, .party): true
        case (.caseOf(let was), .caseOf(let contract)): keepsContract(was, as: contract)
        case (.otherState, _), (_, .otherState): false
        default: before == after
        }
    }

    private func keepsValues(of was: Int, as index: Int) -> Bool {
        guard old.enumerations.indices.contains(was), new.enumerations.indices.contains(index) else { return false }
        let known = Set(new.enumerations[index].cases.map { TextValue($0) })
        return old.enumerations[was].cases.allSatisfy { known.contains(TextValue($0)) }
    }

    private func keepsContract(_ was: Int, as contract: Int) -> Bool {
        old.others.indices.contains(was) && new.others.indices.contains(contract)
            && TextValue(old.others[was].name) == TextValue(new.others[contract].name)
    }

    /// A record's values stand by position, so that its fields must be the same ones.
    private func keepsFields(of was: Int, as index: Int) -> Bool {
        guard old.records.indices.contains(was), new.records.indices.contains(index) else { return false }
        let (before, after) = (old.records[was].fields, new.records[index].fields)
        return before.count == after.count && zip(before, after).allSatisfy { keeps($0, as: $1) }
    }

    /// Whether a field is the same one and keeps its values.
    public func keeps(_ before: FieldDeclaration, as after: FieldDeclaration) -> Bool {
        TextValue(before.name) == TextValue(after.name) && before.isPrivate == after.isPrivate
            && keeps(before.type, as: after.type)
    }

    /// For each case field of the new version, the field of the old one whose value it keeps; nil for a new one.
    public var keptFields: [Int?] {
        new.caseFields.map { field in old.caseFields.firstIndex { keeps($0, as: field) } }
    }

    /// The registers (indices) of the new version whose rows the old version may give values that are none of theirs.
    public var unkeptRegisters: Set<Int> {
        var found: Set<Int> = []
        for (index, register) in new.registers.enumerated() {
            guard let before = old.registers.first(where: { TextValue($0.name) == TextValue(register.name) }) else {
                continue
            }
            let (was, fields) = (old.records[before.row].fields, new.records[register.row].fields)
            if !zip(was, fields).allSatisfy({ keeps($0, as: $1) }) { found.insert(index) }
        }
        return found
    }
}
