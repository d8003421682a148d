import RemitValues

extension ChainProof.ReceiptPart {
    /// `position` is that of the transaction, which is below the header's count.
    func check(
        _ header: BlockHeader, _ position: UInt64, withRules: Bool = true, _ facts: inout ProvenFacts
    ) throws(ProofFault) {
        let receipt: Receipt = try ChainProof.read(self.receipt, .receipt)
        guard let transaction = facts.transaction, receipt.transaction == transaction.digest else {
            throw ProofFault(.receiptTransaction)
        }
        // The receipts of what fell due come first.
        guard count >= header.transactionCount,
            isThere(receipt, at: count - header.transactionCount + position, header)
        else {
            throw ProofFault(.receiptPath)
        }
        facts.findings = try findings(of: receipt)
        facts.receipt = receipt
        guard withRules else { return }
        guard rules != nil else {
            // Only the ledger's own calls, and those of a contract that is not deployed, have no rules to show.
            if transaction.body.contract != .zero {
                guard case .refused = receipt.outcome else { throw ProofFault(.contract, "they are left out") }
            }
            return
        }
        facts.rules = try shownRules(of: transaction.body.contract, header)
    }

    /// Whether the receipt stands in the block at an index among all its receipts.
    fileprivate func isThere(_ receipt: Receipt, at index: UInt64, _ header: BlockHeader) -> Bool {
        MerkleTree.verifyInclusion(
            leaf: MerkleTree.leafHash(receipt.digest.bytes), index: index, size: count, proof: path,
            root: header.receiptRoot)
    }

    fileprivate func findings(of receipt: Receipt) throws(ProofFault) -> Findings {
        let findings: Findings = try ChainProof.read(self.findings, .findings)
        guard findings.digest == receipt.findings else {
            throw ProofFault(.findings)
        }
        return findings
    }

    /// The rules, held to the digest of the contract and to the rules root.
    fileprivate func shownRules(of contract: Digest, _ header: BlockHeader) throws(ProofFault) -> ProvenFacts.Rules {
        guard let rules, contract != .zero, let shown = ProvenFacts.Rules(row: rules.row),
            Hashing.digest(.contract, Array(shown.source.utf8)) == contract
        else {
            throw ProofFault(.contract)
        }
        let key = StateKey(space: "contract", item: contract.bytes)
        guard StateProof(claim: .present(key, value: rules.row), path: rules.path).holds(under: header.rulesRoot) else {
            throw ProofFault(.contract)
        }
        return shown
    }
}

extension ChainProof.DuePart {
    func check(
        _ header: BlockHeader, withRules: Bool = true, _ facts: inout ProvenFacts
    ) throws(ProofFault) {
        let shown: Receipt = try ChainProof.read(receipt.receipt, .receipt)
        guard shown.transaction == .zero else {
            throw ProofFault(.receiptTransaction)
        }
        guard receipt.count >= header.transactionCount, position < receipt.count - header.transactionCount,
            receipt.isThere(shown, at: position, header)
        else {
            throw ProofFault(.receiptPath)
        }
        facts.findings = try receipt.findings(of: shown)
        facts.receipt = shown
        facts.duePosition = position
        guard withRules else { return }
        guard let contract = try contract(of: shown, header) else {
            guard receipt.rules == nil else { throw ProofFault(.contract, "nothing says whose they are") }
            return
        }
        facts.contract = contract
        facts.rules = try receipt.shownRules(of: contract, header)
    }

    /// The contract that the case follows: as the receipt wrote it, or as the row after the block shows it.
    private func contract(of shown: Receipt, _ header: BlockHeader) throws(ProofFault) -> Digest? {
        if let written = shown.caseRow {
            guard row == nil else { throw ProofFault(.state, "the receipt writes the row itself") }
            return written.row.contract
        }
        guard let row else { return nil }
        guard case .present(let key, let value) = row.claim, let reference = shown.caseReference,
            key.isState(ofCase: reference), let found = CaseRow(value), row.holds(under: header.stateRoot)
        else {
            throw ProofFault(.state)
        }
        return found.contract
    }
}

extension ProvenFacts {
    /// Checks decisions one after another, and that they are those that made the case what the claim says.
    mutating func take(
        _ parts: [ChainProof.DecisionPart], upTo height: UInt64, _ signed: Checkpoint
    ) throws(ProofFault) {
        let (key, last) = try claimedCase()
        var found: [Decision] = []
        for part in parts {
            let decision = try Self.decision(part, signed)
            guard let written = decision.receipt.caseRow, written.key == key,
                case .done = decision.receipt.outcome, written.row.revision == Int64(found.count) + 1,
                decision.header.height <= height, found.last.map({ $0.comes(before: decision) }) ?? true
            else {
                throw ProofFault(.decisions)
            }
            found.append(decision)
        }
        guard last?.row.revision ?? 0 == Int64(found.count), last?.value == found.last?.receipt.caseRow?.value else {
            throw ProofFault(.decisions)
        }
        decisions = found
    }

    /// The case that the claim is about, and its row; no row where there is no such case.
    private func claimedCase() throws(ProofFault) -> (key: StateKey, last: (row: CaseRow, value: [UInt8])?) {
        switch claim {
        case .present(let key, let value)?:
            if key.isStateOfCase, let row = CaseRow(value) { return (key, (row, value)) }
        case .absent(let key)?:
            if key.isStateOfCase { return (key, nil) }
        case .all?, .matching?, nil: break
        }
        throw ProofFault(.decisions, "it is about no case")
    }

    private static func decision(
        _ part: ChainProof.DecisionPart, _ signed: Checkpoint
    ) throws(ProofFault) -> Decision {
        var facts = ProvenFacts(checkpoint: signed)
        let header: BlockHeader
        let place: UInt64
        switch part {
        case .transaction(let block, let transaction, let receipt):
            header = try block.check(signed)
            place = transaction.position
            try transaction.check(header, &facts)
            try receipt.check(header, place, withRules: false, &facts)
        case .due(let block, let due):
            header = try block.check(signed)
            place = due.position
            try due.check(header, withRules: false, &facts)
        }
        guard let receipt = facts.receipt, let findings = facts.findings, let row = receipt.caseRow?.row else {
            throw ProofFault(.decisions)
        }
        return Decision(
            header: header, transaction: facts.transaction, position: place, receipt: receipt, findings: findings,
            row: row)
    }
}

extension ProvenFacts.Decision {
    /// Whether it stands before another one on the chain: what fell due comes before the transactions of a block.
    func comes(before other: Self) -> Bool {
        let own = (header.height, transaction == nil ? 0 : 1, position)
        return own < (other.header.height, other.transaction == nil ? 0 : 1, other.position)
    }
}
