import RemitLedger
import RemitValues
import Testing

/// The worked block of the format document, made from the code.
struct WorkedExample {
    private static let seed = [UInt8](0..<32)
    let signer: SeedSigner
    private let transaction: Transaction
    private let receipt: Receipt
    private let header: BlockHeader
    private let signed: SignedHeader
    let checkpoint: SignedCheckpoint
    private let key = StateKey(space: "person", item: Array("ann".utf8))
    private let value = ValueCoding.encoded(.record([.text("Ann")]))

    init() throws {
        signer = try SeedSigner(seed: Self.seed)
        let body = TransactionBody(
            genesis: .zero, sender: signer.publicKey, organisation: "clinic", sequence: 1, expiry: 0, contract: .zero,
            call: "registerPerson", arguments: [.text("ann"), .text("Ann")])
        transaction = try Transaction(signing: body, by: signer)
        receipt = Receipt(
            transaction: transaction.digest, outcome: .done, changes: [StateChange(key: key, value: value)], cost: 1)
        var commitment = StateCommitment()
        receipt.changes.forEach { commitment.apply($0) }
        let roots = commitment.roots()
        header = BlockHeader(
            genesis: .zero, height: 0, previous: .zero, time: 1_780_272_000,
            transactionRoot: MerkleTree.root(ofDigests: [transaction.digest]), transactionCount: 1,
            receiptRoot: MerkleTree.root(ofDigests: [receipt.digest]), stateRoot: roots.state, rulesRoot: roots.rules,
            keySetRoot: roots.keySet)
        signed = try SignedHeader(signing: header, by: signer)
        let root = MerkleTree.root(ofHashes: [Checkpoint.leaf(ofHeader: header.encoded)])
        checkpoint = try SignedCheckpoint(
            signing: Checkpoint(genesis: header.digest, size: 1, root: root), by: signer)
    }

    /// The chain as a file.
    var file: [UInt8] {
        let block = BlockBytes(
            signedHeader: signed.encoded, transactions: [transaction.encoded], receipts: [receipt.encoded])
        let records: [ChainFile.Record] = [
            .preamble(nodeKey: signer.publicKey, genesis: header.digest), .block(block),
            .end(count: 1, head: header.digest),
        ]
        return ChainFile.mark + records.flatMap { ChainFile.encode($0) ?? [] }
    }

    /// The state after the block as a file.
    var snapshot: [UInt8] {
        let preamble = Snapshot.Preamble(
            nodeKey: signer.publicKey, genesis: header.digest, checkpoint: checkpoint.bytes,
            signedHeader: signed.encoded, path: [])
        return SampleChain.file([
            .preamble(preamble), .rows([StateChange(key: key, value: value)]), .end(rows: 1, header: header.digest),
        ])
    }

    /// The proof that the row was there.
    var proof: ChainProof {
        get throws {
            let leaf = StateTrie.Leaf(key, value: value)
            return ChainProof(
                checkpoint: checkpoint.bytes,
                content: .state(
                    .init(header: header.encoded, path: []),
                    try #require(StateProof.present(key, value: value, in: [leaf]))))
        }
    }

    /// The section of the document.
    var text: String {
        get throws {
            let body: [String] = [
                "format version", "genesis", "sender", "organisation", "sequence number", "expiry", "contract",
                "revision", "call", "arguments", "commitment to the seed",
            ]
            return """
                Block 0 of a chain whose node and only sender have the seed of section 17. Field by field, then whole.

                Transaction body, digest of the transaction `\(transaction.digest)`:

                \(fields(transaction.body.cbor, body))
                Signature of the sender, over `remit/v1/transaction/sign` ‖ 00 ‖ body:

                \(lines(of: transaction.signature.bytes))
                Receipt, digest `\(receipt.digest)`; the row has the key `\(key.trieKey)` and the value digest \
                `\(StateTrie.Leaf(key, value: value).value)`, and alone it makes the state root and the key-set root:

                \(fields(receipt.cbor, Self.receiptFields))
                Header, digest `\(header.digest)`, which is the genesis digest of the chain:

                \(fields(header.cbor, Self.headerFields))
                Signature of the node, over `remit/v1/header/sign` ‖ 00 ‖ header:

                \(lines(of: signed.signature.bytes))
                The exported chain, \(file.count) bytes:

                \(lines(of: file))
                Its checkpoint; the key written out is `\(Checkpoint.key(header.digest, signer.publicKey))`:

                ```
                \(String(decoding: checkpoint.bytes, as: UTF8.self))```

                A proof file that the row was there after block 0 (both paths are empty):

                \(lines(of: try proof.encoded))
                The snapshot after block 0, \(snapshot.count) bytes:

                \(lines(of: snapshot))
                """
        }
    }

    private static let receiptFields = [
        "transaction", "outcome", "rounds", "state changes", "postings", "notices", "cost", "findings",
    ]
    private static let headerFields = [
        "format version", "genesis", "height", "previous header", "time", "transaction root",
        "number of transactions", "receipt root", "state root", "rules root", "key-set root",
    ]

    /// A map with a line for each field.
    private func fields(_ item: CBOR, _ names: [String]) -> String {
        guard case .map(let entries) = item, entries.count == names.count else {
            Issue.record("the names do not fit the fields")
            return ""
        }
        var lines = [Hex.encode(item.encoded.prefix(1)) + "  a map of \(entries.count)"]
        for (entry, name) in zip(entries, names) {
            lines.append(Hex.encode(CBOR.integer(entry.key).encoded + entry.value.encoded) + "  " + name)
        }
        return "```\n" + lines.joined(separator: "\n") + "\n```\n"
    }

    /// Bytes, forty a line.
    private func lines(of bytes: [UInt8]) -> String {
        let rows = stride(from: 0, to: bytes.count, by: 40).map { Hex.encode(bytes[$0..<min($0 + 40, bytes.count)]) }
        return "```\n" + rows.joined(separator: "\n") + "\n```\n"
    }
}
