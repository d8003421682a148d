import RemitLanguage

/// What an action may ask about a case beyond what it is given: only this can change what it decides.
struct ActionReads {
    /// Case fields.
    private(set) var fields: Set<Int> = []
    /// Groups of checks whose verdict is asked.
    private(set) var verdicts: Set<Int> = []
    private(set) var asksToday = false
    private(set) var asksNow = false
    private(set) var asksActor = false

    /// What is called, run, read and entered.
    private(set) var functions: Set<Int> = []
    private(set) var groups: Set<Int> = []
    private(set) var tables: Set<Int> = []
    private(set) var parameters: Set<Int> = []
    private(set) var entered: Set<Int> = []

    private let program: CheckedProgram

    init(_ action: ActionDeclaration, _ program: CheckedProgram) {
        self.program = program
        addHead(of: action)
        add(action.body)
        for state in program.states.indices { add(entering: state) }
        addStanding()
    }

    /// What an action can come to itself: of states, only those that it leads into.
    init(reachOf action: ActionDeclaration, _ program: CheckedProgram) {
        self.program = program
        addHead(of: action)
        add(action.body)
        for state in entered.union(action.opens) { add(entering: state) }
        addStanding()
    }

    /// What the entry into a state can come to, with what follows there.
    init(entering state: Int, then bodies: [CheckedBlock], _ program: CheckedProgram) {
        self.program = program
        for body in bodies { add(body) }
        for next in entered.union([state]) { add(entering: next) }
        addStanding()
    }

    private mutating func addHead(of action: ActionDeclaration) {
        for authority in action.authorities {
            switch authority.who {
            case .caseField(let field): fields.insert(field)
            case .role(_, .organisation(let organisation)): add(organisation)
            case .role: break
            }
        }
        for party in action.except { add(party) }
    }

    /// Entering a state does what it says, starts its deadlines and opens its rounds.
    private mutating func add(entering state: Int) {
        entered.insert(state)
        for entering in program.entering where entering.state == state { add(entering.body) }
        for deadline in program.deadlines where deadline.states.contains(state) {
            if let past = deadline.past { fields.insert(past) }
            add(deadline.term.expression)
        }
        for approval in program.approvals where approval.states.contains(state) {
            for part in [approval.needs, approval.declinedBy, approval.within].compactMap({ $0 }) {
                add(part.expression)
            }
            for party in approval.except { add(party) }
        }
    }

    /// What every transition is held to.
    private mutating func addStanding() {
        for unique in program.uniqueKeys {
            fields.formUnion(unique.fields)
            if let refusal = unique.refusal { add(refusal.text) }
        }
        for invariant in program.invariants { add(invariant.condition.expression) }
    }

    /// What the statements of an action ask, apart from whatever else comes with any action.
    init(ofRule action: ActionDeclaration, _ program: CheckedProgram) {
        self.program = program
        add(action.body)
    }

    private mutating func add(_ block: CheckedBlock) {
        for statement in block.statements { add(statement) }
    }

    private mutating func add(_ statement: CheckedStatement) {
        switch statement.kind {
        case .binding(_, let value), .setField(_, let value), .transfer(_, let value, _): add(value)
        case .bindingOrRefuse(_, let value, let refusal), .require(let value, let refusal):
            add(value)
            add(refusal.text)
        case .reserve(_, let value, let refusal):
            add(value)
            if let refusal { add(refusal.text) }
        case .refuse(let refusal): add(refusal.text)
        case .notifyParty(let value, let text):
            add(value)
            add(text)
        case .notifyRole(_, let text): add(text)
        case .addToField(let field, let value), .removeFromField(let field, let value):
            fields.insert(field)
            add(value)
        case .setEntry(let field, let key, let value), .addToEntry(let field, let key, let value):
            fields.insert(field)
            for part in [key, value] { add(part) }
        case .setRow(_, let keys, _, let value), .addToRow(_, let keys, _, let value):
            for part in keys + [value] { add(part) }
        case .pay(_, let amount, let party): for part in [amount, party] { add(part) }
        case .release(_, let amount): if let amount { add(amount) }
        case .choose(let condition, let then, let otherwise):
            add(condition)
            for block in [then, otherwise] { add(block) }
        case .match(let subject, let arms):
            add(subject)
            for arm in arms { add(arm.body) }
        case .each(_, let list, let body):
            add(list)
            add(body)
        case .run(let checks, let arguments):
            for argument in arguments { add(argument) }
            add(checks: checks)
        case .become(let state): entered.insert(state)
        }
    }

    /// A text shows what it reads.
    private mutating func add(_ text: CheckedText) {
        for part in text.parts { if case .value(let value) = part { add(value) } }
    }

    private mutating func add(checks group: Int) {
        guard program.checks.indices.contains(group), groups.insert(group).inserted else { return }
        if let lines = program.checks[group].lineField { fields.insert(lines) }
        add(program.checks[group].items)
    }

    private mutating func add(_ items: [CheckedItem]) {
        for item in items {
            switch item {
            case .check(let check):
                add(check.condition.expression)
                add(check.text)
            case .binding(_, let value): add(value.expression)
            case .each(_, let list, let inner, _):
                add(list.expression)
                add(inner)
            }
        }
    }

    private mutating func add(_ expression: CheckedExpression) {
        switch expression.kind {
        case .caseField(let field): fields.insert(field)
        case .today: asksToday = true
        case .now: asksNow = true
        case .actor, .organisationOfActor: asksActor = true
        case .verdict(let group): verdicts.insert(group)
        case .passing(_, let group): verdicts.insert(group)
        case .table(let table, _, _) where program.tables.indices.contains(table):
            guard tables.insert(table).inserted else { break }
            for output in program.tables[table].sections.flatMap(\.rows).flatMap(\.outputs) { add(output.expression) }
        case .parameter(let parameter, _): parameters.insert(parameter)
        case .call(let index, _) where program.functions.indices.contains(index):
            guard functions.insert(index).inserted else { break }
            for binding in program.functions[index].bindings { add(binding.value) }
            add(program.functions[index].value)
        default: break
        }
        for operand in expression.operands { add(operand) }
    }
}
