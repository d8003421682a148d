/// Writes a page as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.
struct HTMLWriter {
    private let page: Page
    private var out = ""

    init(_ page: Page) { self.page = page }

    /// The whole file.
    mutating func written() -> String {
        let title = HTMLText.escaped(page.title.plain)
        out = """
            <!DOCTYPE html>
            <html lang="\(page.language.tag)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>
            \(HTMLStyle.sheet)
            </style>
            </head>
            <body>
            <main>
            <h1>\(inline(page.title))</h1>

            """
        var isBeforeFirstHeading = true
        for block in page.blocks {
            if case .heading = block, isBeforeFirstHeading {
                contents()
                isBeforeFirstHeading = false
            }
            write(block)
        }
        return out + "</main>\n</body>\n</html>\n"
    }

    private mutating func contents() {
        let label = page.language == .english ? "Contents" : "目录"
        out += "<nav aria-label=\"\(label)\">\n<ul>\n"
        for block in page.blocks {
            guard case .heading(2, let phrase, let anchor) = block else { continue }
            out += "<li><a href=\"#\(anchor)\">\(inline(phrase))</a></li>\n"
        }
        out += "</ul>\n</nav>\n"
    }

    private mutating func write(_ block: PageBlock) {
        switch block {
        case .heading(let level, let phrase, let anchor):
            out += "<h\(level) id=\"\(HTMLText.escaped(anchor))\">\(inline(phrase))</h\(level)>\n"
        case .paragraph(let phrase): out += "<p>\(inline(phrase))</p>\n"
        case .warning(let phrase): out += "<p class=\"warning\" role=\"note\">\(inline(phrase))</p>\n"
        case .list(let isOrdered, let items): list(items, isOrdered)
        case .table(let table): self.table(table)
        case .diagram(let graph, let title, let summary):
            out += "<figure class=\"states\" tabindex=\"0\">\n"
            out += DiagramSVG(graph).drawn(title: title, summary: summary)
            out += "</figure>\n"
        }
    }

    private mutating func list(_ items: [PageItem], _ isOrdered: Bool) {
        let tag = isOrdered ? "ol" : "ul"
        out += "<\(tag)>\n"
        for item in items {
            out += "<li>\(inline(item.phrase))"
            if !item.children.isEmpty {
                out += "\n"
                list(item.children, false)
            }
            out += "</li>\n"
        }
        out += "</\(tag)>\n"
    }

    private mutating func table(_ table: PageTable) {
        out +=
            "<div class=\"wide\" tabindex=\"0\" role=\"group\" "
            + "aria-label=\"\(HTMLText.escaped(table.caption.plain))\">\n"
        out += "<table>\n<caption>\(inline(table.caption))</caption>\n<thead><tr>"
        for (index, head) in table.heads.enumerated() {
            out += "<th scope=\"col\"\(edge(index, table))>\(inline(head))</th>"
        }
        out += "</tr></thead>\n<tbody>\n"
        for row in table.rows {
            out += "<tr>"
            for (index, cell) in row.enumerated() {
                let isHead = index == 0 && table.hasRowHeads
                let tag = isHead ? "th" : "td"
                out += "<\(tag)\(isHead ? " scope=\"row\"" : "")\(edge(index, table))>\(inline(cell))</\(tag)>"
            }
            out += "</tr>\n"
        }
        out += "</tbody>\n</table>\n</div>\n"
    }

    /// The class of the first column behind the conditions.
    private func edge(_ index: Int, _ table: PageTable) -> String {
        table.conditions > 0 && index == table.conditions ? " class=\"result\"" : ""
    }

    private func inline(_ phrase: Phrase) -> String {
        let phrase = page.language == .chinese ? phrase.spaced(namesInBrackets: false) : phrase
        return phrase.runs.map { run in
            let text = HTMLText.escaped(run.text)
            return switch run.style {
            case .plain: text
            case .name: "<b class=\"name\">\(text)</b>"
            case .quote: "<q>\(text)</q>"
            case .code: "<code>\(text)</code>"
            case .strong: "<strong>\(text)</strong>"
            case .source: "<cite>\(text)</cite>"
            }
        }.joined()
    }
}
