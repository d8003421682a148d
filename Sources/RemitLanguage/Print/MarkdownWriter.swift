/// Writes a page as Markdown (CommonMark with tables).
struct MarkdownWriter {
    private let page: Page
    private var out = ""

    init(_ page: Page) { self.page = page }

    /// The whole text.
    mutating func written() -> String {
        out = "# \(inline(page.title))\n"
        for block in page.blocks {
            // The ways between states stand in the table below the diagram.
            if case .diagram = block { continue }
            out += "\n"
            write(block)
        }
        return out
    }

    private mutating func write(_ block: PageBlock) {
        switch block {
        case .heading(let level, let phrase, _):
            out += String(repeating: "#", count: level) + " \(inline(phrase, isHeading: true))\n"
        case .paragraph(let phrase): out += inline(phrase) + "\n"
        case .warning(let phrase): out += "> **\(page.language == .english ? "Note" : "注意")**: \(inline(phrase))\n"
        case .list(let isOrdered, let items): list(items, isOrdered, indent: "")
        case .table(let table): self.table(table)
        case .diagram: break
        }
    }

    private mutating func list(_ items: [PageItem], _ isOrdered: Bool, indent: String) {
        for (index, item) in items.enumerated() {
            let mark = isOrdered ? "\(index + 1). " : "- "
            out += "\(indent)\(mark)\(inline(item.phrase))\n"
            list(item.children, false, indent: indent + String(repeating: " ", count: mark.utf8.count))
        }
    }

    private mutating func table(_ table: PageTable) {
        if !table.caption.isEmpty { out += "**\(inline(table.caption))**\n\n" }
        out += line(table.heads.map { inline($0) })
        out += line(table.heads.map { _ in "---" })
        for row in table.rows { out += line(row.map { inline($0) }) }
    }

    private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

    private func inline(_ phrase: Phrase) -> String { inline(phrase, isHeading: false) }

    private func inline(_ phrase: Phrase, isHeading: Bool) -> String {
        let phrase = page.language == .chinese ? phrase.spaced(namesInBrackets: true) : phrase
        return phrase.runs.map { run in
            let text = Self.escaped(run.text, mayBeginList: !isHeading)
            return switch run.style {
            case .plain, .quote, .source: text
            // Emphasis does not work between Chinese characters, so brackets of that script mark a name there.
            case .name: page.language == .chinese ? "「\(text)」" : "*\(text)*"
            case .code:
                run.text.utf8.contains { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "|") } ? text : "`\(run.text)`"
            case .strong: "**\(text)**"
            }
        }.joined()
    }

    /// Text that Markdown cannot take for anything else.
    static func escaped(_ text: String, mayBeginList: Bool) -> String {
        var out = ""
        // `1.` at the beginning would make a list of a sentence.
        var isNumber = mayBeginList
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let isSpaced = index + 1 >= scalars.count || scalars[index + 1] == " "
            let isListMark = isNumber && index > 0 && isSpaced && (scalar == "." || scalar == ")")
            isNumber = isNumber && ("0"..."9").contains(scalar)
            let isSign = ["\\", "`", "*", "_", "[", "]", "<", ">", "|", "&", "~", "#"].contains(scalar)
            let isMarkFirst = index == 0 && ["-", "+", "="].contains(scalar)
            if isSign || isMarkFirst || isListMark { out += "\\" }
            out.unicodeScalars.append(scalar)
        }
        return out
    }
}
