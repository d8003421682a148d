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

    private func reference(
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

    // MARK: Renaming

    func prepareRename(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let (_, reference) = try reference(parameters, document) else { return .null }
        return .object([
            .init("range", document.range(reference.span)),
            .init("placeholder", .string(document.text(reference.span))),
        ])
    }

    func rename(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let name = parameters["newName"]?.string else {
            throw .invalidParameters("the request names no new name")
        }
        guard let (names, reference) = try reference(parameters, document) else {
            throw .refused("no name that the contract declares stands here")
        }
        guard document.isOwn(names.declarations[reference.declaration].name.span) else {
            throw .refused("a library declares this name: rename it there, in a new version of the library")
        }
        if let user = user(of: names.declarations[reference.declaration], in: document) {
            throw .refused(
                "\(user) uses this name of the library: give it another one in a new version of the library, and there")
        }
        let places = names.places(of: reference.declaration)
        try Renaming(document: document, names: names, declaration: reference.declaration, name: name)
            .check(search(document.uri))
        let edits = places.map { span in
            JSONValue.object([.init("range", document.range(span)), .init("newText", .string(name))])
        }
        return .object([.init("changes", .object([.init(document.uri, .array(edits))]))])
    }
}

/// What other texts use of a library.
extension EditorServer {
    /// The file of another text that uses a name which a library declares, among the open ones and those of its folder.
    private func user(of declared: NameIndex.Declaration, in library: EditorDocument) -> String? {
        guard let used = library.compilation.contract, used.isLibrary else { return nil }
        let others = documents.filter { TextValue($0.uri) != TextValue(library.uri) }
        let open = Set((others + [library]).map { TextValue(Self.file($0.uri)) })
        let closed = neighbours(library.uri).filter { !open.contains(TextValue(Self.file($0.name))) }
        for text in others.map({ SourceText(name: $0.uri, bytes: $0.bytes) }) + closed {
            guard let contract = parse(library.linking(text)).contract else { continue }
            let names = NameIndex(contract)
            func owner(of span: Span) -> ContractSyntax? {
                contract.libraries.first { $0.span.start <= span.start && span.start < $0.span.end }
            }
            let isUsed = names.references.contains { reference in
                let other = names.declarations[reference.declaration]
                guard other.kind == declared.kind, TextValue(other.name.text) == TextValue(declared.name.text),
                    owner(of: reference.span) == nil, let owner = owner(of: other.name.span)
                else { return false }
                return TextValue(owner.name.text) == TextValue(used.name.text) && owner.version == used.version
            }
            if isUsed { return "`\(Self.file(text.name))`" }
        }
        return nil
    }

    /// The last part of an address or a path.
    private static func file(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }
}

/// A new name for a declaration, tried out before it is given.
private struct Renaming {
    let document: EditorDocument
    let names: NameIndex
    let declaration: Int
    let name: String

    /// Refuses a name that is none, that is taken, or with which any place would mean something else than before.
    func check(_ search: ContractSearch) throws(EditorFault) {
        guard !document.compilation.diagnostics.contains(where: { $0.code.number.hasPrefix("R1") && isError($0) })
        else {
            throw .refused("the text has mistakes of syntax; correct them first")
        }
        guard !name.isEmpty, name.utf8.count <= Limits.identifierBytes else {
            throw .refused("a name has 1 to \(Limits.identifierBytes) bytes")
        }
        let renamed = text()
        let source = document.linking(SourceText(name: document.uri, bytes: renamed))
        let compilation = Compiler.compile(source, find: search.find)
        if let new = newMistake(compilation) { throw .refused("`\(name)` cannot be used here: \(new.message)") }
        guard let contract = compilation.contract, meansTheSame(NameIndex(contract)) else {
            throw .refused("`\(name)` is not a name that can stand here")
        }
    }

    private func isError(_ diagnostic: Diagnostic) -> Bool { diagnostic.severity == .error }

    private func text() -> [UInt8] {
        var bytes = document.bytes
        for span in names.places(of: declaration).reversed() {
            bytes.replaceSubrange(span.start..<span.end, with: name.utf8)
        }
        return bytes
    }

    /// A mistake that the text did not have before; renaming moves places, so mistakes are counted by their code.
    private func newMistake(_ compilation: Compilation) -> Diagnostic? {
        var known: [String: Int] = [:]
        for mistake in document.compilation.diagnostics where isError(mistake) {
            known[mistake.code.number, default: 0] += 1
        }
        for mistake in compilation.diagnostics where isError(mistake) {
            known[mistake.code.number, default: 0] -= 1
            if let left = known[mistake.code.number], left < 0 { return mistake }
        }
        return nil
    }

    /// Whether every name means the same declaration as before, the renamed ones included.
    private func meansTheSame(_ other: NameIndex) -> Bool {
        guard other.references.count == names.references.count, other.declarations.count == names.declarations.count,
            other.declarations[declaration].name.text.utf8.elementsEqual(name.utf8)
        else { return false }
        return zip(names.references, other.references).allSatisfy { $0.declaration == $1.declaration }
    }
}
