import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// What it takes to keep something private while one transaction, or the work of one deadline, is carried out.
struct PrivateWork {
    let layout: PrivacyLayout
    /// The seed of the salts; nil where the secret that it comes from was erased.
    let seed: PrivateSecret?
    /// The commitment of what the salts come from in the end: the seed of a transaction, or the secret of a case.
    let source: Digest?
    /// The digest key of the chain.
    let key: PrivateSecret
    let state: WorkingState

    /// Whom a case is about, for the vault.
    func subject(of fields: [Value], _ reference: TextValue) -> Digest {
        if let about = layout.program.about, fields.indices.contains(about), !fields[about].holdsSealed,
            fields[about] != .absent
        {
            return key.subject(fields[about])
        }
        return key.subject(.caseReference(reference))
    }

    /// Whom a row of a register is about, for the vault: its first private key, or itself.
    func subject(of register: RegisterDeclaration, keys: [Value]) -> Digest {
        for (declared, value) in zip(register.keys, keys) where layout.concerns(declared) && !value.holdsSealed {
            return key.subject(value)
        }
        return key.subject(
            .list([.text(TextValue(layout.program.name)), .text(TextValue(register.name)), .list(keys)]))
    }

    /// The keys of a register's row as its item has them.
    func item(_ keys: [Value], of register: RegisterDeclaration) -> [Value] {
        Self.item(keys, of: register, layout, key)
    }

    static func item(
        _ keys: [Value], of register: RegisterDeclaration, _ layout: PrivacyLayout, _ key: PrivateSecret
    ) -> [Value] {
        zip(register.keys, keys).map { declared, value in
            guard layout.concerns(declared) else { return value }
            let path = PrivatePath.key(
                contract: layout.program.name, register: register.name, name: declared.name)
            return .keyedDigest(key.digest(of: value, at: path))
        }
    }

    /// The item of a key of a `unique by`.
    static func item(
        _ values: [Value], ofUnique index: Int, _ layout: PrivacyLayout, _ key: PrivateSecret
    ) -> Value {
        let path = PrivatePath.unique(contract: layout.program.name, index: index)
        return .keyedDigest(key.digest(of: .list(values), at: path))
    }

    /// The fields of a case as its row holds them. `before` is what stood at each path.
    func seal(
        _ fields: [Value], ofCase reference: TextValue, before: [PrivatePath: Value]
    ) throws(NodeError) -> [Value] {
        let subject = subject(of: fields, reference)
        var sealed: [Value] = []
        for (field, value) in zip(layout.program.caseFields, fields) {
            sealed.append(
                try layout.map(value, of: field, at: .caseField(reference, field.name)) {
                    value, path throws(NodeError) in
                    try seal(value, path, before: before[path], subject: subject, owner: reference.string)
                })
        }
        return sealed
    }

    /// The fields of a register's row as the row holds them.
    func seal(
        _ fields: [Value], of register: RegisterDeclaration, keys: [Value], item: [Value], before: Value?
    ) throws(NodeError) -> [Value] {
        let subject = subject(of: register, keys: keys)
        let declared = layout.program.records[register.row].fields
        var known: [PrivatePath: Value] = [:]
        func path(_ field: FieldDeclaration) -> PrivatePath {
            .row(contract: layout.program.name, register: register.name, item: item, field: field.name)
        }
        if case .record(let values)? = before {
            for (field, value) in zip(declared, values) {
                _ = try layout.map(value, of: field, at: path(field)) { value, path throws(NodeError) in
                    known[path] = value
                    return value
                }
            }
        }
        var sealed: [Value] = []
        for (field, value) in zip(declared, fields) {
            sealed.append(
                try layout.map(value, of: field, at: path(field)) { value, path throws(NodeError) in
                    try seal(value, path, before: known[path], subject: subject, owner: "")
                })
        }
        return sealed
    }

    /// What stands in the place of a value: what stood there before if the value is the same, else a new commitment.
    private func seal(
        _ value: Value, _ path: PrivatePath, before: Value?, subject: Digest, owner: String
    ) throws(NodeError) -> Value {
        // What was erased goes on as it stands.
        if value.isSealed { return value }
        if let before, let commitment = before.commitment,
            let known = try state.vault.opening(commitment), known.value == value
        {
            return before
        }
        guard let seed, !value.holdsSealed else { throw .admission(.privateMissing) }
        let opening = seed.opening(value, at: path)
        state.vault.add(
            VaultItem(
                identifier: opening.commitment, content: .opening(opening), subject: subject, owner: owner,
                source: source))
        return opening.sealed
    }

    /// What stands at each private path of a case before it is written.
    static func before(
        _ fields: [Value], of reference: TextValue, _ layout: PrivacyLayout
    ) throws(NodeError) -> [PrivatePath: Value] {
        var known: [PrivatePath: Value] = [:]
        for (field, value) in zip(layout.program.caseFields, fields) {
            _ = try layout.map(value, of: field, at: .caseField(reference, field.name)) {
                value, path throws(NodeError) in
                known[path] = value
                return value
            }
        }
        return known
    }
}
