public import RemitLanguage
import RemitLedger
import RemitRuntime
public import RemitValues

/// Counts and totals of a batch, by decision and by reason.
public struct BatchSummary: Sendable {
    /// A line of the summary.
    public struct Line: Sendable {
        public let name: String
        public var count = 0
        /// What the cases' money fields add up to, by field; nil once a total does not fit.
        public var totals: [Money?]
    }

    /// The names of the case's money fields, in order of declaration.
    public let moneyFields: [String]
    /// By state that the case was opened in, in order of the contract; those that were refused last, as `not opened`,
    /// since contracts often have a state `refused` of their own.
    public private(set) var decisions: [Line] = []
    /// By reason code: each finding and refusal counts once for a call.
    public private(set) var reasons: [Line] = []
    private let fieldIndices: [Int]
    private let zeros: [Money?]

    /// An empty summary for a contract.
    public init(program: CheckedProgram) {
        var names: [String] = []
        var indices: [Int] = []
        var zeros: [Money?] = []
        for (index, field) in program.caseFields.enumerated() {
            guard case .money(let currency) = field.type else { continue }
            names.append(field.name)
            indices.append(index)
            zeros.append(Money(minorUnits: 0, currency: currency))
        }
        moneyFields = names
        fieldIndices = indices
        self.zeros = zeros
        decisions = program.states.map { Line(name: $0.name, totals: zeros) }
        decisions.append(Line(name: "not opened", totals: zeros))
    }

    /// Counts a decision in.
    public mutating func add(_ decision: BatchDecision) {
        var amounts: [Money?] = zeros
        for (place, index) in fieldIndices.enumerated() where decision.fields.indices.contains(index) {
            if case .money(let money) = decision.fields[index] { amounts[place] = money }
        }
        let state = decision.state.map { TextValue($0) }
        if let line = decisions.lastIndex(where: { state == nil || TextValue($0.name) == state }) {
            add(amounts, to: &decisions[line])
        }
        var codes: [String] = []
        if case .refused(let code, _) = decision.execution.receipt.outcome { codes.append(code) }
        for finding in decision.execution.findings.findings where !codes.contains(finding.code) {
            codes.append(finding.code)
        }
        for code in codes {
            let line = reasons.firstIndex { $0.name == code } ?? reasons.count
            if line == reasons.count { reasons.append(Line(name: code, totals: zeros)) }
            add(amounts, to: &reasons[line])
        }
        reasons.sort { TextValue($0.name) < TextValue($1.name) }
    }

    private func add(_ amounts: [Money?], to line: inout Line) {
        line.count += 1
        for (index, amount) in amounts.enumerated() {
            guard let sum = line.totals[index], let amount else {
                line.totals[index] = nil
                continue
            }
            let (units, overflow) = sum.minorUnits.addingReportingOverflow(amount.minorUnits)
            line.totals[index] = overflow ? nil : Money(minorUnits: units, currency: sum.currency)
        }
    }
}
