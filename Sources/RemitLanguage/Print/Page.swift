/// A contract told for people: blocks in order, the same for every form of page.
struct Page: Sendable {
    let language: PageLanguage
    var title: Phrase
    var blocks: [PageBlock] = []
}

/// A piece of a page.
enum PageBlock: Sendable {
    /// A heading of level 2 or 3 with a name to link to.
    case heading(Int, Phrase, anchor: String)
    case paragraph(Phrase)
    /// Something that a reader must not overlook.
    case warning(Phrase)
    case list(isOrdered: Bool, [PageItem])
    case table(PageTable)
    case diagram(StateGraph, title: String, summary: String)
}

/// An item of a list, with what belongs below it.
struct PageItem: Sendable {
    var phrase: Phrase
    var children: [PageItem]

    init(_ phrase: Phrase, _ children: [PageItem] = []) {
        self.phrase = phrase
        self.children = children
    }
}

/// A table with a caption and a head for every column; the first column may head its row.
struct PageTable: Sendable {
    var caption: Phrase
    var heads: [Phrase]
    var rows: [[Phrase]]
    /// The number of columns on the left that are conditions, before a double line; 0 where there is none.
    var conditions = 0
    /// Whether the first cell of a row names the row.
    var hasRowHeads = true
}
