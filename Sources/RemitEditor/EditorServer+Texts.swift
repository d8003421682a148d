import RemitExchange
import RemitLanguage

/// Completion, the outline of a text, and its layout.
extension EditorServer {
    func completion(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        let probe = NameProbe(
            document.compilation.source.bytes, at: try offset(parameters, document),
            others: document.others.map(\.contract))
        let names = probe.names.map { candidate -> JSONValue in
            var members: [JSONValue.Member] = [
                .init("label", .string(candidate.name)), .init("kind", .integer(Self.itemKind(candidate.kind))),
                .init("sortText", .string((candidate.isExpected ? "0" : "1") + candidate.name)),
            ]
            members.append(.init("detail", .string(Self.words(candidate.kind))))
            return .object(members)
        }
        let values = probe.values.map { value in
            JSONValue.object([
                .init("label", .string(value)), .init("kind", .integer(20)), .init("sortText", .string("0" + value)),
                .init("detail", .string("value of the language")),
            ])
        }
        let currencies = probe.currencies.map { currency in
            JSONValue.object([
                .init("label", .string(currency.code)), .init("kind", .integer(11)),
                .init("sortText", .string((currency.isWritten ? "2" : "3") + currency.code)),
                .init("detail", .string("currency")),
            ])
        }
        let functions = probe.functions.map { function in
            JSONValue.object([
                .init("label", .string(function)), .init("kind", .integer(3)),
                .init("sortText", .string("1" + function)), .init("detail", .string("function of the language")),
            ])
        }
        let words = probe.words.map { word in
            JSONValue.object([
                .init("label", .string(word)), .init("kind", .integer(14)), .init("sortText", .string("2" + word)),
            ])
        }
        let items = names + values + functions + words + currencies
        return .object([.init("isIncomplete", .boolean(false)), .init("items", .array(items))])
    }

    /// What kind of item the protocol calls it, for its picture.
    private static func itemKind(_ kind: NameIndex.Kind) -> Int {
        switch kind {
        case .contract, .otherContract: 9
        case .role, .party, .label: 6
        case .enumeration: 13
        case .enumValue, .state: 20
        case .record, .register, .fund, .calendar: 22
        case .field, .key, .caseField, .output: 5
        case .parameter: 21
        case .table, .function, .checks: 3
        case .action, .approval: 2
        case .input, .local, .argument: 6
        }
    }

    private static func words(_ kind: NameIndex.Kind) -> String {
        switch kind {
        case .enumeration: "enum"
        case .enumValue: "value"
        case .caseField: "case field"
        case .otherContract: "other contract"
        default: kind.rawValue
        }
    }

    // MARK: Outline

    func symbols(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        guard let contract = document.compilation.contract, let names = document.names else { return .array([]) }
        var found: [(start: Int, symbol: JSONValue)] = []
        for (index, declaration) in names.declarations.enumerated() where declaration.kind != .contract {
            guard let whole = declaration.whole, document.isOwn(whole) else { continue }
            let children = names.declarations.filter { $0.owner == index }.map { child in
                symbol(child.name.text, child.kind, child.name.span, child.name.span, [], document)
            }
            let entry = symbol(
                declaration.name.text, declaration.kind, whole, declaration.name.span, children, document)
            found.append((declaration.name.span.start, entry))
        }
        for declaration in contract.declarations {
            switch declaration.kind {
            case .scenario(let scenario):
                let title = document.text(scenario.title.span)
                found.append(
                    (declaration.span.start, plain(title, 24, declaration.span, scenario.title.span, [], document)))
            case .caseFields(let fields):
                let children = fields.fields.map {
                    symbol($0.name.text, .caseField, $0.name.span, $0.name.span, [], document)
                }
                let head = Span(declaration.span.start, min(declaration.span.end, declaration.span.start + 4))
                found.append((declaration.span.start, plain("case", 23, declaration.span, head, children, document)))
            default: break
            }
        }
        return .array(found.sorted { $0.start < $1.start }.map(\.symbol))
    }

    private func symbol(
        _ name: String, _ kind: NameIndex.Kind, _ whole: Span, _ span: Span, _ children: [JSONValue],
        _ document: EditorDocument
    ) -> JSONValue {
        let number =
            switch kind {
            case .contract, .otherContract: 4
            case .role: 11
            case .enumeration: 10
            case .enumValue, .state: 22
            case .record, .register, .fund, .calendar: 23
            case .field, .key, .caseField, .output, .input: 8
            case .parameter: 14
            case .table, .function, .checks: 12
            case .action, .approval: 6
            case .local, .argument, .party, .label: 13
            }
        return plain(name, number, whole, span, children, document)
    }

    private func plain(
        _ name: String, _ kind: Int, _ whole: Span, _ span: Span, _ children: [JSONValue], _ document: EditorDocument
    ) -> JSONValue {
        .object([
            .init("name", .string(name)), .init("kind", .integer(kind)), .init("range", document.range(whole)),
            .init("selectionRange", document.range(span)), .init("children", .array(children)),
        ])
    }

    // MARK: Layout

    /// The edits that lay a text out; none where it has mistakes of syntax, which stay as they are.
    func formatting(_ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        let document = try document(parameters)
        let source = SourceText(name: document.uri, bytes: document.bytes)
        guard case .formatted(let bytes) = format(source) else { return .null }
        if bytes == document.bytes { return .array([]) }
        let edit = JSONValue.object([
            .init("range", document.range(Span(0, document.bytes.count))),
            .init("newText", .string(String(decoding: bytes, as: UTF8.self))),
        ])
        return .array([edit])
    }
}
