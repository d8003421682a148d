import RemitLanguage
import RemitRuntime
import RemitValues

/// Something that an action can be given in one version only.
struct GivenAlone {
    /// What is special about it.
    enum Special {
        case value(Value)
        case size(Int)
        case absent
    }

    let action: String
    /// The field of the case or parameter, and where it is given.
    let field: String
    let root: TextValue
    let path: ConditionInputs.Path
    let special: Special
    /// Whether it is the old version that takes it.
    let isOld: Bool
    /// The enumerations and records that it is a part of.
    let types: [TextValue]

    /// Whether it comes from a difference.
    func concerns(_ difference: PolicyDifference) -> Bool {
        let name = TextValue(difference.name)
        switch difference.subject {
        case .field: return root == "case" && TextValue(field) == name
        case .action: return root == "given" && TextValue(action) == name
        case .enumeration, .record: return types.contains(name)
        default: return false
        }
    }

    fileprivate func wish(_ attempt: Int) -> CaseWish {
        var wish = CaseWish(attempt: attempt)
        switch special {
        case .value(let value): wish.values[path] = value
        case .size(let size): wish.sizes[path] = size
        case .absent: wish.shapes[path] = .absent
        }
        return wish
    }
}

/// Finds what actions can be given in one version only.
struct GivenFinder {
    let old: CheckedProgram
    let new: CheckedProgram

    private typealias Given = (name: String, root: TextValue, type: ValueType)

    var all: [GivenAlone] {
        new.actions.flatMap { action -> [GivenAlone] in
            guard let partner = old.actions.first(where: { TextValue($0.name) == TextValue(action.name) }) else {
                return []
            }
            let before = Self.given(partner, old)
            return Self.given(action, new).flatMap { given -> [GivenAlone] in
                guard let other = before.first(where: { TextValue($0.name) == TextValue(given.name) }),
                    other.root == given.root
                else { return [] }
                return apart(other.type, given.type, [given.root, TextValue(given.name)], []).map { found in
                    GivenAlone(
                        action: action.name, field: given.name, root: given.root, path: found.path,
                        special: found.special, isOld: found.isOld, types: found.types)
                }
            }
        }
    }

    private static func given(_ action: ActionDeclaration, _ program: CheckedProgram) -> [Given] {
        action.enters.map { (program.caseFields[$0].name, "case", program.caseFields[$0].type) }
            + action.parameters.map { ($0.name, "given", $0.type) }
    }

    private typealias Apart = (
        path: ConditionInputs.Path, special: GivenAlone.Special, isOld: Bool, types: [TextValue]
    )

    /// Values that tell two types apart.
    private func apart(
        _ one: ValueType, _ other: ValueType, _ path: ConditionInputs.Path, _ types: [TextValue]
    ) -> [Apart] {
        guard path.count < Limits.encodedDepth else { return [] }
        switch (one, other) {
        case (.optional(let inner), .optional(let opposite)): return apart(inner, opposite, path, types)
        case (.optional(let inner), _): return [(path, .absent, true, types)] + apart(inner, other, path, types)
        case (_, .optional(let inner)): return [(path, .absent, false, types)] + apart(one, inner, path, types)
        case (.text(let bound), .text(let opposite)) where bound != opposite:
            let letters = String(repeating: "a", count: min(bound, opposite) + 1)
            return [(path, .value(.text(TextValue(letters))), bound > opposite, types)]
        case (.list(let element, let bound), .list(let opposite, let limit)):
            let inner = apart(element, opposite, path + ["each"], types)
            return bound == limit ? inner : [(path, .size(min(bound, limit) + 1), bound > limit, types)] + inner
        case (.set(let element, _), .set(let opposite, _)): return apart(element, opposite, path + ["each"], types)
        case (.enumeration(let index), .enumeration(let place)):
            guard old.enumerations.indices.contains(index), new.enumerations.indices.contains(place) else { return [] }
            let (before, after) = (old.enumerations[index], new.enumerations[place])
            let names = (before.cases.map { TextValue($0) }, after.cases.map { TextValue($0) })
            let gone = names.0.filter { !names.1.contains($0) }.map { ($0, true) }
            let come = names.1.filter { !names.0.contains($0) }.map { ($0, false) }
            return (come + gone).map { name, isOld in
                (path, .value(.enumeration(name)), isOld, types + [TextValue(after.name)])
            }
        case (.record(let index), .record(let place)):
            guard old.records.indices.contains(index), new.records.indices.contains(place) else { return [] }
            let (before, after) = (old.records[index], new.records[place])
            return after.fields.flatMap { field -> [Apart] in
                guard let partner = before.fields.first(where: { TextValue($0.name) == TextValue(field.name) }) else {
                    return []
                }
                return apart(
                    partner.type, field.type, path + [TextValue(field.name)], types + [TextValue(after.name)])
            }
        default: return []
        }
    }
}

extension CaseSearch {
    /// What one version takes and the other cannot be given, in words, with what it decides; nil where it takes no case
    /// that was tried.
    func told(_ alone: GivenAlone) -> PolicyDifference.OneVersion? {
        let (taker, other) = alone.isOld ? (old, new) : (new, old)
        let play = Play.action(alone.action)
        var told: PolicyDifference.OneVersion?
        for attempt in 0..<Self.triedTakers {
            let wish = alone.wish(attempt)
            guard let played = taker.played(play, pool, wish, isGauged: false),
                let given = taker.arguments(play, pool, wish).first(where: {
                    TextValue($0.field.name) == TextValue(alone.field)
                }),
                let type = other.type(ofGiven: alone.field, alone.root, alone.action),
                let problem = ValueConformance(program: other.program).problem(given.value, type, path: alone.field)
            else { continue }
            let decision = Decision(played, taker.program, other: other.program)
            told = .init(
                action: alone.action,
                input: .init(input: alone.field, value: Self.words(given.value, given.field.type, taker.program)),
                isOld: alone.isOld, decided: decision.lines.first ?? "", problem: problem)
            if played.refusal == nil { break }
        }
        return told
    }

    /// How many cases are tried for one that is not refused.
    private static let triedTakers = 24

    private static func words(_ value: Value, _ type: ValueType, _ program: CheckedProgram) -> String {
        switch value {
        case .text(let text) where text.scalarCount > Limits.triedMembers:
            return "a text of \(text.scalarCount) characters"
        case .list(let items) where items.count > Limits.toldLines: return "a list of \(items.count) members"
        default: return program.written(value, type)
        }
    }
}

extension CaseTrial {
    /// The type of what an action is given.
    fileprivate func type(ofGiven name: String, _ root: TextValue, _ action: String) -> ValueType? {
        guard let action = program.actions.first(where: { TextValue($0.name) == TextValue(action) }) else { return nil }
        let fields = root == "given" ? action.parameters : action.enters.map { program.caseFields[$0] }
        return fields.first { TextValue($0.name) == TextValue(name) }?.type
    }
}
