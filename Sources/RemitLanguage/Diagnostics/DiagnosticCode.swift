/// An entry of the catalogue of diagnostics; each has a page of its number under `Docs/errors`.
///
/// Families: R1 syntax, R2 names, R3 types, R4 completeness, R5 execution, R6 chain, R7 store, R8 command line.
public struct DiagnosticCode: Hashable, Sendable {
    /// The number, such as `R3104`.
    public let number: String
    /// How grave it is, unless a diagnostic says otherwise.
    public let severity: Severity
    /// A few words that name the mistake in lists.
    public let title: String

    init(_ number: String, _ title: String, severity: Severity = .error) {
        self.number = number
        self.severity = severity
        self.title = title
    }

    /// Every code that the language can report, by number.
    public static var catalogue: [DiagnosticCode] { syntaxCodes + checkCodes }
}
