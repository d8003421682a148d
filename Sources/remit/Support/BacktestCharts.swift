import RemitLanguage
import RemitNode
import RemitValues

/// The charts of a backtest's page: pairs of bars, recorded and changed, as drawings that need nothing else.
struct BacktestCharts {
    let report: BacktestReport

    /// What stands beside each other: a name, and both lengths with what is written behind them.
    private struct Pair {
        let name: String
        let recorded: (length: Double, text: String)
        let changed: (length: Double, text: String)
    }

    /// Where a bar of the greatest length ends behind its beginning.
    private static let width = 480.0
    /// The width of a letter at 13 pixels, and of what stands behind the longest bar.
    private static let letter = 8
    private static let behind = 240

    /// How many cases each decision has.
    var decisions: String {
        drawn(
            counts.map { entry in
                Pair(
                    name: entry.name, recorded: (Double(entry.recorded), "\(entry.recorded) recorded"),
                    changed: (Double(entry.changed), "\(entry.changed) changed"))
            }, "Cases by decision, recorded and changed")
    }

    /// What each amount comes to over all cases, each currency on a scale of its own.
    var money: String {
        var pairs: [(currency: String, pair: Pair)] = []
        for (name, total) in zip(report.amountNames, report.totals) {
            let codes = (total.before.parts + total.after.parts).map(\.currency.code)
            for (place, code) in codes.enumerated() where codes.firstIndex(of: code) == place {
                let before = bar(total.before, code, "recorded")
                let after = bar(total.after, code, "changed")
                pairs.append((code, Pair(name: name, recorded: before, changed: after)))
            }
        }
        var seen: [String] = []
        for (code, _) in pairs where !seen.contains(code) { seen.append(code) }
        return seen.map { code in
            let own = pairs.filter { $0.currency == code }.map(\.pair)
            return drawn(own, "Amounts in \(code), recorded and changed")
        }.joined()
    }

    private func bar(_ sum: BacktestSum, _ code: String, _ kind: String) -> (length: Double, text: String) {
        guard let part = sum.parts.first(where: { $0.currency.code == code }) else { return (0, "none \(kind)") }
        guard let money = part.money else { return (0, "out of range \(kind)") }
        // What is owed is drawn as long as what is due; the sign stands with the figure.
        return (Double(money.minorUnits).magnitude, "\(money.grouped) \(kind)")
    }

    /// How many cases each decision has, recorded and changed, in the order in which decisions first occur.
    private var counts: [(name: String, recorded: Int, changed: Int)] {
        var found: [(name: String, recorded: Int, changed: Int)] = []
        func place(_ name: String) -> Int {
            if let index = found.firstIndex(where: { TextValue($0.name) == TextValue(name) }) { return index }
            found.append((name, 0, 0))
            return found.count - 1
        }
        for movement in report.movements {
            found[place(movement.from)].recorded += movement.count
            found[place(movement.to)].changed += movement.count
        }
        return found
    }

    private func drawn(_ pairs: [Pair], _ title: String) -> String {
        guard !pairs.isEmpty else { return "" }
        let most = max(1, pairs.flatMap { [$0.recorded.length, $0.changed.length] }.max() ?? 1)
        let left = 16 + Self.letter * (pairs.map { $0.name.unicodeScalars.count }.max() ?? 0)
        var bars = ""
        for (index, pair) in pairs.enumerated() {
            let top = index * 52 + 8
            bars += "<text x=\"0\" y=\"\(top + 22)\">\(HTMLText.escaped(pair.name))</text>"
            for (row, bar, kind) in [(0, pair.recorded, "recorded"), (1, pair.changed, "changed")] {
                let length = Int((bar.length / most * Self.width).rounded())
                let y = top + row * 20
                bars += "<rect class=\"\(kind)\" x=\"\(left)\" y=\"\(y)\" width=\"\(length)\" height=\"16\"/>"
                bars += "<text x=\"\(left + length + 8)\" y=\"\(y + 13)\">\(HTMLText.escaped(bar.text))</text>"
            }
        }
        let size = "\(left + Int(Self.width) + Self.behind) \(pairs.count * 52 + 8)"
        return "<svg role=\"img\" aria-label=\"\(HTMLText.escaped(title))\" viewBox=\"0 0 \(size)\" width=\"100%\">"
            + "<title>\(HTMLText.escaped(title))</title>\(bars)</svg>"
    }
}
