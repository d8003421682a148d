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
            program.caseFields[index].isPrivate ? [program.caseFields[index].name] : []
        case .local(let slot): locals[slot] ?? []
        case .field(let base, let index): of(base).union(fieldSource(base.type, index))
        case .call(let function, let operands): of(operands).union(functions[function])
        default: of(expression.operands)
        }
    }

    func of(_ expressions: [CheckedExpression]) -> Set<String> {
        expressions.reduce(into: []) { $0.formUnion(of($1)) }
    }

    private func fieldSource(_ type: ValueType, _ index: Int) -> Set<String> {
        guard case .record(let record) = type, program.records[record].fields.indices.contains(index) else { return [] }
        let field = program.records[record].fields[index]
        return field.isPrivate ? ["\(program.records[record].name).\(field.name)"] : []
    }
}
