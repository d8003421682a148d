/// What a block commits to.
public struct BlockHeader: LedgerItem {
    /// The digest of block 0's header; all zero in block 0 itself.
    public var genesis: Digest
    /// The number of the block, from 0.
    public var height: UInt64
    /// The digest of the header before; all zero in block 0.
    public var previous: Digest
    /// Seconds since 1970-01-01 00:00:00 UTC; never below the time of the block before.
    public var time: Int64
    /// The RFC 6962 root over the digests of the transactions.
    public var transactionRoot: Digest
    /// The number of transactions.
    public var transactionCount: UInt64
    /// The RFC 6962 root over the digests of the receipts.
    public var receiptRoot: Digest
    /// The root of the state trie after the block.
    public var stateRoot: Digest
    /// The root of the trie over the state rows of the contracts after the block.
    public var rulesRoot: Digest
    /// The root of the trie over the state rows of organisations, persons, keys, grants and nodes after the block.
    public var keySetRoot: Digest

    /// A header of these parts.
    public init(
        genesis: Digest, height: UInt64, previous: Digest, time: Int64, transactionRoot: Digest,
        transactionCount: UInt64, receiptRoot: Digest, stateRoot: Digest, rulesRoot: Digest, keySetRoot: Digest
    ) {
        self.genesis = genesis
        self.height = height
        self.previous = previous
        self.time = time
        self.transactionRoot = transactionRoot
        self.transactionCount = transactionCount
        self.receiptRoot = receiptRoot
        self.stateRoot = stateRoot
        self.rulesRoot = rulesRoot
        self.keySetRoot = keySetRoot
    }

    /// The digest by which the block is known.
    public var digest: Digest {
        Hashing.digest(.header, encoded)
    }

    public var cbor: CBOR {
        .map([
            .init(1, .unsigned(LedgerFormat.version)),
            .init(2, .digest(genesis)),
            .init(3, .unsigned(height)),
            .init(4, .digest(previous)),
            .init(5, .integer(time)),
            .init(6, .digest(transactionRoot)),
            .init(7, .unsigned(transactionCount)),
            .init(8, .digest(receiptRoot)),
            .init(9, .digest(stateRoot)),
            .init(10, .digest(rulesRoot)),
            .init(11, .digest(keySetRoot)),
        ])
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "header")
        try fields.version()
        genesis = try fields.digest(2)
        height = try fields.unsigned(3)
        previous = try fields.digest(4)
        time = try fields.integer(5)
        transactionRoot = try fields.digest(6)
        transactionCount = try fields.unsigned(7)
        receiptRoot = try fields.digest(8)
        stateRoot = try fields.digest(9)
        rulesRoot = try fields.digest(10)
        keySetRoot = try fields.digest(11)
        try fields.finish()
    }
}

/// A header and the node's signature on it.
public struct SignedHeader: LedgerItem {
    /// What is signed.
    public let header: BlockHeader
    /// The node's signature over `remit/v1/header/sign` ‖ 0x00 ‖ header bytes.
    public let signature: Signature

    /// A header with the signature that a node made.
    public init(header: BlockHeader, signature: Signature) {
        self.header = header
        self.signature = signature
    }

    /// Signs a header.
    public init(signing header: BlockHeader, by signer: some Signer) throws(LedgerFault) {
        self.header = header
        signature = try signer.sign(Hashing.message(.headerSignature, header.encoded))
    }

    /// Whether the node with this key signed the header.
    public func isSignatureValid(nodeKey: PublicKey) -> Bool {
        SignatureRule.verify(
            signature, message: Hashing.message(.headerSignature, header.encoded), key: nodeKey)
    }

    public var cbor: CBOR {
        .map([.init(1, .bytes(header.encoded)), .init(2, .bytes(signature.bytes))])
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "signed header")
        let bytes = try fields.bytes(1)
        guard let signature = Signature(bytes: try fields.bytes(2)) else {
            throw fields.fault(2, "is not a signature of 64 bytes")
        }
        try fields.finish()
        self.signature = signature
        header = try BlockHeader(decoding: bytes)
    }
}

/// A block as it is stored and sent: the encoded parts, in order.
public struct BlockBytes: Sendable {
    /// An encoded `SignedHeader`.
    public var signedHeader: [UInt8]
    /// Encoded `Transaction`s.
    public var transactions: [[UInt8]]
    /// Encoded `Receipt`s: those of deadlines first, then one for each transaction.
    public var receipts: [[UInt8]]

    /// A block of these parts.
    public init(signedHeader: [UInt8], transactions: [[UInt8]], receipts: [[UInt8]]) {
        self.signedHeader = signedHeader
        self.transactions = transactions
        self.receipts = receipts
    }
}
