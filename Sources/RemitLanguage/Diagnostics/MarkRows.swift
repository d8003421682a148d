/// The rows under one source line: underlines, then words that find no room beside them.
struct MarkRows {
    private(set) var rows: [[MarkPiece]] = []

    private struct Placed {
        let from: Int
        let to: Int
        let text: String
        let mark: LineMark
    }

    init(_ marks: [LineMark], _ window: LineWindow) {
        var placed: [Placed] = []
        for mark in marks {
            let from = window.column(of: mark.span.start)
            let to = max(from + 1, window.column(of: mark.span.end))
            placed.append(Placed(from: from, to: to, text: DiagnosticText.line(mark.text), mark: mark))
        }
        placed = placed.enumerated().sorted { ($0.1.from, $0.0) < ($1.1.from, $1.0) }.map(\.element)
        var underline = Self.underlines(placed)
        var waiting = placed.filter { !$0.text.isEmpty }
        // The mark that ends last has room for its words on its right; of several the one that begins last.
        let end = placed.map(\.to).max() ?? 0
        if let index = waiting.lastIndex(where: { $0.to == end }) {
            let last = waiting.remove(at: index)
            underline.append(MarkPiece(column: end + 1, text: last.text, style: last.mark.style))
        }
        rows.append(underline)
        guard !waiting.isEmpty else { return }
        rows.append(Self.bars(waiting, under: nil))
        while let next = waiting.popLast() {
            let words = MarkPiece(column: next.from, text: next.text, style: next.mark.style)
            rows.append(Self.bars(waiting, under: next.from) + [words])
        }
    }

    /// Carets under the place itself, hyphens under the others; where two overlap the shorter shows.
    private static func underlines(_ placed: [Placed]) -> [MarkPiece] {
        let width = placed.map(\.to).max() ?? 0
        var owners = [Int?](repeating: nil, count: width)
        for (index, one) in placed.enumerated() {
            for column in one.from..<one.to {
                if let known = owners[column], !Self.isNarrower(one, than: placed[known]) { continue }
                owners[column] = index
            }
        }
        var pieces: [MarkPiece] = []
        var column = 0
        while column < width {
            guard let owner = owners[column] else {
                column += 1
                continue
            }
            var end = column
            while end < width, owners[end] == owner { end += 1 }
            let mark = placed[owner].mark
            let sign = mark.isPrimary ? "^" : "-"
            pieces.append(
                MarkPiece(column: column, text: String(repeating: sign, count: end - column), style: mark.style))
            column = end
        }
        return pieces
    }

    private static func isNarrower(_ one: Placed, than other: Placed) -> Bool {
        let width = one.to - one.from
        let known = other.to - other.from
        return width == known ? one.mark.isPrimary : width < known
    }

    /// Bars that lead from marks down to the words that are still to come.
    private static func bars(_ waiting: [Placed], under limit: Int?) -> [MarkPiece] {
        var pieces: [MarkPiece] = []
        for one in waiting where one.from < limit ?? Int.max && pieces.last?.column != one.from {
            pieces.append(MarkPiece(column: one.from, text: "|", style: one.mark.style))
        }
        return pieces
    }
}
