extension DiagnosticCode {
    /// The codes of the lexer and the parser.
    static let syntaxCodes: [DiagnosticCode] = []
}
