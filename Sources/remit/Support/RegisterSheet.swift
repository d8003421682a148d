import RemitExchange
import RemitLanguage
import RemitNode
import RemitValues

/// How the sheet of a register is read, for a ledger and without one.
struct RegisterSheet {
    let register: RegisterDeclaration
    let program: CheckedProgram

    /// The fields of a row, without the keys.
    var fields: [FieldDeclaration] { program.records[register.row].fields }

    /// The columns that a sheet may have; those of fields with `starts` may be left out.
    func columns() throws(CommandFailure) -> [RegisterCSV.Column] {
        var columns: [RegisterCSV.Column] = []
        for field in register.keys + fields {
            let target = TargetBridge.type(field.type, in: program)
            guard let type = target, type.isGivable || field.starts != nil else {
                throw .usage(
                    "\(register.name).\(field.name) is of a type that no file can give",
                    hint: "see the register in the contract")
            }
            columns.append(.init(field.name, type, hasStart: field.starts != nil))
        }
        return columns
    }

    /// The keys of a row of the sheet, which are always there.
    func keys(of cells: [Value?]) -> [Value] { cells.prefix(register.keys.count).compactMap(\.self) }

    /// The fields of a row: what the sheet leaves out is as it stands in the row that is there, and else as it starts.
    func row(of cells: [Value?], over there: [Value]? = nil) -> [Value] {
        zip(fields, cells.dropFirst(register.keys.count)).enumerated().map { index, pair in
            let (field, cell) = pair
            if let cell { return cell }
            if let there, there.indices.contains(index) { return there[index] }
            return field.starts ?? .absent
        }
    }
}
