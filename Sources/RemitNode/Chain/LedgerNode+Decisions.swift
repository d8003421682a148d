public import RemitLedger
import RemitStore
import RemitValues

/// Which decision of a chain is meant.
public enum DecisionName: Hashable, Sendable {
    /// What was decided about the transaction with this digest.
    case transaction(Digest)
    /// What a contract did by itself in a block, by its place among what fell due there, from 0.
    case due(height: UInt64, position: Int)
}

extension LedgerNode {
    /// The newest decision about a case, or the newest up to a block: of a transaction, a deadline or a migration.
    public func lastDecision(
        of reference: CaseReference, at height: UInt64? = nil
    ) throws(NodeError) -> DecisionName {
        if let found = try decisions(about: reference, upTo: height ?? .max).last { return found.name }
        if beginsWithSnapshot, (try? caseView(reference)) != nil {
            throw .notFound("no decision about \(reference) is here", hint: logHint)
        }
        if let height, (try? caseView(reference)) != nil {
            throw .notFound(
                "nothing was decided about \(reference) up to block \(height)",
                hint: "remit show \(reference) lists what was decided")
        }
        throw .notFound("there is no case \(reference)", hint: "remit cases lists the cases")
    }

    /// Proves what came of a transaction, with its findings and the rules that decided.
    public func prove(receipt digest: Digest, under signed: SignedCheckpoint) throws(NodeError) -> ChainProof {
        try prove(receipt: .transaction(digest), under: signed)
    }

    /// Proves what was decided, with the findings and the rules that decided.
    public func prove(receipt name: DecisionName, under signed: SignedCheckpoint) throws(NodeError) -> ChainProof {
        switch name {
        case .transaction(let digest):
            let place = try place(of: digest, under: signed)
            let transaction = try transactionPart(place)
            let contract = try encoding { () throws(LedgerFault) in
                try Transaction(decoding: transaction.transaction).body.contract
            }
            let receipt = try receiptPart(
                place.receiptIndex, of: place.bytes, at: place.height, place.findings,
                rules: try rulesPart(contract, at: place.height))
            return try told(signed, .receipt(try blockPart(place, signed), transaction, receipt))
        case .due(let height, let position):
            guard height < signed.checkpoint.size else {
                throw .invalid(
                    "the checkpoint covers \(signed.checkpoint.size) blocks, and block \(height) is none of them",
                    hint: "take a newer checkpoint")
            }
            guard let block = try storing({ () throws(StoreError) in try store.block(at: height) }),
                block.deadlines.indices.contains(position)
            else {
                throw .notFound(
                    "in block \(height) there is no number \(position + 1) of what fell due", hint: logHint)
            }
            let header = try blockPart(height: height, header: block.header, signed)
            return try told(signed, .due(header, try duePart(position, of: block, signed)))
        }
    }

    /// The proof of a receipt, once what it will tell of the rules was compared with what the parser says.
    private func told(
        _ signed: SignedCheckpoint, _ content: ChainProof.Content
    ) throws(NodeError) -> ChainProof {
        let proof = try checked(signed, content)
        guard let facts = try? proof.check(.bare(try nodeKey())),
            let digest = facts.transaction?.body.contract ?? facts.contract, let contract = try contract(digest),
            let difference = ToldRules.difference(facts, contract.program)
        else { return proof }
        throw .invalid(
            "the receipt would name something else than decided: \(difference)",
            hint: "prove the decision without a receipt: remit prove decisions, or remit prove transaction")
    }

    /// Proves which decisions made a case what it was after a block: the last one that the checkpoint covers, unless
    /// another is given.
    ///
    /// Every decision that takes effect raises the revision of its case by one, so that none can be left out. Those
    /// that were refused change nothing of the case, and are not in it.
    public func prove(
        decisionsOf reference: CaseReference, at height: UInt64? = nil, under signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof {
        let height = try covered(height, signed)
        let row = try rowProof(StateLayout.caseState(reference), at: height)
        guard let last = try storing({ () throws(StoreError) in try store.block(at: height) }) else {
            throw Self.broken(height, "the block is missing")
        }
        let log = try log(signed.checkpoint.size)
        var parts: [ChainProof.DecisionPart] = []
        for found in try decisions(about: reference, upTo: height) where found.isDone {
            parts.append(try decisionPart(found.name, log, signed))
        }
        if beginsWithSnapshot, case .present(_, let value) = row.claim,
            CaseRow(value).map({ $0.revision != Int64(parts.count) }) ?? false
        {
            throw .notFound("some decisions about \(reference) are not here", hint: logHint)
        }
        let block = try blockPart(height: height, header: last.header, signed)
        return try checked(signed, .decisions(block, row, parts))
    }

    // MARK: Finding them

    /// A decision about a case.
    private struct FoundDecision {
        let height: UInt64
        let name: DecisionName
        let isDone: Bool
        /// What fell due comes before the transactions of its block.
        let order: (UInt64, Int, Int)
    }

    private func decisions(
        about reference: CaseReference, upTo height: UInt64
    ) throws(NodeError) -> [FoundDecision] {
        let (transactions, deadlines) = try storing { () throws(StoreError) in
            (
                try store.transactions(ofCase: reference.description),
                try store.deadlines(ofCase: reference.description)
            )
        }
        var found: [FoundDecision] = []
        for place in transactions where place.height <= height {
            guard let digest = Digest(bytes: place.record.digest) else { continue }
            found.append(
                FoundDecision(
                    height: place.height, name: .transaction(digest), isDone: place.record.outcome == "done",
                    order: (place.height, 1, place.position)))
        }
        for place in deadlines where place.height <= height {
            found.append(
                FoundDecision(
                    height: place.height, name: .due(height: place.height, position: place.position),
                    isDone: place.record.outcome == "done", order: (place.height, 0, place.position)))
        }
        return found.sorted { $0.order < $1.order }
    }

    // MARK: Parts

    private func decisionPart(
        _ name: DecisionName, _ log: MerkleLog, _ signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof.DecisionPart {
        switch name {
        case .transaction(let digest):
            let place = try place(of: digest, under: signed)
            let receipt = try receiptPart(
                place.receiptIndex, of: place.bytes, at: place.height, place.findings, rules: nil)
            return .transaction(
                try blockPart(height: place.height, header: place.header, log), try transactionPart(place), receipt)
        case .due(let height, let position):
            guard let block = try storing({ () throws(StoreError) in try store.block(at: height) }) else {
                throw Self.broken(height, "the block is missing")
            }
            return .due(
                try blockPart(height: height, header: block.header, log),
                try duePart(position, of: block, signed, withRules: false))
        }
    }

    /// What a contract did by itself, with the rules that decided where the case tells them.
    private func duePart(
        _ position: Int, of block: StoredBlock, _ signed: SignedCheckpoint, withRules: Bool = true
    ) throws(NodeError) -> ChainProof.DuePart {
        let bytes = try encoding { () throws(LedgerFault) in try BlockRows.bytes(block) }
        let findings = block.deadlines[position].findings ?? []
        guard withRules else {
            let part = try receiptPart(position, of: bytes, at: block.height, findings, rules: nil)
            return ChainProof.DuePart(position: UInt64(position), receipt: part)
        }
        let receipt = try encoding { () throws(LedgerFault) in
            try Receipt(decoding: block.deadlines[position].receipt)
        }
        let told = try encoding { () throws(LedgerFault) in
            findings.isEmpty ? Findings.none : try Findings(decoding: findings)
        }
        var contract = receipt.contractTakingOver(told)
        if let name = receipt.versionBringingOver(told) { contract = try contractBringingOver(name) }
        var row: ChainProof.SteadyRow?
        if let reference = receipt.caseReference.flatMap({ CaseReference($0) }) {
            let key = StateLayout.caseState(reference)
            if let written = receipt.changes.first(where: { $0.key == key })?.value {
                contract = CaseRow(written)?.contract
            } else if told.isOfDeadline {
                row = try steadyRow(key, around: block.height, signed)
                if case .present(_, let value)? = row?.after.claim { contract = CaseRow(value)?.contract }
            }
        }
        var rules: ChainProof.RulesPart?
        if let contract { rules = try rulesPart(contract, at: block.height) }
        let part = try receiptPart(position, of: bytes, at: block.height, findings, rules: rules)
        return ChainProof.DuePart(position: UInt64(position), receipt: part, row: row)
    }

    /// The contract of a name and version, as in `Leave/2`.
    private func contractBringingOver(_ name: String) throws(NodeError) -> Digest? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let version = Int64(parts[1]) else { return nil }
        return try catalogue.version(version, of: String(parts[0]), in: state)?.digest
    }

    /// The row of a case before and after a block; nil where it does not follow one contract at both ends, or the
    /// state before the block is not here.
    private func steadyRow(
        _ key: StateKey, around height: UInt64, _ signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof.SteadyRow? {
        guard height > firstHeight,
            let earlier = try storing({ () throws(StoreError) in try store.block(at: height - 1) })
        else { return nil }
        let (before, after) = (try rowProof(key, at: height - 1), try rowProof(key, at: height))
        guard case .present(_, let old) = before.claim, case .present(_, let new) = after.claim,
            let contract = CaseRow(old)?.contract, contract == CaseRow(new)?.contract
        else { return nil }
        return ChainProof.SteadyRow(
            after: after, earlier: try blockPart(height: height - 1, header: earlier.header, signed), before: before)
    }

    private func receiptPart(
        _ index: Int, of block: BlockBytes, at height: UInt64, _ findings: [UInt8], rules: ChainProof.RulesPart?
    ) throws(NodeError) -> ChainProof.ReceiptPart {
        let digests = try encoding { () throws(LedgerFault) in
            var digests: [Digest] = []
            for bytes in block.receipts { digests.append(try Receipt(decoding: bytes).digest) }
            return digests
        }
        let leaves = digests.map { MerkleTree.leafHash($0.bytes) }
        guard let path = MerkleTree.inclusionProof(of: index, in: leaves) else {
            throw Self.broken(height, "a receipt is missing")
        }
        return ChainProof.ReceiptPart(
            receipt: block.receipts[index], count: UInt64(digests.count), path: path, findings: findings, rules: rules)
    }

    /// The rules of a contract as a block's rules root covers them; nil for the ledger's own and where no such contract
    /// is deployed.
    private func rulesPart(_ contract: Digest, at height: UInt64) throws(NodeError) -> ChainProof.RulesPart? {
        guard contract != .zero else { return nil }
        let key = StateLayout.contract(contract)
        var row: [UInt8]?
        var leaves: [StateTrie.Leaf] = []
        try storing { () throws(StoreError) in
            // The character after the slash: all spaces of the rules lie before it.
            try store.forEachState(asOf: height, from: "contract", upTo: "contract0") {
                found throws(StoreError) in
                let place = StateKey(space: found.space, item: found.item)
                guard place.isRule else { return .next }
                leaves.append(StateTrie.Leaf(place, value: found.value))
                if place == key { row = found.value }
                return .next
            }
        }
        guard let row else { return nil }
        guard let proof = StateProof.present(key, value: row, in: leaves.sorted { $0.key < $1.key }) else {
            throw Self.broken(height, "the rules cannot be proved")
        }
        return ChainProof.RulesPart(row: row, path: proof.path)
    }
}

extension LedgerNode.TransactionPlace {
    /// The place of its receipt among all of the block: those of what fell due come first.
    var receiptIndex: Int { bytes.receipts.count - bytes.transactions.count + position }
}
