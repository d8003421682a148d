import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// What a name means, where it is declared and used, and how it can be called otherwise.
extension EditorServer {
    /// The text that a request speaks of.
    func document(_ parameters: JSONValue) throws(EditorFault) -> EditorDocument {
        guard let uri = parameters["textDocument"]?["uri"]?.string else {
            throw .invalidParameters("the request names no text")
        }
        guard let document = documents.first(where: { TextValue($0.uri) == TextValue(uri) }) else {
            throw .invalidParameters("the text \(uri) is not open")
        }
        return document
    }

    /// The offset that a request speaks of.
    func offset(_ parameters: JSONValue, _ document: EditorDocument) throws(EditorFault) -> Int {
        guard let position = EditorPosition(parameters["position"]) else {
            throw .invalidParameters("the request names no position")
        }
        return document.positions.offset(of: position)
    }

    /// What stands at an offset of a text: a name of its own, or one that another contract declares.
    func meaning(at offset: Int, in document: EditorDocument) -> Meaning? {
        guard let names = document.names else { return nil }
        if let reference = names.reference(at: offset) {
            return Meaning(
                home: document, names: names, declaration: reference.declaration, span: reference.span,
                isOutside: false)
        }
        guard let outside = names.outside(at: offset) else { return nil }
        let home = home(of: document.others[outside.other])
        guard let names = home.names, names.declarations.indices.contains(outside.declaration) else { return nil }
        return Meaning(
            home: home, names: names, declaration: outside.declaration, span: outside.span, isOutside: true)
    }

    /// The text of another contract: the open one, or that of its file.
    private func home(of other: OtherText) -> EditorDocument {
        if let open = documents.first(where: { TextValue($0.uri) == TextValue(other.source.name) }) { return open }
        let end = other.contract.libraries.first?.span.start ?? other.source.bytes.count
        return EditorDocument(
            uri: other.source.name, version: "0", bytes: Array(other.source.bytes[..<end]),
            linking: { _ in other.source })
    }

    private func meaning(
        _ parameters: JSONValue, _ document: EditorDocument
    ) throws(EditorFault) -> Meaning? {
        meaning(at: try offset(parameters, document), in: document)
    }

    func definition(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        guard let meant = try meaning(parameters, try document(parameters)) else { return .null }
        return meant.home.location(meant.names.declarations[meant.declaration].name.span)
    }

    /// The uses of a name, those in open texts that read it of another contract included.
    func references(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        guard let meant = try meaning(parameters, try document(parameters)) else { return .array([]) }
        let own = meant.names.declarations[meant.declaration].name.span
        let isWithDeclaration = parameters["context"]?["includeDeclaration"] != .boolean(false)
        let places = meant.names.places(of: meant.declaration).filter { isWithDeclaration || $0 != own }
        let elsewhere = documents.flatMap { reader in
            reader.places(outside: { TextValue($0.source.name) == TextValue(meant.home.uri) ? meant.declaration : nil })
                .map(reader.location)
        }
        return .array(places.map(meant.home.location) + elsewhere)
    }

    func highlights(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let meant = try meaning(parameters, document) else { return .array([]) }
        let places =
            meant.isOutside
            ? document.places(outside: {
                TextValue($0.source.name) == TextValue(meant.home.uri) ? meant.declaration : nil
            })
            : meant.names.places(of: meant.declaration).filter(document.isOwn)
        return .array(places.map { .object([.init("range", document.range($0))]) })
    }
}

/// What a name at some place means.
struct Meaning {
    /// The text that declares it.
    let home: EditorDocument
    let names: NameIndex
    /// Index into the declarations of `names`.
    let declaration: Int
    /// The place itself, in the text that was asked.
    let span: Span
    /// Whether another contract declares it than the one that was asked.
    let isOutside: Bool
}

extension EditorDocument {
    /// The places that mean a declaration of another contract; `declaration` says which one in each, if any.
    func places(outside declaration: (OtherText) -> Int?) -> [Span] {
        guard let names, !names.outside.isEmpty else { return [] }
        let wanted = others.map(declaration)
        return names.outside.filter { wanted[$0.other] == $0.declaration }.map(\.span)
    }
}
