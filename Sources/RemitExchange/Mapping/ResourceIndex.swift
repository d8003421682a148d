/// How FHIR names one resource in another.
enum ReferenceKey {
    /// The identifying end of a reference: of `urn:uuid:X`, `Patient/X`, `https://…/Patient/X/_history/2` it is `X`.
    static func tail(_ reference: String) -> String {
        if reference.hasPrefix("urn:") {
            return reference.split(separator: ":").last.map(String.init) ?? reference
        }
        var parts = reference.split(separator: "/")
        if parts.count > 2, parts[parts.count - 2] == "_history" { parts.removeLast(2) }
        return parts.last.map(String.init) ?? reference
    }
}

/// The facts about patients, organisations and coverages that claims refer to.
public struct ResourceIndex: Sendable {
    /// The members kept of each kind of resource: what a mapping can reach through a reference.
    static let kept: [String: [String]] = [
        "Patient": ["id", "birthDate", "gender", "deceasedDateTime", "deceasedBoolean"],
        "Organization": ["id", "name"],
        "Coverage": ["id", "status", "type", "subscriberId", "period", "payor"],
    ]

    private var facts: [String: JSONValue] = [:]

    /// An index of nothing.
    public init() {}

    /// The number of resources kept.
    public var count: Int { facts.count }

    /// Keeps what can be referred to of a resource, or of each entry of a bundle.
    public mutating func add(_ resource: JSONValue) {
        guard let type = resource["resourceType"]?.string else { return }
        if type == "Bundle" {
            for entry in resource["entry"]?.array ?? [] {
                if let inner = entry["resource"] { add(inner) }
            }
            return
        }
        guard let members = Self.kept[type], let id = resource["id"]?.string else { return }
        facts[id] = .object(members.compactMap { key in resource[key].map { JSONValue.Member(key, $0) } })
    }

    /// What is known of the resource that a reference names; contained ones are looked for in `owner`.
    func resolve(_ reference: JSONValue, in owner: JSONValue) -> JSONValue? {
        let text = reference.string ?? reference["reference"]?.string
        guard let text else { return nil }
        if text.hasPrefix("#") {
            let id = text.dropFirst()
            return owner["contained"]?.array?.first { $0["id"]?.string.map { $0 == id } ?? false }
        }
        return facts[ReferenceKey.tail(text)]
    }
}
