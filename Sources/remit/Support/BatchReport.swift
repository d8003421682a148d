import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// The account of a batch: what was decided, refused, left out, and could not be used.
struct BatchReport {
    /// A claim that the contract refused.
    struct Refused {
        let line: Int?
        let identifier: String
        let code: String
        let text: String
    }

    private(set) var summary: BatchSummary
    /// Claims decided or refused now.
    private(set) var sent = 0
    private(set) var refused: [Refused] = []
    /// Cases opened now, oldest first.
    private(set) var firstCase: String?
    /// Claims that were on the chain before.
    var known = 0
    /// Records of other kinds.
    var others = 0
    var unusable: [MappingReport] = []
    /// Records of the kind that the mapping's conditions leave out.
    var leftOut: [MappingReport] = []
    /// Remarks on claims that were used, such as lines without a price.
    var notes: [MappingReport] = []
    var registered = 0
    var granted = 0
    /// Somebody asked to stop before the end of the file.
    var wasStopped = false

    init(program: CheckedProgram) { summary = BatchSummary(program: program) }

    /// Whether everything was used and decided.
    var isClean: Bool { unusable.isEmpty && refused.isEmpty && !wasStopped }

    mutating func count(_ decisions: [BatchDecision]) {
        for decision in decisions {
            sent += 1
            summary.add(decision)
            switch decision.execution.receipt.outcome {
            case .refused(let code, let text):
                refused.append(
                    Refused(line: decision.call.line, identifier: decision.call.identifier, code: code, text: text))
            case .done: if firstCase == nil { firstCase = decision.execution.receipt.caseReference }
            case .stalled: break
            }
        }
    }

    // MARK: Text

    /// Names what could not be used, was refused or was left out; and the remarks, where they are wanted.
    func showDetails(_ console: Console, withNotes: Bool) {
        for remark in unusable { console.line("not used: \(Self.text(remark))", .doubtful) }
        for refusal in refused {
            let place = refusal.line.map { "line \($0), " } ?? ""
            console.line("refused: \(place)\(refusal.identifier): \(refusal.code): \(refusal.text)", .bad)
        }
        for remark in leftOut { console.remark("left out: \(Self.text(remark))") }
        if withNotes { for remark in notes { console.remark("note: \(Self.text(remark))") } }
    }

    /// The counts and totals.
    func showSummary(_ console: Console) {
        console.line(Counted.text(sent, "claim was", "claims were") + " adjudicated", .strong)
        show("decision", summary.decisions.filter { $0.count > 0 }, console)
        show("reason", summary.reasons, console)
        if sent > 0 { console.line() }
        if known > 0 {
            console.line(
                Counted.text(known, "claim is", "claims are") + " on the chain already, and not adjudicated again")
        }
        if registered + granted > 0 {
            let (organisations, roles) = (Counted.text(registered, "organisation"), Counted.text(granted, "role"))
            console.remark("registered for the batch: \(organisations), and granted: \(roles)")
        }
        if others > 0 {
            console.remark(
                Counted.text(others, "record is", "records are") + " of another kind, read for reference only")
        }
        if !leftOut.isEmpty {
            let count = Counted.text(leftOut.count, "record is", "records are")
            console.line("\(count) left out by the mapping's conditions")
        }
        let free = notes.count { $0.code == "notBillable" }
        if free > 0 {
            let count = Counted.text(free, "line of a claim has", "lines of claims have")
            console.line("\(count) no price: not billable")
        }
        if !unusable.isEmpty {
            console.line(Counted.text(unusable.count, "record") + " could not be used", .doubtful)
        }
        if wasStopped {
            console.line("Stopped as asked: give the same command again, and it goes on from here", .strong)
        }
    }

    private func show(_ head: String, _ lines: [BatchSummary.Line], _ console: Console) {
        guard !lines.isEmpty else { return }
        var table = TextTable(
            [(head, .left), ("claims", .right)] + summary.moneyFields.map { ($0, TextTable.Side.right) })
        for line in lines {
            table.add([line.name, String(line.count)] + line.totals.map { $0?.description ?? "too large" })
        }
        console.line()
        table.lines.forEach { console.line($0) }
    }

    private static func text(_ remark: MappingReport) -> String {
        let name = remark.identifier.map { ", \($0)" } ?? ""
        return "line \(remark.line)\(name): \(remark.text)"
    }

    // MARK: JSON

    /// All of it as data.
    var json: JSONValue {
        .object([
            .init("adjudicated", .integer(sent)), .init("known", .integer(known)), .init("others", .integer(others)),
            .init("stopped", .boolean(wasStopped)), .init("organisationsRegistered", .integer(registered)),
            .init("rolesGranted", .integer(granted)), .init("decisions", lines(summary.decisions)),
            .init("reasons", lines(summary.reasons)),
            .init(
                "refused",
                .array(
                    refused.map { refusal in
                        .object([
                            .init("line", refusal.line.map { .integer($0) } ?? .null),
                            .init("identifier", .string(refusal.identifier)), .init("code", .string(refusal.code)),
                            .init("text", .string(refusal.text)),
                        ])
                    })), .init("unusable", .array(unusable.map(Self.json))),
            .init("leftOut", .array(leftOut.map(Self.json))), .init("notes", .array(notes.map(Self.json))),
        ])
    }

    private func lines(_ lines: [BatchSummary.Line]) -> JSONValue {
        .array(
            lines.map { line in
                let totals = zip(summary.moneyFields, line.totals).map { name, total in
                    JSONValue.Member(name, total.map(ValueText.money) ?? .null)
                }
                return .object([
                    .init("name", .string(line.name)), .init("claims", .integer(line.count)),
                    .init("totals", .object(totals)),
                ])
            })
    }

    private static func json(_ remark: MappingReport) -> JSONValue {
        .object([
            .init("line", .integer(remark.line)),
            .init("identifier", remark.identifier.map(JSONValue.string) ?? .null),
            .init("code", .string(remark.code)), .init("text", .string(remark.text)),
        ])
    }
}
