import RemitLanguage
import RemitValues

/// The values that a condition read, as far as its own words do not say them.
extension TraceNarrator {
    /// The values that were read for a condition, each once, but for those that follow from its words.
    func told(_ reads: [Trace.Read], beside condition: String, holds: Bool) -> String {
        let said = Self.parts(of: condition, holds: holds)
        var seen: Set<String> = []
        var parts: [String] = []
        for read in reads {
            // A whole row says less than the field of it that the condition asked for.
            if case .record = read.value { continue }
            let name = text(read.span)
            guard seen.insert(name).inserted, !says(said, holds, name, read.value) else { continue }
            parts.append("\(name) is \(shown(read.value))")
        }
        return list(parts)
    }

    /// A value that is added to a list or set; of a record each field, as people read it.
    func added(_ value: Value) -> String {
        guard case .record(let fields) = value else { return shown(value) }
        return "(" + fields.map(shown).joined(separator: ", ") + ")"
    }

    /// What is known to be so, or not to be so, by a condition that holds or does not: the parts of one that is made of
    /// `and` alone all hold, and those of one that is made of `or` alone all fail.
    private static func parts(of condition: String, holds: Bool) -> [String] {
        let words = condition.split(separator: " ")
        let isPlain = !condition.utf8.contains { "()[]\"".utf8.contains($0) }
        let (joint, others): (Substring, [Substring]) =
            holds ? ("and", ["or", "implies"]) : ("or", ["and", "implies"])
        guard isPlain, !words.contains(where: { others.contains($0) || ["if", "for"].contains($0) }) else {
            return [condition]
        }
        return words.split(separator: joint).map { $0.joined(separator: " ") }
    }

    /// Whether one of the parts says which value stood under a name: `kind is urgent` where it holds, or a truth value.
    private func says(_ parts: [String], _ holds: Bool, _ name: String, _ value: Value) -> Bool {
        var sayings: [String] = []
        if case .boolean(let isSo) = value { sayings.append(isSo == holds ? name : "not \(name)") }
        if holds {
            sayings.append("\(name) is \(shown(value))")
            // The contract has the name of a value where people read its words.
            if case .enumeration(let word) = value { sayings.append("\(name) is \(word)") }
            if case .absent = value { sayings.append("\(name) is absent") }
        }
        return parts.contains { part in sayings.contains { $0.utf8.elementsEqual(part.utf8) } }
    }
}
