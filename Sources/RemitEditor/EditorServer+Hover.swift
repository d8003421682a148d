import RemitAnalysis
import RemitExchange
import RemitLanguage

/// What an editor shows of a name under the pointer.
extension EditorServer {
    func hover(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        let offset = try offset(parameters, document)
        guard let meant = meaning(at: offset, in: document) else { return .null }
        let declaration = meant.names.declarations[meant.declaration]
        var parts = ["```remit\n\(head(declaration, meant.names, meant.home))\n```"]
        if let contract = meant.home.compilation.contract, meant.isOutside {
            parts.append("Of `\(contract.name.text)`.")
        }
        if let remark = remark(declaration, meant.home) { parts.append(remark) }
        if let source = declaration.source { parts.append("Per “\(source)”.") }
        if let cost = cost(declaration, meant.home) { parts.append(cost) }
        let text = parts.joined(separator: "\n\n")
        return .object([
            .init(
                "contents",
                .object([.init("kind", .string("markdown")), .init("value", .string(text))])),
            .init("range", document.range(meant.span)),
        ])
    }

    /// The declaration as the contract writes it, up to its block.
    private func head(_ declaration: NameIndex.Declaration, _ names: NameIndex, _ document: EditorDocument) -> String {
        let name = declaration.name.text
        let type = declaration.type.map { document.line($0) } ?? ""
        let owner = declaration.owner.map { names.declarations[$0].name.text } ?? ""
        switch declaration.kind {
        case .contract: return "contract \(name)"
        case .role: return "role \(name)"
        case .enumValue: return "\(name)  // a value of \(owner)"
        case .field, .key, .input, .output, .argument: return "\(name) : \(type)  // of \(owner)"
        case .caseField: return "\(name) : \(type)  // of the case"
        case .local:
            let kind = document.compilation.localType(at: declaration.name.span.start).map { " : \($0)" } ?? ""
            // What goes through a list is one of its members.
            let isLoop = document.text(Span(declaration.name.span.end, document.bytes.count)).hasPrefix(" in ")
            return "\(name)\(kind) \(isLoop ? "in" : "=") \(type)"
        case .party: return "\(name)  // given for the scenarios"
        case .label: return "\(name)  // a case of this scenario"
        case .otherContract: return declaration.whole.map { document.text($0) } ?? name
        case .state: return "\(isFinal(declaration, document) ? "final state" : "state") \(name)"
        case .enumeration, .record, .fund, .calendar, .register, .parameter, .table, .checks, .function, .action,
            .approval:
            return declaration.whole.map { whole(of: $0, document) } ?? name
        }
    }

    private func isFinal(_ declaration: NameIndex.Declaration, _ document: EditorDocument) -> Bool {
        declaration.whole.map { document.text($0).hasPrefix("final") } ?? false
    }

    /// A short declaration whole, a long one up to its block.
    private func whole(of span: Span, _ document: EditorDocument) -> String {
        let text = document.text(span)
        if text.utf8.count <= 200 { return text }
        let head = text.split(separator: "{", maxSplits: 1, omittingEmptySubsequences: false)[0]
        var trimmed = String(head)
        while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
        return trimmed
    }

    /// The comment that stands right above a declaration.
    private func remark(_ declaration: NameIndex.Declaration, _ document: EditorDocument) -> String? {
        guard let whole = declaration.whole else { return nil }
        let source = document.compilation.source
        var line = source.line(at: whole.start) - 1
        var lines: [String] = []
        while line >= 1, lines.count < 20 {
            let text = source.text(source.lineSpan(line))
            guard text.hasPrefix("//") else { break }
            lines.insert(String(text.dropFirst(2).drop { $0 == " " }), at: 0)
            line -= 1
        }
        return lines.isEmpty ? nil : lines.joined(separator: " ")
    }

    private func cost(_ declaration: NameIndex.Declaration, _ document: EditorDocument) -> String? {
        guard declaration.kind == .action, let program = document.compilation.program else { return nil }
        let found = worstCaseCosts(program).first {
            $0.kind == .action && $0.name.utf8.elementsEqual(declaration.name.text.utf8)
        }
        guard let found else { return nil }
        return found.cost.map { "Costs \($0) steps at most." } ?? "Its cost is beyond 64 bits."
    }
}
