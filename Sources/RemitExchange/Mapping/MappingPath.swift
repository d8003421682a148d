/// A path into a resource: `type.coding[0].code`, `identifier[system=urn:x].value`, `patient -> birthDate`.
struct MappingPath: Sendable {
    enum Step: Sendable {
        case member(String)
        case index(Int)
        /// The first element whose member equals a text.
        case select(String, String)
        /// The resource that this reference names.
        case follow
    }

    let written: String
    let steps: [Step]

    init(_ text: String) throws(ExchangeError) {
        written = text
        var steps: [Step] = []
        for (place, leg) in text.components(separatedBy: "->").enumerated() {
            if place > 0 { steps.append(.follow) }
            let parts = Self.parts(leg)
            guard parts.allSatisfy({ !$0.isEmpty }) else {
                throw .mapping("a step of the path \"\(text)\" is empty")
            }
            for part in parts { steps += try Self.steps(part, in: text) }
        }
        self.steps = steps
    }

    /// The parts between dots; a dot inside brackets belongs to the text there.
    private static func parts(_ leg: String) -> [String] {
        var parts: [String] = [""]
        var depth = 0
        for scalar in leg.unicodeScalars {
            switch scalar {
            case "[": depth += 1
            case "]": depth -= 1
            default: break
            }
            if scalar == ".", depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].unicodeScalars.append(scalar)
            }
        }
        return parts.map(\.trimmed)
    }

    private static func steps(_ part: String, in path: String) throws(ExchangeError) -> [Step] {
        let scalars = part.unicodeScalars
        guard let bracket = scalars.firstIndex(of: "[") else { return [.member(part)] }
        guard scalars.last == "]" else { throw .mapping("a `]` is missing in the path \"\(path)\"") }
        let name = String(Substring(scalars[..<bracket]))
        let inside = String(Substring(scalars[scalars.index(after: bracket)...].dropLast()))
        let first: [Step] = name.isEmpty ? [] : [.member(name)]
        if let index = Int(inside), index >= 0 { return first + [.index(index)] }
        guard let equals = inside.utf8.firstIndex(of: UInt8(ascii: "=")), equals > inside.utf8.startIndex else {
            throw .mapping("[\(inside)] in \"\(path)\" is neither a number nor a choice")
        }
        let text = String(inside[inside.utf8.index(after: equals)...])
        guard !text.isEmpty else { throw .mapping("[\(inside)] in \"\(path)\" is neither a number nor a choice") }
        return first + [.select(String(inside[..<equals]), text)]
    }

    /// The value at the end of the path; nil where a step leads nowhere.
    func value(in resource: JSONValue, root: JSONValue, index: ResourceIndex) -> JSONValue? {
        var current = resource
        for step in steps {
            let next: JSONValue?
            switch step {
            case .member(let key): next = current[key]
            case .index(let place): next = current.array.flatMap { $0.indices.contains(place) ? $0[place] : nil }
            case .select(let key, let text):
                next = current.array?.first { $0[key]?.string?.utf8.elementsEqual(text.utf8) ?? false }
            case .follow: next = index.resolve(current, in: root)
            }
            guard let next else { return nil }
            current = next
        }
        return current
    }
}
