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

    func reference(
        _ parameters: JSONValue, _ document: EditorDocument
    ) throws(EditorFault) -> (NameIndex, NameIndex.Reference)? {
        let offset = try offset(parameters, document)
        guard let names = document.names, let reference = names.reference(at: offset) else { return nil }
        return (names, reference)
    }

    func definition(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let (names, reference) = try reference(parameters, document) else { return .null }
        return document.location(names.declarations[reference.declaration].name.span)
    }

    func references(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let (names, reference) = try reference(parameters, document) else { return .array([]) }
        let own = names.declarations[reference.declaration].name.span
        let isWithDeclaration = parameters["context"]?["includeDeclaration"] != .boolean(false)
        let places = names.places(of: reference.declaration).filter { isWithDeclaration || $0 != own }
        return .array(places.map(document.location))
    }

    func highlights(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let (names, reference) = try reference(parameters, document) else { return .array([]) }
        let places = names.places(of: reference.declaration).filter(document.isOwn)
        return .array(places.map { .object([.init("range", document.range($0))]) })
    }
}
