import RemitValues

/// Walks a contract once for what it declares, and once for what its names mean.
struct NameResolver {
    /// What is known of a value: enough to tell fields and the values of enumerations apart.
    indirect enum Known {
        case unknown, state, verdict
        /// How a round stands.
        case outcome
        /// Yes or no.
        case truth
        /// A person or an organisation.
        case party
        case enumeration(Int)
        /// A record, a register's row, or the outputs of a table.
        case record(Int)
        case list(Known)
        /// A map, and what one goes through in it.
        case map(Known, Known), entry(Known, Known)
        /// A case of this contract, as a scenario's label means it.
        case thisCase
        /// A value of what another contract declares, in terms of that contract: a case of it is its `thisCase`.
        case other(TextValue, Known)

        /// What is known of each part that one goes through.
        var element: Known {
            switch self {
            case .list(let inner): inner
            case .map(let key, let value): .entry(key, value)
            default: .unknown
            }
        }
    }

    /// The parts of a declaration by name, with what is known of their values.
    typealias Parts = [TextValue: (declaration: Int, known: Known)]

    let syntax: ContractSyntax
    /// The contracts to which the head refers, by name; each with its number among those that were given.
    let others: [TextValue: (index: Int, names: NameResolver)]
    var declarations: [NameIndex.Declaration] = []
    var references: [NameIndex.Reference] = []
    var outside: [NameIndex.Outside] = []

    var top: [TextValue: Int] = [:]
    var states: [TextValue: Int] = [:]
    var enumValues: [TextValue: [Int]] = [:]
    /// The fields of records and rows, the parameters of what is called, the outputs of tables; by declaration.
    var parts: [Int: Parts] = [:]
    /// The parts in order, for arguments.
    var ordered: [Int: [Known]] = [:]
    var results: [Int: Known] = [:]
    var caseFields: Parts = [:]
    /// Fields of the case, of records and of registers that no other contract reads; by declaration.
    var privateFields: Set<Int> = []
    var globals: Parts = [:]
    var locals: [(name: TextValue, declaration: Int, known: Known)] = []

    /// The name whose place an editor asks for, and what fits there.
    var probe: TextValue?
    var place: Place?

    init(_ syntax: ContractSyntax, others: [ContractSyntax] = []) {
        self.syntax = syntax
        var known: [TextValue: (index: Int, names: NameResolver)] = [:]
        for (index, other) in others.enumerated() where known[other.name.bytes] == nil {
            var names = NameResolver(other)
            names.run()
            known[other.name.bytes] = (index, names)
        }
        self.others = known
    }

    mutating func run() {
        _ = declare(.contract, syntax.name, whole: syntax.span)
        // Names first and their types afterwards, so that declarations may stand in any order.
        for item in syntax.header {
            if case .refers(let name, _, let whole) = item { declareTop(.otherContract, name, whole: whole) }
        }
        let declared = syntax.joined.declarations
        for declaration in declared { declareNames(declaration) }
        for declaration in declared { declareParts(declaration.kind) }
        for item in syntax.header { if case .calendar(let name) = item { refer(name, kinds: [.calendar]) } }
        // What a library says of its names counts too: a rename has to reach it where it stands behind a contract.
        for declaration in declared { walk(declaration.kind) }
    }

    // MARK: Declaring

    mutating func declare(
        _ kind: NameIndex.Kind, _ name: Name, type: Span? = nil, owner: Int? = nil, source: TextSyntax? = nil,
        whole: Span? = nil
    ) -> Int {
        declarations.append(
            NameIndex.Declaration(
                kind: kind, name: name, type: type, owner: owner, source: source?.plain, whole: whole))
        references.append(NameIndex.Reference(span: name.span, declaration: declarations.count - 1))
        return declarations.count - 1
    }

    private mutating func declareTop(
        _ kind: NameIndex.Kind, _ name: Name, type: Span? = nil, source: TextSyntax? = nil, whole: Span
    ) {
        let index = declare(kind, name, type: type, source: source, whole: whole)
        if top[name.bytes] == nil { top[name.bytes] = index }
    }

    private mutating func declareNames(_ declaration: Declaration) {
        let whole = declaration.span
        switch declaration.kind {
        case .roles(let names): for name in names { declareTop(.role, name, whole: whole) }
        case .enumeration(let enumeration):
            declareTop(.enumeration, enumeration.name, whole: whole)
            let owner = declarations.count - 1
            for value in enumeration.cases {
                enumValues[value.bytes, default: []].append(declare(.enumValue, value, owner: owner))
            }
        case .record(let record): declareTop(.record, record.name, whole: whole)
        case .fund(let fund): declareTop(.fund, fund.name, type: fund.currency.span, whole: whole)
        case .calendar(let calendar): declareTop(.calendar, calendar.name, whole: whole)
        case .register(let register): declareTop(.register, register.name, whole: whole)
        case .parameter(let parameter):
            declareTop(.parameter, parameter.name, type: parameter.type.span, source: parameter.source, whole: whole)
        case .table(let table): declareTop(.table, table.name, source: table.source, whole: whole)
        case .states(let names, _):
            for name in names {
                let index = declare(.state, name, whole: whole)
                if states[name.bytes] == nil { states[name.bytes] = index }
            }
        case .checks(let checks): declareTop(.checks, checks.name, whole: whole)
        case .function(let function):
            declareTop(.function, function.name, type: function.result.span, source: function.source, whole: whole)
        case .action(let action): declareTop(.action, action.name, source: action.source, whole: whole)
        case .approval(let approval): declareTop(.approval, approval.name, whole: whole)
        case .caseFields, .unique, .deadline, .entering, .invariant, .migrate, .given, .scenario: break
        }
    }

    private mutating func declareParts(_ kind: Declaration.Kind) {
        switch kind {
        case .record(let record): declareFields(record.fields, .field, of: record.name)
        case .register(let register):
            declareFields(register.keys, .key, of: register.name)
            declareFields(register.fields, .field, of: register.name, appending: true)
        case .table(let table):
            guard let owner = top[table.name.bytes] else { return }
            declareFields(table.inputs, .input, of: table.name)
            let inputs = parts[owner] ?? [:]
            declareFields(table.outputs, .output, of: table.name)
            let only = table.outputs.count == 1 ? parts[owner]?[table.outputs[0].name.bytes] : nil
            results[owner] = only?.known ?? .record(owner)
            // Inputs are asked for by position and stand as locals in the rows.
            ordered[owner] = table.inputs.map { inputs[$0.name.bytes]?.known ?? .unknown }
            tableInputs[owner] = inputs
        case .caseFields(let fields):
            for field in fields.fields {
                let index = declare(.caseField, field.name, type: field.type.span, whole: nil)
                if top[field.name.bytes] == nil { top[field.name.bytes] = index }
                caseFields[field.name.bytes] = (index, known(field.type))
                if field.type.isPrivate { privateFields.insert(index) }
            }
        case .parameter(let parameter): setResult(parameter.name, known(parameter.type))
        case .function(let function):
            declareFields(function.parameters, .argument, of: function.name)
            setResult(function.name, known(function.result))
        case .checks(let checks): declareFields(checks.parameters, .argument, of: checks.name)
        case .action(let action): declareFields(action.parameters, .argument, of: action.name)
        default: break
        }
    }

    var tableInputs: [Int: Parts] = [:]

    private mutating func setResult(_ name: Name, _ known: Known) {
        if let index = top[name.bytes] { results[index] = known }
    }

    private mutating func declareFields(
        _ fields: [FieldSyntax], _ kind: NameIndex.Kind, of name: Name, appending: Bool = false
    ) {
        guard let owner = top[name.bytes] else { return }
        var found = appending ? parts[owner] ?? [:] : [:]
        var order = appending ? ordered[owner] ?? [] : []
        for field in fields {
            let known = known(field.type)
            let index = declare(kind, field.name, type: field.type.span, owner: owner)
            if field.type.isPrivate { privateFields.insert(index) }
            found[field.name.bytes] = (index, known)
            if !appending { order.append(known) }
        }
        parts[owner] = found
        ordered[owner] = order
    }

    // MARK: Types

    private static let parties = ["Person", "Organisation", "Party"]

    /// What a type says of its values; the names in it are references.
    mutating func known(_ type: TypeSyntax) -> Known {
        switch type.kind {
        case .named(let name):
            if isProbe(name, { $0.fittingTypes() }) { return .unknown }
            guard let index = top[name.bytes] else {
                if name.text == "Boolean" { return .truth }
                return Self.parties.contains(name.text) ? .party : .unknown
            }
            refer(name, index)
            switch declarations[index].kind {
            case .enumeration: return .enumeration(index)
            case .record, .register: return .record(index)
            default: return .unknown
            }
        case .text: return .unknown
        case .caseOf(let contract):
            refer(contract, kinds: [.otherContract])
            return .other(contract.bytes, .thisCase)
        case .optional(let inner), .privately(let inner): return known(inner)
        case .list(let inner, _), .set(let inner, _): return .list(known(inner))
        case .map(let key, let value, _):
            return .map(known(key), known(value))
        }
    }

    // MARK: Meaning

    mutating func refer(_ name: Name, _ declaration: Int) {
        references.append(NameIndex.Reference(span: name.span, declaration: declaration))
    }

    /// A name that must be one of the declared kinds.
    mutating func refer(_ name: Name, kinds: [NameIndex.Kind]) {
        if isProbe(name, { $0.fitting(kinds) }) { return }
        if let index = top[name.bytes], kinds.contains(declarations[index].kind) { refer(name, index) }
    }

    mutating func referState(_ name: Name) {
        if isProbe(name, { $0.fittingStates() }) { return }
        if let index = states[name.bytes] { refer(name, index) }
    }

    mutating func declareLocal(_ kind: NameIndex.Kind, _ name: Name, _ known: Known, type: Span? = nil) {
        let index = declare(kind, name, type: type)
        locals.append((name.bytes, index, known))
    }

    /// Makes parts visible by their bare names while a body is walked.
    mutating func inside(_ parts: Parts?, _ body: (inout NameResolver) -> Void) {
        let count = locals.count
        for (name, part) in parts ?? [:] { locals.append((name, part.declaration, part.known)) }
        body(&self)
        locals.removeSubrange(count...)
    }
}
