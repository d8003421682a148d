import RemitValues

/// Decision tables: pipes, rows and cells.
extension Parser {
    mutating func table() throws(Abandoned) -> TableSyntax {
        advance()
        let name = try name("the name of a table")
        let inputs = try parameters(of: "the table `\(name.text)`")
        try expect(.gives, "and the outputs of the table", help: "write `gives ratio: Decimal`")
        let outputs = try fields("the name of an output")
        var policy = TableSyntax.HitPolicy.unique
        switch token.keyword {
        case .unique: advance()
        case .first:
            advance()
            policy = .first
        case .collect:
            advance()
            policy = .collect
        default: break
        }
        let source = try citedClause()
        let sections = try tableSections("the table `\(name.text)`")
        return TableSyntax(
            name: name, policy: policy, inputs: inputs, outputs: outputs, source: source, sections: sections)
    }

    private mutating func tableSections(_ owner: String) throws(Abandoned) -> [TableSection] {
        var sections: [TableSection] = []
        var plain = TableRows()
        let outer = try braces(of: owner, isTall: true, startsItem: Self.startsPeriod) { parser throws(Abandoned) in
            if parser.at(.from) {
                let period = try parser.period()
                sections.append(try parser.datedSection(period, owner))
            } else {
                try parser.row(into: &plain)
            }
        }
        if let header = plain.header {
            let none = PeriodSyntax(from: nil, until: nil, span: outer)
            sections.append(plain.section(header, none))
        } else if sections.isEmpty, plain.isUnread {
            report(
                .tableHeader, "\(owner) has no rows", outer,
                help: "begin with a row that names inputs and outputs: `| tier | plan || ratio |`")
        }
        return sections
    }

    private mutating func datedSection(_ period: PeriodSyntax, _ owner: String) throws(Abandoned) -> TableSection {
        var rows = TableRows()
        let place = "the period of \(owner)"
        let span = try braces(of: place, isTall: true, startsItem: { $0.at(.bar) }) { parser throws(Abandoned) in
            try parser.row(into: &rows)
        }
        if rows.header == nil, rows.isUnread {
            report(
                .tableHeader, "\(place) has no rows", span,
                help: "begin with a row that names inputs and outputs: `| tier | plan || ratio |`")
        }
        return rows.section(rows.header ?? TableRows.Header(inputs: [], outputs: [], span: span), period)
    }

    // MARK: Rows

    private mutating func row(into rows: inout TableRows) throws(Abandoned) {
        guard at(.bar) else {
            throw unexpected(
                "a row of the table, which begins with `|`",
                help: at(.doubleBar) ? "a row begins with one bar and has `||` before its outputs" : nil)
        }
        rows.isUnread = false
        let outerLimit = limit
        limit = endOfRow()
        let end = limit
        defer {
            // A mistake in a row is over with its line.
            if index < end, limit == end { index = end }
            if limit == end { limit = outerLimit }
        }
        let isTooLong = rows.rows.count >= Limits.tableRows
        if isTooLong {
            if !rows.isFull {
                report(
                    .tooManyRows, "a table has at most \(Limits.tableRows) rows", token.span,
                    help: "keep large reference data in a `register`, which is loaded as data and looked up by key")
            }
            rows.isFull = true
            return
        }
        try checkBars()
        if let header = rows.header {
            rows.rows.append(try tableRow(under: header))
        } else {
            rows.header = try headerRow()
        }
    }

    /// The index of the first token of the next line.
    private func endOfRow() -> Int {
        var end = index + 1
        while end < limit, !tokens[end].startsLine { end += 1 }
        return end
    }

    /// Looks at the shape of a row before its cells: they make no sense without it.
    private mutating func checkBars() throws(Abandoned) {
        let start = index
        var doubles = 0
        var lastBar = start
        for place in start..<limit {
            if tokens[place].kind == .doubleBar { doubles += 1 }
            if tokens[place].kind == .bar || tokens[place].kind == .doubleBar {
                lastBar = place
                columns[place] = place == start ? .none : .bar
            }
        }
        let whole = Span(tokens[start].span.start, tokens[limit - 1].span.end)
        guard doubles > 0 else {
            throw fail(
                .missingDoubleBar, "this row has no `||` between its inputs and its outputs", whole,
                help: "write `| input | input || output |`")
        }
        let isClosed =
            lastBar > start && tokens[lastBar].kind == .bar
            && (lastBar == limit - 1 || tokens[lastBar + 1].keyword == .per)
        guard isClosed else {
            throw fail(
                .unexpectedToken, "this row does not end with `|`", Span(whole.end, whole.end),
                label: "expected `|` here", help: "a row stands on one line and ends with `|`")
        }
    }

    private mutating func headerRow() throws(Abandoned) -> TableRows.Header {
        let start = token.span.start
        advance()
        var inputs: [Name] = []
        while !at(.doubleBar) {
            inputs.append(try headerName("an input"))
            if at(.doubleBar) { break }
            try expect(.bar, "`|` or `||` in the header row")
        }
        advance()
        var outputs: [Name] = []
        repeat {
            outputs.append(try headerName("an output"))
            try expect(.bar, "`|` in the header row")
        } while !at(.end)
        if inputs.count + outputs.count > Limits.tableColumns {
            report(.tooManyRows, "a table has at most \(Limits.tableColumns) columns", span(from: start))
        }
        return TableRows.Header(inputs: inputs, outputs: outputs, span: span(from: start))
    }

    private mutating func headerName(_ what: String) throws(Abandoned) -> Name {
        let isName = at(.word) && [.bar, .doubleBar].contains(token(ahead: 1).kind)
        guard isName else {
            throw fail(
                .tableHeader, "the first row names \(what) of the table, found \(describe(token))", token.span,
                help: "begin with a row such as `| tier | plan || ratio |`")
        }
        return try name("the name of \(what)")
    }

    private mutating func tableRow(under header: TableRows.Header) throws(Abandoned) -> TableRow {
        let start = token.span.start
        advance()
        var cells: [CellSyntax] = []
        if at(.doubleBar), !header.inputs.isEmpty { throw emptyCell() }
        while !at(.doubleBar) {
            cells.append(try cell())
            if at(.doubleBar) { break }
            try expect(.bar, "`|` or `||` after this cell")
        }
        advance()
        var outputs: [Expression] = []
        repeat {
            outputs.append(try expression())
            try expect(.bar, "`|` after this cell")
        } while !at(.end) && !at(.per)
        let row = span(from: start)
        let origin = try cited()
        guard at(.end) else { throw unexpected("the end of the row") }
        try compare("inputs", cells.count, header.inputs, row, header.span)
        try compare("outputs", outputs.count, header.outputs, row, header.span)
        return TableRow(cells: cells, outputs: outputs, source: origin, span: row)
    }

    private mutating func compare(
        _ what: String, _ count: Int, _ names: [Name], _ row: Span, _ header: Span
    ) throws(Abandoned) {
        guard count != names.count else { return }
        let one = what == "inputs" ? "input" : "output"
        throw fail(
            .wrongCellCount,
            "this row has \(count) \(count == 1 ? one : what), the header names \(names.count)", row,
            labels: [Label(header, "the header: \(names.map(\.text).joined(separator: ", "))")],
            help: count < names.count ? "write `any` in a cell that does not matter" : "take the surplus cells away")
    }

    // MARK: Cells

    /// The test of an input cell.
    private mutating func cell() throws(Abandoned) -> CellSyntax {
        let start = token.span.start
        if at(.any), [.bar, .doubleBar].contains(token(ahead: 1).kind) {
            advance()
            return CellSyntax(.any, span(from: start))
        }
        if at(.star) || at(.minus), [.bar, .doubleBar].contains(token(ahead: 1).kind) {
            report(.unexpectedToken, "`\(text(of: token))` stands for no value", token.span, help: "write `any`")
            advance()
            return CellSyntax(.any, span(from: start))
        }
        if at(.bar) || at(.doubleBar) { throw emptyCell() }
        if accept(.not) { return CellSyntax(.not(try tests()), span(from: start)) }
        return try tests()
    }

    private mutating func emptyCell() -> Abandoned {
        fail(.unexpectedToken, "this cell is empty", token.span, help: "write `any` where the input does not matter")
    }

    private mutating func tests() throws(Abandoned) -> CellSyntax {
        let start = token.span.start
        let first = try test()
        guard at(.comma) else { return first }
        var all = [first]
        while accept(.comma) { all.append(try test()) }
        return CellSyntax(.oneOf(all), span(from: start))
    }

    private mutating func test() throws(Abandoned) -> CellSyntax {
        let start = token.span.start
        if let first = try comparisonTest() {
            guard at(.and) else { return first }
            var all = [first]
            while accept(.and) {
                guard let next = try comparisonTest() else {
                    throw unexpected("a comparison such as `<= 5` after `and`")
                }
                all.append(next)
            }
            return CellSyntax(.all(all), span(from: start))
        }
        let value = try additive()
        guard accept(.to) else { return CellSyntax(.value(value), value.span) }
        return CellSyntax(.range(value, try additive()), span(from: start))
    }

    private mutating func comparisonTest() throws(Abandoned) -> CellSyntax? {
        let start = token.span.start
        guard let comparison = comparisonSign() else { return nil }
        advance()
        let value = try additive()
        return CellSyntax(.compare(comparison, value), span(from: start))
    }

    /// The comparison that the current token is a sign of.
    func comparisonSign() -> ComparisonOperator? {
        switch token.kind {
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }
}

/// The rows of one section while they are read.
struct TableRows {
    struct Header {
        let inputs: [Name]
        let outputs: [Name]
        let span: Span
    }

    var header: Header?
    var rows: [TableRow] = []
    var isFull = false
    /// Whether no row was even tried, so that a missing header is a mistake of its own.
    var isUnread = true

    func section(_ header: Header, _ period: PeriodSyntax) -> TableSection {
        TableSection(period: period, headerInputs: header.inputs, headerOutputs: header.outputs, rows: rows)
    }
}
