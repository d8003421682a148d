import RemitLanguage

/// Which private things a value is made of, by name.
struct PrivateSources {
    let program: CheckedProgram
    /// What the locals of the body at hand are made of.
    var locals: [Int: Set<String>] = [:]
    /// What each function reads by itself, beside its arguments.
    private var functions: [Set<String>]

    init(_ program: CheckedProgram) {
        self.program = program
        functions = Array(repeating: [], count: program.functions.count)
        // No function calls itself, so that after as many rounds as there are functions nothing is added.
        for _ in program.functions {
            let before = functions
            for (index, function) in program.functions.enumerated() {
                locals = [:]
                for binding in function.bindings { locals[binding.local] = of(binding.value) }
                functions[index] = of(function.value)
            }
            if functions == before { break }
        }
        locals = [:]
    }

    /// Begins a body with these parameters in its first locals.
    mutating func begin(_ parameters: [FieldDeclaration]) {
        locals = [:]
        for (slot, parameter) in parameters.enumerated() where parameter.isPrivate { locals[slot] = [parameter.name] }
    }

    /// What a value is made of; nothing where everybody may know it, or where it is revealed.
    func of(_ expression: CheckedExpression) -> Set<String> {
        switch expression.kind {
        case .revealed: []
        case .caseField(let index):
            program.isClosed(program.caseFields[index]) ? [program.caseFields[index].name] : []
        case .local(let slot): locals[slot] ?? []
        case .field(let base, let index): of(base).union(fieldSource(base.type, index))
        case .call(let function, let operands): of(operands).union(functions[function])
        case .set(let elements) where elements.count > 1:
            elements.first.map { of(elements).union(parts(of: $0.type)) } ?? []
        // What stands in a private field of a record is kept there; whoever reads the field finds it.
        case .record(let record, let values):
            zip(program.records[record].fields, values).reduce(into: []) { found, part in
                if !part.0.isPrivate { found.formUnion(of(part.1)) }
            }
        // Values that are compared whole are compared in their private parts too.
        case .comparison, .within, .isIn, .isOneOf, .mapEntry:
            expression.operands.reduce(into: of(expression.operands)) { $0.formUnion(parts(of: $1.type)) }
        case .anyTwoShare(let list, let fields):
            fields.reduce(into: of(list)) { found, field in
                if case .list(let element, _) = list.type { found.formUnion(fieldSource(element, field)) }
            }
        default: of(expression.operands)
        }
    }

    func of(_ expressions: [CheckedExpression]) -> Set<String> {
        expressions.reduce(into: []) { $0.formUnion(of($1)) }
    }

    /// The private parts that values of a type have in them.
    func parts(of type: ValueType) -> Set<String> {
        switch type {
        case .record(let index):
            program.records[index].fields.indices.reduce(into: []) { found, field in
                found.formUnion(fieldSource(type, field))
                found.formUnion(parts(of: program.records[index].fields[field].type))
            }
        case .optional(let inner), .list(let inner, _), .set(let inner, _): parts(of: inner)
        case .map(let key, let element, _), .entry(let key, let element): parts(of: key).union(parts(of: element))
        default: []
        }
    }

    private func fieldSource(_ type: ValueType, _ index: Int) -> Set<String> {
        guard case .record(let record) = type, program.records[record].fields.indices.contains(index) else { return [] }
        let field = program.records[record].fields[index]
        return field.isPrivate ? ["\(program.records[record].name).\(field.name)"] : []
    }
}
