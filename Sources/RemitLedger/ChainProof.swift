/// A proof file: something that is so in a chain, with all that is needed to check it but the ledger's public key.
public struct ChainProof: Sendable {
    /// What is proved.
    public enum Content: Sendable {
        /// A transaction is in a block.
        case transaction(BlockPart, TransactionPart)
        /// The state stood so after a block.
        case state(BlockPart, StateProof)
        /// A transaction is in a block, with this receipt, these findings, under these rules.
        case receipt(BlockPart, TransactionPart, ReceiptPart)
        /// The log of the checkpoint begins with that of an older one.
        case consistency(older: [UInt8], path: [Digest])
    }

    /// A block's header in the log.
    public struct BlockPart: Sendable {
        /// The encoded header; its height is its place in the log.
        public let header: [UInt8]
        /// The RFC 6962 inclusion proof of the header, lowest sibling first.
        public let path: [Digest]

        /// A header with its path.
        public init(header: [UInt8], path: [Digest]) {
            self.header = header
            self.path = path
        }
    }

    /// A transaction in its block.
    public struct TransactionPart: Sendable {
        /// The encoded transaction.
        public let transaction: [UInt8]
        /// Its position among the transactions, from 0.
        public let position: UInt64
        /// The RFC 6962 inclusion proof of its digest.
        public let path: [Digest]

        /// A transaction with its path.
        public init(transaction: [UInt8], position: UInt64, path: [Digest]) {
            self.transaction = transaction
            self.position = position
            self.path = path
        }
    }

    /// What came of the transaction.
    public struct ReceiptPart: Sendable {
        /// The encoded receipt.
        public let receipt: [UInt8]
        /// The number of receipts of the block.
        public let count: UInt64
        /// The RFC 6962 inclusion proof of the receipt's digest; its position follows from the transaction's.
        public let path: [Digest]
        /// The encoded findings.
        public let findings: [UInt8]
        /// The rules that decided; nil for the ledger's own, or where none of that digest is deployed.
        public let rules: RulesPart?

        /// A receipt with its path.
        public init(receipt: [UInt8], count: UInt64, path: [Digest], findings: [UInt8], rules: RulesPart?) {
            self.receipt = receipt
            self.count = count
            self.path = path
            self.findings = findings
            self.rules = rules
        }
    }

    /// The state row of a contract under the rules root.
    public struct RulesPart: Sendable {
        /// The value of the row.
        public let row: [UInt8]
        /// The path of the row in the trie of the rules.
        public let path: [UInt8]

        /// A row with its path.
        public init(row: [UInt8], path: [UInt8]) {
            self.row = row
            self.path = path
        }
    }

    /// The bytes of the signed checkpoint.
    public let checkpoint: [UInt8]
    /// What is proved under it.
    public let content: Content
    /// The openings of private values that stand in what is proved, ascending by the bytes of their paths; only a
    /// receipt or a state has any.
    public let openings: [PrivateOpening]

    /// A proof of these parts; openings are brought into order, and of those with one path the first counts.
    public init(checkpoint: [UInt8], content: Content, openings: [PrivateOpening] = []) {
        self.checkpoint = checkpoint
        self.content = content
        self.openings = Self.inOrder(openings)
    }
}

extension ChainProof: LedgerItem {
    public var cbor: CBOR {
        var fields: [CBOR.MapEntry] = [
            .init(1, .unsigned(LedgerFormat.version)), .init(2, .unsigned(content.kind)),
            .init(3, .bytes(checkpoint)),
        ]
        switch content {
        case .transaction(let block, let transaction): fields += block.fields + transaction.fields
        case .state(let block, let proof):
            fields += block.fields + [.init(13, proof.cbor)] + (openings.isEmpty ? [] : [openingsField])
        case .receipt(let block, let transaction, let receipt):
            fields += block.fields + transaction.fields + receipt.fields + [openingsField]
        case .consistency(let older, let path):
            fields += [.init(14, .bytes(older)), .init(15, .digests(path))]
        }
        return .map(fields)
    }

    private var openingsField: CBOR.MapEntry { .init(17, .array(openings.map(\.cbor))) }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "proof")
        try fields.version()
        let kind = try fields.unsigned(2)
        checkpoint = try fields.bytes(3)
        switch kind {
        case 1:
            content = .transaction(try BlockPart(&fields), try TransactionPart(&fields))
            openings = []
        case 2:
            content = .state(try BlockPart(&fields), try StateProof(cbor: try fields.required(13)))
            openings = try Self.openings(try fields.optionalArray(17) ?? [])
        case 3:
            content = .receipt(
                try BlockPart(&fields), try TransactionPart(&fields), try ReceiptPart(&fields))
            openings = try Self.openings(try fields.array(17))
        case 4:
            content = .consistency(older: try fields.bytes(14), path: try fields.digests(15))
            openings = []
        default: throw fields.fault(2, "is not a kind of proof")
        }
        try fields.finish()
    }
}

extension ChainProof.Content {
    /// The number by which the format knows the kind.
    fileprivate var kind: UInt64 {
        switch self {
        case .transaction: 1
        case .state: 2
        case .receipt: 3
        case .consistency: 4
        }
    }
}

extension ChainProof.BlockPart {
    fileprivate var fields: [CBOR.MapEntry] {
        [.init(4, .bytes(header)), .init(5, .digests(path))]
    }

    fileprivate init(_ fields: inout FieldReader) throws(LedgerFault) {
        header = try fields.bytes(4)
        path = try fields.digests(5)
    }
}

extension ChainProof.TransactionPart {
    fileprivate var fields: [CBOR.MapEntry] {
        [.init(6, .bytes(transaction)), .init(7, .unsigned(position)), .init(8, .digests(path))]
    }

    fileprivate init(_ fields: inout FieldReader) throws(LedgerFault) {
        transaction = try fields.bytes(6)
        position = try fields.unsigned(7)
        path = try fields.digests(8)
    }
}

extension ChainProof.ReceiptPart {
    fileprivate var fields: [CBOR.MapEntry] {
        let required: [CBOR.MapEntry] = [
            .init(9, .bytes(receipt)), .init(10, .unsigned(count)), .init(11, .digests(path)),
            .init(12, .bytes(findings)),
        ]
        return rules.map { required + [.init(16, .array([.bytes($0.row), .bytes($0.path)]))] } ?? required
    }

    fileprivate init(_ fields: inout FieldReader) throws(LedgerFault) {
        receipt = try fields.bytes(9)
        count = try fields.unsigned(10)
        path = try fields.digests(11)
        findings = try fields.bytes(12)
        rules = try fields.optional(16).map { (item) throws(LedgerFault) in
            guard case .array(let pair) = item, pair.count == 2, case .bytes(let row) = pair[0],
                case .bytes(let path) = pair[1]
            else {
                throw fields.fault(16, "is not a pair of a row and a path")
            }
            return ChainProof.RulesPart(row: row, path: path)
        }
    }
}

extension CBOR {
    /// The item for a list of digests.
    fileprivate static func digests(_ digests: [Digest]) -> CBOR {
        .array(digests.map { .digest($0) })
    }
}

extension FieldReader {
    fileprivate mutating func digests(_ field: Int64) throws(LedgerFault) -> [Digest] {
        var digests: [Digest] = []
        for item in try array(field) {
            guard case .bytes(let bytes) = item, let digest = Digest(bytes: bytes) else {
                throw fault(field, "has a member that is not a digest of 32 bytes")
            }
            digests.append(digest)
        }
        return digests
    }
}
