import RemitLanguage

/// What can be seen of a block, with the form of each statement that does it: two blocks that do the same kind of thing
/// with other values can be told apart by it.
struct VisibleEffects {
    private var seen: [(effect: Disclosure.Effect, form: String)] = []

    init(of block: CheckedBlock, in program: CheckedProgram) { add(block, program, "") }

    /// The kinds of things that can be seen, each once, in order of writing.
    var kinds: [Disclosure.Effect] {
        seen.reduce(into: []) { found, entry in if !found.contains(entry.effect) { found.append(entry.effect) } }
    }

    /// How a kind of thing is done, in order of writing.
    func forms(of effect: Disclosure.Effect) -> [String] { seen.filter { $0.effect == effect }.map(\.form) }

    /// Adds what a block does, under the conditions that lead to it.
    private mutating func add(_ block: CheckedBlock, _ program: CheckedProgram, _ outer: String) {
        func form(_ expressions: [CheckedExpression]) -> String {
            expressions.map { ConditionForm.of($0, in: program) }.joined(separator: "; ")
        }
        func form(_ text: CheckedText) -> String {
            text.parts.map { part in
                switch part {
                case .plain(let plain): "'\(plain)'"
                case .value(let value): form([value])
                case .caseReference: "case"
                }
            }.joined(separator: " ")
        }
        /// A field of the case, unless it is private: then nobody sees that it is written.
        func field(_ index: Int, _ how: String, _ values: [CheckedExpression]) {
            let declared = program.caseFields[index]
            if !program.isClosed(declared) { seen.append((.field(declared.name), "\(outer)\(how) \(form(values))")) }
        }
        func row(_ register: Int, _ how: String, _ keys: [CheckedExpression], _ field: Int, _ value: CheckedExpression)
        {
            let declared = program.registers[register]
            // What a private field then holds is not seen.
            let isOpen = !program.records[declared.row].fields[field].isPrivate
            let values = zip(declared.keys, keys).filter { !$0.0.isPrivate }.map(\.1) + (isOpen ? [value] : [])
            seen.append((.row(declared.name), "\(outer)\(how) \(field) \(form(values))"))
        }
        func fund(_ index: Int, _ how: String) { seen.append((.fund(program.funds[index].name), "\(outer)\(how)")) }
        for statement in block.statements {
            switch statement.kind {
            case .setField(let index, let value): field(index, "set", [value])
            case .addToField(let index, let value): field(index, "add", [value])
            case .removeFromField(let index, let value): field(index, "remove", [value])
            case .setEntry(let index, let key, let value): field(index, "set", [key, value])
            case .addToEntry(let index, let key, let value): field(index, "add", [key, value])
            case .setRow(let register, let keys, let index, let value): row(register, "set", keys, index, value)
            case .addToRow(let register, let keys, let index, let value): row(register, "add", keys, index, value)
            case .choose(let condition, let then, let otherwise):
                let asked = "\(outer)if \(form([condition])) "
                add(then, program, asked + "then ")
                add(otherwise, program, asked + "else ")
            case .match(let value, let arms):
                for (index, arm) in arms.enumerated() {
                    add(arm.body, program, "\(outer)match \(form([value])) \(index) ")
                }
            case .each(_, let list, let body): add(body, program, "\(outer)for \(form([list])) ")
            case .run(let checks, let operands):
                seen.append((.checks(program.checks[checks].name), "\(outer)\(form(operands))"))
            case .become(let state): seen.append((.state(program.states[state].name), outer))
            case .reserve(let index, let amount, _): fund(index, "reserve \(form([amount]))")
            case .release(let index, let amount): fund(index, "release \(form(amount.map { [$0] } ?? []))")
            case .pay(let index, let amount, let payee): fund(index, "pay \(form([amount, payee]))")
            case .transfer(let index, let amount, let target): fund(index, "transfer \(form([amount])) \(target)")
            case .notifyRole(let role, let text): seen.append((.notice, "\(outer)role \(role) \(form(text))"))
            case .notifyParty(let party, let text): seen.append((.notice, "\(outer)\(form([party])) \(form(text))"))
            case .binding, .bindingOrRefuse, .require, .refuse: break
            }
        }
    }
}
