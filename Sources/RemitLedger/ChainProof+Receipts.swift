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
        guard let contract = try contract(of: shown, header, facts) else {
            guard receipt.rules == nil else { throw ProofFault(.contract, "nothing says whose they are") }
            return
        }
        facts.contract = contract
        facts.rules = try receipt.shownRules(of: contract, header)
    }

    /// The contract that decided: the one that the receipt writes; the version that brings cases over, of which the
    /// chain has one text; or the one that the case of a deadline followed both before the block and after it. After it
    /// alone would not do: a migration in the same block may come between.
    private func contract(
        of shown: Receipt, _ header: BlockHeader, _ facts: ProvenFacts
    ) throws(ProofFault) -> Digest? {
        let findings = facts.findings ?? .none
        if let written = shown.caseRow?.row.contract ?? shown.contractTakingOver(findings) {
            guard row == nil else { throw ProofFault(.state, "the receipt says itself whose they are") }
            return written
        }
        guard let row else {
            guard let name = shown.versionBringingOver(findings) else { return nil }
            return try receipt.rules?.contract(named: name)
        }
        let earlier = try row.earlier.check(facts.checkpoint)
        guard findings.isOfDeadline, header.height > 0, earlier.height == header.height - 1,
            let reference = shown.caseReference,
            let after = row.after.contract(ofCase: reference, under: header.stateRoot),
            let before = row.before.contract(ofCase: reference, under: earlier.stateRoot), after == before
        else {
            throw ProofFault(.state)
        }
        return after
    }
}

extension ChainProof.RulesPart {
    /// The digest of the text in the row, which is that of a contract's version such as `Leave/2`: a chain has one.
    fileprivate func contract(named name: String) throws(ProofFault) -> Digest {
        guard let shown = ProvenFacts.Rules(row: row),
            "\(shown.name)/\(shown.version)".utf8.elementsEqual(name.utf8)
        else {
            throw ProofFault(.contract, "they are those of another version")
        }
        return Hashing.digest(.contract, Array(shown.source.utf8))
    }
}

extension StateProof {
    /// The contract that a case follows, as its row under a state root says; nil where this does not prove it.
    fileprivate func contract(ofCase reference: String, under root: Digest) -> Digest? {
        guard case .present(let key, let value) = claim, key.isState(ofCase: reference), holds(under: root) else {
            return nil
        }
        return CaseRow(value)?.contract
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
