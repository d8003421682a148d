import RemitValues

extension Checker {
    /// Checks the rows of tables; whether they are complete is for the analysis.
    mutating func checkTables() {
        for declaration in syntax.declarations {
            guard case .table(let syntax) = declaration.kind else { continue }
            let signature = tableSignatures[program.tables.count]
            for input in signature.inputs { checkInputType(input) }
            scope = .table
            let periods = checkPeriods(syntax.sections.map(\.period), of: syntax.name)
            var sections: [CheckedTableSection] = []
            for (period, section) in zip(periods, syntax.sections) {
                let isShaped = checkHeader(section, syntax, signature)
                let rows = isShaped ? checkRows(section, signature, syntax.inputs) : []
                sections.append(CheckedTableSection(period: period, rows: rows, span: section.period.span))
            }
            if sections.isEmpty {
                report(
                    .missingPart, "`\(syntax.name.text)` has no rows", at: syntax.name.span,
                    help: "write a header row and at least one row of values")
            }
            program.tables.append(
                TableDeclaration(
                    name: syntax.name.text, policy: syntax.policy, inputs: signature.inputs,
                    outputs: signature.outputs, result: signature.result, source: source(syntax.source),
                    sections: sections, span: syntax.name.span))
        }
    }

    private mutating func checkInputType(_ input: FieldDeclaration) {
        switch input.type {
        case .optional, .list, .set, .map, .entry, .record, .document, .unrounded, .state, .verdict, .term, .caseOf,
            .otherState:
            report(
                .typeNotAllowed, "the input `\(input.name)` of a table cannot be \(name(input.type))", at: input.span,
                help: "use a Boolean, number, amount, date, text, enum or party; settle what may be absent before")
        default: break
        }
    }

    /// Whether the header row names the columns as the head of the table does.
    private mutating func checkHeader(
        _ section: TableSection, _ syntax: TableSyntax, _ signature: TableSignature
    ) -> Bool {
        if section.rows.count > Limits.tableRows {
            report(
                .beyondLimit, "a table has at most \(Limits.tableRows) rows", at: syntax.name.span,
                "\(section.rows.count) rows", help: "keep long lists in a register, which is data on the chain")
            return false
        }
        let inputs = compare(section.headerInputs, syntax.inputs.map(\.name), "input", syntax.name)
        return compare(section.headerOutputs, syntax.outputs.map(\.name), "output", syntax.name) && inputs
    }

    private mutating func compare(_ written: [Name], _ declared: [Name], _ kind: String, _ table: Name) -> Bool {
        for (name, wanted) in zip(written, declared) where name.bytes != wanted.bytes {
            report(
                .tableShape, "this column is `\(wanted.text)`, and the header row says `\(name.text)`", at: name.span,
                labels: [Label(wanted.span, "the columns stand in this order")],
                help: "write `\(wanted.text)`, or change the head of `\(table.text)`")
            return false
        }
        guard written.count != declared.count else { return true }
        let place = written.first.map { $0.span.joined(written[written.count - 1].span) } ?? table.span
        report(
            .tableShape,
            "`\(table.text)` has \(declared.count) columns of \(kind), and its header row \(written.count)",
            at: place, labels: [Label(table.span, "declared here")],
            help: "write the columns \(Self.listed(declared.map(\.text)))")
        return false
    }

    private mutating func checkRows(
        _ section: TableSection, _ signature: TableSignature, _ inputs: [FieldSyntax]
    ) -> [CheckedRow] {
        var rows: [CheckedRow] = []
        for row in section.rows {
            guard row.cells.count == signature.inputs.count, row.outputs.count == signature.outputs.count else {
                let inputs = signature.inputs.count
                let outputs = signature.outputs.count
                report(
                    .tableShape,
                    "this row has \(row.cells.count) + \(row.outputs.count) cells, "
                        + "and its table has \(inputs) + \(outputs)",
                    at: row.span, help: "write one cell for each column, with `||` before the outputs")
                continue
            }
            begin(.table, inputs, signature.inputs)
            var cells: [CheckedCell] = []
            for (cell, input) in zip(row.cells, signature.inputs) { cells.append(checkCell(cell, input)) }
            var outputs: [Priced] = []
            for (output, declared) in zip(row.outputs, signature.outputs) {
                let reason = "the column `\(declared.name)` is \(name(declared.type))"
                outputs.append(
                    Priced(check(output, Expectation(declared.type, because: reason, at: declared.span))))
            }
            scope.hideLocals(to: 0)
            rows.append(
                CheckedRow(
                    cells: cells, outputs: outputs, localCount: scope.slotCount, source: source(row.source),
                    span: row.span))
        }
        return rows
    }

    /// The set of values that a cell accepts.
    private mutating func checkCell(_ cell: CellSyntax, _ input: FieldDeclaration) -> CheckedCell {
        let type = input.type
        if type == .unknown { return .any }
        let isOrdered = CellSet.hasOrder(type)
        let count = Self.parts(of: cell)
        if count > Limits.cellValues {
            report(
                .beyondLimit, "a cell names at most \(Limits.cellValues) values, and this one \(count)", at: cell.span,
                help: "keep long lists in a register, or write several rows")
            return .any
        }
        guard let set = cellSet(cell, input, isOrdered) else { return .any }
        if set.isEmpty {
            report(
                .emptyCell, "no value of `\(input.name)` fits this cell", at: cell.span, "never true",
                help: "the parts joined by `and` must hold together; several values are joined by commas")
        }
        return set.cell
    }

    /// The values and ranges that a cell is written with.
    private static func parts(of cell: CellSyntax) -> Int {
        switch cell.kind {
        case .oneOf(let cells), .all(let cells): cells.reduce(0) { $0 + parts(of: $1) }
        case .not(let inner): parts(of: inner)
        default: 1
        }
    }

    private mutating func cellSet(_ cell: CellSyntax, _ input: FieldDeclaration, _ isOrdered: Bool) -> CellSet? {
        switch cell.kind {
        case .any: return CellSet.all(isOrdered)
        case .value(let expression):
            guard let value = cellValue(expression, input) else { return nil }
            return CellSet.one(value, isOrdered)
        case .not(let inner): return cellSet(inner, input, isOrdered)?.complement
        case .oneOf(let cells):
            var sets: [CellSet] = []
            for cell in cells {
                guard let next = cellSet(cell, input, isOrdered) else { return nil }
                sets.append(next)
            }
            return CellSet.union(sets)
        case .all(let cells):
            var result: CellSet?
            for cell in cells {
                guard let next = cellSet(cell, input, isOrdered) else { return nil }
                result = result?.intersection(next) ?? next
            }
            return result
        case .compare(let operation, let expression):
            return comparedSet(operation, expression, input, isOrdered, cell.span)
        case .range(let lower, let upper):
            guard let least = cellValue(lower, input), let greatest = cellValue(upper, input) else { return nil }
            guard isOrdered else { return reportNoOrder(input, cell.span) }
            return CellSet.range(ValueRange(lower: least, lowerIncluded: true, upper: greatest, upperIncluded: true))
        }
    }

    private mutating func comparedSet(
        _ operation: ComparisonOperator, _ expression: Expression, _ input: FieldDeclaration, _ isOrdered: Bool,
        _ span: Span
    ) -> CellSet? {
        guard let value = cellValue(expression, input) else { return nil }
        switch operation {
        case .equal: return CellSet.one(value, isOrdered)
        case .notEqual: return CellSet.one(value, isOrdered).complement
        default: break
        }
        guard isOrdered else { return reportNoOrder(input, span) }
        switch operation {
        case .less:
            return .range(ValueRange(lower: nil, lowerIncluded: false, upper: value, upperIncluded: false))
        case .lessOrEqual:
            return .range(ValueRange(lower: nil, lowerIncluded: false, upper: value, upperIncluded: true))
        case .greater:
            return .range(ValueRange(lower: value, lowerIncluded: false, upper: nil, upperIncluded: false))
        default: return .range(ValueRange(lower: value, lowerIncluded: true, upper: nil, upperIncluded: false))
        }
    }

    private mutating func reportNoOrder(_ input: FieldDeclaration, _ span: Span) -> CellSet? {
        report(
            .notComparable, "values of \(name(input.type)) have no order in a table", at: span,
            labels: [Label(input.span, "because `\(input.name)` is \(name(input.type)) here")],
            help: "name the values, separated by commas")
        return nil
    }

    private mutating func cellValue(_ expression: Expression, _ input: FieldDeclaration) -> Value? {
        let want = Expectation(
            input.type, because: "the column `\(input.name)` is \(name(input.type))", at: input.span)
        // Inputs are out of sight: a cell is compared with a value, not with another column.
        let outer = scope
        scope = .table
        defer { scope = outer }
        return constant(expression, want, "the value of a cell")
    }
}
