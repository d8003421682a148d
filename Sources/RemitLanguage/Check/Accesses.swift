/// What a part of a program reads of what statements write, itself and through what it calls, and what it writes.
struct Accesses {
    /// Things that statements write.
    struct Places {
        var fields: Set<Int> = []
        var registers: Set<Int> = []
        /// Groups of checks, whose verdicts are written by `run`.
        var checks: Set<Int> = []
        var funds: Set<Int> = []

        func isDisjoint(with other: Places) -> Bool {
            fields.isDisjoint(with: other.fields) && registers.isDisjoint(with: other.registers)
                && checks.isDisjoint(with: other.checks) && funds.isDisjoint(with: other.funds)
        }
    }

    private(set) var read = Places()
    private(set) var written = Places()
    /// The locals that the part itself reads, not those of what it calls.
    private(set) var locals: Set<Int> = []
    private let program: CheckedProgram
    /// Functions that were looked into: each is once, even where the checker has found that it calls itself.
    private var functions: Set<Int> = []

    init(of expression: CheckedExpression, in program: CheckedProgram) {
        self.program = program
        look(expression)
    }

    init(of block: CheckedBlock, in program: CheckedProgram) {
        self.program = program
        look(block)
    }

    // MARK: Expressions

    private mutating func look(_ expression: CheckedExpression) {
        switch expression.kind {
        case .local(let slot): locals.insert(slot)
        case .caseField(let field): read.fields.insert(field)
        case .lookup(let register, _): read.registers.insert(register)
        case .available(let fund): read.funds.insert(fund)
        case .verdict(let checks), .passing(_, let checks): read.checks.insert(checks)
        case .call(let function, _): lookInto(function)
        default: break
        }
        for operand in expression.operands { look(operand) }
    }

    private mutating func lookInto(_ function: Int) {
        guard program.functions.indices.contains(function), functions.insert(function).inserted else { return }
        let own = locals
        for binding in program.functions[function].bindings { look(binding.value) }
        look(program.functions[function].value)
        locals = own
    }

    private mutating func look(_ text: CheckedText) { for case .value(let value) in text.parts { look(value) } }

    // MARK: Statements

    private mutating func look(_ block: CheckedBlock) { for statement in block.statements { look(statement) } }

    private mutating func look(_ statement: CheckedStatement) {
        switch statement.kind {
        case .binding(_, let value): look(value)
        case .bindingOrRefuse(_, let value, let refusal), .require(let value, let refusal):
            look(value)
            look(refusal.text)
        case .refuse(let refusal): look(refusal.text)
        case .setField(let field, let value), .addToField(let field, let value), .removeFromField(let field, let value):
            write(field, [value])
        case .setEntry(let field, let key, let value), .addToEntry(let field, let key, let value):
            write(field, [key, value])
        case .setRow(let register, let keys, _, let value), .addToRow(let register, let keys, _, let value):
            written.registers.insert(register)
            for part in keys + [value] { look(part) }
        case .choose(let condition, let then, let otherwise):
            look(condition)
            look(then)
            look(otherwise)
        case .match(let value, let arms):
            look(value)
            for arm in arms { look(arm.body) }
        case .each(_, let list, let body):
            look(list)
            look(body)
        case .run(let checks, let operands): run(checks, operands)
        case .notifyRole(_, let text): look(text)
        case .notifyParty(let party, let text):
            look(party)
            look(text)
        case .reserve(let fund, let amount, let refusal): move(fund, amount, refusal)
        case .release(let fund, let amount): move(fund, amount, nil)
        case .pay(let fund, let amount, let payee):
            move(fund, amount, nil)
            look(payee)
        case .transfer(let fund, let amount, let target):
            move(fund, amount, nil)
            if case .own(let other) = target { written.funds.insert(other) }
        case .become: break
        }
    }

    private mutating func write(_ field: Int, _ parts: [CheckedExpression]) {
        written.fields.insert(field)
        for part in parts { look(part) }
    }

    private mutating func move(_ fund: Int, _ amount: CheckedExpression?, _ refusal: CheckedRefusal?) {
        written.funds.insert(fund)
        if let amount { look(amount) }
        if let refusal { look(refusal.text) }
    }

    private mutating func run(_ checks: Int, _ operands: [CheckedExpression]) {
        for operand in operands { look(operand) }
        guard written.checks.insert(checks).inserted else { return }
        let own = locals
        for item in program.checks[checks].items { look(item) }
        locals = own
    }

    private mutating func look(_ item: CheckedItem) {
        switch item {
        case .check(let check):
            look(check.condition.expression)
            look(check.text)
        case .binding(_, let value): look(value.expression)
        case .each(_, let list, let items, _):
            look(list.expression)
            for item in items { look(item) }
        }
    }
}
