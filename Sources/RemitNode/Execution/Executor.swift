import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// Executes admitted transactions, one after another, on the state of a block.
struct Executor {
    let state: WorkingState
    let catalogue: ContractCatalogue
    let height: UInt64
    let time: Instant

    /// Executes a transaction of a person whom admission found; its changes stay in the state.
    func execute(_ transaction: Transaction, actor: Party, tracing: Bool) throws(NodeError) -> Execution {
        let body = transaction.body
        defer { state.abandonTransaction() }
        let organisation = TextValue(body.organisation)
        guard try Identities(state: state).organisationExists(organisation) else {
            return try refuse(transaction, "unknown", "organisation \(organisation) is not registered")
        }
        if body.contract == .zero {
            return try system(transaction, actor: actor)
        }
        guard let contract = try catalogue.contract(body.contract, in: state) else {
            return try refuse(transaction, "unknown", "no contract with the digest \(body.contract.hex) is deployed")
        }
        guard let call = Self.call(body.call, of: contract.program) else {
            return try refuse(transaction, "unknown", "\(contract.program.name) has no action \(body.call)")
        }
        if let layout = contract.privacy, let objection = try objection(transaction, layout) {
            return try refuse(transaction, "private", objection)
        }
        var existing: StoredCase?
        if let text = body.caseReference {
            guard let found = try self.existing(text, contract: contract) else {
                return try refuse(transaction, "notFound", "there is no case \(text) under this contract")
            }
            existing = found
        } else {
            let current = try catalogue.current(contract.program.name, in: state)
            guard current?.digest == contract.digest else {
                let program = contract.program
                let isNewer = current.map { $0.program.version > program.version } ?? false
                let begins = program.begins.map { ", which begins on \($0)" } ?? ""
                return try refuse(
                    transaction, "version",
                    isNewer
                        ? "a newer version of \(program.name) opens cases now"
                        : "version \(program.version) of \(program.name)\(begins), opens no cases yet")
            }
        }
        return try perform(call, transaction, actor: actor, contract: contract, existing: existing, tracing)
    }

    /// What a transaction calls: an action by its name, or a round by `approve` or `decline` and its name.
    static func call(_ name: String, of program: CheckedProgram) -> Call? {
        if let action = program.actions.firstIndex(where: { TextValue($0.name) == TextValue(name) }) {
            return .action(action)
        }
        for (index, approval) in program.approvals.enumerated() {
            if TextValue(name) == TextValue("approve \(approval.name)") { return .approve(index) }
            if TextValue(name) == TextValue("decline \(approval.name)") { return .decline(index) }
        }
        return nil
    }

    private func perform(
        _ call: Call, _ transaction: Transaction, actor: Party, contract: DeployedContract, existing: StoredCase?,
        _ tracing: Bool
    ) throws(NodeError) -> Execution {
        let body = transaction.body
        let reference: TextValue
        if let existing {
            reference = existing.state.reference
        } else {
            reference = try nextReference(contract.program.name)
        }
        var secret: PrivateCall?
        if let layout = contract.privacy {
            guard let key = try state.digestKey() else {
                return try refuse(transaction, "private", "the chain has no key for private values")
            }
            secret = try PrivateCall(transaction, layout, key: key, state: state)
        }
        let request = Request(
            call: call, actor: actor, organisation: Party(.organisation, TextValue(body.organisation)), now: time,
            arguments: secret?.arguments ?? body.arguments, existing: existing?.state, seen: body.revision,
            newReference: reference)
        let transition = try catalogue.evaluate(contract, in: state) { evaluator, view throws(StateFault) in
            try evaluator.perform(request, view: view, tracing: tracing)
        }
        let findings = FindingsCoding.findings(transition)
        let findingsBytes = findings.encoded
        var receipt = Receipt(
            transaction: transaction.digest, outcome: .done, cost: transition.cost,
            findings: Findings.digest(ofEncoded: findingsBytes),
            caseReference: existing.map { $0.state.reference.string })
        switch transition.outcome {
        case .refused(let refusal):
            receipt.outcome = .refused(code: refusal.code ?? refusal.reason.word, text: refusal.told(by: contract))
            secret?.keep(existing?.state.fields, reference: reference, call: call)
        case .done(let effects):
            let entered = contract.privacy == nil ? EnteredFields(transaction, effects) : nil
            try apply(effects, contract: contract, existing: existing, secret?.work, entered: entered)
            secret?.keep(effects.caseState.fields, reference: reference, call: call)
            receipt.caseReference = effects.caseState.reference.string
            receipt.tell(effects)
        }
        return Execution(
            receipt: finish(receipt, body), findings: findings, findingsBytes: findingsBytes,
            transition: (contract, transition))
    }

    /// Writes what a transition did; `earlier` is the version that a case followed which has just come over.
    func apply(
        _ effects: Effects, contract: DeployedContract, existing: StoredCase?, _ work: PrivateWork?,
        entered: EnteredFields? = nil, under earlier: CheckedProgram? = nil
    ) throws(NodeError) {
        guard let reference = CaseReference(effects.caseState.reference.string) else {
            throw .invalid("a case got the name \(effects.caseState.reference)", hint: "report this as a defect")
        }
        let stored = StoredCase(
            contract: contract.digest, opened: existing?.opened ?? height, state: effects.caseState)
        let fields = try work.map { work throws(NodeError) in try sealed(effects.caseState, reference, work) }
        let row = CaseCoding.encoded(
            stored, fields: fields ?? effects.caseState.fields, entered: entered, program: contract.program)
        state.set(StateLayout.caseState(reference), encoded: row)
        if existing == nil {
            state.set(StateLayout.caseCounter(contract.program.name), .integer(reference.number))
        }
        try write(effects.rows, contract.program, work)
        try writeKeys(effects, contract.program, reference, work)
        for write in effects.funds {
            let key = StateLayout.fund(contract: write.contract ?? TextValue(contract.program.name), fund: write.fund)
            state.set(key, FundCoding.row(write.currency, write.state))
        }
        try applyTimers(
            from: existing?.state.timers(of: earlier ?? contract.program) ?? [],
            to: effects.caseState.timers(of: contract.program),
            reference)
    }

    private func nextReference(_ contract: String) throws(NodeError) -> TextValue {
        var last: Int64 = 0
        if case .integer(let number) = try state.value(StateLayout.caseCounter(contract)) { last = number }
        return TextValue(CaseReference(contract: contract, number: last &+ 1).description)
    }

    func existing(_ text: String, contract: DeployedContract) throws(NodeError) -> StoredCase? {
        guard let reference = CaseReference(text),
            TextValue(reference.contract) == TextValue(contract.program.name),
            let row = try state.value(StateLayout.caseState(reference)),
            CaseCoding.contract(of: row) == contract.digest
        else { return nil }
        return CaseCoding.decode(
            try state.opened(row, of: contract), reference: reference, program: contract.program)
    }

    private func system(_ transaction: Transaction, actor: Party) throws(NodeError) -> Execution {
        let body = transaction.body
        guard let call = SystemCall(name: body.call, arguments: body.arguments) else {
            return try refuse(transaction, "argument", "the ledger has no call \(body.call) with such arguments")
        }
        var ledger = SystemContract(
            state: state, catalogue: catalogue, actor: actor, organisation: TextValue(body.organisation),
            height: height, sender: body.sender, transaction: transaction.digest, time: time)
        ledger.signed = transaction
        if let refusal = try ledger.perform(call) {
            return try refuse(transaction, refusal.code, refusal.text, cost: ledger.meter.steps)
        }
        var receipt = Receipt(transaction: transaction.digest, outcome: .done, cost: ledger.meter.steps)
        if case .deposit(let contract, let fund, let amount) = call {
            receipt.postings = [
                Receipt.Posting(
                    fund: "\(contract).\(fund)", debit: Effects.Posting.Account.available.name,
                    credit: Effects.Posting.Account.party(actor).name, currency: amount.currency.code,
                    minorUnits: amount.minorUnits)
            ]
        }
        return Execution(receipt: finish(receipt, body), findings: .none, transition: nil)
    }

    /// A refusal changes nothing but the sequence number of the key.
    private func refuse(
        _ transaction: Transaction, _ code: String, _ text: String, cost: UInt64 = 1
    ) throws(NodeError) -> Execution {
        state.abandonTransaction()
        let receipt = Receipt(
            transaction: transaction.digest, outcome: .refused(code: code, text: text), cost: cost)
        return Execution(receipt: finish(receipt, transaction.body), findings: .none, transition: nil)
    }

    private func finish(_ receipt: Receipt, _ body: TransactionBody) -> Receipt {
        state.set(StateLayout.sequence(body.sender), .integer(Int64(clamping: body.sequence)))
        var finished = receipt
        finished.changes = state.finishTransaction()
        return finished
    }
}
