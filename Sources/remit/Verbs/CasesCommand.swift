import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitNode
import RemitRuntime
import RemitValues

/// Lists cases.
struct CasesCommand: Verb {
    static let words = "cases"
    static let configuration = CommandConfiguration(
        commandName: "cases",
        abstract: "List the cases of a contract, or of all.",
        discussion: "Example: remit cases InsuranceClaim --state pended --ledger claims")

    @Argument(help: "The name of the contract (all of them if left out).")
    var contract: String?

    @Option(help: "Only the cases in this state.")
    var state: String?

    @Option(
        parsing: .unconditional, help: NumberOption.help("The most cases to list.", usually: 50),
        transform: NumberOption.from(1))
    var limit = 50

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("Go on after the case of this number; goes with a contract.", usually: 0),
        transform: NumberOption.from(0))
    var after: Int64 = 0

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if after > 0, contract == nil { throw ValidationError("--after goes with a contract") }
    }

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        var listed: [JSONValue] = []
        var more = false
        for name in try contract.map({ [$0] }) ?? node.contractNames() {
            let program = try node.contract(named: name).program
            try checkState(program)
            let columns = CaseColumns(program: program)
            var table = columns.table
            var count = 0
            try node.forEachCase(of: name, after: after) { view in
                if let state, TextValue(view.stateName) != TextValue(state) { return true }
                guard listed.count < limit else {
                    more = true
                    return false
                }
                table.add(columns.cells(view))
                listed.append(columns.json(view))
                count += 1
                return true
            }
            if count > 0 { table.lines.forEach { console.line($0) } }
        }
        if listed.isEmpty { console.line("there are no such cases") }
        if more { console.remark("there are more: give --limit, or --after with the last number", .faint) }
        return Outcome(.object([.init("cases", .array(listed)), .init("more", .boolean(more))]))
    }

    private func checkState(_ program: CheckedProgram) throws(CommandFailure) {
        guard let state, contract != nil else { return }
        let names = program.states.map(\.name)
        guard !names.contains(where: { TextValue($0) == TextValue(state) }) else { return }
        let near = Suggestion.hint(state, among: names)
        throw .usage(
            "\(program.name) has no state \(state)", hint: near + "its states are \(names.joined(separator: ", "))")
    }
}

/// What a list shows of a case: its name, its state, and the first fields that fit a line.
private struct CaseColumns {
    let program: CheckedProgram
    private let fields: [Int]

    private static let most = 6

    init(program: CheckedProgram) {
        self.program = program
        let simple = program.caseFields.indices.filter { index in
            switch program.caseFields[index].type {
            case .list, .set, .map, .record, .document: false
            default: true
            }
        }
        // Money is what a list is read for: it comes along even where the first fields fill the line.
        let money = simple.filter { if case .money = program.caseFields[$0].type { true } else { false } }
        let first = simple.filter { !money.contains($0) }.prefix(max(0, Self.most - money.count))
        fields = (first + money.prefix(Self.most)).sorted()
    }

    var table: TextTable {
        let heads = fields.map { (program.caseFields[$0].name, ValueText.side(program.caseFields[$0].type)) }
        return TextTable([("case", .left), ("state", .left)] + heads)
    }

    func cells(_ view: CaseView) -> [String] {
        // A case may follow another version, with other fields.
        let values = ValueText(program: view.program)
        return [view.reference.description, view.stateName]
            + fields.map { index in
                let field = program.caseFields[index]
                guard let value = view.field(field.name) else { return "" }
                return value.isSealed && view.isErased(field.name) ? "(erased)" : values.text(value, field.type)
            }
    }

    func json(_ view: CaseView) -> JSONValue {
        let values = ValueText(program: view.program)
        let stored = zip(view.program.caseFields, view.stored.state.fields).map { field, value in
            JSONValue.Member(field.name, values.json(value, field.type))
        }
        var members: [JSONValue.Member] = [
            .init("reference", .string(view.reference.description)), .init("state", .string(view.stateName)),
            .init("version", .integer(view.program.version)),
            .init("revision", .integer(view.stored.state.revision)), .init("fields", .object(stored)),
        ]
        if view.privacy.contains(where: \.isPrivate) {
            members.append(.init("private", PrivateText(view: view, isPublic: false).json))
        }
        return .object(members)
    }
}
