import RemitExchange
import RemitLanguage
import RemitNode
import RemitRuntime
import RemitValues

/// Finds what decisions without a ledger need: the action, and the rows of registers.
enum BatchActions {
    /// The index of an action.
    static func find(_ name: String, in program: CheckedProgram) throws(CommandFailure) -> Int {
        if let index = program.actions.firstIndex(where: { TextValue($0.name) == TextValue(name) }) { return index }
        let names = program.actions.map(\.name)
        throw .usage(
            "\(program.name) has no action \(name)",
            hint: Suggestion.hint(name, among: names) + "its actions are \(names.joined(separator: ", "))")
    }

    /// The action that opens cases: the one named, or the only one.
    static func opening(_ name: String?, in program: CheckedProgram) throws(CommandFailure) -> Int {
        if let name { return try find(name, in: program) }
        let opening = program.actions.indices.filter { !program.actions[$0].opens.isEmpty }
        guard opening.count == 1 else {
            let names = opening.map { program.actions[$0].name }.joined(separator: ", ")
            throw .usage(
                opening.isEmpty ? "\(program.name) has no action that opens a case" : "several actions open a case",
                hint: opening.isEmpty ? nil : "choose one of \(names) with --action")
        }
        return opening[0]
    }

    /// Reads `Name=FILE.csv` into rows, each of a key of its own and as the register's invariants want it.
    static func load(
        _ argument: String, _ program: CheckedProgram, in context: BatchContext, into rows: inout BatchRows
    ) throws {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw CommandFailure.usage("--register \(argument) names no file", hint: "write --register Name=FILE.csv")
        }
        guard let index = program.registers.firstIndex(where: { TextValue($0.name) == TextValue(parts[0]) }) else {
            let names = program.registers.map(\.name)
            throw CommandFailure.usage(
                "\(program.name) has no register \(parts[0])",
                hint: Suggestion.hint(parts[0], among: names)
                    + (names.isEmpty ? "it has none" : "its registers are \(names.joined(separator: ", "))"))
        }
        let register = program.registers[index]
        let sheet = RegisterSheet(register: register, program: program)
        let reader = try RegisterCSV(path: parts[1], columns: try sheet.columns(), form: NormalForm.of)
        let evaluator = Evaluator(program: program)
        while let (line, result) = try reader.next() {
            let cells = try result.get()
            let (keys, row) = (sheet.keys(of: cells), sheet.row(of: cells))
            var problem = evaluator.objection(to: keys + row, of: index, in: context)
            if problem == nil, !rows.add(register: index, keys: keys, row: row) {
                problem = "the same key stands on an earlier line"
            }
            if let problem {
                throw CommandFailure.refused(
                    "\(parts[1]):\(line): \(problem)", hint: "correct the rows: a ledger would not take this one either"
                )
            }
        }
    }
}
