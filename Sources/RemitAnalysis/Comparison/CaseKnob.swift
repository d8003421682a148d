import RemitLanguage
import RemitValues

/// Something of a case that can be turned up and down.
struct CaseKnob {
    enum Kind {
        /// A value, as it was made.
        case value(Value)
        /// The number of members of a list or set, and the most that there may be.
        case size(bound: Int)
        /// The number of characters of a text.
        case length(TextValue)
        /// All days and times of a case together, what registers hold apart: how they lie to each other stays.
        case days
    }

    let kind: Kind
    let path: ConditionInputs.Path
    let start: Int128
    let least: Int128
    let common: Int128

    /// Whether it counts members or characters.
    var isSize: Bool {
        switch kind {
        case .size, .length: true
        case .value, .days: false
        }
    }

    static func all(of made: MadeValues) -> [CaseKnob] {
        let one = Scaled.one
        var knobs: [CaseKnob] = []
        if made.leaves.count(where: { isDay($0.path, $0.value) }) > 1 {
            knobs.append(CaseKnob(kind: .days, path: [], start: 0, least: one, common: one))
        }
        for (path, value) in made.leaves {
            guard let start = Scaled.number(value), let steps = Scaled.steps(value) else { continue }
            for place in [path] + made.own(path) {
                knobs.append(
                    CaseKnob(kind: .value(value), path: place, start: start, least: steps.least, common: steps.common))
            }
        }
        for (path, count, bound) in made.sizes {
            knobs.append(
                CaseKnob(kind: .size(bound: bound), path: path, start: Int128(count) * one, least: one, common: one))
        }
        for (path, value) in made.leaves {
            guard case .text(let text) = value else { continue }
            let start = Int128(text.scalarCount) * one
            knobs.append(CaseKnob(kind: .length(text), path: path, start: start, least: one, common: one))
        }
        return knobs
    }

    private static func isDay(_ path: ConditionInputs.Path, _ value: Value) -> Bool {
        guard path.first != "register" else { return false }
        switch value {
        case .date, .instant: return true
        default: return false
        }
    }

    /// A case with this at another place; nil where there is none.
    func set(_ number: Int128, in wish: CaseWish) -> CaseWish? {
        var changed = wish
        switch kind {
        case .value(let value):
            guard let other = Scaled.value(number, like: value) else { return nil }
            changed.set(path, to: other)
        case .size(let bound):
            guard let size = Int(exactly: number / least), size >= 0, size <= min(bound, Limits.triedMembers)
            else { return nil }
            changed.sizes[path] = size
        case .length(let text):
            guard let size = Int(exactly: number / least), size >= 0, size <= Limits.triedMembers else { return nil }
            let kept = text.string.unicodeScalars.prefix(size)
            let filled = String(String.UnicodeScalarView(kept)) + String(repeating: "a", count: size - kept.count)
            changed.values[path] = .text(TextValue(filled))
        case .days:
            let days = number / Scaled.one
            for (path, value) in wish.values where Self.isDay(path, value) {
                let isTime = if case .instant = value { true } else { false }
                guard let start = Scaled.number(value),
                    let moved = Scaled.value(start + days * Scaled.one * (isTime ? 86_400 : 1), like: value)
                else { return nil }
                changed.values[path] = moved
            }
        }
        return changed
    }
}
