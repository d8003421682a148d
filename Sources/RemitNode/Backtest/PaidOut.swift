import RemitLedger
public import RemitValues

/// What was paid out of one fund, as one of the amounts of a backtest.
public struct PaidColumn: Sendable {
    let fund: String
    public let currency: Currency
    /// Whether the changed policy keeps this fund in this currency.
    let isOfPolicy: Bool

    /// Its name beside those of the money fields.
    public var name: String { "paid from \(fund)" + (isOfPolicy ? "" : " in \(currency.code)") }
}

/// What left the funds for a case, by fund and currency.
struct PaidOut: Equatable {
    private struct Part: Equatable {
        let fund: TextValue
        let currency: TextValue
        var units: Int64
    }

    /// In the order of funds and currencies.
    private var parts: [Part] = []

    /// Adds the movements of a receipt that take money out of a fund.
    mutating func add(_ postings: [Receipt.Posting]) {
        for posting in postings where Self.isInside(posting.credit) && !Self.isInside(posting.debit) {
            let (fund, currency) = (TextValue(posting.fund), TextValue(posting.currency))
            let place = parts.firstIndex { ($0.fund, $0.currency) >= (fund, currency) } ?? parts.count
            if !parts.indices.contains(place) || parts[place].fund != fund || parts[place].currency != currency {
                parts.insert(Part(fund: fund, currency: currency, units: 0), at: place)
            }
            let (sum, overflow) = parts[place].units.addingReportingOverflow(posting.minorUnits)
            parts[place].units = overflow ? .max : sum
        }
    }

    /// The amounts, with the funds that they came from, in the order of funds and currencies.
    var amounts: [(fund: String, money: Money)] {
        parts.compactMap { part in
            Currency(code: part.currency.string).map { (part.fund.string, Money(minorUnits: part.units, currency: $0)) }
        }
    }

    /// Whether an account is one of the fund itself.
    private static func isInside(_ account: String) -> Bool {
        TextValue(account) == TextValue("available") || account.utf8.starts(with: "reserved/".utf8)
    }

    /// Where this differs from what was paid under the changed policy, fund by fund.
    func differences(from changed: PaidOut) -> [BacktestReport.Difference] {
        if self == changed { return [] }
        var funds: [TextValue] = []
        for part in parts + changed.parts where !funds.contains(part.fund) { funds.append(part.fund) }
        return funds.compactMap { fund in
            let (before, after) = (text(fund), changed.text(fund))
            guard TextValue(before) != TextValue(after) else { return nil }
            return BacktestReport.Difference(name: "paid from \(fund)", before: before, after: after)
        }
    }

    private func text(_ fund: TextValue) -> String {
        let amounts = parts.filter { $0.fund == fund }.map { part in
            Currency(code: part.currency.string).map { Money(minorUnits: part.units, currency: $0).grouped }
                ?? "\(part.units) \(part.currency)"
        }
        return amounts.isEmpty ? "nothing" : amounts.joined(separator: " and ")
    }
}
