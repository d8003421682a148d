import RemitValues

extension Checker {
    /// Resolves every type that declarations name, so that bodies can be checked in any order.
    mutating func resolveSignatures() {
        resolveEnumerations()
        // Names of records must be known to messages before their fields are resolved.
        reserveRecords()
        importOthers()
        resolveRecords()
        resolveRegisters()
        resolveFunds()
        resolveCalendars()
        resolveRules()
        for declaration in ownDeclarations {
            guard case .caseFields(let fields) = declaration.kind else { continue }
            if let about = fields.about { reportUnknownAbout(about, fields) }
            program.caseFields += resolveFields(fields.fields, of: "the case", allowsStarts: true)
            if let about = fields.about {
                program.about = program.caseFields.firstIndex { TextValue($0.name) == about.bytes }
            }
        }
        resolveLineFields()
    }

    private mutating func reportUnknownAbout(_ about: Name, _ fields: CaseSyntax) {
        guard !fields.fields.contains(where: { $0.name.bytes == about.bytes }) else { return }
        report(
            .unknownName, "the case has no field `\(about.text)` that it could be about", at: about.span, "not a field",
            help: suggestion(about.text, among: fields.fields.map(\.name.text))
                ?? "name the field that holds whom the case is about")
    }

    private mutating func resolveEnumerations() {
        for declaration in declarations {
            guard case .enumeration(let syntax) = declaration.kind else { continue }
            var cases: [Name] = []
            var seen: [TextValue: Name] = [:]
            for name in syntax.cases {
                if let first = seen[name.bytes] {
                    report(
                        .duplicateName, "`\(name.text)` stands twice in `\(syntax.name.text)`", at: name.span,
                        "again here", labels: [Label(first.span, "first here")], help: "leave one of them out")
                } else {
                    seen[name.bytes] = name
                    cases.append(name)
                }
            }
            if cases.count > Limits.enumerationValues {
                report(
                    .beyondLimit,
                    "`\(syntax.name.text)` has \(cases.count) values; \(Limits.enumerationValues) are allowed",
                    at: syntax.name.span, help: "keep long lists in a register, which is data on the chain")
                cases.removeSubrange(Limits.enumerationValues...)
            }
            program.enumerations.append(EnumerationType(name: syntax.name.text, cases: cases.map(\.text)))
        }
    }

    private mutating func reserveRecords() {
        for declaration in declarations {
            if case .record(let syntax) = declaration.kind {
                program.records.append(RecordType(name: syntax.name.text, fields: []))
            }
        }
        for declaration in ownDeclarations {
            if case .register(let syntax) = declaration.kind {
                program.records.append(RecordType(name: syntax.name.text, fields: []))
            }
        }
    }

    private mutating func resolveRecords() {
        var index = 0
        var spans: [Span] = []
        for declaration in declarations {
            guard case .record(let syntax) = declaration.kind else { continue }
            enter(declaration)
            let fields = resolveFields(syntax.fields, of: "`\(syntax.name.text)`", allowsStarts: true)
            program.records[index] = RecordType(name: syntax.name.text, fields: fields)
            spans.append(syntax.name.span)
            index += 1
        }
        leaveLibraries()
        for record in 0..<index where contains(record, record, depth: 0) {
            report(
                .selfContaining, "`\(program.records[record].name)` contains itself", at: spans[record],
                "a value of it would have no end",
                help: "take the field out that leads back to it, or keep the parts in a register")
            let kept = program.records[record].fields.map {
                FieldDeclaration(
                    name: $0.name, type: recordIn($0.type) == nil ? $0.type : .unknown, isPrivate: $0.isPrivate,
                    span: $0.span)
            }
            program.records[record] = RecordType(name: program.records[record].name, fields: kept)
        }
    }

    /// Whether a value of the first record holds one of the second, through any number of fields.
    private func contains(_ outer: Int, _ inner: Int, depth: Int) -> Bool {
        guard depth <= program.records.count else { return false }
        var pending = [outer]
        var seen: Set<Int> = []
        while let record = pending.popLast() {
            for field in program.records[record].fields {
                guard let next = recordIn(field.type) else { continue }
                if next == inner { return true }
                if seen.insert(next).inserted { pending.append(next) }
            }
        }
        return false
    }

    /// The record that a value of a type is made of, if any.
    private func recordIn(_ type: ValueType) -> Int? {
        switch type {
        case .record(let index): index
        case .optional(let inner), .list(let inner, _), .set(let inner, _), .map(_, let inner, _): recordIn(inner)
        default: nil
        }
    }

    private mutating func resolveRegisters() {
        for declaration in ownDeclarations {
            guard case .register(let syntax) = declaration.kind else { continue }
            let owner = "`\(syntax.name.text)`"
            let keys = resolveFields(syntax.keys, of: owner, allowsStarts: false)
            for key in keys { checkKeyType(key) }
            let fields = resolveFields(syntax.fields, of: owner, allowsStarts: true)
            for field in syntax.fields {
                guard let key = syntax.keys.first(where: { $0.name.bytes == field.name.bytes }) else { continue }
                report(
                    .duplicateName, "`\(field.name.text)` is a key and a field of \(owner)", at: field.name.span,
                    "again here", labels: [Label(key.name.span, "the key")], help: "give one of the two another name")
            }
            let index = program.registers.count
            let row = rowRecord(index)
            program.records[row] = RecordType(name: syntax.name.text, fields: fields)
            program.registers.append(
                RegisterDeclaration(
                    name: syntax.name.text, keys: keys, row: row, keepers: resolveRoles(syntax.keepers),
                    hasRowForEveryKey: syntax.fields.allSatisfy { $0.starts != nil }, invariants: [],
                    span: syntax.name.span))
        }
    }

    private mutating func checkKeyType(_ key: FieldDeclaration) {
        guard !canBeKey(key.type) else { return }
        report(
            .typeNotAllowed, "a key cannot be \(name(key.type))", at: key.span,
            help: "use a text, number, date, enum value, party or case")
    }

    mutating func resolveRoles(_ roles: [Name]) -> [Int] { roles.compactMap { resolveRole($0) } }

    mutating func resolveRole(_ name: Name) -> Int? {
        guard let declared = symbols[name.bytes] else {
            let roles = names.filter { if case .role = symbols[$0.bytes]?.symbol { true } else { false } }
            report(
                .unknownName, "there is no role `\(name.text)`", at: name.span, "not known",
                help: suggestion(name.text, among: roles.map(\.text)) ?? "declare it: `role \(name.text)`")
            return nil
        }
        used.insert(name.bytes)
        if case .role(let index) = declared.symbol { return index }
        report(
            .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and a role is needed here", at: name.span,
            labels: [Label(declared.name.span, "declared here")], help: "name a role that the contract declares")
        return nil
    }

    /// Resolves fields or parameters; reports names that stand twice.
    mutating func resolveFields(_ fields: [FieldSyntax], of owner: String, allowsStarts: Bool) -> [FieldDeclaration] {
        var result: [FieldDeclaration] = []
        var seen: [TextValue: Name] = [:]
        for field in fields {
            if let first = seen[field.name.bytes] {
                // Two fields of the case are reported where names are collected.
                if symbols[field.name.bytes].map({ $0.name.span != first.span }) ?? true {
                    report(
                        .duplicateName, "`\(field.name.text)` stands twice in \(owner)", at: field.name.span,
                        "again here", labels: [Label(first.span, "first here")],
                        help: "give one of the two another name")
                }
            } else {
                seen[field.name.bytes] = field.name
            }
            if !allowsStarts, let starts = field.starts {
                report(
                    .notHere, "`starts` has no meaning here", at: starts.span,
                    help: "only fields of the case, of records and of registers begin with a value")
            }
            let (type, isPrivate) = resolvePrivacy(field.type)
            result.append(
                FieldDeclaration(name: field.name.text, type: type, isPrivate: isPrivate, span: field.name.span))
        }
        return result
    }

    private mutating func resolveRules() {
        for declaration in declarations {
            enter(declaration)
            switch declaration.kind {
            case .parameter(let syntax):
                if isInLibrary { continue }
                let isDated = syntax.values.contains { $0.period.from != nil }
                parameterSignatures.append(
                    ParameterSignature(name: syntax.name, type: resolve(syntax.type), isDated: isDated))
            case .table(let syntax): resolveTable(syntax)
            case .function(let syntax):
                functionSignatures.append(
                    FunctionSignature(
                        name: syntax.name,
                        parameters: resolveFields(
                            syntax.parameters, of: "`\(syntax.name.text)`", allowsStarts: false),
                        result: resolve(syntax.result), resultSpan: syntax.result.span))
            case .checks(let syntax):
                if isInLibrary { continue }
                checksSignatures.append(
                    ChecksSignature(
                        name: syntax.name,
                        parameters: resolveFields(
                            syntax.parameters, of: "`\(syntax.name.text)`", allowsStarts: false),
                        lineField: nil))
            default: break
            }
        }
        leaveLibraries()
    }

    private mutating func resolveTable(_ syntax: TableSyntax) {
        let owner = "`\(syntax.name.text)`"
        if syntax.inputs.count + syntax.outputs.count > Limits.tableColumns {
            report(
                .beyondLimit, "\(owner) has more than \(Limits.tableColumns) columns", at: syntax.name.span,
                help: "split it into several tables")
        }
        let inputs = resolveFields(syntax.inputs, of: owner, allowsStarts: false)
        let outputs = resolveFields(syntax.outputs, of: owner, allowsStarts: false)
        var result = outputs.first?.type ?? .unknown
        if outputs.count > 1 {
            result = .record(program.records.count)
            program.records.append(RecordType(name: syntax.name.text, fields: outputs))
        }
        if syntax.policy == .collect {
            let rows = syntax.sections.map(\.rows.count).max() ?? 0
            result = .list(result, max(1, rows))
        }
        let isDated = syntax.sections.contains { $0.period.from != nil }
        tableSignatures.append(
            TableSignature(name: syntax.name, inputs: inputs, outputs: outputs, result: result, isDated: isDated))
    }

    /// Finds, for each group of checks, the list of the case that its `for` goes through.
    private mutating func resolveLineFields() {
        var index = 0
        for declaration in ownDeclarations {
            guard case .checks(let syntax) = declaration.kind else { continue }
            for item in syntax.items {
                guard case .each(_, let source, _, _) = item, case .name(let name) = source.kind,
                    case .caseField(let field) = symbols[name.bytes]?.symbol
                else { continue }
                let signature = checksSignatures[index]
                guard let first = signature.lineField else {
                    checksSignatures[index] = ChecksSignature(
                        name: signature.name, parameters: signature.parameters, lineField: field)
                    continue
                }
                if first != field {
                    report(
                        .notAList, "`\(syntax.name.text)` goes through two lists of the case", at: source.span,
                        "a second list", help: "write a group of checks of its own for the second list")
                }
            }
            index += 1
        }
    }
}
