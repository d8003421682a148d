import RemitLanguage

/// The choices and implications within the conditions and values of a contract, of which scenarios reach one side or
/// the other.
///
/// Migrations are left out: no scenario brings a case under another version.
struct BranchingValues {
    /// A side that may be taken, by its number there.
    struct Arm {
        let number: Int
        let name: String
        let span: Span
    }

    /// A place where sides part.
    struct Branching {
        let place: Span
        let arms: [Arm]
        /// Whether it stands in the contract, or in a part of a library that the contract comes to.
        let isReachable: Bool
    }

    /// All of them in order of writing, each before those within it.
    private(set) var found: [Branching] = []
    /// The functions and tables that the contract comes to, directly or through one another, by their indices.
    private(set) var functions: Set<Int> = []
    private(set) var tables: Set<Int> = []
    /// Whether what is looked at now is reachable.
    private var isReachable = true

    init(_ program: CheckedProgram) {
        for action in program.actions {
            for authority in action.authorities {
                if case .role(_, .organisation(let expression)) = authority.who { look(expression) }
            }
            action.except.forEach { look($0) }
            look(action.body)
        }
        for approval in program.approvals {
            look(approval.needs.expression)
            approval.except.forEach { look($0) }
            if let declined = approval.declinedBy { look(declined.expression) }
            look(approval.within.expression)
            for body in [approval.granted, approval.declined, approval.overdue] { look(body.block) }
        }
        for deadline in program.deadlines {
            look(deadline.term.expression)
            look(deadline.body.block)
        }
        program.entering.forEach { look($0.body) }
        program.checks.forEach { look($0.items) }
        for unique in program.uniqueKeys { if let refusal = unique.refusal { look(refusal.text) } }
        let invariants = program.invariants + program.registers.flatMap(\.invariants)
        invariants.forEach { look($0.condition.expression) }
        lookAtFunctionsAndTables(program)
        found.sort { ($0.place.start, $1.place.end) < ($1.place.start, $0.place.end) }
    }

    /// Looks at the contract's own first, then at what of libraries it comes to, then at the rest of them.
    private mutating func lookAtFunctionsAndTables(_ program: CheckedProgram) {
        var openFunctions: [Int] = []
        var openTables: [Int] = []
        for (index, function) in program.functions.enumerated() {
            if program.isFromLibrary(function.span) { openFunctions.append(index) } else { look(function) }
        }
        for (index, table) in program.tables.enumerated() {
            if program.isFromLibrary(table.span) { openTables.append(index) } else { look(table) }
        }
        while true {
            let (functions, tables) = (functions, tables)
            let called = openFunctions.filter(functions.contains)
            let read = openTables.filter(tables.contains)
            if called.isEmpty, read.isEmpty { break }
            openFunctions.removeAll(where: functions.contains)
            openTables.removeAll(where: tables.contains)
            for index in called { look(program.functions[index]) }
            for index in read { look(program.tables[index]) }
        }
        isReachable = false
        for index in openFunctions { look(program.functions[index]) }
        for index in openTables { look(program.tables[index]) }
    }

    private mutating func look(_ function: FunctionDeclaration) {
        function.bindings.forEach { look($0.value) }
        look(function.value)
    }

    private mutating func look(_ table: TableDeclaration) {
        for section in table.sections {
            for row in section.rows { row.outputs.forEach { look($0.expression) } }
        }
    }

    /// Expressions are nested no deeper than the parser allows.
    private mutating func look(_ expression: CheckedExpression) {
        switch expression.kind {
        case .call(let function, _): if isReachable { functions.insert(function) }
        case .table(let table, _, _): if isReachable { tables.insert(table) }
        case .choose(let condition, let then, let otherwise):
            var arms = [Arm(number: 0, name: "then", span: then.expression.span)]
            // A constant in the place of what is absent is no more a branch than what stands behind `otherwise`.
            if !Self.asksForPresence(condition) || Lowering.constant(otherwise.expression) == nil {
                arms.append(Arm(number: 1, name: "else", span: otherwise.expression.span))
            }
            found.append(Branching(place: expression.span, arms: arms, isReachable: isReachable))
        case .implies(_, let right):
            let implied = Arm(number: 0, name: "implied condition", span: right.expression.span)
            found.append(Branching(place: expression.span, arms: [implied], isReachable: isReachable))
        default: break
        }
        expression.operands.forEach { look($0) }
    }

    /// Whether a condition asks that something be present, and nothing else.
    private static func asksForPresence(_ condition: CheckedExpression) -> Bool {
        switch condition.kind {
        case .isPresent: true
        case .and(let left, let right): asksForPresence(left) && asksForPresence(right.expression)
        default: false
        }
    }

    private mutating func look(_ text: CheckedText) {
        for case .value(let value) in text.parts { look(value) }
    }

    private mutating func look(_ items: [CheckedItem]) {
        for item in items {
            switch item {
            case .check(let check):
                look(check.condition.expression)
                look(check.text)
            case .binding(_, let value): look(value.expression)
            case .each(_, let list, let inner, _):
                look(list.expression)
                look(inner)
            }
        }
    }

    private mutating func look(_ block: CheckedBlock) { block.statements.forEach { look($0) } }

    private mutating func look(_ statement: CheckedStatement) {
        switch statement.kind {
        case .binding(_, let value), .setField(_, let value), .addToField(_, let value),
            .removeFromField(_, let value):
            look(value)
        case .bindingOrRefuse(_, let value, let refusal), .require(let value, let refusal):
            look(value)
            look(refusal.text)
        case .refuse(let refusal): look(refusal.text)
        case .setEntry(_, let key, let value), .addToEntry(_, let key, let value):
            look(key)
            look(value)
        case .setRow(_, let keys, _, let value), .addToRow(_, let keys, _, let value):
            keys.forEach { look($0) }
            look(value)
        case .choose(let condition, let then, let otherwise):
            look(condition)
            look(then)
            look(otherwise)
        case .match(let value, let arms):
            look(value)
            arms.forEach { look($0.body) }
        case .each(_, let list, let body):
            look(list)
            look(body)
        case .run(_, let arguments): arguments.forEach { look($0) }
        case .become: break
        case .reserve(_, let amount, let refusal):
            look(amount)
            if let refusal { look(refusal.text) }
        case .release(_, let amount): if let amount { look(amount) }
        case .pay(_, let amount, let payee):
            look(amount)
            look(payee)
        case .transfer(_, let amount, _): look(amount)
        case .notifyRole(_, let text): look(text)
        case .notifyParty(let party, let text):
            look(party)
            look(text)
        }
    }
}
