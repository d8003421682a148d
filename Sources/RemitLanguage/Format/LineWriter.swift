/// Writes laid out lines.
struct LineWriter {
    let layout: LayoutSource

    func text(of lines: [LayoutLine]) -> String {
        var text = ""
        /// The column behind each opening bracket, where lines that go on are put.
        var columns: [Int: Int] = [:]
        for line in lines {
            if line.isAfterBlank { text += "\n" }
            var column =
                switch line.indent {
                case .fixed(let blanks): blanks
                case .behind(let bracket): columns[bracket] ?? 0
                }
            var written = String(repeating: " ", count: column)
            for token in line.tokens {
                written += String(repeating: " ", count: token.gap) + layout.spellings[token.index]
                column += token.gap + layout.widths[token.index]
                let kind = layout.tokens[token.index].kind
                if kind == .leftParenthesis || kind == .leftBracket { columns[token.index] = column }
            }
            if let comment = line.comment {
                if !line.tokens.isEmpty { written += String(repeating: " ", count: line.commentGap) }
                written += comment
            }
            text += written + "\n"
        }
        return text
    }
}
