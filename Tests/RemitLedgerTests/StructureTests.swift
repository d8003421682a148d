import RemitLedger
import RemitValues
import Testing

/// Bytes and digests here were made by an independent program from the format document's rules.
@Suite("Transactions, headers, receipts")
struct StructureTests {
    static let signerSeed = [UInt8](0..<32)
    static let genesis = digest(String(repeating: "11", count: 32))
    static let contract = digest(String(repeating: "22", count: 32))

    static func body(_ signer: SeedSigner) throws -> TransactionBody {
        let currency = try #require(Currency(code: "CNY"))
        return TransactionBody(
            genesis: genesis, sender: signer.publicKey, organisation: "North Clinic", sequence: 7, expiry: 1000,
            contract: contract, caseReference: "InsuranceClaim/17", revision: 3, call: "decide",
            arguments: [
                .money(Money(minorUnits: 123_450, currency: currency)),
                .decimal(try ExactDecimal(coefficient: 7, scale: 1)), .boolean(true), .absent,
                .text("\u{91D1}\u{989D}"),
            ])
    }

    static let transactionHex =
        "a20158dcac0101025820111111111111111111111111111111111111111111111111111111111111111103582003a107bff3ce10be"
        + "1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8046c4e6f72746820436c696e69630507061903e80758202222222222"
        + "2222222222222222222222222222222222222222222222222222220871496e737572616e6365436c61696d2f313709030a666465"
        + "636964650b85d952088263434e591a0001e23ac4822007f5f666e98791e9a29d0c5820e3b0c44298fc1c149afbf4c8996fb92427"
        + "ae41e4649b934ca495991b7852b855025840ca15962322affd8fb6fb9c521e40cc3a32b34aa9c1b2d4915395a82d0b5e3524482d"
        + "19ff486429a0c34e17eaa6390a2d27234aa5ba6b65462f57a97983349f0f"

    static let receiptHex =
        "a9015820adb79a5bd46d7dce79b5511085291a8e3d0a8de41f4268536abab7de95a1d5e402830163443132686e6f20636f766572"
        + "03816766756e64696e6704828373636173652f496e737572616e6365436c61696d423137410183636b6579582003a107bff3ce10"
        + "be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8f60581856466756e646161616263434e59240681826c4e6f727468"
        + "20436c696e69636568656c6c6f071863085820eb14a5c0df1c7bcf2c5b0460cb360599b15bfe937f478cb27705dde361e8995509"
        + "71496e737572616e6365436c61696d2f3137"

    static let headerHex =
        "ab010102582011111111111111111111111111111111111111111111111111111111111111110305045820222222222222222222"
        + "2222222222222222222222222222222222222222222222051a6955b90006582046775d708f3160df0c7af706a4ff51bd58dc2de3"
        + "1035bbe53b1d03048011202b07010858203a3c29ad16ed9caf11890ff2bdde969fc01891b179d0dc9ea4cc3176aa286eb3095820"
        + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550a5820e3b0c44298fc1c149afbf4c8996fb92427"
        + "ae41e4649b934ca495991b7852b8550b5820e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    static let findings = Findings(
        findings: [
            .init(code: "D12", severity: .deny, text: "no cover", clause: "cover", line: 0, source: "Rules 3.1"),
            .init(code: "N1", severity: .note, text: "note", clause: "notes"),
        ],
        clauses: ["cover", "pay"])

    static func receipt(_ transaction: Digest, _ signer: SeedSigner) -> Receipt {
        Receipt(
            transaction: transaction, outcome: .refused(code: "D12", text: "no cover"),
            unfillableRounds: ["funding"],
            changes: [
                StateChange(key: StateKey(space: "key", item: signer.publicKey.bytes), value: nil),
                StateChange(key: StateKey(space: "case/InsuranceClaim", item: Array("17".utf8)), value: [0]),
                StateChange(key: StateKey(space: "case/InsuranceClaim", item: Array("17".utf8)), value: [1]),
            ],
            postings: [.init(fund: "fund", debit: "a", credit: "b", currency: "CNY", minorUnits: -5)],
            notices: [.init(to: "North Clinic", text: "hello")], cost: 99, findings: findings.digest,
            caseReference: "InsuranceClaim/17")
    }

    @Test("a transaction has its bytes, signature and digest")
    func transaction() throws {
        let signer = try SeedSigner(seed: Self.signerSeed)
        let transaction = try Transaction(signing: Self.body(signer), by: signer)
        #expect(Hex.encode(transaction.encoded) == Self.transactionHex)
        #expect(transaction.digest.hex == "adb79a5bd46d7dce79b5511085291a8e3d0a8de41f4268536abab7de95a1d5e4")
        #expect(transaction.isSignatureValid)
        let decoded = try Transaction(decoding: hex(Self.transactionHex))
        #expect(decoded == transaction && decoded.isSignatureValid)
        #expect(decoded.body == transaction.body)
        #expect(decoded.body.arguments == transaction.body.arguments)
        var other = transaction.body
        other.sequence = 8
        #expect(!Transaction(body: other, signature: transaction.signature).isSignatureValid)
        other.caseReference = nil
        #expect(try TransactionBody(decoding: other.encoded) == other)
    }

    @Test("a receipt has its bytes and digest, and its changes are in order")
    func receipt() throws {
        let signer = try SeedSigner(seed: Self.signerSeed)
        let transaction = try Transaction(signing: Self.body(signer), by: signer).digest
        let receipt = Self.receipt(transaction, signer)
        #expect(Self.findings.digest.hex == "eb14a5c0df1c7bcf2c5b0460cb360599b15bfe937f478cb27705dde361e89955")
        #expect(Findings.none.digest.hex == "e9491d8d1b5f31be05eae0f00217d79312bcf255b3363bff69520ac73fd85e17")
        #expect(try Findings(decoding: Self.findings.encoded) == Self.findings)
        #expect(Hex.encode(receipt.encoded) == Self.receiptHex)
        #expect(receipt.digest.hex == "f9d8a83a664d821743a80dd18a0ae231772bfb6bc4fcf39993f7086c5ff6ae46")
        #expect(try Receipt(decoding: hex(Self.receiptHex)) == receipt)
        for outcome in [Receipt.Outcome.done, .stalled(reason: "overflow")] {
            let other = Receipt(transaction: .zero, outcome: outcome, cost: 0)
            #expect(try Receipt(decoding: other.encoded) == other)
            #expect(other.encoded == other.cbor.encoded)
        }
    }

    @Test("a header has its bytes, signature and digest")
    func header() throws {
        let signer = try SeedSigner(seed: Self.signerSeed)
        let transaction = try Transaction(signing: Self.body(signer), by: signer).digest
        let header = BlockHeader(
            genesis: Self.genesis, height: 5, previous: Self.contract, time: 1_767_225_600,
            transactionRoot: MerkleTree.root(ofDigests: [transaction]), transactionCount: 1,
            receiptRoot: MerkleTree.root(ofDigests: [Self.receipt(transaction, signer).digest]),
            stateRoot: StateTrie.emptyRoot, rulesRoot: StateTrie.emptyRoot, keySetRoot: StateTrie.emptyRoot)
        #expect(Hex.encode(header.encoded) == Self.headerHex)
        #expect(header.digest.hex == "ab908e4a4a0e95f228636b3b6f0acdd18ac7c049c9b91b098a2b82af7bb495bf")
        let signed = try SignedHeader(signing: header, by: signer)
        #expect(
            signed.signature.description
                == "c93adf9ae7df7724d024ed12945bbb194dfc31d85cf36b39bb1ad6a6e407574f"
                + "70366d1d50aa69f63907f34ed6a0c04c768e58636fbf7e4cbb4913458148a609")
        #expect(try SignedHeader(decoding: signed.encoded) == signed)
        #expect(signed.isSignatureValid(nodeKey: signer.publicKey))
        let stranger = try SeedSigner(seed: [UInt8](repeating: 1, count: 32)).publicKey
        #expect(!signed.isSignatureValid(nodeKey: stranger))
    }

    /// Each structure with one of its fields left out, of another kind, or one too many: every one is refused.
    @Test("structures are strict about their fields")
    func strictness() throws {
        let signer = try SeedSigner(seed: Self.signerSeed)
        let body = try Self.body(signer).cbor
        let receipt = try CBOR(decoding: hex(Self.receiptHex))
        let header = try CBOR(decoding: hex(Self.headerHex))
        let transaction = try CBOR(decoding: hex(Self.transactionHex))
        try refuseMutants(of: body, optional: [8], as: TransactionBody.self)
        try refuseMutants(of: receipt, optional: [9], as: Receipt.self)
        try refuseMutants(of: header, optional: [], as: BlockHeader.self)
        try refuseMutants(of: transaction, optional: [], as: Transaction.self)
        try refuseMutants(of: Self.findings.cbor, optional: [], as: Findings.self)
    }

    private func refuseMutants<Item: LedgerItem>(of item: CBOR, optional: [Int64], as type: Item.Type) throws {
        guard case .map(let entries) = item else {
            Issue.record("\(type) is not a map")
            return
        }
        #expect(try Item(cbor: item).encoded == item.encoded)
        let wrongs: [CBOR] = [
            .null, .boolean(true), .bytes([1, 2, 3]), .array([.bytes([])]), .negative(.max), .tag(9, .null),
        ]
        for (index, entry) in entries.enumerated() {
            var fewer = entries
            fewer.remove(at: index)
            let isOptional = optional.contains(entry.key)
            let isAccepted = (try? Item(cbor: .map(fewer))) != nil
            #expect(isAccepted == isOptional, "\(type) without \(entry.key)")
            for wrong in wrongs {
                var other = entries
                other[index] = .init(entry.key, wrong)
                #expect(throws: LedgerFault.self, "\(type), field \(entry.key)") {
                    try Item(cbor: .map(other))
                }
            }
        }
        for key in [0, 13, -1] as [Int64] {
            let more = CBOR.map(entries + [.init(key, .null)])
            #expect(throws: LedgerFault.self, "\(type) with field \(key)") {
                try Item(decoding: more.encoded)
            }
        }
        #expect(throws: LedgerFault.self) {
            try Item(cbor: .array([]))
        }
    }

    @Test("receipts refuse changes out of order, and outcomes that are none")
    func receiptOrder() throws {
        guard case .map(let entries) = try CBOR(decoding: hex(Self.receiptHex)) else {
            Issue.record("not a map")
            return
        }
        func with(_ field: Int64, _ item: CBOR) -> CBOR {
            .map(entries.map { $0.key == field ? .init(field, item) : $0 })
        }
        func change(_ space: String) -> CBOR {
            .array([.text(space), .bytes([]), .null])
        }
        #expect(try Receipt(cbor: with(4, .array([change("a"), change("b")]))).changes.count == 2)
        let outcomes: [CBOR] = [
            .array([]), .array([.unsigned(3)]), .array([.unsigned(0), .text("a")]), .array([.unsigned(1), .text("a")]),
            .array([.unsigned(2)]), .array([.unsigned(2), .null]), .unsigned(0),
        ]
        let mutants =
            [with(4, .array([change("b"), change("a")])), with(4, .array([change("a"), change("a")]))]
            + outcomes.map { with(2, $0) }
        for mutant in mutants {
            #expect(throws: LedgerFault.self) {
                try Receipt(cbor: mutant)
            }
        }
    }
}
