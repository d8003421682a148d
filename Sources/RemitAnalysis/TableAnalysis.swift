public import RemitLanguage
import RemitValues

/// Looks for what only a search can find: gaps, overlaps and shadowed rows of decision tables.
///
/// The diagnostics stand in the order of the tables; errors are those that make a table ambiguous or incomplete.
public func analyse(_ program: CheckedProgram) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for table in program.tables where table.policy != .collect {
        for section in table.sections {
            let analysis = TableAnalysis(table, section, program)
            diagnostics += table.policy == .unique ? analysis.uniqueFindings() : analysis.firstFindings()
        }
    }
    return diagnostics
}

/// The same for whatever became of a text: where it has mistakes, for the tables that have none. What the contract
/// answers is left out, and what it answers for nothing is told.
public func analyse(_ compilation: Compilation) -> [Diagnostic] {
    guard let program = compilation.program ?? compilation.soundTables else { return [] }
    let found = analyse(program)
    guard let contract = compilation.contract else { return found }
    let answers = Answers(contract)
    return answers.open(found) + (compilation.hasErrors ? [] : answers.idle(found, ofTables: true))
}

/// The analysis of the rows of one period of one table.
struct TableAnalysis {
    let table: TableDeclaration
    let section: CheckedTableSection
    let space: TableSpace
    /// How many overlaps of one table are shown.
    static let shownOverlaps = 8

    init(_ table: TableDeclaration, _ section: CheckedTableSection, _ program: CheckedProgram) {
        self.table = table
        self.section = section
        space = TableSpace(table, section, program)
    }

    func uniqueFindings() -> [Diagnostic] {
        var finder = OverlapFinder(space.rows, limit: Self.shownOverlaps)
        finder.run()
        var findings = finder.pairs.map { overlap($0.first, $0.second) }
        var gaps = GapFinder(space.rows, domain: space.domain)
        if findings.isEmpty {
            if case .gap(let point) = gaps.countedCoverage() { findings.append(gap(gaps.widened(point))) }
        } else if case .gap(let point) = gaps.splitCoverage() {
            // Where rows overlap, a gap that cannot be proved can wait until they no longer do.
            findings.append(gap(gaps.widened(point)))
        }
        return findings
    }

    func firstFindings() -> [Diagnostic] {
        var findings: [Diagnostic] = []
        var gaps = GapFinder(space.rows, domain: space.domain)
        switch gaps.splitCoverage() {
        case .complete: break
        case .gap(let point): findings.append(gap(gaps.widened(point)))
        case .notProved: findings.append(notProved("complete"))
        }
        var budget = Limits.tablePieces
        var runsAbove = 0
        for index in space.rows.indices.dropFirst() {
            guard budget > 0 else {
                findings.append(notProved("free of rows that are never reached", severity: .warning))
                break
            }
            let row = space.rows[index]
            runsAbove += Atoms.runs(space.rows[index - 1])
            let earlier = space.rows[..<index].filter { other in
                zip(other, row).allSatisfy { Atoms.intersect($0, $1) }
            }
            var cover = GapFinder(earlier, domain: row, budget: min(budget, Limits.tablePieces / 10))
            let before = cover.budget
            if row.allSatisfy({ !$0.isEmpty }), cover.splitCoverage() == .complete {
                findings.append(shadowed(index))
            }
            let work = runsAbove + index * Atoms.runs(row) + 4 * earlier.reduce(0) { $0 + Atoms.runs($1) }
            budget -= 1 + work / GapFinder.pieceCells + before - cover.budget
        }
        return findings
    }

    // Findings in words.

    private var place: Span { section.period.from == nil ? table.span : section.span }

    private var when: String { section.period.from.map { " from \($0) on" } ?? "" }

    /// A box as the row that a table would write.
    func rowText(_ box: [[AtomRange]]) -> String {
        let cells = zip(space.columns, box).map { $0.text($1) }
        let outputs = table.outputs.map { _ in "…" }
        return "| " + cells.joined(separator: " | ") + " || " + outputs.joined(separator: " | ") + " |"
    }

    private func overlap(_ first: Int, _ second: Int) -> Diagnostic {
        let shared = zip(space.rows[first], space.rows[second]).map { Atoms.intersection($0, $1) }
        return Diagnostic(
            .tableOverlap, "two rows of `\(table.name)`\(when) hold for the same inputs",
            at: Label(section.rows[second].span, "this row holds as well"),
            labels: [Label(section.rows[first].span, "this row holds")],
            notes: ["both hold for \(rowText(shared))"],
            help: "narrow one of the two, or write `first` behind the outputs if the upper row is to win")
    }

    private func gap(_ box: [[AtomRange]]) -> Diagnostic {
        Diagnostic(
            .tableGap, "`\(table.name)`\(when) has no row for some inputs", at: Label(place, "incomplete"),
            notes: ["missing is \(rowText(box))"], help: "add this row, or widen one that is there")
    }

    private func shadowed(_ index: Int) -> Diagnostic {
        Diagnostic(
            .rowNeverReached, "a row of `\(table.name)`\(when) is never reached",
            at: Label(section.rows[index].span, "rows above take all its inputs"),
            help: "move it up, or leave it out")
    }

    private func notProved(_ what: String, severity: Severity? = nil) -> Diagnostic {
        Diagnostic(
            .tableNotProved, "`\(table.name)`\(when) could not be proved \(what)",
            at: Label(place, "too entangled"),
            notes: ["the search was given up after \(Limits.tablePieces) pieces"],
            help: "split it into smaller tables, or end it with a row of `any`", severity: severity)
    }
}
