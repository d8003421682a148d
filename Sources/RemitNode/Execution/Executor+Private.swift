import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// Opens the commitments in the arguments of one transaction: by its side-car, or by the vault that kept it.
final class ArgumentOpener {
    let seed: PrivateSecret
    private let vault: WorkingVault
    private var given: ArraySlice<Value>?
    /// What was opened, in order.
    private(set) var openings: [PrivateOpening] = []

    /// Throws `admission` where the private part is not there, or not the one that was signed.
    init(_ transaction: Transaction, _ vault: WorkingVault) throws(NodeError) {
        self.vault = vault
        let commitment = transaction.body.seedCommitment
        if let sideCar = transaction.sideCar {
            guard sideCar.seed.commitment == commitment else { throw .admission(.privateMismatch) }
            seed = sideCar.seed
            given = sideCar.values[...]
        } else {
            guard let kept = try vault.secret(commitment) else { throw .admission(.privateMissing) }
            seed = kept
        }
    }

    func open(_ value: Value, _ path: PrivatePath) throws(NodeError) -> Value {
        guard let commitment = value.commitment else { throw .admission(.privateInTheOpen) }
        let opening: PrivateOpening
        if given != nil {
            guard let next = given?.popFirst(), !next.holdsSealed else { throw .admission(.privateMismatch) }
            opening = seed.opening(next, at: path)
        } else {
            guard let kept = try vault.opening(commitment) else { throw .admission(.privateMissing) }
            opening = kept
        }
        guard opening.commitment == commitment, opening.path == path else { throw .admission(.privateMismatch) }
        openings.append(opening)
        return opening.value
    }

    /// Throws where the side-car brought more than was asked for.
    func finish() throws(NodeError) {
        if let given, !given.isEmpty { throw .admission(.privateMismatch) }
    }
}

/// The arguments of a transaction as the contract sees them, and what it takes to keep them private.
struct PrivateCall {
    let arguments: [Value]
    let work: PrivateWork
    private let opener: ArgumentOpener

    init(
        _ transaction: Transaction, _ layout: PrivacyLayout, key: PrivateSecret, state: WorkingState
    ) throws(NodeError) {
        let body = transaction.body
        opener = try ArgumentOpener(transaction, state.vault)
        let opener = opener
        arguments = try layout.mapArguments(body.arguments, layout.arguments(of: body.call)) {
            value, path throws(NodeError) in try opener.open(value, path)
        }
        try opener.finish()
        work = PrivateWork(
            layout: layout, seed: opener.seed, source: opener.seed.commitment, key: key, state: state)
    }

    /// Keeps seed and arguments in the vault, whatever became of the transaction.
    ///
    /// `fields` are those of the case it touched; nil where it opened none after all.
    func keep(_ fields: [Value]?, reference: TextValue, call: Call) {
        let program = work.layout.program
        var subject = work.seed?.commitment ?? .zero
        if let fields {
            subject = work.subject(of: fields, reference)
        } else if case .action(let index) = call, let about = program.about, program.actions.indices.contains(index),
            let place = program.actions[index].enters.firstIndex(of: about), arguments.indices.contains(place)
        {
            subject = work.key.subject(arguments[place])
        }
        let owner = fields == nil ? "" : reference.string
        opener.keep(in: work.state.vault, owner: owner) { _ in subject }
    }
}

extension ArgumentOpener {
    /// Keeps the seed and what was opened, each value under its subject.
    func keep(in vault: WorkingVault, owner: String, subject: (Int) -> Digest) {
        let source = seed.commitment
        let ofSeed = owner.isEmpty ? source : subject(0)
        vault.keep(
            VaultItem(identifier: source, content: .secret(seed), subject: ofSeed, owner: owner, source: nil))
        for (index, opening) in openings.enumerated() {
            vault.keep(
                VaultItem(
                    identifier: opening.commitment, content: .opening(opening), subject: subject(index), owner: owner,
                    source: source))
        }
    }
}

extension WorkingState {
    /// The digest key of the chain; nil before the first contract that keeps something private.
    ///
    /// Throws `admission` where the vault does not have it.
    func digestKey() throws(NodeError) -> PrivateSecret? {
        guard let commitment = try value(StateLayout.digestKey)?.commitment else { return nil }
        guard let key = try vault.secret(commitment) else { throw .admission(.privateMissing) }
        return key
    }
}

extension Executor {
    /// Why a call of a contract that keeps things private cannot be taken as it is; nil where it can.
    ///
    /// Throws `admission` where private values stand in the open: they must not get on the chain.
    func objection(_ transaction: Transaction, _ layout: PrivacyLayout) throws(NodeError) -> String? {
        let body = transaction.body
        _ = try layout.mapArguments(body.arguments, layout.arguments(of: body.call)) { value, _ throws(NodeError) in
            guard value.isSealed else { throw .admission(.privateInTheOpen) }
            return value
        }
        guard body.seedCommitment == MerkleTree.emptyRoot else { return nil }
        return "\(layout.program.name) keeps things private: the transaction must be signed with a seed"
    }

    /// What it takes to keep things private while a deadline of a case works; nil where its contract keeps nothing so.
    func work(
        ofTimer contract: DeployedContract, _ existing: StoredCase, _ reference: CaseReference
    ) throws(NodeError) -> PrivateWork? {
        guard let layout = contract.privacy, let key = try state.digestKey() else { return nil }
        let commitment = try state.value(StateLayout.caseSecret(reference))?.commitment
        var secret: PrivateSecret?
        if let commitment { secret = try state.vault.secret(commitment) }
        return PrivateWork(
            layout: layout, seed: secret?.timerSeed(revision: existing.state.revision), source: commitment, key: key,
            state: state)
    }

    /// The fields of a case with the private ones sealed; also sees to it that the case has a secret.
    func sealed(
        _ caseState: CaseState, _ reference: CaseReference, _ work: PrivateWork
    ) throws(NodeError) -> [Value] {
        let (name, fields) = (caseState.reference, caseState.fields)
        var before: [PrivatePath: Value] = [:]
        if let old = try state.value(StateLayout.caseState(reference)), case .record(let known) = old,
            known.count > 4, case .record(let values) = known[4], let digest = CaseCoding.contract(of: old),
            let layout = try catalogue.contract(digest, in: state)?.privacy
        {
            before = try PrivateWork.before(values, of: name, layout)
        }
        let sealed = try work.seal(fields, ofCase: name, before: before)
        let place = StateLayout.caseSecret(reference)
        if let seed = work.seed, try state.bytes(place) == nil {
            let secret = seed.caseSecret(name)
            state.set(place, .commitment(secret.commitment))
            state.vault.add(
                VaultItem(
                    identifier: secret.commitment, content: .secret(secret), subject: work.subject(of: fields, name),
                    owner: name.string, source: work.source))
        }
        return sealed
    }

    /// Writes the rows of registers that a transition changed.
    func write(_ rows: [Effects.RowWrite], _ program: CheckedProgram, _ work: PrivateWork?) throws(NodeError) {
        for write in rows {
            let register = program.registers[write.register]
            guard let work, work.layout.concerns(register) else {
                let place = StateLayout.row(contract: program.name, register: register.name, keys: write.keys)
                state.set(place, .record(write.row + (try laterFields(place, after: write.row.count))))
                continue
            }
            let item = work.item(write.keys, of: register)
            let place = StateLayout.row(contract: program.name, register: register.name, keys: item)
            let before = try state.value(place)
            let sealed = try work.seal(write.row, of: register, keys: write.keys, item: item, before: before)
            state.set(place, .record(sealed + (try laterFields(place, after: sealed.count))))
        }
    }

    /// What a later version keeps in a row behind the fields that this one knows.
    private func laterFields(_ key: StateKey, after count: Int) throws(NodeError) -> [Value] {
        guard case .record(let stored) = try state.value(key), stored.count > count else { return [] }
        return Array(stored[count...])
    }

    /// Writes which unique keys a case gives back and takes.
    func writeKeys(
        _ effects: Effects, _ program: CheckedProgram, _ reference: CaseReference, _ work: PrivateWork?
    ) throws(NodeError) {
        for freed in effects.freed {
            guard let work, work.layout.concerns(program.uniqueKeys[freed.unique]) else {
                state.set(StateLayout.unique(contract: program.name, index: freed.unique, key: freed.key), nil)
                continue
            }
            // The value may have been erased; its digest stands beside the case.
            let place = StateLayout.caseUnique(reference, index: freed.unique)
            guard let digest = try state.value(place) else { continue }
            state.set(StateLayout.unique(contract: program.name, index: freed.unique, key: [digest]), nil)
            state.set(place, nil)
        }
        for claimed in effects.claimed {
            var key = claimed.key
            if let work, work.layout.concerns(program.uniqueKeys[claimed.unique]) {
                let digest = PrivateWork.item(claimed.key, ofUnique: claimed.unique, work.layout, work.key)
                state.set(StateLayout.caseUnique(reference, index: claimed.unique), digest)
                key = [digest]
            }
            state.set(
                StateLayout.unique(contract: program.name, index: claimed.unique, key: key),
                .text(effects.caseState.reference))
        }
    }
}

extension Refusal {
    /// The text as it may stand on the chain: the engine's own words about values leave out the values where the
    /// contract keeps things private. What the contract says has been checked to hold none.
    func told(by contract: DeployedContract) -> String {
        guard contract.privacy != nil else { return text }
        switch reason {
        case .argument, .bound:
            guard text.utf8.first == UInt8(ascii: "`"),
                let end = text.utf8.dropFirst().firstIndex(of: UInt8(ascii: "`"))
            else { return text }
            return text.hasSuffix("must be given") ? text : "\(text[...end]) is not as it is declared"
        case .noRow: return "a table or register has no row for what was asked"
        case .noRule: return "no period of a rule holds on the day that was asked for"
        case .noCase: return "there is no such case"
        case .unreadable: return "a case of another contract does not show what is asked of it"
        case .missing:
            // What a contract's own `else` says in these words is told in the same general ones.
            return text.utf8.first == UInt8(ascii: "`") && text.contains("` has no entry for ")
                ? "a map has no entry for what was asked" : text
        case .requirement:
            return openText
                ?? (text.hasPrefix("a check could not be evaluated") ? "a check could not be evaluated" : text)
        case .state, .role, .excluded, .unique, .alreadySigned, .noSeat, .changed, .funds, .refused, .overflow,
            .precision, .divisionByZero, .dateRange, .notRun, .invariant, .erased, .budget, .internalFault:
            return text
        }
    }
}
