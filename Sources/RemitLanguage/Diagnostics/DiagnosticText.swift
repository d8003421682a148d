import RemitValues

/// What a part of a rendered diagnostic is, for those who colour it.
public enum DiagnosticStyle: Sendable {
    /// The word and the carets of an error.
    case error
    /// The word and the carets of a warning.
    case warning
    /// The word and the carets of a note.
    case note
    /// The one-line message.
    case message
    /// Line numbers and bars.
    case frame
    /// Marks and words of the other places.
    case secondary
    /// The word before something to do.
    case help
}

/// Renders diagnostics of one source for people: the message, the lines with marks under them, and what to do.
///
/// The result holds no control character but line feeds, whatever the source holds. Columns of the picture are those of
/// a terminal: a wide character takes two, a tab goes on to the next multiple of four.
public struct DiagnosticText {
    /// Gives a part of the text its looks; the text itself must stay.
    public typealias Styling = (_ text: String, _ style: DiagnosticStyle) -> String

    let source: SourceText
    let styled: Styling

    /// A renderer; without `styled` the text is plain.
    public init(_ source: SourceText, styled: @escaping Styling = { text, _ in text }) {
        self.source = source
        self.styled = styled
    }

    /// All diagnostics by place, with a count at the end; empty where there are none.
    public func text(of diagnostics: [Diagnostic]) -> String {
        let list = DiagnosticList(diagnostics)
        var text = ""
        for diagnostic in list.shown { text += self.text(of: diagnostic) + "\n" }
        if list.hidden > 0 {
            text += "\(list.hidden) more \(list.hidden == 1 ? "is" : "are") not shown: begin with those above\n"
        }
        if !list.countLine.isEmpty { text += list.countLine + "\n" }
        return text
    }

    /// One diagnostic, ending with a line feed.
    public func text(of diagnostic: Diagnostic) -> String {
        let excerpt = Excerpt(diagnostic, source)
        let margin = String(repeating: " ", count: excerpt.gutter)
        let position = source.position(at: diagnostic.primary.span.start)
        let grade = diagnostic.severity.style
        var text = styled("\(diagnostic.severity.rawValue)[\(diagnostic.code.number)]", grade)
        text += styled(": \(Self.line(diagnostic.message))", .message) + "\n"
        text += margin + styled("-->", .frame)
        let file = source.file(at: diagnostic.primary.span.start)
        text += " \(Self.line(file)):\(position.line):\(position.column)\n"
        if !excerpt.rows.isEmpty { text += margin + styled(" |", .frame) + "\n" }
        for row in excerpt.rows { text += render(row, margin) + "\n" }
        if !excerpt.rows.isEmpty, !diagnostic.notes.isEmpty || diagnostic.help != nil {
            text += margin + styled(" |", .frame) + "\n"
        }
        for note in diagnostic.notes { text += remark("note:", .note, note, margin) }
        if let help = diagnostic.help { text += remark("help:", .help, help, margin) }
        return text
    }

    private func remark(_ word: String, _ style: DiagnosticStyle, _ text: String, _ margin: String) -> String {
        margin + styled(" = ", .frame) + styled(word, style) + " \(Self.line(text))\n"
    }

    private func render(_ row: ExcerptRow, _ margin: String) -> String {
        switch row {
        case .gap: return styled("...", .frame)
        case .file(let name, let line, let column):
            return margin + styled(":::", .frame) + " \(Self.line(name)):\(line):\(column)"
        case .source(let number, let text):
            let digits = String(number)
            let blanks = String(repeating: " ", count: max(0, margin.utf8.count - digits.utf8.count))
            return styled("\(blanks)\(digits) |", .frame) + (text.isEmpty ? "" : " " + text)
        case .marks(let pieces):
            var line = ""
            var column = 0
            for piece in pieces {
                line += String(repeating: " ", count: max(0, piece.column - column))
                line += styled(piece.text, piece.style)
                column = piece.column + DisplayCells.width(of: piece.text)
            }
            return margin + styled(" |", .frame) + " " + line
        }
    }

    /// A text of a diagnostic on one line of bounded length: what it quotes can be as long as the source.
    static func line(_ text: String) -> String {
        let visible = DisplayCells.visible(text).unicodeScalars
        guard visible.count > Limits.messageScalars else { return String(visible) }
        return String(String.UnicodeScalarView(visible.prefix(Limits.messageScalars))) + "…"
    }
}

extension Severity {
    /// How its word and its carets look.
    var style: DiagnosticStyle {
        switch self {
        case .error: .error
        case .warning: .warning
        case .note: .note
        }
    }
}
