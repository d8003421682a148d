public import RemitValues

/// What a sender asks for and signs.
public struct TransactionBody: LedgerItem {
    /// The digest of block 0's header; all zero in the transactions of block 0 itself.
    public var genesis: Digest
    /// The key that signs.
    public var sender: PublicKey
    /// The organisation acted for, by its registered name.
    public var organisation: String
    /// The number of this transaction among those of the sender's key.
    public var sequence: UInt64
    /// The last height at which the transaction may stand in a block.
    public var expiry: UInt64
    /// The digest of the contract called; all zero for the ledger's own system contract.
    public var contract: Digest
    /// The case acted on, such as `InsuranceClaim/17`, if there is one already.
    public var caseReference: String?
    /// The revision of the case that the sender saw; 0 without a case.
    public var revision: UInt64
    /// The action called.
    public var call: String
    /// The arguments in the order in which the action declares them.
    public var arguments: [Value]
    /// The commitment to the seed of private values; `MerkleTree.emptyRoot` if there is none.
    public var seedCommitment: Digest

    /// A body of these parts.
    public init(
        genesis: Digest, sender: PublicKey, organisation: String, sequence: UInt64, expiry: UInt64,
        contract: Digest, caseReference: String? = nil, revision: UInt64 = 0, call: String, arguments: [Value],
        seedCommitment: Digest = MerkleTree.emptyRoot
    ) {
        self.genesis = genesis
        self.sender = sender
        self.organisation = organisation
        self.sequence = sequence
        self.expiry = expiry
        self.contract = contract
        self.caseReference = caseReference
        self.revision = revision
        self.call = call
        self.arguments = arguments
        self.seedCommitment = seedCommitment
    }

    public var cbor: CBOR {
        let caseField = caseReference.map { CBOR.MapEntry(8, .text($0)) }
        let fields: [CBOR.MapEntry?] = [
            .init(1, .unsigned(LedgerFormat.version)),
            .init(2, .digest(genesis)),
            .init(3, .bytes(sender.bytes)),
            .init(4, .text(organisation)),
            .init(5, .unsigned(sequence)),
            .init(6, .unsigned(expiry)),
            .init(7, .digest(contract)),
            caseField,
            .init(9, .unsigned(revision)),
            .init(10, .text(call)),
            .init(11, .array(arguments.map(ValueCoding.encode))),
            .init(12, .digest(seedCommitment)),
        ]
        return .map(fields.compactMap(\.self))
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "transaction body")
        try fields.version()
        genesis = try fields.digest(2)
        guard let key = PublicKey(bytes: try fields.bytes(3)) else {
            throw fields.fault(3, "is not a key of 32 bytes")
        }
        sender = key
        organisation = try fields.text(4)
        sequence = try fields.unsigned(5)
        expiry = try fields.unsigned(6)
        contract = try fields.digest(7)
        caseReference = try fields.optionalText(8)
        revision = try fields.unsigned(9)
        call = try fields.text(10)
        arguments = []
        for argument in try fields.array(11) {
            arguments.append(try ValueCoding.decode(argument))
        }
        seedCommitment = try fields.digest(12)
        try fields.finish()
    }
}

/// A transaction: a body and its sender's signature.
public struct Transaction: LedgerItem {
    /// What is asked for.
    public let body: TransactionBody
    /// The sender's signature over `remit/v1/transaction/sign` ‖ 0x00 ‖ body bytes.
    public let signature: Signature
    /// The bytes that are signed and hashed.
    public let bodyBytes: [UInt8]
    /// The digest by which the transaction is known: over body bytes ‖ signature.
    public let digest: Digest
    /// What stays beside the transaction, unsigned: the private values of its arguments; no part of its bytes.
    public var sideCar: SideCar?

    /// A body with the signature that somebody made.
    public init(body: TransactionBody, signature: Signature) {
        let bytes = body.encoded
        self.body = body
        self.signature = signature
        bodyBytes = bytes
        digest = Self.digest(bytes, signature)
    }

    /// Takes the bytes of a body, which must be one, with the signature that somebody made.
    public init(bodyBytes: [UInt8], signature: Signature) throws(LedgerFault) {
        body = try TransactionBody(decoding: bodyBytes)
        self.signature = signature
        self.bodyBytes = bodyBytes
        digest = Self.digest(bodyBytes, signature)
    }

    /// Where the encodings of the arguments stand in the bytes of the body, in their order.
    public var argumentPlaces: [Range<Int>] { TransactionBody.argumentPlaces(in: bodyBytes) }

    private static func digest(_ body: [UInt8], _ signature: Signature) -> Digest {
        Hashing.digest(.transaction, body + signature.bytes)
    }

    /// Signs a body; its `sender` must be the signer's key for the result to be valid.
    public init(signing body: TransactionBody, by signer: some Signer) throws(LedgerFault) {
        let bytes = body.encoded
        self.body = body
        signature = try signer.sign(Hashing.message(.transactionSignature, bytes))
        bodyBytes = bytes
        digest = Self.digest(bytes, signature)
    }

    /// Whether the sender signed the body.
    public var isSignatureValid: Bool {
        SignatureRule.verify(
            signature, message: Hashing.message(.transactionSignature, bodyBytes), key: body.sender)
    }

    public var cbor: CBOR {
        .map([.init(1, .bytes(bodyBytes)), .init(2, .bytes(signature.bytes))])
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "transaction")
        let bytes = try fields.bytes(1)
        guard let signature = Signature(bytes: try fields.bytes(2)) else {
            throw fields.fault(2, "is not a signature of 64 bytes")
        }
        try fields.finish()
        try self.init(bodyBytes: bytes, signature: signature)
    }
}
