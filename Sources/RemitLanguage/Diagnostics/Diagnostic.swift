/// How grave a diagnostic is.
public enum Severity: String, Sendable {
    case error, warning, note
}

/// A place with a few words on it.
public struct Label: Sendable {
    /// Where.
    public let span: Span
    /// What to say there; may be empty.
    public let text: String

    /// Words on a place.
    public init(_ span: Span, _ text: String = "") {
        self.span = span
        self.text = text
    }
}

/// A mistake, or a doubt, found in a contract: data, printed elsewhere.
public struct Diagnostic: Sendable {
    /// A catalogue entry; its number is never used for anything else.
    public let code: DiagnosticCode
    public let severity: Severity
    /// One line, without a full stop, that can be read without the picture.
    public let message: String
    /// The smallest span that is wrong.
    public let primary: Label
    /// Other places that explain it, such as where an expectation arose.
    public let labels: [Label]
    /// Facts.
    public let notes: [String]
    /// Something to do about it.
    public let help: String?

    /// A diagnostic; its severity is that of the code unless given.
    public init(
        _ code: DiagnosticCode, _ message: String, at primary: Label, labels: [Label] = [], notes: [String] = [],
        help: String? = nil, severity: Severity? = nil
    ) {
        self.code = code
        self.severity = severity ?? code.severity
        self.message = message
        self.primary = primary
        self.labels = labels
        self.notes = notes
        self.help = help
    }
}
