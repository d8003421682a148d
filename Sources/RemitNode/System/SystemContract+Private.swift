import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// What the ledger's own calls do about private values.
extension SystemContract {
    private var isSeeded: Bool { signed.map { $0.body.seedCommitment != MerkleTree.emptyRoot } ?? false }

    private func opener() throws(NodeError) -> ArgumentOpener? {
        guard let signed, isSeeded else { return nil }
        return try ArgumentOpener(signed, state.vault)
    }

    // MARK: Deploying

    /// Sees to it that the chain has a digest key, from the seed of the transaction; the refusal if it has no seed.
    func keyNeeded(_ name: String) throws(NodeError) -> SystemRefusal? {
        guard try state.bytes(StateLayout.digestKey) == nil else { return nil }
        guard let opener = try opener() else {
            return SystemRefusal(
                code: "private",
                text: "\(name) keeps things private, and is the first to: the transaction must be signed with a seed")
        }
        try opener.finish()
        let key = opener.seed.digestKey
        state.set(StateLayout.digestKey, .commitment(key.commitment))
        state.vault.add(
            VaultItem(
                identifier: key.commitment, content: .secret(key), subject: key.commitment, owner: "", source: nil))
        opener.keep(in: state.vault, owner: "") { _ in opener.seed.commitment }
        return nil
    }

    // MARK: Loading registers

    /// Why rows cannot be taken as they are; throws `admission` where private values stand in the open.
    func objection(
        _ rows: [Value], of register: RegisterDeclaration, _ layout: PrivacyLayout
    ) throws(NodeError) -> SystemRefusal? {
        guard layout.concerns(register) else { return nil }
        _ = try layout.mapRows(rows, of: register) { value, _, _ throws(NodeError) in
            guard value.isSealed else { throw .admission(.privateInTheOpen) }
            return value
        }
        guard !isSeeded else { return nil }
        return SystemRefusal(
            code: "private", text: "\(register.name) keeps things private: the transaction must be signed with a seed")
    }

    /// Loads rows with private keys or fields.
    func load(
        _ rows: [Value], of register: RegisterDeclaration, _ deployed: DeployedContract, _ layout: PrivacyLayout
    ) throws(NodeError) -> SystemRefusal? {
        guard let opener = try opener(), let key = try state.digestKey() else {
            return SystemRefusal(code: "private", text: "the chain has no key for private values")
        }
        var rowOfOpening: [Int] = []
        let opened = try layout.mapRows(rows, of: register) { value, path, row throws(NodeError) in
            rowOfOpening.append(row)
            return try opener.open(value, path)
        }
        try opener.finish()
        let work = PrivateWork(
            layout: layout, seed: opener.seed, source: opener.seed.commitment, key: key, state: state)
        let subjects = opened.map { row in
            guard case .record(let values) = row else { return opener.seed.commitment }
            return work.subject(of: register, keys: Array(values.prefix(register.keys.count)))
        }
        opener.keep(in: state.vault, owner: "") { subjects[rowOfOpening[$0]] }
        if let problem = try problem(opened, of: register, deployed) { return .invalid(problem) }
        for case .record(let values) in opened {
            let keys = Array(values.prefix(register.keys.count))
            let item = work.item(keys, of: register)
            let place = StateLayout.row(contract: layout.program.name, register: register.name, keys: item)
            let fields = Array(values.dropFirst(keys.count))
            let before = try state.value(place)
            state.set(
                place, .record(try work.seal(fields, of: register, keys: keys, item: item, before: before)))
        }
        return nil
    }

    // MARK: Erasing

    func erase(_ scope: ErasureScope) throws(NodeError) -> SystemRefusal? {
        if let refusal = try agreementNeeded(.erasure) { return refusal }
        if case .ofCase(let reference, let fields) = scope {
            guard let row = try state.value(StateLayout.caseState(reference)),
                let digest = CaseCoding.contract(of: row), let contract = try catalogue.contract(digest, in: state)
            else { return .unknown("there is no case \(reference)") }
            guard let layout = contract.privacy else {
                return .invalid("\(contract.program.name) keeps nothing private")
            }
            for name in fields {
                let field = contract.program.caseFields.first { TextValue($0.name) == TextValue(name) }
                guard let field, layout.concerns(field) else {
                    return .unknown("\(reference) has no private field \(name)")
                }
            }
        }
        var facts = scope.arguments
        facts.append(.integer(Int64(clamping: height)))
        state.set(StateLayout.erasure(transaction), .record(facts))
        try state.vault.erase(scope, height: height)
        return nil
    }
}
