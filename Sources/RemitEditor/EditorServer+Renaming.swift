import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// How a name can be called otherwise, in every text that means it.
extension EditorServer {
    func prepareRename(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let meant = meaning(at: try offset(parameters, document), in: document) else { return .null }
        return .object([
            .init("range", document.range(meant.span)),
            .init("placeholder", .string(document.text(meant.span))),
        ])
    }

    func rename(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let name = parameters["newName"]?.string else {
            throw .invalidParameters("the request names no new name")
        }
        guard let meant = meaning(at: try offset(parameters, document), in: document) else {
            throw .refused("no name that the contract declares stands here")
        }
        let declared = meant.names.declarations[meant.declaration]
        guard meant.home.isOwn(declared.name.span) else {
            throw .refused("a library declares this name: rename it there, in a new version of the library")
        }
        guard documents.contains(where: { TextValue($0.uri) == TextValue(meant.home.uri) }) else {
            throw .refused("\(meant.home.uri) declares this name: open it too, so that it is renamed there as well")
        }
        var renamings = [
            Renaming(document: meant.home, names: meant.names, declaration: meant.declaration, name: name)
        ]
        if declared.kind == .contract {
            renamings += try renamingsOfHeads(in: meant.home, name)
        } else {
            renamings += try renamingsElsewhere(of: meant, name)
        }
        // Each text is tried out beside the others as they will be.
        let changed = renamings.map { SourceText(name: $0.document.uri, bytes: $0.text()) }
        var changes: [JSONValue.Member] = []
        for renaming in renamings {
            try renaming.check(search(renaming.document.uri, with: changed))
            changes.append(.init(renaming.document.uri, .array(renaming.edits)))
        }
        return .object([.init("changes", .object(changes))])
    }

    /// The changes of the open texts that mean a declaration of a library which they use, or of a contract to which
    /// they refer.
    ///
    /// A file of the same folder that does so and is not open is refused: what an editor does not hold is not changed.
    private func renamingsElsewhere(of meant: Meaning, _ name: String) throws(EditorFault) -> [Renaming] {
        guard let unit = meant.home.compilation.contract else { return [] }
        let wanted = unit.isLibrary ? LibraryName(unit.name.text, meant.names, meant.declaration) : nil
        let isHome = { (text: SourceText) in TextValue(text.name) == TextValue(meant.home.uri) }
        let read = { (other: OtherText) -> Int? in
            isHome(other.source) ? meant.declaration : wanted?.declaration(NameIndex(other.contract), other.contract)
        }
        var renamings: [Renaming] = []
        for document in documents where TextValue(document.uri) != TextValue(meant.home.uri) {
            guard let names = document.names, let contract = document.compilation.contract else { continue }
            let declaration = wanted?.declaration(names, contract)
            let places = (declaration.map(names.places) ?? []) + document.places(outside: read)
            guard places.contains(where: document.isOwn) else { continue }
            renamings.append(
                Renaming(
                    document: document, names: names, declaration: declaration,
                    places: places.sorted { $0.start < $1.start }, name: name))
        }
        let open = documents.map { TextValue($0.uri) }
        for text in neighbours(meant.home.uri) where !open.contains(TextValue(text.name)) {
            guard let contract = RemitLanguage.parse(text).contract else { continue }
            let others = contract.others(search(text.name))
            let names = NameIndex(contract, others: others.map(\.contract))
            let isOutside = { (place: Span) in !contract.libraries.contains { $0.span.contains(place) } }
            let own = wanted?.declaration(names, contract).map(names.places) ?? []
            let isRead = names.outside.contains { read(others[$0.other]) == $0.declaration }
            if isRead || own.contains(where: isOutside) {
                throw .refused("\(text.name) uses this name: open it too, so that it is renamed there as well")
            }
        }
        return renamings
    }
}

/// A declaration of a library, as other texts find it that have the library behind them.
private struct LibraryName {
    let library: TextValue
    let kind: NameIndex.Kind
    let name: TextValue
    let owner: TextValue?

    init(_ library: String, _ names: NameIndex, _ declaration: Int) {
        self.library = TextValue(library)
        let declared = names.declarations[declaration]
        kind = declared.kind
        name = TextValue(declared.name.text)
        owner = declared.owner.map { TextValue(names.declarations[$0].name.text) }
    }

    func declaration(_ names: NameIndex, _ contract: ContractSyntax) -> Int? {
        guard let library = contract.libraries.first(where: { TextValue($0.name.text) == library }) else { return nil }
        return names.declarations.indices.first { index in
            let declared = names.declarations[index]
            return declared.kind == kind && TextValue(declared.name.text) == name
                && library.span.contains(declared.name.span)
                && declared.owner.map { TextValue(names.declarations[$0].name.text) } == owner
        }
    }
}

extension Span {
    fileprivate func contains(_ other: Span) -> Bool { start <= other.start && other.end <= end }
}

/// A new name for a declaration, tried out before it is given.
struct Renaming {
    let document: EditorDocument
    let names: NameIndex
    /// The declaration; nil where another contract declares the name.
    let declaration: Int?
    /// Every place that gets the name, in order.
    let places: [Span]
    let name: String

    init(document: EditorDocument, names: NameIndex, declaration: Int, name: String) {
        self.document = document
        self.names = names
        self.declaration = declaration
        self.name = name
        places = names.places(of: declaration)
    }

    /// A new name for what other texts declare, at the places of this one that mean it.
    init(document: EditorDocument, names: NameIndex, declaration: Int? = nil, places: [Span], name: String) {
        self.document = document
        self.names = names
        self.declaration = declaration
        self.name = name
        self.places = places
    }

    /// The changes of the document's own text.
    var edits: [JSONValue] {
        places.filter(document.isOwn).map { span in
            .object([.init("range", document.range(span)), .init("newText", .string(name))])
        }
    }

    /// Refuses a name that is none, that is taken, or with which any place would mean something else than before.
    func check(_ search: ContractSearch) throws(EditorFault) {
        guard !document.compilation.diagnostics.contains(where: { $0.code.number.hasPrefix("R1") && isError($0) })
        else {
            throw .refused("the text\(place) has mistakes of syntax; correct them first")
        }
        guard !name.isEmpty, name.utf8.count <= Limits.identifierBytes else {
            throw .refused("a name has 1 to \(Limits.identifierBytes) bytes")
        }
        let compilation = Compiler.compile(SourceText(name: document.uri, bytes: text()), find: search.find)
        if let new = newMistake(compilation) {
            throw .refused("`\(name)` cannot be used here\(place): \(new.message)")
        }
        guard let contract = compilation.contract, meansTheSame(contract, search) else {
            throw .refused("`\(name)` is not a name that can stand here\(place)")
        }
    }

    /// Which text it is, where that is not the one that declares the name.
    private var place: String {
        let isHome = declaration.map { document.isOwn(names.declarations[$0].name.span) } ?? false
        return isHome ? "" : " in \(document.uri)"
    }

    private func isError(_ diagnostic: Diagnostic) -> Bool { diagnostic.severity == .error }

    /// The text with the libraries behind it, the name changed in all of them.
    func text() -> [UInt8] {
        var bytes = document.compilation.source.bytes
        for span in places.reversed() {
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
    private func meansTheSame(_ contract: ContractSyntax, _ search: ContractSearch) -> Bool {
        let other = NameIndex(contract, others: contract.others(search).map(\.contract))
        guard other.references.count == names.references.count, other.declarations.count == names.declarations.count,
            other.outside.count == names.outside.count,
            declaration.map({ other.declarations[$0].name.text.utf8.elementsEqual(name.utf8) }) ?? true
        else { return false }
        return zip(names.references, other.references).allSatisfy { $0.declaration == $1.declaration }
            && zip(names.outside, other.outside).allSatisfy { $0.declaration == $1.declaration && $0.other == $1.other }
    }
}
