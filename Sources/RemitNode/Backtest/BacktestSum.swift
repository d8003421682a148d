public import RemitValues

/// A sum of amounts, by currency: a changed policy may keep its money in another one than the recorded cases.
public struct BacktestSum: Sendable {
    /// The sum of one currency.
    public struct Part: Sendable {
        public let currency: Currency
        /// Nil once it does not fit.
        public fileprivate(set) var money: Money?
    }

    /// The sums in the order of the currencies' codes; nothing in the currency of the policy where there are none.
    public var parts: [Part] { added.isEmpty ? [Part(currency: currency, money: zero(currency))] : added }
    private let currency: Currency
    private var added: [Part] = []

    /// No amounts, of a field of this currency.
    init(_ currency: Currency) { self.currency = currency }

    mutating func add(_ amount: Money) {
        change(amount.currency) { $0.addingReportingOverflow(amount.minorUnits) }
    }

    mutating func subtract(_ amount: Money) {
        change(amount.currency) { $0.subtractingReportingOverflow(amount.minorUnits) }
    }

    /// How far this sum is above another one, currency by currency.
    public func difference(from other: BacktestSum) -> BacktestSum {
        var difference = self
        for part in other.added {
            if let money = part.money {
                difference.subtract(money)
            } else {
                difference.change(part.currency) { ($0, true) }
            }
        }
        return difference
    }

    private mutating func change(
        _ currency: Currency, _ step: (Int64) -> (partialValue: Int64, overflow: Bool)
    ) {
        let index = added.firstIndex { !$0.currency.code.utf8.lexicographicallyPrecedes(currency.code.utf8) }
        let place = index ?? added.count
        if place == added.count || added[place].currency != currency {
            added.insert(Part(currency: currency, money: zero(currency)), at: place)
        }
        guard let money = added[place].money else { return }
        let (units, overflow) = step(money.minorUnits)
        added[place].money = overflow ? nil : Money(minorUnits: units, currency: currency)
    }

    private func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency: currency) }
}
