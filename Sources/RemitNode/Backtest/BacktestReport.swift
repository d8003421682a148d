import RemitLanguage
public import RemitLedger
import RemitRuntime
public import RemitValues

/// Who would have been decided differently by a changed policy, and by how much money.
public struct BacktestReport: Sendable {
    /// A finding or a refusal.
    public struct Reason: Hashable, Sendable {
        public let code: String
        public let text: String
        /// The line that it speaks of, as the contract counts lines.
        public let line: Int?

        public init(code: String, text: String, line: Int?) {
            self.code = code
            self.text = text
            self.line = line
        }
    }

    /// How a case was decided.
    public struct Decision: Sendable {
        /// The case on the chain, for the recorded decision.
        public internal(set) var reference: String?
        /// The state in which the case stands; `not opened` where the call that was to open it was refused.
        public internal(set) var state = Self.notOpened
        /// The case's money fields, in the order of `moneyFields`; nil where the field is not set.
        public internal(set) var amounts: [Money?] = []
        /// What was paid or transferred out of funds for it, in the order of `paidColumns`; nil where nothing was. It
        /// may be shorter than they are.
        public internal(set) var paid: [Money?] = []
        public internal(set) var reasons: [Reason] = []
        /// Where it differs from the other decision: the first sentences of its account that are not in the account
        /// of the other.
        public fileprivate(set) var because: [String] = []

        init(reasons: [Reason]) { self.reasons = reasons }

        /// In place of a state, and no name of one: contracts often have a state `refused` of their own.
        static let notOpened = "not opened"
    }

    /// A case in both lights.
    public struct Line: Sendable {
        /// The number of the case among those of the range, from 0 in the order of the chain.
        public let number: Int
        /// The transaction that opened it, or was to.
        public let transaction: Digest
        public let height: UInt64
        /// Whom the sender acted for.
        public let organisation: String
        public private(set) var before: Decision
        public private(set) var after: Decision
        /// Why the case could not be replayed to its end, if it could not.
        public let problem: String?

        /// Whether the changed policy could not be tried on the case, for the reason in `problem`: it is no decision
        /// of that policy, and counts in no movement and no total.
        public let isUntried: Bool

        /// Whether the case was opened before the range: it goes on under the version that it began under, unless the
        /// changed policy brings it over.
        public let isEarlier: Bool

        /// What besides state and amounts differs: other fields that both versions have, what was paid out of funds,
        /// and the codes and lines of findings and refusals.
        public let differences: [Difference]

        /// Tells why the decisions differ, by the call or deadline at which they parted: its reasons, and what each
        /// account has that the other has not.
        mutating func tell(_ parting: Simulation.Parting) {
            before.reasons = parting.recordedReasons
            after.reasons = parting.changedReasons
            before.because = parting.recorded
            after.because = parting.changed
        }

        /// Whether anything differs that is compared.
        public var isDifferent: Bool {
            guard !isUntried else { return false }
            return !before.state.utf8.elementsEqual(after.state.utf8) || before.amounts != after.amounts
                || !differences.isEmpty
        }
    }

    /// Cases that went from one decision to another.
    public struct Movement: Sendable {
        public let from: String
        public let to: String
        public var count = 0
        /// How many of them are decided differently: in the same state the money may still differ.
        public var different = 0
        /// The change of each amount, in the order of `amountNames`.
        public var differences: [BacktestSum]
        /// The number of the first of them.
        fileprivate var first: Int
    }

    /// The first and the last block that were replayed.
    public internal(set) var blocks: (first: UInt64, last: UInt64) = (0, 0)
    /// The names of the case's fields of money and of optional money.
    public let moneyFields: [String]
    /// What can be paid out: the funds of the changed policy, and those of recorded cases that it does not have.
    public private(set) var paidColumns: [PaidColumn]
    /// Fields of recorded cases that the changed policy does not have, in the order in which they were met: these are
    /// not compared.
    public private(set) var droppedFields: [String] = []
    /// The number of the cases of the range: those opened in it, and earlier ones to which something happened in it.
    public private(set) var caseCount = 0
    /// How many of them were opened before the range.
    public private(set) var earlierCount = 0
    /// The cases that are decided differently or could not be replayed to their end, in the order of the chain; the
    /// others are only counted, so that memory does not grow with them.
    public private(set) var lines: [Line] = []
    /// From decision to decision, in the order of the contract's states.
    public private(set) var movements: [Movement] = []
    /// What each amount (see `amountNames`) came to, as recorded and under the changed policy.
    public private(set) var totals: [(before: BacktestSum, after: BacktestSum)]
    private var currencies: [Currency]
    private let order: [String]

    init(program: CheckedProgram) {
        var names: [String] = []
        var currencies: [Currency] = []
        for field in program.caseFields {
            guard let currency = Self.currency(of: field.type) else { continue }
            names.append(field.name)
            currencies.append(currency)
        }
        moneyFields = names
        paidColumns = program.funds.map { PaidColumn(fund: $0.name, currency: $0.currency, isOfPolicy: true) }
        currencies += paidColumns.map(\.currency)
        self.currencies = currencies
        order = program.states.map(\.name) + [Decision.notOpened]
        totals = currencies.map { (BacktestSum($0), BacktestSum($0)) }
    }

    private static func currency(of type: ValueType) -> Currency? {
        switch type {
        case .money(let currency): currency
        case .optional(let wrapped): currency(of: wrapped)
        default: nil
        }
    }

    /// The cases that are decided differently.
    public var different: [Line] { lines.filter(\.isDifferent) }

    /// The cases on which the changed policy could not be tried.
    public var untried: [Line] { lines.filter(\.isUntried) }

    /// Why the changed policy could not be tried, and on how many cases, in the order in which the reasons first occur.
    public var untriedReasons: [(text: String, count: Int)] {
        var found: [(text: String, count: Int)] = []
        var places: [TextValue: Int] = [:]
        for line in untried {
            let text = line.problem ?? ""
            let place = places[TextValue(text)] ?? found.count
            if place == found.count { found.append((text, 0)) }
            places[TextValue(text)] = place
            found[place].count += 1
        }
        return found
    }

    /// Where a version has the money fields, found by name since versions may order them otherwise.
    func places(in program: CheckedProgram) -> [Int?] {
        moneyFields.map { name in program.caseFields.firstIndex { TextValue($0.name) == TextValue(name) } }
    }

    /// The money fields of a case, which stand at these places.
    static func amounts(of state: CaseState, at places: [Int?]) -> [Money?] {
        places.map { place in
            guard let place, state.fields.indices.contains(place), case .money(let money) = state.fields[place] else {
                return nil
            }
            return money
        }
    }

    /// Counts a case, and keeps it where it has something to tell; cases come in the order in which they end.
    mutating func add(_ line: Line) {
        caseCount += 1
        if line.isEarlier { earlierCount += 1 }
        if line.isDifferent || line.problem != nil { lines.append(line) }
        guard !line.isUntried else { return }
        for index in currencies.indices {
            if let before = amount(line.before, index) { totals[index].before.add(before) }
            if let after = amount(line.after, index) { totals[index].after.add(after) }
        }
        let place = movements.firstIndex {
            $0.from.utf8.elementsEqual(line.before.state.utf8) && $0.to.utf8.elementsEqual(line.after.state.utf8)
        }
        let index = place ?? movements.count
        if place == nil {
            movements.append(
                Movement(
                    from: line.before.state, to: line.after.state,
                    differences: currencies.map { BacktestSum($0) }, first: line.number))
        }
        movements[index].count += 1
        if line.isDifferent { movements[index].different += 1 }
        movements[index].first = min(movements[index].first, line.number)
        for field in currencies.indices {
            if let before = amount(line.before, field) { movements[index].differences[field].subtract(before) }
            if let after = amount(line.after, field) { movements[index].differences[field].add(after) }
        }
    }

    /// Brings cases and movements into their order, after the last case.
    mutating func finish() {
        lines.sort { $0.number < $1.number }
        let ranks = movements.map { rank($0.from, $0.to) }
        movements = zip(ranks, movements).sorted { ($0.0, $0.1.first) < ($1.0, $1.1.first) }.map(\.1)
    }

    /// The names of all amounts: the money fields, then what was paid out of each fund.
    public var amountNames: [String] { moneyFields + paidColumns.map(\.name) }

    /// An amount of a decision, by its place in `amountNames`; nil where it has none.
    public func amount(_ decision: Decision, _ index: Int) -> Money? {
        let paid = index - moneyFields.count
        if paid >= 0 { return decision.paid.indices.contains(paid) ? decision.paid[paid] : nil }
        return decision.amounts.indices.contains(index) ? decision.amounts[index] : nil
    }

    /// What left the funds, each amount at the place of its column, which is made where there is none yet.
    mutating func paid(_ paid: PaidOut) -> [Money?] {
        var found: [Money?] = []
        for (fund, money) in paid.amounts {
            let place = place(of: fund, money.currency)
            while found.count <= place { found.append(nil) }
            found[place] = money
        }
        return found
    }

    private mutating func place(of fund: String, _ currency: Currency) -> Int {
        let known = paidColumns.firstIndex { $0.currency == currency && TextValue($0.fund) == TextValue(fund) }
        if let known { return known }
        paidColumns.append(PaidColumn(fund: fund, currency: currency, isOfPolicy: false))
        currencies.append(currency)
        totals.append((BacktestSum(currency), BacktestSum(currency)))
        for index in movements.indices { movements[index].differences.append(BacktestSum(currency)) }
        return paidColumns.count - 1
    }

    /// Takes it down that recorded cases have fields that the changed policy does not have.
    mutating func drop(_ fields: [String]) {
        for name in fields where !droppedFields.contains(where: { TextValue($0) == TextValue(name) }) {
            droppedFields.append(name)
        }
    }

    private func rank(_ from: String, _ to: String) -> Int {
        let place = { (name: String) in order.firstIndex { TextValue($0) == TextValue(name) } ?? order.count }
        return place(from) * (order.count + 1) + place(to)
    }
}
