import RemitLanguage
import RemitNode
import RemitValues

/// A backtest as one page of HTML that needs nothing else: charts, totals, and every case decided differently.
struct BacktestPage {
    let report: BacktestReport
    let title: String
    let file: String

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Backtest: \(HTMLText.escaped(title))</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 70rem }
        body { margin: 2rem auto; padding: 0 1rem }
        table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
        th, td { border-bottom: 1px solid #ccc; padding: .35rem .6rem; text-align: left; vertical-align: top }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
        .same { color: #555 } .recorded { fill: #7a8ba3 } .changed { fill: #1f5fa8 }
        ul { margin: 0; padding-left: 1.1rem } svg text { font: 13px system-ui, sans-serif }
        @media print { body { margin: 0; max-width: none } tr { break-inside: avoid } }
        </style>
        </head>
        <body>
        <h1>\(HTMLText.escaped(title))</h1>
        <p>\(report.caseCount - report.untried.count) recorded cases were replayed under
        <code>\(HTMLText.escaped(file))</code>.
        <strong>\(report.different.count)</strong> would have been decided differently.</p>
        \(BacktestText.earlier(report).map { "<p>\(HTMLText.escaped($0)).</p>" } ?? "")
        \(untried)
        \(totals)
        <h2>Decisions</h2>
        \(chart)
        \(movements)
        <h2>Cases decided differently</h2>
        \(cases)
        </body>
        </html>

        """
    }

    /// What the changed policy could not be tried on, by reason.
    private var untried: String {
        let reasons = report.untriedReasons
        guard !reasons.isEmpty else { return "" }
        let rows = reasons.map { reason in
            "<tr><td>\(HTMLText.escaped(reason.text))</td><td class=\"number\">\(reason.count)</td></tr>"
        }
        return """
            <h2>Cannot be tried under the new rules</h2>
            <p>These cases are left out of all that follows; the CSV names each of them.</p>
            <table><thead><tr><th scope="col">Reason</th><th scope="col" class="number">Cases</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """
    }

    private var totals: String {
        guard !report.moneyFields.isEmpty else { return "" }
        let rows = zip(report.moneyFields, report.totals).map { name, total -> String in
            let change = BacktestText.signed(total.after.difference(from: total.before))
            return "<tr><th scope=\"row\">\(HTMLText.escaped(name))</th>"
                + "<td class=\"number\">\(HTMLText.escaped(BacktestText.shown(total.before)))</td>"
                + "<td class=\"number\">\(HTMLText.escaped(BacktestText.shown(total.after)))</td>"
                + "<td class=\"number\">\(HTMLText.escaped(change))</td></tr>"
        }
        return """
            <h2>Money</h2>
            <table><thead><tr><th scope="col">Amount</th><th scope="col" class="number">Recorded</th>\
            <th scope="col" class="number">Changed</th><th scope="col" class="number">Difference</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """
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

    private var chart: String {
        let counts = counts
        let most = max(1, counts.flatMap { [$0.recorded, $0.changed] }.max() ?? 1)
        let width = 520
        var bars = ""
        for (index, entry) in counts.enumerated() {
            let top = index * 52 + 8
            bars += "<text x=\"0\" y=\"\(top + 22)\">\(HTMLText.escaped(entry.name))</text>"
            for (row, count, kind) in [(0, entry.recorded, "recorded"), (1, entry.changed, "changed")] {
                let length = count * width / most
                bars += "<rect class=\"\(kind)\" x=\"150\" y=\"\(top + row * 20)\" width=\"\(length)\" height=\"16\"/>"
                bars += "<text x=\"\(158 + length)\" y=\"\(top + row * 20 + 13)\">\(count) \(kind)</text>"
            }
        }
        let height = counts.count * 52 + 8
        return "<svg role=\"img\" aria-label=\"Cases by decision, recorded and changed\" "
            + "viewBox=\"0 0 800 \(height)\" width=\"100%\">\(bars)</svg>"
    }

    private var movements: String {
        let heads = report.moneyFields.map { "<th scope=\"col\" class=\"number\">\(HTMLText.escaped($0))</th>" }
            .joined()
        let rows = report.movements.map { movement -> String in
            let kind = TextValue(movement.from) == TextValue(movement.to) ? " class=\"same\"" : ""
            let money = movement.differences.map {
                "<td class=\"number\">\(HTMLText.escaped(BacktestText.signed($0)))</td>"
            }.joined()
            return "<tr\(kind)><td>\(HTMLText.escaped(movement.from))</td><td>\(HTMLText.escaped(movement.to))</td>"
                + "<td class=\"number\">\(movement.count)</td>\(money)</tr>"
        }
        return """
            <table><thead><tr><th scope="col">Recorded</th><th scope="col">Changed</th>\
            <th scope="col" class="number">Cases</th>\(heads)</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """
    }

    private var cases: String {
        let different = report.different
        guard !different.isEmpty else { return "<p>None.</p>" }
        let rows = different.prefix(Limits.pageCases).map { line in
            "<tr><th scope=\"row\">\(HTMLText.escaped(BacktestText.name(line)))</th>"
                + "<td>\(HTMLText.escaped(line.organisation))</td>"
                + "<td>\(told(line.before))</td><td>\(told(line.after))</td></tr>"
        }
        let rest =
            different.count > Limits.pageCases
            ? "<p>\(different.count - Limits.pageCases) more are not listed here; the CSV has all of them.</p>" : ""
        return """
            <table><thead><tr><th scope="col">Case</th><th scope="col">For</th><th scope="col">Recorded</th>\
            <th scope="col">Changed</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>\(rest)
            """
    }

    private func told(_ decision: BacktestReport.Decision) -> String {
        let amounts = BacktestText.named(decision, report.moneyFields).joined(separator: ", ")
        let reasons = decision.reasons.map { reason in
            "<li><code>\(HTMLText.escaped(reason.code))</code>\(reason.line.map { " line \($0)" } ?? ""): "
                + "\(HTMLText.escaped(reason.text))</li>"
        }
        let list = reasons.isEmpty ? "" : "<ul>\(reasons.joined())</ul>"
        return "<strong>\(HTMLText.escaped(decision.state))</strong> \(HTMLText.escaped(amounts))\(list)"
    }
}
