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
            "\(Counted.text(report.caseCount - report.untried.count, "case")) replayed, "
                + "\(different.count) decided differently",
            different.isEmpty ? .good : .doubtful)
        if let earlier = Self.earlier(report) { console.line(earlier) }
        for reason in report.untriedReasons {
            console.line(
                "\(Counted.text(reason.count, "case")) cannot be tried under the new rules: \(reason.text)", .bad)
        }
        var table = TextTable(
            [("recorded", .left), ("changed", .left), ("cases", .right)] + report.amountNames.map { ($0, .right) })
        for movement in report.movements {
            table.add([movement.from, movement.to, String(movement.count)] + movement.differences.map(Self.signed))
        }
        if !report.movements.isEmpty { table.lines.forEach { console.line("  \($0)") } }
        for (name, total) in zip(report.amountNames, report.totals) {
            console.line("\(name): \(Self.shown(total.before)) recorded, \(Self.shown(total.after)) under the change")
        }
        if let dropped = Self.dropped(report) { console.line(dropped) }
        for line in different.prefix(limit) { show(line, console) }
        if different.count > limit {
            console.remark("\(different.count - limit) more: give --limit, --csv or --html", .faint)
        }
        let stuck = report.lines.filter { $0.problem != nil && !$0.isUntried }
        for line in stuck.prefix(limit) {
            console.line("\(Self.name(line)) could not be replayed to its end: \(line.problem ?? "")", .bad)
        }
    }

    /// What is to be known of the cases from before the range; nil where there are none.
    static func earlier(_ report: BacktestReport) -> String? {
        guard report.earlierCount > 0 else { return nil }
        return "\(report.earlierCount) of these began before the range: such cases go on under the version that they "
            + "began under, unless the changed policy has a migrate for them"
    }

    /// What is not compared, since the changed policy does not have it; nil where there is nothing.
    static func dropped(_ report: BacktestReport) -> String? {
        let names = report.droppedFields
        guard !names.isEmpty else { return nil }
        let more = names.count - Limits.narratedValues
        return "Not compared, as the changed policy does not have it: "
            + names.prefix(Limits.narratedValues).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    private func show(_ line: BacktestReport.Line, _ console: Console) {
        console.line("\(Self.name(line)) of \(line.organisation)", .strong)
        for difference in line.differences { console.line("  differs: \(Self.told(difference))") }
        console.line("  recorded  \(told(line.before))")
        for sentence in line.before.because { console.line("            \(sentence)") }
        console.line("  changed   \(told(line.after))")
        for sentence in line.after.because { console.line("            \(sentence)") }
    }

    /// What differs, with both values.
    static func told(_ difference: BacktestReport.Difference) -> String {
        "\(difference.name) \(difference.before) → \(difference.after)"
    }

    /// The case, or the transaction that was to open it.
    static func name(_ line: BacktestReport.Line) -> String {
        line.before.reference ?? "transaction \(ReceiptText.short(line.transaction))"
    }

    private func told(_ decision: BacktestReport.Decision) -> String {
        let amounts = Self.named(decision, report.moneyFields)
        let brief = BriefReasons(decision.reasons)
        var reasons = brief.groups.map { "\($0.code)\($0.place.map { " on \($0)" } ?? ""): \($0.text)" }
        if brief.omitted > 0 { reasons.append("\(brief.omitted) more") }
        return ([decision.state] + amounts + reasons).joined(separator: "; ")
    }

    /// The amounts that are set, each with the name of its field.
    static func named(_ decision: BacktestReport.Decision, _ fields: [String]) -> [String] {
        zip(fields, decision.amounts).compactMap { name, money in money.map { "\(name) \($0.grouped)" } }
    }

    static func shown(_ sum: BacktestSum) -> String {
        sum.parts.map { $0.money?.grouped ?? outOfRange($0) }.joined(separator: ", ")
    }

    static func signed(_ sum: BacktestSum) -> String {
        let parts = sum.parts.map { part in
            guard let money = part.money else { return outOfRange(part) }
            return money.minorUnits > 0 ? "+" + money.grouped : money.grouped
        }
        return parts.joined(separator: ", ")
    }

    private static func outOfRange(_ part: BacktestSum.Part) -> String { "\(part.currency.code) out of range" }

    // MARK: For programs

    /// A record for every case that is decided differently, and then for every one that cannot be tried.
    var csv: String {
        var head = ["case", "transaction", "organisation", "recorded state", "changed state"]
        for name in report.amountNames {
            head += ["recorded \(name)", "recorded \(name) currency", "changed \(name)", "changed \(name) currency"]
        }
        head += ["recorded reasons", "recorded texts", "changed reasons", "changed texts"]
        head += ["cannot be tried because", "recorded because", "changed because", "differences"]
        var rows = [head.map(Self.text)]
        for line in report.different + report.untried {
            // What a case that cannot be tried would have become is not known.
            let after = line.isUntried ? nil : line.after
            var row = [
                line.before.reference ?? "", line.transaction.hex, line.organisation, line.before.state,
                after?.state ?? "",
            ]
            row = row.map(Self.text)
            for index in report.amountNames.indices { row += cells(line.before, index) + cells(after, index) }
            row += [codes(line.before), texts(line.before), codes(after), texts(after)].map(Self.text)
            row += [line.isUntried ? line.problem ?? "" : "", because(line.before), because(after)].map(Self.text)
            row.append(Self.text(line.isUntried ? "" : line.differences.map(Self.told).joined(separator: "; ")))
            rows.append(row)
        }
        return rows.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    /// An amount and its currency, each in a cell of its own; a spreadsheet must take the amount for a number.
    private func cells(_ decision: BacktestReport.Decision?, _ index: Int) -> [String] {
        guard let decision, let money = report.amount(decision, index) else { return ["", ""] }
        return [money.amount.text(minimumPlaces: money.currency.minorDigits), money.currency.code]
    }

    private func codes(_ decision: BacktestReport.Decision?) -> String {
        let reasons = decision?.reasons ?? []
        return reasons.map { reason in reason.line.map { "\(reason.code)@\($0)" } ?? reason.code }.joined(
            separator: " ")
    }

    private func texts(_ decision: BacktestReport.Decision?) -> String {
        (decision?.reasons ?? []).map(\.text).joined(separator: "; ")
    }

    private func because(_ decision: BacktestReport.Decision?) -> String {
        (decision?.because ?? []).joined(separator: " ")
    }

    /// A text that a spreadsheet takes for one, and not for a formula.
    private static func text(_ text: String) -> String {
        text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false ? "'" + text : text
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { "\",\n\r".utf8.contains($0) }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    var json: JSONValue {
        .object([
            .init("cases", .integer(report.caseCount)), .init("different", .integer(report.different.count)),
            .init("untried", .integer(report.untried.count)), .init("earlier", .integer(report.earlierCount)),
            .init(
                "movements",
                .array(
                    report.movements.map { movement in
                        .object([
                            .init("from", .string(movement.from)), .init("to", .string(movement.to)),
                            .init("cases", .integer(movement.count)),
                            .init(
                                "differences",
                                .object(
                                    zip(report.amountNames, movement.differences).map { .init($0, json($1)) })),
                        ])
                    })),
            .init(
                "totals",
                .object(
                    zip(report.amountNames, report.totals).map { name, total in
                        .init(
                            name,
                            .object([.init("recorded", json(total.before)), .init("changed", json(total.after))]))
                    })),
            .init("dropped", .array(report.droppedFields.map(JSONValue.string))),
            .init("lines", .array(report.different.map(json))),
            .init(
                "problems",
                .array(
                    report.lines.filter { $0.problem != nil }.map { line in
                        .object([
                            .init("case", .string(Self.name(line))), .init("text", .string(line.problem ?? "")),
                            .init("untried", .boolean(line.isUntried)),
                        ])
                    })),
        ])
    }

    private func json(_ line: BacktestReport.Line) -> JSONValue {
        .object([
            .init("case", line.before.reference.map(JSONValue.string) ?? .null),
            .init("transaction", .string(line.transaction.hex)), .init("organisation", .string(line.organisation)),
            .init("earlier", .boolean(line.isEarlier)),
            .init("recorded", json(line.before)), .init("changed", json(line.after)),
            .init(
                "differences",
                .array(
                    line.differences.map { difference in
                        .object([
                            .init("name", .string(difference.name)), .init("recorded", .string(difference.before)),
                            .init("changed", .string(difference.after)),
                        ])
                    })),
        ])
    }

    private func json(_ decision: BacktestReport.Decision) -> JSONValue {
        .object([
            .init("state", .string(decision.state)), .init("amounts", amounts(decision)),
            .init(
                "reasons",
                .array(
                    decision.reasons.map { reason in
                        .object([
                            .init("code", .string(reason.code)), .init("text", .string(reason.text)),
                            .init("line", reason.line.map { .integer($0) } ?? .null),
                        ])
                    })),
            .init("because", .array(decision.because.map(JSONValue.string))),
        ])
    }

    private func amounts(_ decision: BacktestReport.Decision) -> JSONValue {
        let fields = zip(report.moneyFields, decision.amounts).map { JSONValue.Member($0, money($1)) }
        let paid = report.paidColumns.indices.map { index in
            let place = report.moneyFields.count + index
            return JSONValue.Member(report.amountNames[place], money(report.amount(decision, place)))
        }
        return .object(fields + paid)
    }

    /// The amounts of a sum, currency by currency; null where one does not fit.
    private func json(_ sum: BacktestSum) -> JSONValue {
        .array(
            sum.parts.map { part in
                part.money.map(ValueText.money)
                    ?? .object([.init("amount", .null), .init("currency", .string(part.currency.code))])
            })
    }

    private func money(_ money: Money?) -> JSONValue { money.map(ValueText.money) ?? .null }
}
