import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// A backtest as text, CSV and JSON.
struct BacktestText {
    let report: BacktestReport

    func show(_ console: Console, limit: Int) {
        let different = report.different
        console.line(
            "\(Counted.text(report.caseCount, "case")) replayed, \(different.count) decided differently",
            different.isEmpty ? .good : .doubtful)
        var table = TextTable(
            [("recorded", .left), ("changed", .left), ("cases", .right)] + report.moneyFields.map { ($0, .right) })
        for movement in report.movements {
            table.add([movement.from, movement.to, String(movement.count)] + movement.differences.map(Self.signed))
        }
        table.lines.forEach { console.line("  \($0)") }
        for (name, total) in zip(report.moneyFields, report.totals) {
            console.line("\(name): \(Self.shown(total.before)) recorded, \(Self.shown(total.after)) under the change")
        }
        for line in different.prefix(limit) { show(line, console) }
        if different.count > limit {
            console.remark("\(different.count - limit) more: give --limit, --csv or --html", .faint)
        }
        let stuck = report.lines.filter { $0.problem != nil }
        for line in stuck.prefix(limit) {
            console.line("\(Self.name(line)) could not be replayed to its end: \(line.problem ?? "")", .bad)
        }
    }

    private func show(_ line: BacktestReport.Line, _ console: Console) {
        console.line("\(Self.name(line)) of \(line.organisation)", .strong)
        console.line("  recorded  \(Self.told(line.before))")
        console.line("  changed   \(Self.told(line.after))")
    }

    /// The case, or the transaction that was to open it.
    static func name(_ line: BacktestReport.Line) -> String {
        line.before.reference ?? "transaction \(ReceiptText.short(line.transaction))"
    }

    static func told(_ decision: BacktestReport.Decision) -> String {
        let amounts = decision.amounts.compactMap { $0?.grouped }
        let reasons = decision.reasons.map { reason in
            "\(reason.code)\(reason.line.map { " on line \($0)" } ?? ""): \(reason.text)"
        }
        return ([decision.state] + amounts + reasons).joined(separator: "; ")
    }

    static func shown(_ money: Money?) -> String { money?.grouped ?? "out of range" }

    static func signed(_ money: Money?) -> String {
        guard let money else { return "out of range" }
        return money.minorUnits > 0 ? "+" + money.grouped : money.grouped
    }

    // MARK: For programs

    /// A record for every case that is decided differently.
    var csv: String {
        var head = ["case", "transaction", "organisation", "recorded state", "changed state"]
        for name in report.moneyFields { head += ["recorded \(name)", "changed \(name)"] }
        var rows = [head + ["recorded reasons", "changed reasons"]]
        for line in report.different {
            var row = [
                line.before.reference ?? "", line.transaction.hex, line.organisation, line.before.state,
                line.after.state,
            ]
            for index in report.moneyFields.indices {
                row += [plain(line.before, index), plain(line.after, index)]
            }
            rows.append(row + [codes(line.before), codes(line.after)])
        }
        return rows.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    private func plain(_ decision: BacktestReport.Decision, _ index: Int) -> String {
        guard decision.amounts.indices.contains(index), let money = decision.amounts[index] else { return "" }
        return money.amount.text(minimumPlaces: money.currency.minorDigits)
    }

    private func codes(_ decision: BacktestReport.Decision) -> String {
        decision.reasons.map { reason in reason.line.map { "\(reason.code)@\($0)" } ?? reason.code }.joined(
            separator: " ")
    }

    private static func quoted(_ text: String) -> String {
        // A cell that a spreadsheet would take for a formula is shown as text.
        let safe = text.utf8.first.map { "=+-@".utf8.contains($0) } ?? false ? "'" + text : text
        let needs = safe.utf8.contains { "\",\n\r".utf8.contains($0) }
        return needs
            ? "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : safe
    }

    var json: JSONValue {
        .object([
            .init("cases", .integer(report.caseCount)), .init("different", .integer(report.different.count)),
            .init(
                "movements",
                .array(
                    report.movements.map { movement in
                        .object([
                            .init("from", .string(movement.from)), .init("to", .string(movement.to)),
                            .init("cases", .integer(movement.count)),
                            .init("differences", amounts(movement.differences)),
                        ])
                    })),
            .init(
                "totals",
                .object(
                    zip(report.moneyFields, report.totals).map { name, total in
                        .init(
                            name,
                            .object([.init("recorded", money(total.before)), .init("changed", money(total.after))]))
                    })),
            .init("lines", .array(report.different.map(json))),
            .init(
                "problems",
                .array(
                    report.lines.filter { $0.problem != nil }.map { line in
                        .object([
                            .init("case", .string(Self.name(line))), .init("text", .string(line.problem ?? "")),
                        ])
                    })),
        ])
    }

    private func json(_ line: BacktestReport.Line) -> JSONValue {
        .object([
            .init("case", line.before.reference.map(JSONValue.string) ?? .null),
            .init("transaction", .string(line.transaction.hex)), .init("organisation", .string(line.organisation)),
            .init("recorded", json(line.before)), .init("changed", json(line.after)),
        ])
    }

    private func json(_ decision: BacktestReport.Decision) -> JSONValue {
        .object([
            .init("state", .string(decision.state)), .init("amounts", amounts(decision.amounts)),
            .init(
                "reasons",
                .array(
                    decision.reasons.map { reason in
                        .object([
                            .init("code", .string(reason.code)), .init("text", .string(reason.text)),
                            .init("line", reason.line.map { .integer($0) } ?? .null),
                        ])
                    })),
        ])
    }

    private func amounts(_ amounts: [Money?]) -> JSONValue {
        .object(zip(report.moneyFields, amounts).map { .init($0, money($1)) })
    }

    private func money(_ money: Money?) -> JSONValue { money.map(ValueText.money) ?? .null }
}
