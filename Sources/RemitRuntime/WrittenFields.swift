public import RemitLanguage

extension CheckedProgram {
    /// The fields of a register (index) that actions, rounds, deadlines, entries or migrations write, by their indices.
    public func writtenFields(ofRegister register: Int) -> Set<Int> {
        var fields: Set<Int> = []
        for block in ReachedPlaces.blocks(self) + migrations.map(\.body.block) {
            Self.look(block) { statement in
                switch statement.kind {
                case .setRow(register, _, let field, _), .addToRow(register, _, let field, _): fields.insert(field)
                default: break
                }
            }
        }
        return fields
    }

    private static func look(_ block: CheckedBlock, _ see: (CheckedStatement) -> Void) {
        for statement in block.statements {
            see(statement)
            switch statement.kind {
            case .choose(_, let then, let otherwise):
                look(then, see)
                look(otherwise, see)
            case .match(_, let arms): for arm in arms { look(arm.body, see) }
            case .each(_, _, let body): look(body, see)
            default: break
            }
        }
    }
}
