import RemitExchange
import RemitLanguage
import RemitValues

extension EditorPosition {
    /// A position as a message holds it; nil where it holds none.
    init?(_ value: JSONValue?) {
        guard case .number(let line) = value?["line"], case .number(let character) = value?["character"],
            let line = Int(line), let character = Int(character), line >= 0, character >= 0
        else { return nil }
        self.init(line: line, character: character)
    }

    var json: JSONValue { .object([.init("line", .integer(line)), .init("character", .integer(character))]) }
}

extension EditorDocument {
    /// A span as a range of positions.
    func range(_ span: Span) -> JSONValue {
        .object([
            .init("start", positions.position(of: span.start).json),
            .init("end", positions.position(of: span.end).json),
        ])
    }

    /// A span as a place, which may lie in the file of a library.
    func location(_ span: Span) -> JSONValue {
        guard !isOwn(span) else { return .object([.init("uri", .string(uri)), .init("range", range(span))]) }
        let source = compilation.source
        func position(_ offset: Int) -> EditorPosition {
            let line = source.line(at: offset)
            let before = source.text(Span(source.lineSpan(line).start, offset))
            return EditorPosition(line: source.place(ofLine: line).line - 1, character: before.utf16.count)
        }
        return .object([
            .init("uri", .string(source.file(at: span.start))),
            .init(
                "range",
                .object([.init("start", position(span.start).json), .init("end", position(span.end).json)])),
        ])
    }

    /// Everything found in the text, as the editor is told of it.
    var findings: JSONValue {
        .object([
            .init("uri", .string(uri)), .init("version", .number(version)),
            .init("diagnostics", .array(DiagnosticList(diagnostics).shown.map(finding))),
        ])
    }

    private func finding(_ diagnostic: Diagnostic) -> JSONValue {
        let severity =
            switch diagnostic.severity {
            case .error: 1
            case .warning: 2
            case .note: 3
            }
        var message = diagnostic.message
        for note in diagnostic.notes { message += "\n\(note)" }
        if let help = diagnostic.help { message += "\nhelp: \(help)" }
        var members: [JSONValue.Member] = [
            .init("range", range(diagnostic.primary.span)), .init("severity", .integer(severity)),
            .init("code", .string(diagnostic.code.number)), .init("source", .string("remit")),
            .init("message", .string(message)),
        ]
        if !diagnostic.labels.isEmpty {
            members.append(
                .init(
                    "relatedInformation",
                    .array(
                        diagnostic.labels.map { label in
                            .object([
                                .init("location", location(label.span)),
                                .init("message", .string(label.text.isEmpty ? "see here" : label.text)),
                            ])
                        })))
        }
        // Editors show what is never used in a fainter ink.
        if diagnostic.code == .unusedNameCode { members.append(.init("tags", .array([.integer(1)]))) }
        return .object(members)
    }
}

extension DiagnosticCode {
    fileprivate static let unusedNameCode = catalogue.first { $0.number == "R2005" }
}
