import RemitValues

extension Mapping {
    /// Reads a mapping from the bytes of its file; every text in it is brought to a form.
    public init(bytes: [UInt8], form: @escaping TextForm = { $0 }) throws(ExchangeError) {
        guard bytes.count <= Limits.mappingBytes else {
            throw .mapping("it is larger than \(Limits.mappingBytes) bytes")
        }
        let json = try JSONValue.parse(bytes, form: form)
        guard case .number("1") = json["remit-mapping"] else {
            throw .mapping("it does not begin with \"remit-mapping\": 1")
        }
        try Self.refuseUnknown(
            json, "the mapping",
            [
                "remit-mapping", "contract", "action", "format", "currency", "resource", "group", "when", "identifier",
                "organisation", "organisationName", "arguments", "description",
            ])
        contract = try Self.text(json, "contract")
        action = try Self.text(json, "action")
        guard let format = Format(rawValue: try Self.text(json, "format")) else {
            throw .mapping("\"format\" is none of \(Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.format = format
        currency = json["currency"]?.string
        resource = try Self.text(json, format == .fhir ? "resource" : "group")
        var conditions: [(MappingPath, [String])] = []
        for member in json["when"]?.members ?? [] {
            let allowed = (member.value.array ?? [member.value]).compactMap(\.string)
            conditions.append((try MappingPath(member.key), allowed))
        }
        self.conditions = conditions
        identifier = try Self.source(json["identifier"], "identifier")
        organisation = try Self.source(json["organisation"], "organisation")
        organisationName =
            if let name = json["organisationName"] { try Self.source(name, "organisationName") } else { nil }
        guard let members = json["arguments"]?.members else { throw .mapping("\"arguments\" is missing") }
        var arguments: [(String, Argument)] = []
        for member in members {
            if member.value["each"] != nil {
                arguments.append((member.key, .list(try Self.list(member.value, member.key))))
            } else {
                arguments.append((member.key, .single(try Self.source(member.value, member.key))))
            }
        }
        self.arguments = arguments
    }

    private static func text(_ json: JSONValue, _ key: String) throws(ExchangeError) -> String {
        guard let text = json[key]?.string, !text.isEmpty else { throw .mapping("\"\(key)\" is missing") }
        return text
    }

    private static func refuseUnknown(
        _ json: JSONValue, _ place: String, _ known: [String]
    ) throws(ExchangeError) {
        for member in json.members ?? [] where !known.contains(member.key) {
            throw .mapping("\(place) has an unknown key \"\(member.key)\"")
        }
    }

    /// A path, several paths, or `{"from": …, "values": …, "constant": …}`.
    private static func source(_ json: JSONValue?, _ name: String) throws(ExchangeError) -> Source {
        switch json {
        case .string(let path): return Source(paths: [try MappingPath(path)], values: [:], constant: nil)
        case .array(let items): return Source(paths: try paths(items, name), values: [:], constant: nil)
        case .object:
            guard let json else { break }
            try refuseUnknown(json, "\"\(name)\"", ["from", "values", "constant"])
            let written = json["from"].map { $0.array ?? [$0] } ?? []
            var values: [String: String] = [:]
            for member in json["values"]?.members ?? [] {
                guard let target = member.value.string else { throw .mapping("\"values\" of \"\(name)\" are texts") }
                values[member.key] = target
            }
            return Source(paths: try paths(written, name), values: values, constant: json["constant"])
        default: break
        }
        throw .mapping("\"\(name)\" says nothing about where it comes from")
    }

    private static func paths(_ items: [JSONValue], _ name: String) throws(ExchangeError) -> [MappingPath] {
        var paths: [MappingPath] = []
        for item in items {
            guard let text = item.string else { throw .mapping("the paths of \"\(name)\" are texts") }
            paths.append(try MappingPath(text))
        }
        return paths
    }

    private static func list(_ json: JSONValue, _ name: String) throws(ExchangeError) -> ListSource {
        try refuseUnknown(json, "\"\(name)\"", ["each", "fields", "price", "quantity", "priced", "currency", "factor"])
        var fields: [(String, Source)] = []
        for member in json["fields"]?.members ?? [] {
            fields.append((member.key, try source(member.value, member.key)))
        }
        var pricings: [Pricing] = []
        for item in json["priced"]?.array ?? [] {
            pricings.append(
                Pricing(
                    price: try MappingPath(try text(item, "price")),
                    quantity: try item["quantity"]?.string.map { path throws(ExchangeError) in try MappingPath(path) }))
        }
        let currencies = json["currency"].map { $0.array ?? [$0] } ?? []
        return ListSource(
            path: try MappingPath(try text(json, "each")), fields: fields, priceField: json["price"]?.string,
            quantityField: json["quantity"]?.string, pricings: pricings,
            currencies: try paths(currencies, name),
            factor: try json["factor"]?.string.map { path throws(ExchangeError) in try MappingPath(path) })
    }
}
