import RemitLanguage
import RemitLedger
import RemitValues

/// Which parts of a contract's values are private.
struct PrivacyLayout: Sendable {
    /// The contract.
    let program: CheckedProgram
    /// Whether a record has private fields, at any depth.
    private let records: [Bool]

    /// The layout of a contract; nil where it keeps nothing private and takes nothing private.
    init?(_ program: CheckedProgram) {
        self.program = program
        var records = Array(repeating: false, count: program.records.count)
        // Records hold records, so that the knowledge of one makes that of others, until nothing changes.
        var isChanging = true
        while isChanging {
            isChanging = false
            for (index, record) in program.records.enumerated() where !records[index] {
                records[index] = record.fields.contains { $0.isPrivate || Self.holds($0.type, records) }
                if records[index] { isChanging = true }
            }
        }
        self.records = records
        let fields =
            program.caseFields + program.actions.flatMap(\.parameters) + program.registers.flatMap(\.keys)
            + program.registers.flatMap { program.records[$0.row].fields }
        guard fields.contains(where: { $0.isPrivate || Self.holds($0.type, records) }) else { return nil }
    }

    /// Whether a field is private, or has something private in it.
    func concerns(_ field: FieldDeclaration) -> Bool { field.isPrivate || Self.holds(field.type, records) }

    /// Whether a field is one private value as a whole.
    func isWhole(_ field: FieldDeclaration) -> Bool {
        field.isPrivate || (Self.holds(field.type, records) && Self.isUnordered(field.type))
    }

    /// Whether a register has private keys.
    func hasPrivateKeys(_ register: RegisterDeclaration) -> Bool { register.keys.contains(where: concerns) }

    /// Whether a register keeps anything private.
    func concerns(_ register: RegisterDeclaration) -> Bool {
        hasPrivateKeys(register) || program.records[register.row].fields.contains(where: concerns)
    }

    /// Whether a `unique by` has private fields.
    func concerns(_ unique: UniqueDeclaration) -> Bool {
        unique.fields.contains { program.caseFields.indices.contains($0) && concerns(program.caseFields[$0]) }
    }

    /// Puts something in the place of each private part of a field's value, from left to right.
    ///
    /// What is not of the field's type stays as it is: to refuse it is for others.
    func map(
        _ value: Value, of field: FieldDeclaration, at path: PrivatePath,
        _ leaf: (Value, PrivatePath) throws(NodeError) -> Value
    ) throws(NodeError) -> Value {
        if isWhole(field) { return try leaf(value, path) }
        return try map(value, field.type, path, leaf)
    }

    private func map(
        _ value: Value, _ type: ValueType, _ path: PrivatePath,
        _ leaf: (Value, PrivatePath) throws(NodeError) -> Value
    ) throws(NodeError) -> Value {
        guard Self.holds(type, records) else { return value }
        switch (type, value) {
        case (_, .absent): return value
        case (.optional(let wrapped), _): return try map(value, wrapped, path, leaf)
        case (.record(let index), .record(let values)):
            let fields = program.records[index].fields
            guard fields.count == values.count else { return value }
            var mapped: [Value] = []
            for (field, value) in zip(fields, values) {
                mapped.append(try map(value, of: field, at: path.appending(.text(TextValue(field.name))), leaf))
            }
            return .record(mapped)
        case (.list(let element, _), .list(let items)):
            var mapped: [Value] = []
            for (position, item) in items.enumerated() {
                mapped.append(try map(item, element, path.appending(position), leaf))
            }
            return .list(mapped)
        case (.set, .set), (.map, .map), (.set, .sealed), (.map, .sealed): return try leaf(value, path)
        default: return value
        }
    }

    private static func isUnordered(_ type: ValueType) -> Bool {
        switch type {
        case .optional(let wrapped): isUnordered(wrapped)
        case .set, .map: true
        default: false
        }
    }

    private static func holds(_ type: ValueType, _ records: [Bool]) -> Bool {
        switch type {
        case .record(let index): records.indices.contains(index) && records[index]
        case .optional(let inner), .list(let inner, _), .set(let inner, _): holds(inner, records)
        case .map(let key, let element, _): holds(key, records) || holds(element, records)
        default: false
        }
    }
}

extension PrivacyLayout {
    /// What a call takes: the entered fields of an action, then its parameters; a vote takes nothing private.
    func arguments(of call: String) -> [FieldDeclaration] {
        guard let action = program.actions.first(where: { TextValue($0.name) == TextValue(call) }) else { return [] }
        return action.enters.map { program.caseFields[$0] } + action.parameters
    }

    /// The keys and fields of a register, as its rows are loaded.
    func columns(of register: RegisterDeclaration) -> [FieldDeclaration] {
        register.keys + program.records[register.row].fields
    }

    /// Puts something in the place of each private part of a call's arguments.
    func mapArguments(
        _ arguments: [Value], _ fields: [FieldDeclaration], _ leaf: (Value, PrivatePath) throws(NodeError) -> Value
    ) throws(NodeError) -> [Value] {
        var mapped: [Value] = []
        for (position, argument) in arguments.enumerated() {
            guard fields.indices.contains(position) else {
                mapped.append(argument)
                continue
            }
            mapped.append(try map(argument, of: fields[position], at: .argument(position), leaf))
        }
        return mapped
    }

    /// The same for the rows of a register, which are argument 2 of `loadRegister`.
    func mapRows(
        _ rows: [Value], of register: RegisterDeclaration,
        _ leaf: (Value, PrivatePath, _ row: Int) throws(NodeError) -> Value
    ) throws(NodeError) -> [Value] {
        let columns = columns(of: register)
        var mapped: [Value] = []
        for (number, row) in rows.enumerated() {
            guard case .record(let values) = row, values.count == columns.count else {
                mapped.append(row)
                continue
            }
            let start = PrivatePath.argument(2).appending(number)
            var cells: [Value] = []
            for (column, value) in zip(columns, values) {
                cells.append(
                    try map(value, of: column, at: start.appending(.text(TextValue(column.name)))) {
                        cell, path throws(NodeError) in try leaf(cell, path, number)
                    })
            }
            mapped.append(.record(cells))
        }
        return mapped
    }
}
