extension ChainProof: LedgerItem {
    public var cbor: CBOR {
        var fields: [CBOR.MapEntry] = [
            .init(1, .unsigned(layout)), .init(2, .unsigned(content.kind)),
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
        case .due(let block, let due): fields += block.fields + due.fields + [openingsField]
        case .decisions(let block, let proof, let decisions):
            fields += block.fields + [.init(13, proof.cbor), .init(18, .array(decisions.map(\.cbor)))]
        }
        return .map(fields)
    }

    private var openingsField: CBOR.MapEntry { .init(17, .array(openings.map(\.cbor))) }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "proof")
        layout = try fields.unsigned(1)
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
        case 5:
            content = .due(try BlockPart(&fields), try DuePart(&fields))
            openings = try Self.openings(try fields.array(17))
        case 6:
            let (block, proof) = (try BlockPart(&fields), try StateProof(cbor: try fields.required(13)))
            var decisions: [DecisionPart] = []
            for item in try fields.array(18) { decisions.append(try DecisionPart(cbor: item)) }
            content = .decisions(block, proof, decisions)
            openings = []
        default: throw fields.fault(2, "is not a kind of proof")
        }
        try fields.finish()
        guard content.layouts.contains(layout) else {
            throw fields.fault(1, "is not a version of this kind of proof")
        }
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
        case .due: 5
        case .decisions: 6
        }
    }

    /// The versions that a proof of the kind may have.
    var layouts: ClosedRange<UInt64> {
        switch self {
        case .receipt: 1...2
        case .due: 2...2
        case .transaction, .state, .consistency, .decisions: 1...1
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

extension ChainProof.DuePart {
    fileprivate var fields: [CBOR.MapEntry] {
        // Encoding sorts the fields by their keys.
        [.init(7, .unsigned(position))] + receipt.fields + (row.map { [.init(13, $0.cbor)] } ?? [])
    }

    fileprivate init(_ fields: inout FieldReader) throws(LedgerFault) {
        position = try fields.unsigned(7)
        let parts = try ChainProof.ReceiptPart.Parts(&fields)
        row = try fields.optional(13).map { item throws(LedgerFault) in try ChainProof.SteadyRow(cbor: item) }
        receipt = try ChainProof.ReceiptPart(parts, &fields)
    }
}

extension ChainProof.SteadyRow {
    fileprivate var cbor: CBOR { .array([after.cbor, .map(earlier.fields + [.init(13, before.cbor)])]) }

    fileprivate init(cbor: CBOR) throws(LedgerFault) {
        guard case .array(let pair) = cbor, pair.count == 2 else {
            throw LedgerFault.structure("proof", field: 13, mistake: "is not a pair of a claim and an earlier block")
        }
        after = try StateProof(cbor: pair[0])
        var fields = try FieldReader(pair[1], "earlier block")
        earlier = try ChainProof.BlockPart(&fields)
        before = try StateProof(cbor: try fields.required(13))
        try fields.finish()
    }
}

extension ChainProof.DecisionPart {
    fileprivate var cbor: CBOR {
        switch self {
        case .transaction(let block, let transaction, let receipt):
            .map(block.fields + transaction.fields + receipt.fields)
        case .due(let block, let due): .map(block.fields + due.fields)
        }
    }

    fileprivate init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "decision")
        let block = try ChainProof.BlockPart(&fields)
        let receipt: ChainProof.ReceiptPart
        if fields.isNext(6) {
            let transaction = try ChainProof.TransactionPart(&fields)
            receipt = try ChainProof.ReceiptPart(&fields)
            self = .transaction(block, transaction, receipt)
        } else {
            let due = try ChainProof.DuePart(&fields)
            receipt = due.receipt
            guard due.row == nil else { throw fields.fault(13, "is unknown here") }
            self = .due(block, due)
        }
        guard receipt.rules == nil else { throw fields.fault(16, "is unknown here") }
        try fields.finish()
    }
}

extension ChainProof.ReceiptPart {
    /// The fields of a receipt before the rules, between which another one may stand.
    fileprivate struct Parts {
        let receipt: [UInt8]
        let count: UInt64
        let path: [Digest]
        let findings: [UInt8]

        init(_ fields: inout FieldReader) throws(LedgerFault) {
            receipt = try fields.bytes(9)
            count = try fields.unsigned(10)
            path = try fields.digests(11)
            findings = try fields.bytes(12)
        }
    }

    fileprivate var fields: [CBOR.MapEntry] {
        let required: [CBOR.MapEntry] = [
            .init(9, .bytes(receipt)), .init(10, .unsigned(count)), .init(11, .digests(path)),
            .init(12, .bytes(findings)),
        ]
        return rules.map { required + [.init(16, .array([.bytes($0.row), .bytes($0.path)]))] } ?? required
    }

    fileprivate init(_ fields: inout FieldReader) throws(LedgerFault) {
        try self.init(try Parts(&fields), &fields)
    }

    fileprivate init(_ parts: Parts, _ fields: inout FieldReader) throws(LedgerFault) {
        receipt = parts.receipt
        count = parts.count
        path = parts.path
        findings = parts.findings
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
