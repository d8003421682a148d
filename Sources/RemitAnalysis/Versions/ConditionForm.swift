import RemitLanguage
import RemitValues

/// What a condition asks, without where it stands: two conditions of one form come to the same on the same values.
///
/// Names stand for enumerations and roles, positions for fields and locals; functions, tables and parameters are
/// written out with what they hold, so that a change there is a change of the condition.
struct ConditionForm {
    private let program: CheckedProgram
    /// The functions that are being written out: one with a mistake may call itself.
    private var calls: Set<Int> = []

    /// The form of a condition, as a text to be compared with others.
    static func of(_ expression: CheckedExpression, in program: CheckedProgram) -> String {
        var form = ConditionForm(program: program)
        return form.write(expression)
    }

    private init(program: CheckedProgram) { self.program = program }

    private mutating func write(_ expression: CheckedExpression) -> String {
        let parts = expression.operands.map { write($0) }.joined(separator: ", ")
        return "\(head(expression.kind))(\(parts))"
    }

    /// What tells an expression from others with the same operands.
    private mutating func head(_ kind: CheckedExpression.Kind) -> String {
        switch kind {
        case .constant(let value): "constant \(value)"
        case .local(let slot): "local \(slot)"
        case .caseField(let field): "field \(program.caseFields[field].name)"
        case .field(_, let position): "part \(position)"
        case .lookup(let register, _): "row of \(program.registers[register].name)"
        case .call(let function, _): call(function)
        case .table(let table, _, _): self.table(table)
        case .parameter(let index, _): parameter(index)
        case .record(let record, _): "record \(program.records[record].name)"
        case .otherField(_, let contract, let field): "field \(field) of \(program.others[contract].name)"
        case .otherState(_, let contract): "state of \(program.others[contract].name)"
        case .matches(_, let pattern): "like \(pattern.written)"
        case .arithmetic(let operation, _, _): "\(operation)"
        case .rounded(_, let mode, let places): "rounded \(mode) \(places)"
        case .quotient(_, _, let mode, let places): "quotient \(mode) \(places)"
        case .comparison(let operation, _, _): "\(operation)"
        case .aggregate(let aggregate):
            "\(aggregate.operation) \(aggregate.local) \(aggregate.condition != nil) \(aggregate.value != nil)"
        case .anyTwoShare(_, let fields): "share \(fields)"
        case .passing(_, let checks), .verdict(let checks): "checks \(program.checks[checks].name)"
        case .outcome(let round), .signers(let round): "round \(program.approvals[round].name)"
        case .quorum(let groups): "seats \(groups.map { group in "\(group.count) \(group.roles.map { $0.role })" })"
        case .available(let fund): "fund \(program.funds[fund].name)"
        case .builtin(let builtin, _): "\(builtin)"
        default: Mirror(reflecting: kind).children.first?.label ?? "\(kind)"
        }
    }

    private mutating func call(_ index: Int) -> String {
        let function = program.functions[index]
        guard calls.insert(index).inserted else { return "function \(function.name)" }
        let bindings = function.bindings.map { "\($0.local) \(write($0.value))" }
        let text = "function \(function.name) \(bindings) \(write(function.value))"
        calls.remove(index)
        return text
    }

    private mutating func table(_ index: Int) -> String {
        let table = program.tables[index]
        var text = "table \(table.name) \(table.policy)"
        for section in table.sections {
            text += " \(section.period)"
            for row in section.rows {
                text += " | \(row.cells) || \(row.outputs.map { write($0.expression) })"
            }
        }
        return text
    }

    private func parameter(_ index: Int) -> String {
        let parameter = program.parameters[index]
        return "parameter \(parameter.name) \(parameter.values.map { "\($0.period) \($0.value)" })"
    }
}
