/// What the parser made of a source.
public struct ParsedSource: Sendable {
    /// The contract, mistakes left out; nil where there is no contract head.
    public let contract: ContractSyntax?
    /// What is wrong, in the order of the text.
    public let diagnostics: [Diagnostic]
    /// Every comment, in the order of the text.
    public let comments: [Comment]

    /// Whether anything found is an error rather than a warning.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads a contract: every mistake is reported in one run, and none stops the reading of what follows.
public func parse(_ source: SourceText) -> ParsedSource {
    let (parser, contract) = Parser.contract(of: source)
    return ParsedSource(
        contract: contract, diagnostics: sortedByPlace(parser.diagnostics), comments: parser.lexed.comments)
}

/// Diagnostics by offset, then code; equal ones keep their order.
func sortedByPlace(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { left, right in
        let first = left.element
        let second = right.element
        if first.primary.span.start != second.primary.span.start {
            return first.primary.span.start < second.primary.span.start
        }
        if first.code.number != second.code.number { return first.code.number < second.code.number }
        return left.offset < right.offset
    }.map(\.element)
}
