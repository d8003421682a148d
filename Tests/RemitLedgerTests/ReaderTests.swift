import RemitLedger
import RemitValues
import Testing

/// What is decoded often is read without a tree of items; the tree stays the measure.
@Suite("Reading without a tree")
struct ReaderTests {
    /// A value as the tree gives it; nil where that refuses it.
    private static func byTree(_ bytes: [UInt8]) -> Value? {
        guard let item = try? CBOR(decoding: bytes) else { return nil }
        return try? ValueCoding.decode(item)
    }

    private static func byTree<Item: LedgerItem>(_ bytes: [UInt8], _ kind: Item.Type) -> Item? {
        guard let item = try? CBOR(decoding: bytes) else { return nil }
        return try? Item(cbor: item)
    }

    /// Whether both ways give the same, or both refuse; equal structures have equal bytes.
    private static func agree<Item: LedgerItem>(_ read: Item?, _ bytes: [UInt8]) -> Bool {
        read == byTree(bytes, Item.self) && (read == nil || read?.cbor.encoded == bytes)
    }

    private static func agree(_ bytes: [UInt8]) -> Bool { (try? ValueCoding.decode(bytes: bytes)) == byTree(bytes) }

    private static let values: [Value] =
        ValueCodingTests.canonical.map(\.0) + [
            .record(ValueCodingTests.canonical.map(\.0)), .list([.list([.record([])]), .text("\u{91D1}"), .absent]),
        ]

    @Test("values are read as the tree reads them, mutants too")
    func mutatedValues() {
        for (index, value) in Self.values.enumerated() {
            let bytes = ValueCoding.encoded(value)
            #expect(bytes == ValueCoding.encode(value).encoded)
            #expect(Self.agree(bytes) && Self.byTree(bytes) == value, "value \(index)")
            for seed in 0..<400 {
                var mutator = Mutator(seed: UInt64(index) << 32 | UInt64(seed))
                let mutant = seed % 2 == 0 ? mutator.bytes(bytes) : mutator.item(ValueCoding.encode(value)).encoded
                #expect(Self.agree(mutant), "value \(index), seed \(seed): \(Hex.encode(mutant))")
            }
        }
    }

    @Test("nesting ends where the tree ends it", arguments: [62, 63, 64, 65, 66])
    func nesting(depth: Int) {
        for innermost in ["00", "d9520b6161", "d952088263434e5901", "d9520c80", "c4822007", "d9520d80"] {
            let bytes = [UInt8](repeating: 0x81, count: depth) + hex(innermost)
            #expect(Self.agree(bytes), "\(innermost) below \(depth) lists")
        }
    }

    @Test("bodies, receipts and findings are read as the tree reads them, mutants too")
    func mutatedItems() throws {
        let signer = try SeedSigner(seed: StructureTests.signerSeed)
        var body = try StructureTests.body(signer)
        body.arguments += Self.values
        var plain = body
        plain.caseReference = nil
        var receipt = StructureTests.receipt(.zero, signer)
        let refused = receipt
        receipt.outcome = .stalled(reason: "why")
        receipt.caseReference = nil
        let findings = StructureTests.findings
        let other = Findings(
            findings: [.init(code: "A", severity: .pend, text: "t", clause: "c", source: "s")]
                + findings.findings, clauses: [])
        for seed in 0..<6_000 {
            var mutator = Mutator(seed: UInt64(seed))
            func mutant(_ item: some LedgerItem) -> [UInt8] {
                seed == 0 ? item.encoded : seed % 2 == 0 ? mutator.bytes(item.encoded) : mutator.item(item.cbor).encoded
            }
            let bodies = mutant(seed % 3 == 0 ? plain : body)
            #expect(Self.agree(try? TransactionBody(decoding: bodies), bodies), "seed \(seed): \(Hex.encode(bodies))")
            let receipts = mutant(seed % 3 == 0 ? refused : receipt)
            #expect(Self.agree(try? Receipt(decoding: receipts), receipts), "seed \(seed): \(Hex.encode(receipts))")
            let found = mutant(seed % 3 == 0 ? findings : other)
            #expect(Self.agree(try? Findings(decoding: found), found), "seed \(seed): \(Hex.encode(found))")
        }
    }

    @Test("the arguments of a body stand where it says")
    func argumentPlaces() throws {
        let signer = try SeedSigner(seed: StructureTests.signerSeed)
        var body = try StructureTests.body(signer)
        body.arguments += Self.values
        let transaction = try Transaction(signing: body, by: signer)
        let bytes = transaction.argumentPlaces.map { Array(transaction.bodyBytes[$0]) }
        #expect(bytes == body.arguments.map(ValueCoding.encoded))
    }
}
