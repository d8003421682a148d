/// What laying out a contract came to.
public enum FormatResult: Sendable {
    /// The text in the house layout.
    case formatted([UInt8])
    /// The text has mistakes of syntax and stays as it is.
    case refused([Diagnostic])
}

/// Lays out a contract: the same tokens and comments in the same order, with other blanks and line ends between them.
///
/// Line ends inside a declaration's head or a statement are the author's; everything else follows from the syntax.
/// Laying out the result again gives the same bytes.
public func format(_ source: SourceText) -> FormatResult {
    let parser = Parser.contract(of: source).parser
    // Tabs are errors that laying out repairs.
    let mistakes = parser.diagnostics.filter { $0.severity == .error && $0.code.number != DiagnosticCode.tab.number }
    guard mistakes.isEmpty else { return .refused(sortedByPlace(parser.diagnostics)) }
    let layout = LayoutSource(parser)
    var breaker = LineBreaker(layout)
    var lines = breaker.lines()
    BlankLines.settle(&lines)
    Aligner(layout: layout).align(&lines)
    return .formatted(Array(LineWriter(layout: layout).text(of: lines).utf8))
}

/// The tokens of a source as the layout sees them: their spelling, width and marks, and the comments between them.
struct LayoutSource {
    let source: SourceText
    /// Without the `.end` behind the last one.
    let tokens: [Token]
    let marks: [TokenMarks]
    let columns: [Column]
    let spellings: [String]
    let widths: [Int]
    /// For each token, and for the end, the comments that stand before it.
    let comments: [[Comment]]

    init(_ parser: Parser) {
        let source = parser.source
        let tokens = Array(parser.tokens.dropLast())
        self.source = source
        self.tokens = tokens
        marks = parser.marks
        columns = parser.columns
        spellings = tokens.map { Self.withoutTabs(source.text($0.span)) }
        widths = spellings.map { DisplayCells.width(of: $0) }
        var comments = [[Comment]](repeating: [], count: tokens.count + 1)
        var index = 0
        for comment in parser.lexed.comments {
            while index < tokens.count, tokens[index].span.start < comment.span.start { index += 1 }
            comments[index].append(comment)
        }
        self.comments = comments
    }

    static func withoutTabs(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { plain.append(scalar == "\t" ? " " : scalar) }
        return String(plain)
    }

    func text(of comment: Comment) -> String { Self.withoutTabs(source.text(comment.span)) }

    /// The blanks before a token that stands behind another on its line, columns left aside.
    func gap(before index: Int) -> Int {
        let token = tokens[index]
        let previous = tokens[index - 1]
        if marks[index].contains(.tight) || marks[index - 1].contains(.prefix) { return 0 }
        switch (previous.kind, token.kind) {
        case (.leftParenthesis, _), (.leftBracket, _), (.dot, _), (_, .comma), (_, .dot), (_, .rightParenthesis),
            (_, .rightBracket), (.leftBrace, .rightBrace):
            return 0
        case (_, .colon): return [.colon, .promise].contains(columns[index]) ? 1 : 0
        default: break
        }
        switch columns[index] {
        case .condition, .refusal, .source: return 2
        default: return 1
        }
    }

    /// How wide the tokens of a range are on one line, the first without a gap before it.
    func width(_ range: Range<Int>) -> Int {
        range.reduce(0) { $0 + widths[$1] + ($1 == range.lowerBound ? 0 : gap(before: $1)) }
    }
}
