import RemitLanguage
import RemitValues

extension PolicyComparison {
    /// Tables, region by region.
    mutating func compareTables(
        _ old: PolicySide, _ new: PolicySide, _ rules: GuardRules, _ alone: RuleExamples
    ) {
        var regions = TableRegions()
        for (index, table) in new.program.tables.enumerated() {
            guard
                let place = old.program.tables.firstIndex(where: { TextValue($0.name) == TextValue(table.name) })
            else {
                add(.table, table.name, before: "not there", after: "there")
                continue
            }
            let before = old.program.tables[place]
            guard Self.haveEqualInputs(before, old.program, table, new.program), before.policy == table.policy else {
                // Other inputs: the texts are told.
                continue
            }
            for piece in Self.pieces((before.sections + table.sections).map(\.period)) {
                let examples = TableExamples(old: place, new: index, rules: rules, piece: piece, alone: alone)
                regions.compare(before, old, table, new, examples)
            }
        }
        for (place, region) in regions.all.enumerated() {
            rules.search.waiting = regions.all.count - place
            tell(region)
        }
        for table in old.program.tables
        where !new.program.tables.contains(where: { TextValue($0.name) == TextValue(table.name) }) {
            add(.table, table.name, before: "there", after: "not there")
        }
    }

    private static func haveEqualInputs(
        _ old: TableDeclaration, _ oldProgram: CheckedProgram, _ new: TableDeclaration, _ newProgram: CheckedProgram
    ) -> Bool {
        old.inputs.count == new.inputs.count
            && zip(old.inputs, new.inputs).allSatisfy { first, second in
                guard TextValue(first.name) == TextValue(second.name) else { return false }
                if case .enumeration(let one) = first.type, case .enumeration(let other) = second.type {
                    return Set(oldProgram.enumerations[one].cases.map { TextValue($0) })
                        == Set(newProgram.enumerations[other].cases.map { TextValue($0) })
                }
                return first.type == second.type
            }
    }

    /// Tells a region with a case that is decided differently there.
    private mutating func tell(_ region: TableRegion) {
        let examples = region.examples
        guard region.isResolved else {
            return add(
                .table, region.table, examples.piece, before: region.before, after: region.after, resolved: false)
        }
        let example = examples.rules.example(
            ofTable: examples.old, and: examples.new, where: region.inputs, in: examples.piece)
        let alone =
            example == nil
            ? region.values.flatMap { examples.alone.ofTable(examples.old, examples.new, $0, examples.piece) } : nil
        add(
            .table, region.table, examples.piece,
            region.inputs.map { .init(input: $0.name, values: $0.column.text($0.atoms)) }, before: region.before,
            after: region.after, example: example, ofRule: alone,
            reason: Unresolved.isNotFound(by: examples.rules.search))
    }
}

/// The regions of all tables in which two versions give something else, in order.
private struct TableRegions {
    private(set) var all: [TableRegion] = []

    /// Lays two tables over each other in one period.
    mutating func compare(
        _ old: TableDeclaration, _ oldSide: PolicySide, _ new: TableDeclaration, _ newSide: PolicySide,
        _ examples: TableExamples
    ) {
        let piece = examples.piece
        let before = old.sections.first { PolicyComparison.holds($0.period, throughout: piece) }
        let after = new.sections.first { PolicyComparison.holds($0.period, throughout: piece) }
        guard let before, let after else {
            if before != nil || after != nil {
                let words = (before == nil ? "no rule" : "a rule", after == nil ? "no rule" : "a rule")
                all.append(
                    TableRegion(
                        table: new.name, inputs: [], values: nil, examples: examples, before: words.0,
                        after: words.1))
            }
            return
        }
        var first = before.rows.map { RowText($0, oldSide) }
        var second = after.rows.map { RowText($0, newSide) }
        if new.policy == .first {
            let common = zip(first, second).prefix { $0.isEqual($1) }.count
            if common == first.count, common == second.count { return }
        } else {
            // Rows do not overlap (or all count): what stands in both decides alike wherever it holds.
            let kept = first
            first.removeAll { row in second.contains { $0.isEqual(row) } }
            second.removeAll { row in kept.contains { $0.isEqual(row) } }
        }
        guard first.count * second.count <= Limits.comparedPairs else {
            all.append(
                TableRegion(
                    table: new.name, inputs: [], values: nil, examples: examples,
                    before: "\(first.count) other rows", after: "\(second.count) other rows", isResolved: false))
            return
        }
        layOver(first, second, new, newSide.program, examples)
    }

    /// Lays the rows of one version over those of the other and keeps where their outputs differ.
    private mutating func layOver(
        _ first: [RowText], _ second: [RowText], _ table: TableDeclaration, _ program: CheckedProgram,
        _ examples: TableExamples
    ) {
        let columns = table.inputs.enumerated().map { index, input in
            TableColumn(input.type, (first + second).map { $0.row.cells[index] }, program)
        }
        let old = boxes(first, columns, table.policy)
        let new = boxes(second, columns, table.policy)
        for (position, oldBoxes) in old.enumerated() {
            for (other, newBoxes) in new.enumerated() where first[position].outputs != second[other].outputs {
                for box in oldBoxes {
                    for opposite in newBoxes {
                        guard let common = box.intersection(opposite) else { continue }
                        add(
                            common, columns, table, examples, before: first[position].shown,
                            after: second[other].shown)
                    }
                }
            }
        }
        guard table.policy != .first else { return }
        addUncovered(first, old, by: new, columns, table, examples, isOld: true)
        addUncovered(second, new, by: old, columns, table, examples, isOld: false)
    }

    /// Where a row has no counterpart: another row that stands in both versions cannot be there, so nothing decides.
    private mutating func addUncovered(
        _ rows: [RowText], _ boxes: [[AtomBox]], by others: [[AtomBox]], _ columns: [TableColumn],
        _ table: TableDeclaration, _ examples: TableExamples, isOld: Bool
    ) {
        for (position, own) in boxes.enumerated() {
            var left = own
            for box in others.joined() where left.count < Limits.comparedBoxes {
                left = left.flatMap { $0.subtracting(box) }
            }
            for box in left {
                let nothing = table.policy == .collect ? "not in the list" : "no row"
                add(
                    box, columns, table, examples, before: isOld ? rows[position].shown : nothing,
                    after: isOld ? nothing : rows[position].shown)
            }
        }
    }

    private func boxes(
        _ rows: [RowText], _ columns: [TableColumn], _ policy: TableSyntax.HitPolicy
    ) -> [[AtomBox]] {
        let whole = rows.map { row in AtomBox(sides: zip(columns, row.row.cells).map { $0.atoms(of: $1) }) }
        guard policy == .first else { return whole.map { $0.isEmpty ? [] : [$0] } }
        return whole.indices.map { index in
            var left = whole[index].isEmpty ? [] : [whole[index]]
            for earlier in whole[..<index] where left.count < Limits.comparedBoxes {
                left = left.flatMap { $0.subtracting(earlier) }
            }
            return left
        }
    }

    /// A region of a table.
    private mutating func add(
        _ box: AtomBox, _ columns: [TableColumn], _ table: TableDeclaration, _ examples: TableExamples,
        before: String, after: String
    ) {
        all.append(
            TableRegion(
                table: table.name, inputs: narrowed(box, columns, table),
                values: zip(columns, box.sides).map { $0.representatives($1) }, examples: examples, before: before,
                after: after))
    }

    /// The inputs of which a box does not hold every value.
    private func narrowed(
        _ box: AtomBox, _ columns: [TableColumn], _ table: TableDeclaration
    ) -> [GuardRules.TableInput] {
        table.inputs.indices.compactMap { place in
            let (column, atoms) = (columns[place], box.sides[place])
            return Atoms.size(atoms) < column.atomCount ? (place, table.inputs[place].name, column, atoms) : nil
        }
    }
}

/// A region of a table in which two versions give something else.
struct TableRegion {
    let table: String
    /// The inputs of which it does not hold every value.
    let inputs: [GuardRules.TableInput]
    /// Values of all inputs that lie in it; nil where nothing is asked of them.
    let values: [[Value]]?
    let examples: TableExamples
    let before: String
    let after: String
    /// Whether its rows were laid over each other: too many are only counted.
    var isResolved = true
}

/// Where the examples of a table's regions in one period come from.
struct TableExamples {
    /// The place of the table in each version.
    let old: Int
    let new: Int
    let rules: GuardRules
    let piece: Period
    let alone: RuleExamples
}

/// A row with the text of its outputs.
private struct RowText {
    let row: CheckedRow
    /// In one form for both versions: constants by value, expressions by their text.
    let outputs: [TextValue]
    /// As its own version writes them.
    let shown: String

    init(_ row: CheckedRow, _ side: PolicySide) {
        self.row = row
        let texts = row.outputs.map { output -> (form: String, shown: String) in
            guard case .constant(let value) = output.expression.kind else {
                let text = side.text(output.expression.span)
                return (text, text)
            }
            let type = output.expression.type
            return (side.program.written(value, type), side.written(value, type))
        }
        outputs = texts.map { TextValue($0.form) }
        shown = texts.map(\.shown).joined(separator: ", ")
    }

    func isEqual(_ other: RowText) -> Bool { row.cells == other.row.cells && outputs == other.outputs }
}

/// A product of sets of atoms, one for each column.
struct AtomBox {
    var sides: [[AtomRange]]

    var isEmpty: Bool { sides.contains(where: \.isEmpty) }

    func intersection(_ other: AtomBox) -> AtomBox? {
        let common = AtomBox(sides: zip(sides, other.sides).map { Atoms.intersection($0, $1) })
        return common.isEmpty ? nil : common
    }

    /// What is left without another box: disjoint boxes.
    func subtracting(_ other: AtomBox) -> [AtomBox] {
        guard intersection(other) != nil else { return [self] }
        var left: [AtomBox] = []
        var rest = self
        for column in sides.indices {
            guard let end = rest.sides[column].last else { return left }
            let outside = Atoms.intersection(
                rest.sides[column], Atoms.complement(other.sides[column], count: end.high + 1))
            if !outside.isEmpty {
                var piece = rest
                piece.sides[column] = outside
                left.append(piece)
            }
            rest.sides[column] = Atoms.intersection(rest.sides[column], other.sides[column])
        }
        return left
    }
}
