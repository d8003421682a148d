/// How FHIR names one resource in another.
enum ReferenceKey {
    /// What a reference says: the type of resource, if it names one, and what tells it from others of the type.
    struct Parts {
        let type: String?
        let identity: String
    }

    /// Reads `urn:uuid:X`, `Patient/X`, `https://…/Patient/X/_history/2` and `Patient?identifier=system|X`.
    static func parts(_ reference: String) -> Parts {
        if reference.utf8.starts(with: "urn:".utf8) {
            return Parts(type: nil, identity: reference.split(at: ":").last ?? reference)
        }
        if let question = reference.utf8.firstIndex(of: UInt8(ascii: "?")) {
            let query = String(reference[reference.utf8.index(after: question)...])
            // `identifier=system|value`, or `identifier=value` alone.
            let separator: Unicode.Scalar = query.utf8.contains(UInt8(ascii: "|")) ? "|" : "="
            let value = query.split(at: separator).last ?? query
            return Parts(type: typeName(String(reference[..<question]).split(at: "/").last), identity: value)
        }
        var parts = reference.split(at: "/")
        if parts.count > 2, parts[parts.count - 2] == "_history" { parts.removeLast(2) }
        guard let last = parts.last else { return Parts(type: nil, identity: reference) }
        return Parts(type: parts.count > 1 ? typeName(parts[parts.count - 2]) : nil, identity: last)
    }

    private static func typeName(_ word: String?) -> String? {
        guard let word, let first = word.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else {
            return nil
        }
        return word
    }

    /// The identifying end of a reference: of `urn:uuid:X`, `Patient/X`, `https://…/Patient/X/_history/2` it is `X`.
    static func tail(_ reference: String) -> String { parts(reference).identity }

    /// What names the thing that a text, a Reference or an Identifier stands for; nil where nothing does.
    ///
    /// The id of a contained resource means something within its owner only, so what it says of itself counts.
    static func name(of json: JSONValue, in owner: JSONValue) -> String? {
        if let text = json.string { return text.utf8.starts(with: "urn:uuid:".utf8) ? tail(text) : text }
        if let reference = json["reference"]?.string, !reference.isEmpty {
            guard reference.utf8.first == UInt8(ascii: "#") else { return tail(reference) }
            let contained = ResourceIndex.contained(reference, in: owner)
            if let value = contained?["identifier"]?.array?.first?["value"]?.string, !value.isEmpty { return value }
            if let name = contained?["name"]?.string, !name.isEmpty { return name }
        }
        if let value = json["identifier"]?["value"]?.string, !value.isEmpty { return value }
        if let display = json["display"]?.string, !display.isEmpty { return display }
        return nil
    }
}
