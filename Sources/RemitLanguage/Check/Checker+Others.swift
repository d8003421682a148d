import RemitValues

/// Other contracts that the head refers to: what their cases show, and their funds.
extension Checker {
    /// Enters a contract that the head refers to; reports one that stands twice.
    mutating func refer(to name: Name, version: Int64, _ span: Span, _ found: FoundContract) {
        if name.bytes == syntax.name.bytes {
            report(
                .wrongKind, "`\(name.text)` is this contract itself", at: name.span,
                help: "leave this line out; of this contract, only the case at hand is read")
            return
        }
        if let first = otherNames[name.bytes] {
            report(
                .duplicateName, "`\(name.text)` is referred to twice", at: name.span, "again here",
                labels: [Label(program.others[first].span, "first here")], help: "keep one of the two versions")
            return
        }
        guard program.others.count < Limits.otherContracts else {
            report(
                .beyondLimit, "the head refers to more than \(Limits.otherContracts) contracts", at: name.span,
                help: "leave out those whose cases and funds are not needed")
            return
        }
        otherNames[name.bytes] = program.others.count
        program.others.append(
            OtherContract(name: name.text, version: version, fields: [], states: [], funds: [], span: name.span))
        guard !isInterface else {
            interfaces.append(nil)
            return
        }
        switch found {
        case .found(let interface): interfaces.append(interface)
        case .missing:
            reportNotFound(
                name, "there is no contract `\(name.text)`",
                "put its file beside this one, or name the file with `--with`; on a chain, deploy it first")
        case .otherVersions(let versions):
            let known = versions.map(String.init).joined(separator: ", ")
            reportNotFound(
                name, "`\(name.text)` is there in version \(known), not \(version)",
                "write the version whose fields and states this contract was written for")
        case .faulty:
            reportNotFound(
                name, "the declarations of `\(name.text)` have mistakes", "check that contract first")
        }
    }

    private mutating func reportNotFound(_ name: Name, _ message: String, _ help: String) {
        interfaces.append(nil)
        report(.contractNotFound, message, at: name.span, "nothing is known of its cases", help: help)
    }

    /// The other contract of a name; nil, and reported, where the head does not refer to it.
    mutating func resolveOther(_ name: Name) -> Int? {
        if let index = otherNames[name.bytes] {
            usedOthers.insert(index)
            return index
        }
        let isOwn = name.bytes == syntax.name.bytes
        report(
            .unknownName,
            isOwn
                ? "`\(name.text)` is this contract itself, and only cases of others are referred to"
                : "this contract does not refer to a contract `\(name.text)`",
            at: name.span, "not known",
            help: isOwn
                ? "name another contract"
                : suggestion(name.text, among: program.others.map(\.name))
                    ?? "write `refers to \(name.text) version 1` in the head")
        return nil
    }

    /// Whether nothing is known of another contract, so that what is asked of it cannot be judged.
    func isUnknown(_ contract: Int) -> Bool { interfaces[contract] == nil }

    // MARK: Importing

    /// Takes over the types, fields, states and funds of the other contracts, in terms of this program.
    mutating func importOthers() {
        for (index, interface) in interfaces.enumerated() {
            guard let interface else { continue }
            let translation = importTypes(interface)
            let open = program.others[index]
            let records = recordAccess(interface)
            let fields = interface.fields.map { field in
                OtherField(
                    name: field.name, type: translation.type(field.type),
                    access: field.isPrivate ? .isPrivate : access(field.type, interface, records))
            }
            program.others[index] = OtherContract(
                name: open.name, version: open.version, fields: fields, states: interface.states,
                funds: interface.funds.map { OtherFund(name: $0.name, currency: $0.currency) }, span: open.span)
        }
    }

    private mutating func importTypes(_ interface: ContractInterface) -> Translation {
        let translation = Translation(
            enumerations: program.enumerations.count, records: program.records.count,
            others: interface.others.map { otherNames[TextValue($0)] })
        for type in interface.enumerations {
            program.enumerations.append(EnumerationType(name: "\(interface.name).\(type.name)", cases: type.cases))
        }
        for record in interface.records {
            importedRecords[program.records.count] = record.name
            let fields = record.fields.map { field in
                FieldDeclaration(
                    name: field.name, type: translation.type(field.type), isPrivate: field.isPrivate, span: Span(0, 0))
            }
            program.records.append(RecordType(name: "\(interface.name).\(record.name)", fields: fields))
        }
        return translation
    }

    /// The types of another contract in terms of this program.
    private struct Translation {
        let enumerations: Int
        let records: Int
        let others: [Int?]

        func type(_ type: ValueType) -> ValueType {
            switch type {
            case .enumeration(let index): .enumeration(enumerations + index)
            case .record(let index): .record(records + index)
            case .caseOf(let index): others[index].map { .caseOf($0) } ?? .unknown
            case .optional(let inner): .optional(self.type(inner))
            case .list(let inner, let bound): .list(self.type(inner), bound)
            case .set(let inner, let bound): .set(self.type(inner), bound)
            case .map(let key, let value, let bound): .map(self.type(key), self.type(value), bound)
            default: type
            }
        }
    }

    /// For each record of another contract, who may read its values.
    private func recordAccess(_ interface: ContractInterface) -> [OtherField.Access] {
        var found = [OtherField.Access](repeating: .open, count: interface.records.count)
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for (index, record) in interface.records.enumerated() where found[index] == .open {
                let parts = record.fields.lazy.map { field in
                    field.isPrivate
                        ? OtherField.Access.holdsPrivate("\(record.name).\(field.name)")
                        : access(field.type, interface, found)
                }
                guard let closed = parts.first(where: { $0 != .open }) else { continue }
                found[index] = closed
                isGrowing = true
            }
        }
        return found
    }

    /// Who may read values of a type: one needs to refer to the contracts whose cases they hold.
    private func access(
        _ type: ValueType, _ interface: ContractInterface, _ records: [OtherField.Access]
    ) -> OtherField.Access {
        switch type {
        case .caseOf(let index):
            let name = interface.others[index]
            return otherNames[TextValue(name)] == nil ? .needs(name) : .open
        case .record(let index): return records[index]
        case .optional(let inner), .list(let inner, _), .set(let inner, _): return access(inner, interface, records)
        case .map(let key, let value, _):
            let first = access(key, interface, records)
            return first == .open ? access(value, interface, records) : first
        default: return .open
        }
    }

    // MARK: Reading

    /// `referral.urgency`: a public field of a case of another contract.
    mutating func inferOtherField(
        _ base: CheckedExpression, _ contract: Int, _ field: Name, _ span: Span
    ) -> CheckedExpression {
        guard !isUnknown(contract) else { return wrong(span) }
        let other = program.others[contract]
        guard let index = other.fields.firstIndex(where: { TextValue($0.name) == field.bytes }) else {
            let open = other.fields.filter { $0.access == .open }.map(\.name)
            report(
                .unknownName, "a case of `\(other.name)` has no field `\(field.text)`", at: field.span, "not a field",
                help: suggestion(field.text, among: open)
                    ?? (open.isEmpty ? "it shows its state alone" : "its public fields are \(Self.listed(open))"))
            return wrong(span)
        }
        switch other.fields[index].access {
        case .open: break
        case .isPrivate:
            report(
                .notPublic, "`\(field.text)` of `\(other.name)` is private", at: field.span,
                "not to be read by others",
                help: "read another field, or let the contract itself `reveal` what others may know")
            return wrong(span)
        case .holdsPrivate(let part):
            report(
                .notPublic, "`\(field.text)` of `\(other.name)` holds `\(part)`, which is private", at: field.span,
                "not to be read by others",
                help: "read another field, or let the contract itself keep in one what others may know")
            return wrong(span)
        case .needs(let name):
            report(
                .contractNotFound, "`\(field.text)` leads to cases of `\(name)`, which this contract does not know",
                at: field.span,
                help: TextValue(name) == syntax.name.bytes
                    ? "read another field: of this contract itself only the case at hand is read"
                    : "write `refers to \(name) version 1` in the head too")
            return wrong(span)
        }
        guard scope.readsRegisters else { return reportNotHere("a case of `\(other.name)`", span) }
        reads.note(beyond: "a case of `\(other.name)`")
        otherReads.append((contract, index))
        return narrowed(
            CheckedExpression(
                .otherField(base, contract: contract, field: index), other.fields[index].type, span))
    }

    /// The state of a case of another contract; nil, and reported, where it cannot be read.
    mutating func stateOfOther(_ value: CheckedExpression) -> CheckedExpression? {
        guard case .caseOf(let contract) = value.type, !isUnknown(contract) else { return nil }
        guard scope.readsRegisters else {
            _ = reportNotHere("a case of `\(program.others[contract].name)`", value.span)
            return nil
        }
        reads.note(beyond: "a case of `\(program.others[contract].name)`")
        return CheckedExpression(.otherState(value, contract: contract), .otherState(contract), value.span)
    }

    // MARK: Money

    /// A fund of another contract; nil, and reported, where there is none.
    mutating func resolveOtherFund(_ owner: Name, _ fund: Name) -> (contract: Int, fund: Int)? {
        guard let contract = resolveOther(owner), !isUnknown(contract) else { return nil }
        let funds = program.others[contract].funds
        if let index = funds.firstIndex(where: { TextValue($0.name) == fund.bytes }) { return (contract, index) }
        report(
            .unknownName, "`\(owner.text)` has no fund `\(fund.text)`", at: fund.span, "not a fund",
            help: suggestion(fund.text, among: funds.map(\.name))
                ?? (funds.isEmpty ? "it has none" : "its funds are \(Self.listed(funds.map(\.name)))"))
        return nil
    }

    /// Reports contracts that the head refers to and nothing uses.
    mutating func checkUnusedOthers() {
        for (index, other) in program.others.enumerated() where !usedOthers.contains(index) {
            report(
                .unusedName, "nothing here refers to `\(other.name)`", at: other.span,
                help: "leave the line out, or use its cases or funds")
        }
    }
}
