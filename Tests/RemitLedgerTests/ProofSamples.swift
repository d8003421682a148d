import RemitLedger
import RemitValues
import Testing

extension SampleChain {
    /// The text of a contract that stands on the chain of `withRules`.
    static let contractText = "contract Gloves version 2\n"
    static let contract = Hashing.digest(.contract, Array(contractText.utf8))
    static let findings = Findings(
        findings: [
            .init(
                code: "G-1", severity: .deny, text: "not\ncovered \u{202E}", clause: "check:1", line: 1, source: "4"),
            .init(code: "G-2", severity: .note, text: "手套", clause: "check:2"),
        ],
        clauses: ["check:1"])

    /// Four blocks: a contract is deployed in block 0, called in block 1 beside others and a deadline, refused in 2.
    static func withRules() throws -> SampleChain {
        var chain = try SampleChain()
        let row = Value.record([
            .text("Gloves"), .integer(2), .text("hospital"), .integer(1), .integer(0),
            .text(TextValue(contractText)),
        ])
        let founding = [try chain.transaction()]
        try chain.append(
            founding,
            receipts: {
                $0[0] = Receipt(
                    transaction: $0[0].transaction, outcome: .done,
                    changes: $0[0].changes + [
                        StateChange(
                            key: StateKey(space: "contract", item: contract.bytes), value: ValueCoding.encoded(row)),
                        StateChange(key: StateKey(space: "contract/current", item: [1]), value: [1]),
                    ], cost: 3)
            })
        for height in 1..<4 {
            let transactions = [
                try chain.transaction(),
                try chain.transaction {
                    $0.contract = contract
                    $0.caseReference = "Gloves/\(height)"
                }, try chain.transaction(),
            ]
            try chain.append(
                transactions, deadlines: height == 1 ? 1 : 0,
                receipts: {
                    let place = height == 1 ? 2 : 1
                    $0[place].findings = findings.digest
                    $0[place].outcome = height == 2 ? .refused(code: "G-1", text: "not covered") : .done
                })
        }
        return chain
    }

    /// The rows after a block.
    func rows(after height: Int) throws -> [StateKey: [UInt8]] {
        var rows: [StateKey: [UInt8]] = [:]
        for block in blocks[...height] {
            for bytes in block.receipts {
                for change in try Receipt(decoding: bytes).changes { rows[change.key] = change.value }
            }
        }
        return rows
    }

    /// The leaves of the state trie after a block; with `rules`, of the trie of the rules.
    func leaves(after height: Int, rules: Bool = false) throws -> [StateTrie.Leaf] {
        try rows(after: height).filter { !rules || $0.key.isRule }
            .map { StateTrie.Leaf($0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    private var logLeaves: [Digest] { headers.map { Checkpoint.leaf(ofHeader: $0.encoded) } }

    /// The checkpoint of the first blocks.
    func signedCheckpoint(_ size: Int) throws -> SignedCheckpoint {
        let root = MerkleTree.root(ofHashes: Array(logLeaves[..<size]))
        return try SignedCheckpoint(
            signing: Checkpoint(genesis: genesis, size: UInt64(size), root: root), by: node)
    }

    func blockPart(_ height: Int, _ size: Int) throws -> ChainProof.BlockPart {
        let path = try #require(MerkleTree.inclusionProof(of: height, in: Array(logLeaves[..<size])))
        return ChainProof.BlockPart(header: headers[height].encoded, path: path)
    }

    func transactionPart(_ height: Int, _ position: Int) throws -> ChainProof.TransactionPart {
        let block = blocks[height]
        let leaves = try block.transactions.map {
            MerkleTree.leafHash(try Transaction(decoding: $0).digest.bytes)
        }
        return ChainProof.TransactionPart(
            transaction: block.transactions[position], position: UInt64(position),
            path: try #require(MerkleTree.inclusionProof(of: position, in: leaves)))
    }

    func proveTransaction(_ height: Int, _ position: Int, size: Int) throws -> ChainProof {
        ChainProof(
            checkpoint: try signedCheckpoint(size).bytes,
            content: .transaction(try blockPart(height, size), try transactionPart(height, position)))
    }

    func proveReceipt(_ height: Int, _ position: Int, size: Int) throws -> ChainProof {
        let receipts = blocks[height].receipts
        let index = receipts.count - blocks[height].transactions.count + position
        let leaves = try receipts.map { MerkleTree.leafHash(try Receipt(decoding: $0).digest.bytes) }
        let receipt = try Receipt(decoding: receipts[index])
        let transaction = try transactionPart(height, position)
        var rules: ChainProof.RulesPart?
        if try Transaction(decoding: transaction.transaction).body.contract != .zero {
            let key = StateKey(space: "contract", item: Self.contract.bytes)
            let row = try #require(try rows(after: height)[key])
            let proof = try #require(
                StateProof.present(key, value: row, in: try self.leaves(after: height, rules: true)))
            rules = ChainProof.RulesPart(row: row, path: proof.path)
        }
        let isEmpty = receipt.findings == Findings.none.digest
        let part = ChainProof.ReceiptPart(
            receipt: receipts[index], count: UInt64(receipts.count),
            path: try #require(MerkleTree.inclusionProof(of: index, in: leaves)),
            findings: (isEmpty ? Findings.none : Self.findings).encoded, rules: rules)
        return ChainProof(
            checkpoint: try signedCheckpoint(size).bytes,
            content: .receipt(try blockPart(height, size), transaction, part))
    }

    func proveState(_ height: Int, size: Int, _ proof: StateProof?) throws -> ChainProof {
        ChainProof(
            checkpoint: try signedCheckpoint(size).bytes,
            content: .state(try blockPart(height, size), try #require(proof)))
    }

    func proveConsistency(from older: Int, to size: Int) throws -> ChainProof {
        let path = try #require(MerkleTree.consistencyProof(from: older, in: Array(logLeaves[..<size])))
        return ChainProof(
            checkpoint: try signedCheckpoint(size).bytes,
            content: .consistency(older: try signedCheckpoint(older).bytes, path: path))
    }

    /// One proof of each kind, and of each kind of claim.
    func proofs() throws -> [(name: String, proof: ChainProof)] {
        let height = blocks.count - 2
        let size = blocks.count
        let leaves = try self.leaves(after: height)
        let rows = try self.rows(after: height)
        let key = StateKey(space: "case/Claim", item: [0])
        let all = rows.filter { $0.key.space == "case/Claim" }.sorted { $0.key < $1.key }
            .map { StateClaim.Row(item: $0.key.item, value: $0.value) }
        return [
            ("transaction", try proveTransaction(1, 1, size: size)),
            ("transaction of block 0", try proveTransaction(0, 0, size: size)),
            ("present", try proveState(height, size: size, .present(key, value: rows[key] ?? [], in: leaves))),
            ("absent", try proveState(height, size: size, .absent(StateKey(space: "no", item: []), in: leaves))),
            ("all", try proveState(height, size: size, .all(space: "case/Claim", rows: all, in: leaves))),
            ("none", try proveState(height, size: size, .all(space: "case/None", rows: [], in: leaves))),
            ("receipt", try proveReceipt(1, 1, size: size)),
            ("receipt of a refusal", try proveReceipt(2, 1, size: size)),
            ("receipt without rules", try proveReceipt(1, 0, size: size)),
            ("consistency", try proveConsistency(from: 2, to: size)),
            ("consistency from one", try proveConsistency(from: 1, to: size)),
        ]
    }

    /// The chain as an exported file.
    func file() -> [UInt8] {
        var records: [ChainFile.Record] = [.preamble(nodeKey: node.publicKey, genesis: genesis)]
        records += blocks.map { .block($0) }
        records.append(.end(count: UInt64(blocks.count), head: headers.last?.digest ?? .zero))
        return ChainFile.mark + records.flatMap { ChainFile.encode($0) ?? [] }
    }
}
