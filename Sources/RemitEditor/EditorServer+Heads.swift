import RemitLanguage
import RemitValues

/// How a contract or a library itself can be called otherwise: the heads of other texts name it.
extension EditorServer {
    /// The changes of the open texts whose heads name a contract or a library.
    ///
    /// A file of the same folder that does so and is not open is refused: what an editor does not hold is not changed.
    func renamingsOfHeads(in home: EditorDocument, _ name: String) throws(EditorFault) -> [Renaming] {
        guard let unit = home.compilation.contract else { return [] }
        var renamings: [Renaming] = []
        for document in documents where TextValue(document.uri) != TextValue(home.uri) {
            guard let names = document.names, let contract = document.compilation.contract else { continue }
            let places = contract.places(of: unit, names)
            guard places.contains(where: document.isOwn) else { continue }
            renamings.append(Renaming(document: document, names: names, places: places, name: name))
        }
        let open = documents.map { TextValue($0.uri) }
        for text in neighbours(home.uri) where !open.contains(TextValue(text.name)) {
            guard let contract = RemitLanguage.parse(text).contract, contract.names(unit) else { continue }
            throw .refused("\(text.name) uses this name: open it too, so that it is renamed there as well")
        }
        return renamings
    }
}

extension ContractSyntax {
    /// The lines of the head that name a contract or a library, in its version.
    fileprivate func lines(naming unit: ContractSyntax) -> [Name] {
        header.compactMap { item in
            switch item {
            case .use(let name, let version, _) where unit.isLibrary: unit.isMeant(name, version) ? name : nil
            case .refers(let name, let version, _) where !unit.isLibrary: unit.isMeant(name, version) ? name : nil
            default: nil
            }
        }
    }

    private func isMeant(_ name: Name, _ version: Int64) -> Bool {
        TextValue(name.text) == TextValue(self.name.text) && version == self.version
    }

    fileprivate func names(_ unit: ContractSyntax) -> Bool { !lines(naming: unit).isEmpty }

    /// Every place of the text, and of the libraries behind it, that means a contract or a library.
    fileprivate func places(of unit: ContractSyntax, _ names: NameIndex) -> [Span] {
        if unit.isLibrary {
            let heads = libraries.filter { unit.isMeant($0.name, $0.version) }.map(\.name)
            let lines = ([self] + libraries).flatMap { $0.lines(naming: unit) }
            return (heads + lines).map(\.span).sorted { $0.start < $1.start }
        }
        guard let line = lines(naming: unit).first else { return [] }
        let declared = names.declarations.firstIndex { $0.kind == .otherContract && $0.name.span == line.span }
        return declared.map(names.places(of:)) ?? []
    }
}
