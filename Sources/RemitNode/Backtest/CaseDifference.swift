import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

extension BacktestReport {
    /// What besides state and amounts two decisions of a case differ in.
    public struct Difference: Hashable, Sendable {
        /// The name of a field, `paid from` and a fund, or `reasons`.
        public let name: String
        /// What was recorded, as text.
        public let before: String
        /// What the changed policy comes to, as text.
        public let after: String
    }
}

/// Finds the fields that two versions of a policy both have by name, and in which of them a case differs.
final class FieldPairs {
    private struct Versions: Hashable {
        let recorded: Digest
        let changed: Digest
    }

    private struct Pairs {
        let places: [(name: String, recorded: Int, changed: Int)]
        /// Whether both versions have the same fields in the same order.
        let isSame: Bool
        /// The fields that the recorded version alone has.
        let dropped: [String]
    }

    private var known: [Versions: Pairs] = [:]
    /// The fields of money, which are compared as amounts.
    private let money: Set<TextValue>

    init(money: [String]) { self.money = Set(money.map { TextValue($0) }) }

    /// The names of the fields that a recorded version has and the changed policy has not, in their order.
    func dropped(from recorded: DeployedContract, by changed: DeployedContract) -> [String] {
        pairs(recorded, changed).dropped
    }

    /// The fields that differ and are no amounts, in the order of the recorded version.
    func differences(
        _ recorded: SeenCase, _ changed: SeenCase, in state: WorkingState
    ) throws(NodeError) -> [BacktestReport.Difference] {
        let pairs = pairs(recorded.contract, changed.contract)
        guard let here = changed.values else { return [] }
        let there: [Value]
        if let values = recorded.values {
            there = values
        } else if let (row, reference) = recorded.row {
            // Cases that are alike have the same bytes, and need not be decoded.
            if pairs.isSame, CaseSummary.holds(here, row: row) { return [] }
            guard let stored = try StoredCase(row: row, of: reference, under: recorded.contract, in: state) else {
                return []
            }
            there = stored.state.fields
        } else {
            return []
        }
        var found: [BacktestReport.Difference] = []
        for (name, recorded, changed) in pairs.places where !money.contains(TextValue(name)) {
            guard there.indices.contains(recorded), here.indices.contains(changed),
                there[recorded] != here[changed]
            else { continue }
            let (before, after) = BriefValue.texts(there[recorded], here[changed])
            found.append(BacktestReport.Difference(name: name, before: before, after: after))
        }
        return found
    }

    private func pairs(_ recorded: DeployedContract, _ changed: DeployedContract) -> Pairs {
        let versions = Versions(recorded: recorded.digest, changed: changed.digest)
        if let pairs = known[versions] { return pairs }
        let (old, new) = (recorded.program.caseFields, changed.program.caseFields)
        let places = old.enumerated().compactMap { place, field in
            new.firstIndex { TextValue($0.name) == TextValue(field.name) }.map { (field.name, place, $0) }
        }
        let pairs = Pairs(
            places: places,
            isSame: places.count == old.count && old.count == new.count && places.allSatisfy { $0.1 == $0.2 },
            dropped: old.map(\.name).filter { name in !new.contains { TextValue($0.name) == TextValue(name) } })
        known[versions] = pairs
        return pairs
    }
}

extension Simulation {
    /// The findings of a decision, and why it was refused if it was.
    func reasons(of transition: Transition) -> [BacktestReport.Reason] {
        var found = transition.findings.map {
            BacktestReport.Reason(code: $0.code, text: $0.text, line: $0.line)
        }
        if case .refused(let refusal) = transition.outcome {
            found.append(
                BacktestReport.Reason(code: refusal.code ?? refusal.reason.word, text: refusal.text, line: nil))
        }
        return found
    }

    /// How the codes and lines of two decisions differ, in whatever order they stand; nil where they do not. A changed
    /// wording is no difference.
    static func difference(
        _ recorded: [BacktestReport.Reason], _ changed: [BacktestReport.Reason]
    ) -> BacktestReport.Difference? {
        if recorded.isEmpty && changed.isEmpty { return nil }
        func codes(_ reasons: [BacktestReport.Reason]) -> [TextValue] {
            reasons.map { reason in TextValue(reason.line.map { "\(reason.code)@\($0)" } ?? reason.code) }.sorted()
        }
        let (before, after) = (codes(recorded), codes(changed))
        guard before != after else { return nil }
        let (there, here) = BriefReasons.codes(recorded, changed)
        return BacktestReport.Difference(name: "reasons", before: there, after: here)
    }
}
