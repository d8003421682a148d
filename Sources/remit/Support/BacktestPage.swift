import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// A backtest as one page of HTML that needs nothing else: charts, totals, and every case decided differently.
struct BacktestPage {
    let report: BacktestReport
    let title: String
    let file: String
    /// The ledger's folder, and the digest of its block 0.
    let ledger: String
    let genesis: Digest

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
        <code>\(HTMLText.escaped(file))</code>: those of blocks
        \(report.blocks.first) to \(report.blocks.last) of the ledger in <code>\(HTMLText.escaped(ledger))</code>, which
        begins with <code>\(ReceiptText.short(genesis))</code>.
        <strong>\(report.different.count)</strong> would have been decided differently.</p>
        \(BacktestText.earlier(report).map { "<p>\(HTMLText.escaped($0)).</p>" } ?? "")
        \(BacktestText.dropped(report).map { "<p>\(HTMLText.escaped($0)).</p>" } ?? "")
        \(untried)
        \(totals)
        <h2>Decisions</h2>
        \(BacktestCharts(report: report).decisions)
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
        guard !report.amountNames.isEmpty else { return "" }
        let rows = zip(report.amountNames, report.totals).map { name, total -> String in
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
            \(BacktestCharts(report: report).money)
            """
    }

    private var movements: String {
        let heads = report.amountNames.map { "<th scope=\"col\" class=\"number\">\(HTMLText.escaped($0))</th>" }
            .joined()
        let rows = report.movements.map { movement -> String in
            let kind = movement.different == 0 ? " class=\"same\"" : ""
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
            "<tr><th scope=\"row\">\(HTMLText.escaped(BacktestText.name(line)))\(differences(line))</th>"
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

    private func differences(_ line: BacktestReport.Line) -> String {
        let items = line.differences.map { "<li>\(HTMLText.escaped(BacktestText.told($0)))</li>" }
        return items.isEmpty ? "" : "<ul>\(items.joined())</ul>"
    }

    private func told(_ decision: BacktestReport.Decision) -> String {
        let amounts = BacktestText.named(decision, report.moneyFields).joined(separator: ", ")
        let brief = BriefReasons(decision.reasons)
        var reasons = brief.groups.map { group in
            "<li><code>\(HTMLText.escaped(group.code))</code>\(group.place.map { " \($0)" } ?? ""): "
                + "\(HTMLText.escaped(group.text))</li>"
        }
        if brief.omitted > 0 { reasons.append("<li>\(brief.omitted) more</li>") }
        let because = decision.because.map { "<li>\(HTMLText.escaped($0))</li>" }
        let list = reasons.isEmpty && because.isEmpty ? "" : "<ul>\((reasons + because).joined())</ul>"
        return "<strong>\(HTMLText.escaped(decision.state))</strong> \(HTMLText.escaped(amounts))\(list)"
    }
}
