import RemitValues

/// A line of the picture that belongs to a diagnostic.
enum ExcerptRow {
    /// Lines are left out here.
    case gap
    /// What follows stands in another file: its name, and line and column of the mark.
    case file(String, Int, Int)
    /// A line of its file, counted from 1.
    case source(Int, String)
    /// Carets, bars and words under a line, by column from 0.
    case marks([MarkPiece])
}

/// A piece of a row of marks.
struct MarkPiece {
    let column: Int
    let text: String
    let style: DiagnosticStyle
}

/// A mark under one line of the source.
struct LineMark {
    let line: Int
    let span: Span
    let text: String
    let isPrimary: Bool
    let style: DiagnosticStyle
}

/// The lines of the source that a diagnostic speaks of, with the marks under them.
struct Excerpt {
    /// The columns of the line numbers.
    let gutter: Int
    let rows: [ExcerptRow]

    init(_ diagnostic: Diagnostic, _ source: SourceText) {
        // A text beyond the limit has not been read, and its lines are not known.
        guard source.bytes.count <= Limits.sourceBytes else {
            gutter = 1
            rows = []
            return
        }
        var marks = Self.marks(diagnostic.primary, source, isPrimary: true, diagnostic.severity.style)
        for label in diagnostic.labels { marks += Self.marks(label, source, isPrimary: false, .secondary) }
        let lines = Set(marks.map(\.line)).sorted()
        gutter = String(lines.map { source.place(ofLine: $0).line }.max() ?? 1).utf8.count
        var rows: [ExcerptRow] = []
        var previous: Int?
        var file = source.file(at: diagnostic.primary.span.start)
        for line in lines {
            let own = marks.filter { $0.line == line }
            let anchor = own.first { $0.isPrimary } ?? own[0]
            let place = source.place(ofLine: line)
            if place.file != file {
                rows.append(.file(place.file, place.line, source.position(at: anchor.span.start).column))
                file = place.file
            } else if let previous, line == previous + 2 {
                let between = source.lineSpan(previous + 1)
                rows.append(.source(place.line - 1, LineWindow(source, between, around: between.start).text))
            } else if let previous, line > previous + 1 {
                rows.append(.gap)
            }
            let window = LineWindow(source, source.lineSpan(line), around: anchor.span.start)
            rows.append(.source(place.line, window.text))
            rows += MarkRows(own, window).rows.map { .marks($0) }
            previous = line
        }
        self.rows = rows
    }

    /// The marks of a place: one, or two where it goes over several lines.
    private static func marks(
        _ label: Label, _ source: SourceText, isPrimary: Bool, _ style: DiagnosticStyle
    ) -> [LineMark] {
        let start = min(max(label.span.start, 0), source.bytes.count)
        let end = min(max(label.span.end, start), source.bytes.count)
        let first = source.line(at: start)
        let last = source.line(at: max(start, end - 1))
        guard last > first else {
            return [
                LineMark(line: first, span: Span(start, end), text: label.text, isPrimary: isPrimary, style: style)
            ]
        }
        let top = Span(start, max(start, source.lineSpan(first).end))
        let bottomLine = source.lineSpan(last)
        var bottom = bottomLine.start
        while bottom < end - 1, source.bytes[bottom] == 0x20 || source.bytes[bottom] == 0x09 { bottom += 1 }
        return [
            LineMark(line: first, span: top, text: "", isPrimary: isPrimary, style: style),
            LineMark(line: last, span: Span(bottom, end), text: label.text, isPrimary: isPrimary, style: style),
        ]
    }
}

/// The part of a source line that is shown: all of it, or what is around a mark if the line is long.
struct LineWindow {
    /// The line as shown, with `…` where it is cut.
    let text: String
    private let cells: [DisplayCell]
    private let isCutBefore: Bool

    init(_ source: SourceText, _ line: Span, around anchor: Int) {
        // Only the bytes near the mark are looked at: a line can be as long as the source.
        let reach = 4 * Limits.excerptColumns
        var start = max(line.start, min(anchor, line.end) - reach)
        while start > line.start, start < line.end, source.bytes[start] & 0xC0 == 0x80 { start += 1 }
        let end = min(line.end, max(anchor, start) + reach)
        var cells = DisplayCell.cells(of: source.bytes, Span(start, end))
        var isCutBefore = start > line.start
        var isCutAfter = end < line.end
        if cells.reduce(0, { $0 + $1.width }) > Limits.excerptColumns {
            var before = cells.reduce(0) { $1.start < anchor ? $0 + $1.width : $0 } - Limits.excerptColumns / 3
            while before > 0, let first = cells.first {
                before -= max(1, first.width)
                cells.removeFirst()
                isCutBefore = true
            }
            var room = Limits.excerptColumns
            let kept = cells.prefix { cell in
                room -= cell.width
                return room >= 0
            }
            isCutAfter = isCutAfter || kept.count < cells.count
            cells = Array(kept)
        }
        self.cells = cells
        self.isCutBefore = isCutBefore
        var text = (isCutBefore ? "…" : "") + cells.map(\.text).joined() + (isCutAfter ? "…" : "")
        while text.hasSuffix(" ") { text.removeLast() }
        self.text = text
    }

    /// The column, from 0, of an offset of the line; one that is not shown counts as the nearest that is.
    func column(of offset: Int) -> Int {
        var column = isCutBefore ? 1 : 0
        for cell in cells where cell.start < offset { column += cell.width }
        return column
    }
}
