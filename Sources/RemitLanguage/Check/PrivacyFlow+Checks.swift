/// Private values in groups of checks: what `run` gives them is private in there as well.
extension PrivacyFlow {
    /// A check shows one answer for each time that it is run; a loop would run it again and again.
    mutating func run(_ checks: Int, _ operands: [CheckedExpression], _ span: Span) {
        let arguments = arguments(operands)
        given[checks].merge(arguments) { first, _ in first }
        guard loop != nil, loop?.source == nil, let source = outcome(of: checks, given: arguments) else { return }
        leaks.append(
            Leak(
                source: source, sink: "told by what `\(program.checks[checks].name)` finds each time", span: span,
                help: "run it once, outside the loop, or reveal what it asks: `when reveal (…)`"))
    }

    /// Follows each group with all that it is given somewhere.
    mutating func followChecks() {
        for (index, group) in program.checks.enumerated() {
            begin(group, given[index])
            for item in group.items { follow(item) }
        }
    }

    private func arguments(_ operands: [CheckedExpression]) -> [Int: String] {
        var found: [Int: String] = [:]
        for (slot, operand) in operands.enumerated() { found[slot] = source(operand) }
        return found
    }

    private mutating func begin(_ group: ChecksDeclaration, _ arguments: [Int: String]) {
        begin(group.parameters)
        for (slot, parameter) in group.parameters.enumerated() {
            guard let argument = arguments[slot] else { continue }
            locals[slot] = Self.dependent(parameter.name, on: argument)
        }
    }

    /// The private thing that what a group finds depends on, if any.
    private func outcome(of checks: Int, given arguments: [Int: String]) -> String? {
        var inner = self
        let group = program.checks[checks]
        inner.begin(group, arguments)
        for item in group.items { if let found = inner.asked(item) { return found } }
        return nil
    }

    /// The private thing that an entry of a group asks, or how often it asks.
    private mutating func asked(_ item: CheckedItem) -> String? {
        switch item {
        case .check(let check): return source(check.condition.expression)
        case .binding(let local, let value): locals[local] = source(value.expression)
        case .each(let local, let list, let items, _):
            let found = source(list.expression)
            locals[local] = found
            if let found { return found }
            for item in items { if let found = asked(item) { return found } }
        }
        return nil
    }

    private mutating func follow(_ item: CheckedItem) {
        switch item {
        case .check(let check): open(check.text, "told in a finding")
        case .binding(let local, let value): locals[local] = source(value.expression)
        case .each(let local, let list, let items, _):
            locals[local] = source(list.expression)
            for item in items { follow(item) }
        }
    }
}
