/// The facts about patients, organisations, coverages and conditions that claims refer to.
public struct ResourceIndex: Sendable {
    /// The members kept of each kind of resource: what a mapping can reach through a reference.
    static let kept: [String: [String]] = [
        "Patient": ["id", "birthDate", "gender", "deceasedDateTime", "deceasedBoolean"],
        "Organization": ["id", "name"],
        "Coverage": ["id", "status", "type", "subscriberId", "period", "payor"],
        "Condition": ["id", "code"],
    ]

    private var facts: [JSONValue] = []
    /// Places in `facts`, by type and id, by type and identifier, and by id alone for references without a type.
    private var byType: [String: Int] = [:]
    private var byIdentifier: [String: Int] = [:]
    private var byIdentity: [String: Int] = [:]

    /// An index of nothing.
    public init() {}

    /// The number of resources kept.
    public var count: Int { facts.count }

    /// Keeps what can be referred to of a resource, or of each entry of a bundle; the first of a name counts.
    public mutating func add(_ resource: JSONValue) {
        guard let type = resource["resourceType"]?.string else { return }
        if type == "Bundle" {
            for entry in BundleReading.entries(of: resource) { add(entry.resource, type: nil, address: entry.address) }
        } else {
            add(resource, type: type, address: nil)
        }
    }

    private mutating func add(_ resource: JSONValue, type known: String?, address: String?) {
        guard let type = known ?? resource["resourceType"]?.string, let members = Self.kept[type] else { return }
        let place = facts.count
        facts.append(.object(members.compactMap { key in resource[key].map { JSONValue.Member(key, $0) } }))
        for name in [resource["id"]?.string, address.map(ReferenceKey.tail)] {
            guard let name else { continue }
            if byType["\(type)/\(name)"] == nil { byType["\(type)/\(name)"] = place }
            if byIdentity[name] == nil { byIdentity[name] = place }
        }
        for identifier in resource["identifier"]?.array ?? [] {
            guard let value = identifier["value"]?.string else { continue }
            if byIdentifier["\(type)/\(value)"] == nil { byIdentifier["\(type)/\(value)"] = place }
        }
    }

    /// What is known of the resource that a reference names; contained ones are looked for in `owner`.
    func resolve(_ reference: JSONValue, in owner: JSONValue) -> JSONValue? {
        let text = reference.string ?? reference["reference"]?.string
        guard let text else { return nil }
        if text.utf8.first == UInt8(ascii: "#") { return Self.contained(text, in: owner) }
        let parts = ReferenceKey.parts(text)
        guard let type = parts.type else { return byIdentity[parts.identity].map { facts[$0] } }
        let name = "\(type)/\(parts.identity)"
        return (byType[name] ?? byIdentifier[name]).map { facts[$0] }
    }

    static func contained(_ reference: String, in owner: JSONValue) -> JSONValue? {
        let id = Array(reference.utf8.dropFirst())
        return owner["contained"]?.array?.first { $0["id"]?.string.map { $0.utf8.elementsEqual(id) } ?? false }
    }
}

/// Takes bundles apart.
enum BundleReading {
    /// A resource of a bundle with the address that the bundle gives it.
    struct Entry {
        let resource: JSONValue
        let address: String?
    }

    /// The resources of a bundle in order, those of bundles inside included; one without an id gets its address's.
    static func entries(of bundle: JSONValue) -> [Entry] {
        var found: [Entry] = []
        for entry in bundle["entry"]?.array ?? [] {
            guard let resource = entry["resource"] else { continue }
            if resource["resourceType"]?.string == "Bundle" {
                found += entries(of: resource)
                continue
            }
            let address = entry["fullUrl"]?.string
            if let address, resource["id"] == nil, let members = resource.members {
                let id = JSONValue.Member("id", .string(ReferenceKey.tail(address)))
                found.append(Entry(resource: .object(members + [id]), address: address))
            } else {
                found.append(Entry(resource: resource, address: address))
            }
        }
        return found
    }
}
