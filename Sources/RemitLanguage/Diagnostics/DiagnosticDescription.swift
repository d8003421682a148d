/// A diagnostic as data for programs: places as lines and columns, texts on one line.
public struct DiagnosticDescription: Sendable, Equatable {
    /// A place in the source; lines and columns count from 1, a column is one Unicode scalar value.
    public struct Place: Sendable, Equatable {
        public let line: Int
        public let column: Int
        /// The line of the end.
        public let endLine: Int
        /// The column behind the last scalar value.
        public let endColumn: Int
        /// What the mark says; may be empty.
        public let text: String
    }

    /// The number of the catalogue, such as `R3001`.
    public let code: String
    public let severity: Severity
    /// The name of the file.
    public let file: String
    /// Where the mistake is.
    public let place: Place
    /// One line, without a full stop.
    public let message: String
    /// Other places that explain it.
    public let labels: [Place]
    /// Facts.
    public let notes: [String]
    /// Something to do about it.
    public let help: String?

    /// Describes a diagnostic of a source.
    public init(_ diagnostic: Diagnostic, in source: SourceText) {
        code = diagnostic.code.number
        severity = diagnostic.severity
        file = source.file(at: diagnostic.primary.span.start)
        place = Self.place(diagnostic.primary, source)
        message = DiagnosticText.line(diagnostic.message)
        labels = diagnostic.labels.map { Self.place($0, source) }
        notes = diagnostic.notes.map { DiagnosticText.line($0) }
        help = diagnostic.help.map { DiagnosticText.line($0) }
    }

    private static func place(_ label: Label, _ source: SourceText) -> Place {
        let start = source.position(at: label.span.start)
        let end = source.position(at: max(label.span.start, label.span.end))
        return Place(
            line: start.line, column: start.column, endLine: end.line, endColumn: end.column,
            text: DiagnosticText.line(label.text))
    }
}
