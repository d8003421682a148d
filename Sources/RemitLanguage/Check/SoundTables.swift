import RemitValues

/// The tables of a contract that can be searched for gaps although the contract has mistakes elsewhere.
enum SoundTables {
    /// A program that holds them and the enumerations.
    ///
    /// A table is sound if no error stands in it, nor in the enumerations that its inputs are of, and if its name, and
    /// theirs, are declared once.
    static func program(
        _ contract: ContractSyntax, _ draft: CheckedProgram, _ errors: [Diagnostic]
    ) -> CheckedProgram? {
        var spans: [(name: TextValue, span: Span)] = []
        var tables: [Span] = []
        for declaration in contract.declarations {
            switch declaration.kind {
            case .enumeration(let syntax): spans.append((syntax.name.bytes, declaration.span))
            case .table(let syntax):
                spans.append((syntax.name.bytes, declaration.span))
                tables.append(declaration.span)
            default: break
            }
        }
        guard tables.count == draft.tables.count else { return nil }
        func isSound(_ span: Span) -> Bool {
            !errors.contains { error in error.primary.span.start < span.end && error.primary.span.end > span.start }
        }
        func isSound(_ type: ValueType) -> Bool {
            switch type {
            case .unknown: return false
            case .enumeration(let index):
                let own = spans.filter { $0.name == TextValue(draft.enumerations[index].name) }
                return own.count == 1 && isSound(own[0].span)
            default: return true
            }
        }
        var program = CheckedProgram(name: draft.name, version: draft.version)
        program.timezone = draft.timezone
        program.enumerations = draft.enumerations
        program.tables = zip(tables, draft.tables).filter { span, table in
            let isOnce = spans.count { $0.name == TextValue(table.name) } == 1
            return isOnce && isSound(span) && table.inputs.allSatisfy { isSound($0.type) }
        }.map(\.1)
        return program.tables.isEmpty ? nil : program
    }
}
