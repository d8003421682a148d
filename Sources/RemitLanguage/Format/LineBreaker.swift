import RemitValues

/// Decides where lines end: by the marks of the parser, and inside a construct by the author's own line ends.
struct LineBreaker {
    let layout: LayoutSource
    private var result: [LayoutLine] = []
    private var waiting: [LayoutLine] = []
    private var frames = [Frame(number: 0, inner: 0, isInline: false)]
    private var frameCount = 1
    /// The opening brackets that are not closed yet.
    private var brackets: [Int] = []
    /// The indent of the last declaration, item or clause that began a line.
    private var base = 0
    private var headIsSplit = false
    private var conditionIsBroken = false

    /// A block whose brace is open.
    private struct Frame {
        let number: Int
        /// The indent of what stands in it.
        let inner: Int
        let isInline: Bool
    }

    init(_ layout: LayoutSource) { self.layout = layout }

    mutating func lines() -> [LayoutLine] {
        for index in layout.tokens.indices {
            let isForced = takeComments(before: index)
            place(index, isForced: isForced)
            follow(index)
        }
        _ = takeComments(before: layout.tokens.count)
        release(.fixed(0), block: 0)
        return result
    }

    private var frame: Frame { frames.last ?? Frame(number: 0, inner: 0, isInline: false) }

    private func has(_ mark: TokenMarks, _ index: Int) -> Bool { layout.marks[index].contains(mark) }

    // MARK: Comments

    /// Puts the comments before a token in their places; whether the token must begin a line because of them.
    private mutating func takeComments(before index: Int) -> Bool {
        var end = index > 0 ? layout.tokens[index - 1].span.end : 0
        for comment in layout.comments[index] {
            let text = layout.text(of: comment)
            if !comment.standsAlone, waiting.isEmpty, let last = result.indices.last, result[last].comment == nil {
                result[last].comment = text
            } else {
                var line = LayoutLine(.fixed(0), .comment)
                line.comment = text
                line.isAfterBlank = isAfterBlank(comment.span.start, since: end)
                waiting.append(line)
            }
            end = comment.span.end
        }
        return !layout.comments[index].isEmpty
    }

    /// Whether an empty line stands before a place, seen from the end of what precedes it.
    private func isAfterBlank(_ start: Int, since end: Int) -> Bool {
        guard end > 0 else { return false }
        return layout.source.line(at: start) - layout.source.line(at: end - 1) > 1
    }

    private mutating func release(_ indent: LayoutLine.Indent, block: Int) {
        for var line in waiting {
            line.indent = indent
            line.block = block
            result.append(line)
        }
        waiting = []
    }

    // MARK: Lines

    private mutating func begin(
        _ index: Int, _ indent: LayoutLine.Indent, _ role: LayoutLine.Role
    ) {
        release(indent, block: frame.number)
        var line = LayoutLine(indent, role)
        line.block = frame.number
        line.tokens = [(index, 0)]
        let end = layout.comments[index].last?.span.end ?? (index > 0 ? layout.tokens[index - 1].span.end : 0)
        line.isAfterBlank = role == .starter && isAfterBlank(layout.tokens[index].span.start, since: end)
        result.append(line)
        if role == .starter, case .fixed(let width) = indent { base = width }
    }

    private mutating func join(_ index: Int) {
        guard let last = result.indices.last else { return begin(index, .fixed(0), .starter) }
        result[last].tokens.append((index, layout.gap(before: index)))
    }

    private mutating func place(_ index: Int, isForced: Bool) {
        if has(.declaration, index) { return declaration(index) }
        if has(.headLine, index) { return begin(index, .fixed(2), .starter) }
        if has(.blockClose, index) { return close(index, isForced: isForced) }
        if has(.item, index), !frame.isInline {
            conditionIsBroken = false
            return begin(index, .fixed(frame.inner), .starter)
        }
        if headIsSplit, has(.clause, index) { return begin(index, .fixed(frame.inner + 2), .starter) }
        if has(.blockOpen, index), headIsSplit || isForced { return begin(index, .fixed(frame.inner), .starter) }
        if isForced || breaks(index) { return goOn(index) }
        join(index)
    }

    private mutating func declaration(_ index: Int) {
        brackets = []
        conditionIsBroken = false
        begin(index, .fixed(0), .starter)
        result[result.count - 1].beginsDeclaration = true
        var end = index + 1
        var clauseBreaks = false
        var hasClause = false
        while end < layout.tokens.count, !has(.declaration, end), !has(.blockOpen, end) {
            if has(.clause, end) {
                hasClause = true
                if layout.tokens[end].startsLine { clauseBreaks = true }
            }
            end += 1
        }
        if end < layout.tokens.count, has(.blockOpen, end) { end += 1 }
        headIsSplit = clauseBreaks || (hasClause && layout.width(index..<end) > Limits.layoutColumns)
    }

    private mutating func goOn(_ index: Int) {
        let column = layout.columns[index]
        let isLater = conditionIsBroken && column != .source
        if column == .condition { conditionIsBroken = true }
        var indent = LayoutLine.Indent.fixed(base + (isLater ? 4 : 2))
        if let opener = brackets.last {
            let isLastOnLine = result.last?.tokens.last?.index == opener || !isOnLine(opener + 1, behind: opener)
            indent = isLastOnLine ? .fixed(base + 2) : .behind(bracket: opener)
        }
        begin(index, indent, .continuation)
    }

    /// Whether a token was put on the line of the one before it.
    private func isOnLine(_ index: Int, behind opener: Int) -> Bool {
        for line in result.reversed() where line.tokens.contains(where: { $0.index == opener }) {
            return line.tokens.contains { $0.index == index }
        }
        return false
    }

    /// Whether a line ends before a token inside a construct.
    private func breaks(_ index: Int) -> Bool {
        let token = layout.tokens[index]
        if layout.columns[index] == .source {
            return lineWidth + 2 + layout.width(index..<min(index + 2, layout.tokens.count)) > Limits.layoutColumns
        }
        if layout.columns[index] == .condition, !token.startsLine {
            return lineWidth + 2 + layout.width(index..<endOfPiece(index)) > Limits.layoutColumns
        }
        return isAuthorsBreak(index)
    }

    /// Whether the author ended a line before a token, where that is kept.
    private func isAuthorsBreak(_ index: Int) -> Bool {
        let token = layout.tokens[index]
        guard token.startsLine, index > 0 else { return false }
        if has(.tight, index) || has(.joined, index) || has(.prefix, index - 1) { return false }
        switch token.kind {
        case .comma, .dot, .colon, .rightParenthesis, .rightBracket, .leftBrace, .rightBrace, .bar, .doubleBar:
            return false
        default: return layout.tokens[index - 1].kind != .dot
        }
    }

    /// Where the line that goes on at a token ends, as the author has it, or before a source.
    private func endOfPiece(_ index: Int) -> Int {
        var end = index + 1
        while end < layout.tokens.count, !isAuthorsBreak(end), layout.comments[end].isEmpty,
            layout.columns[end] != .source,
            layout.marks[end].isDisjoint(with: [.item, .declaration, .blockClose])
        {
            end += 1
        }
        return end
    }

    /// How wide the line is that is being filled.
    private var lineWidth: Int {
        guard let line = result.last else { return 0 }
        var width = 0
        if case .fixed(let blanks) = line.indent { width = blanks }
        for (index, gap) in line.tokens { width += gap + layout.widths[index] }
        return width
    }

    // MARK: Blocks

    /// Notes what a token that was put in its place opens or closes.
    private mutating func follow(_ index: Int) {
        switch layout.tokens[index].kind {
        case .leftParenthesis, .leftBracket: brackets.append(index)
        case .rightParenthesis, .rightBracket: if !brackets.isEmpty { brackets.removeLast() }
        default: break
        }
        guard has(.blockOpen, index) else { return }
        let isInline = fitsOnLine(index)
        frames.append(Frame(number: frameCount, inner: frame.inner + 2, isInline: isInline))
        frameCount += 1
        headIsSplit = false
        if !isInline, let last = result.indices.last { result[last].opensBlock = true }
    }

    private mutating func close(_ index: Int, isForced: Bool) {
        let closed = frame
        if closed.isInline {
            join(index)
            frames.removeLast()
            return
        }
        if has(.blockOpen, index - 1), !isForced {
            frames.removeLast()
            if let last = result.indices.last { result[last].opensBlock = false }
            return join(index)
        }
        release(.fixed(closed.inner), block: closed.number)
        if frames.count > 1 { frames.removeLast() }
        begin(index, .fixed(frame.inner), .closer)
        base = frame.inner
    }

    /// Whether the block that a brace opens stays on its line: one item, written so, and short enough.
    private func fitsOnLine(_ index: Int) -> Bool {
        guard !has(.tallBlock, index), !headIsSplit, index > 0, !has(.joined, index - 1) else { return false }
        var end = index + 1
        var items = 0
        while end < layout.tokens.count {
            let isEdge = has(.item, end) || has(.blockClose, end)
            if isEdge ? layout.tokens[end].startsLine : isAuthorsBreak(end) { return false }
            if has(.blockOpen, end) || !layout.comments[end].isEmpty { return false }
            if has(.item, end) { items += 1 }
            if has(.blockClose, end) { break }
            end += 1
        }
        guard end < layout.tokens.count, items == 1 else { return false }
        if end + 1 < layout.tokens.count, has(.joined, end + 1) { return false }
        return lineWidth + 1 + layout.width((index + 1)..<(end + 1)) <= Limits.layoutColumns
    }
}
