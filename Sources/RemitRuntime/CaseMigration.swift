public import RemitLanguage
import RemitValues

/// A case of an earlier version in the shape of a later one, before that version's `migrate` has run on it.
public struct CarriedCase: Sendable {
    /// The case with the fields, reservations, due times, rounds and results that are kept.
    public var state: CaseState
    /// For each `unique by` of the new version, the key that the case holds now; nil where it holds none.
    let held: [[Value]?]
    /// The deadlines (indices) of the state that the earlier version did not have.
    let freshDeadlines: Set<Int>
}

/// Brings running cases of an earlier version of a contract under a later one.
public struct CaseMigration: Sendable {
    /// Why a case cannot be brought over.
    public struct Problem: Error, Sendable {
        public let text: String
    }

    public let old: CheckedProgram
    public let new: CheckedProgram
    /// Index into the new version's migrations.
    public let index: Int
    private let keeping: TypeKeeping

    /// The migration of the new version that takes cases of the old one; nil where it has none.
    public init?(from old: CheckedProgram, to new: CheckedProgram) {
        guard let index = new.migrations.firstIndex(where: { $0.from == old.version }) else { return nil }
        self.old = old
        self.new = new
        self.index = index
        keeping = TypeKeeping(from: old, to: new)
    }

    private var migration: MigrationDeclaration { new.migrations[index] }

    /// Whether the migration speaks of cases in a state (index) of the old version.
    public func concerns(state: Int) -> Bool {
        guard old.states.indices.contains(state), !old.states[state].isFinal else { return false }
        let name = TextValue(old.states[state].name)
        return migration.within.isEmpty || migration.within.contains { TextValue($0) == name }
    }

    /// The case in the shape of the new version.
    public func carry(_ case: CaseState) throws(Problem) -> CarriedCase {
        let name = old.states[`case`.state].name
        guard let state = migration.state(for: name, in: new) else {
            throw Problem(text: "version \(new.version) has no state `\(name)`")
        }
        guard !new.states[state].isFinal else {
            throw Problem(text: "`\(new.states[state].name)` is final in version \(new.version), and was not entered")
        }
        let fields = zip(new.caseFields, keeping.keptFields).map { field, kept in
            kept.map { `case`.fields[$0] } ?? field.starts ?? .absent
        }
        var carried = CaseState(
            reference: `case`.reference, state: state, revision: `case`.revision, fields: fields,
            checks: new.checks.map { results(of: $0, in: `case`) }, changed: `case`.changed,
            reserved: try reservations(`case`), rounds: new.approvals.map { round(of: $0, in: `case`) })
        let (due, fresh) = deadlines(`case`, state)
        carried.due = due
        return CarriedCase(
            state: carried, held: new.uniqueKeys.indices.map { key($0, `case`) }, freshDeadlines: fresh)
    }

    /// Money that the case has set aside stays set aside, by the name of the fund.
    private func reservations(_ case: CaseState) throws(Problem) -> [Int64] {
        var reserved = [Int64](repeating: 0, count: new.funds.count)
        for (fund, units) in zip(old.funds, `case`.reserved) where units != 0 {
            guard let place = new.funds.firstIndex(where: { TextValue($0.name) == TextValue(fund.name) }) else {
                throw Problem(text: "version \(new.version) has no fund \(fund.name), and the case has reserved in it")
            }
            reserved[place] = units
        }
        return reserved
    }

    /// The result of a group of checks of the same name; a finding whose check is gone is left out.
    private func results(of group: ChecksDeclaration, in case: CaseState) -> CheckResult? {
        guard let place = old.checks.firstIndex(where: { TextValue($0.name) == TextValue(group.name) }),
            `case`.checks.indices.contains(place), let result = `case`.checks[place]
        else { return nil }
        let clauses = Self.clauses(group.items)
        let findings = result.findings.compactMap { finding in
            clauses.first { $0.code == TextValue(finding.code) }.map { clause in
                Finding(
                    code: finding.code, severity: finding.severity, text: finding.text, clause: clause.index,
                    line: finding.line, source: finding.source)
            }
        }
        return CheckResult(verdict: result.verdict, deniedLines: result.deniedLines, findings: findings)
    }

    private static func clauses(_ items: [CheckedItem]) -> [(code: TextValue, index: Int)] {
        items.flatMap { item -> [(code: TextValue, index: Int)] in
            switch item {
            case .check(let check): [(TextValue(check.code), check.index)]
            case .binding: []
            case .each(_, _, let inner, _): clauses(inner)
            }
        }
    }

    private func round(of approval: ApprovalDeclaration, in case: CaseState) -> RoundState? {
        guard let place = old.approvals.firstIndex(where: { TextValue($0.name) == TextValue(approval.name) }),
            `case`.rounds.indices.contains(place)
        else { return nil }
        return `case`.rounds[place]
    }

    /// Due times by what deadlines count from: those of the state, or of the same field, in order of writing.
    private func deadlines(_ case: CaseState, _ state: Int) -> (due: [Instant?], fresh: Set<Int>) {
        var due = [Instant?](repeating: nil, count: new.deadlines.count)
        var fresh: Set<Int> = []
        var taken: Set<Int> = []
        for (index, deadline) in new.deadlines.enumerated() where deadline.states.contains(state) {
            let past = deadline.past.map { TextValue(new.caseFields[$0].name) }
            let counterpart = old.deadlines.indices.first { place in
                let other = old.deadlines[place]
                return !taken.contains(place) && other.states.contains(`case`.state)
                    && other.past.map { TextValue(old.caseFields[$0].name) } == past
            }
            guard let counterpart else {
                fresh.insert(index)
                continue
            }
            taken.insert(counterpart)
            due[index] = `case`.due.indices.contains(counterpart) ? `case`.due[counterpart] : nil
        }
        return (due, fresh)
    }

    /// The key that the case holds, by the old version's `unique by` of the same place.
    private func key(_ index: Int, _ case: CaseState) -> [Value]? {
        guard old.uniqueKeys.indices.contains(index) else { return nil }
        let unique = old.uniqueKeys[index]
        if unique.except.contains(`case`.state) { return nil }
        return unique.fields.map { `case`.fields.indices.contains($0) ? `case`.fields[$0] : .absent }
    }
}
