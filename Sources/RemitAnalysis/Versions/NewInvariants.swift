public import RemitLanguage
import RemitValues

/// Invariants of a register that a version does not take over from the one before: rows that stand already may break
/// them.
public struct NewInvariants: Sendable {
    /// The register in the new version (index).
    public let register: Int
    /// Which of its invariants (indices); at least one.
    public let invariants: [Int]

    /// Those of each register that both versions have, in the order of the contract.
    public static func of(_ new: CheckedProgram, after old: CheckedProgram) -> [NewInvariants] {
        var found: [NewInvariants] = []
        for (index, register) in new.registers.enumerated() where !register.invariants.isEmpty {
            guard let before = old.registers.first(where: { TextValue($0.name) == TextValue(register.name) }) else {
                continue
            }
            let known = Set(before.invariants.map { ConditionForm.of($0.condition.expression, in: old) })
            let added = register.invariants.indices.filter {
                !known.contains(ConditionForm.of(register.invariants[$0].condition.expression, in: new))
            }
            if !added.isEmpty { found.append(NewInvariants(register: index, invariants: added)) }
        }
        return found
    }
}

extension VersionChange {
    /// So many rows of a register break an invariant of the new version; `first` names one of them.
    public static func brokenRows(
        _ count: Int, of register: RegisterDeclaration, _ invariant: InvariantDeclaration, first: String
    ) -> VersionChange {
        let rows = count == 1 ? "a row" : "\(count) rows"
        return VersionChange(
            .breaking, "registerRowsBroken",
            "\(rows) of the register \(register.name) \(count == 1 ? "breaks" : "break") its new invariant "
                + "\"\(invariant.text)\": \(count == 1 ? first : "the first is \(first)")",
            advice: "see to the rows that are there, or let the invariant hold of them", at: invariant.span)
    }

    /// A register has more rows than one transaction can hold to the invariants of a new version.
    public static func unheldRows(of register: RegisterDeclaration) -> VersionChange {
        VersionChange(
            .breaking, "registerRowsUnheld",
            "to hold the rows of the register \(register.name) to its new invariants takes more than \(Limits.steps) "
                + "steps",
            advice: "declare them of a register with another name, and load the rows there", at: register.span)
    }
}
