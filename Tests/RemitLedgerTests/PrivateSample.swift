import RemitLedger
import RemitValues
import Testing

/// A chain of two blocks with private values in every place where they can stand, and proofs that disclose them.
struct PrivateSample {
    /// What the second block's transaction brings, and what its receipt changes.
    struct Parts {
        /// The openings; what stands on the chain follows from them.
        var openings: [PrivateOpening]
        var arguments: [Value]
        var rows: [(space: String, item: [UInt8], value: Value)]
    }

    /// The salt of every opening here: that it is the same makes no difference to a verifier.
    static let salt = Hashing.digest(.privateSecret, [1])
    static let keys: [Value] = [.keyedDigest(salt), .integer(3)]

    private static func opening(_ value: Value, _ parts: Value...) -> PrivateOpening {
        PrivateOpening(path: PrivatePath(parts), salt: salt, value: value)
    }

    /// The paths and values of the sample: four arguments, two fields of a case, two of a register's row.
    static func openings() throws -> [PrivateOpening] {
        [
            opening(.text("P-1"), .text("argument"), .integer(1)),
            opening(.record(try SampleChain.values().filter { !$0.holdsSealed }), .text("argument"), .integer(2)),
            opening(.absent, .text("argument"), .integer(3), .integer(0), .text("code")),
            opening(.text("a \"b\" \\ \u{202E}"), .text("argument"), .integer(3), .integer(1), .text("code")),
            opening(.text("J45.0"), .text("case"), .text("Gloves/7"), .text("diagnosis")),
            opening(
                .integer(-4), .text("case"), .text("Gloves/7"), .text("lines"), .integer(0), .text("dose")),
            opening(
                .integer(1976), .text("register"), .text("Gloves"), .text("Member"), .list(keys), .text("born")),
            opening(
                .boolean(true), .text("register"), .text("Gloves"), .text("Member"), .list(keys), .text("visits"),
                .integer(1)),
        ]
    }

    /// Puts the commitments of openings where they belong, beside rows that only look as if they belonged there.
    static func parts(_ openings: [PrivateOpening]) -> Parts {
        let sealed = openings.map(\.sealed)
        let fields = Value.record([sealed[4], .integer(2), .list([.record([.text("x"), sealed[5]])])])
        let state = Value.record([.text("d"), .integer(1), .enumeration("filed"), .integer(3), fields, .list([])])
        let line = { (code: Value) in Value.record([.integer(1), code]) }
        let register = "register/Gloves/Member"
        let item = ValueCoding.encoded(.list(keys))
        return Parts(
            openings: openings,
            arguments: [.integer(5), sealed[0], sealed[1], .list([line(sealed[2]), line(sealed[3])])],
            rows: [
                ("case/Gloves/0000000007", Array("state".utf8), state),
                ("case/Gloves/0000000007", Array("secret".utf8), .commitment(salt)),
                ("case/Gloves/8", Array("state".utf8), state), (register, Array("P-1".utf8), .record([sealed[6]])),
                (register, item, .record([sealed[6], .list([.integer(0), sealed[7]])])),
                ("erasure", item, .record([.text("case"), .text("Gloves/8"), .list([]), .integer(1)])),
            ])
    }

    let chain: SampleChain
    let parts: Parts

    init(_ parts: Parts) throws {
        var chain = try SampleChain()
        let founding = [try chain.transaction()]
        try chain.append(founding)
        let transactions = [
            try chain.transaction(),
            try chain.transaction {
                $0.call = "file"
                $0.arguments = parts.arguments
                $0.seedCommitment = Self.salt
            },
        ]
        let changes = parts.rows.map {
            StateChange(key: StateKey(space: $0.space, item: $0.item), value: ValueCoding.encoded($0.value))
        }
        let removed = StateChange(key: StateKey(space: "case/Gloves/0000000009", item: [0]), value: nil)
        try chain.append(
            transactions,
            receipts: {
                $0[1] = Receipt(
                    transaction: $0[1].transaction, outcome: .done, changes: changes + [removed], cost: 3,
                    caseReference: "Gloves/7")
            })
        self.chain = chain
        self.parts = parts
    }

    static func honest() throws -> PrivateSample { try PrivateSample(parts(openings())) }

    /// The receipt, with openings.
    func receipt(_ openings: [PrivateOpening]) throws -> ChainProof {
        try chain.proveReceipt(1, 1, size: 2).disclosing(openings)
    }

    /// A row of the state after the last block, with openings.
    func row(_ space: String, _ item: [UInt8], _ openings: [PrivateOpening]) throws -> ChainProof {
        let key = StateKey(space: space, item: item)
        let (rows, leaves) = (try chain.rows(after: 1), try chain.leaves(after: 1))
        return try chain.proveState(1, size: 2, .present(key, value: rows[key] ?? [], in: leaves))
            .disclosing(openings)
    }

    /// All rows of a space after the last block, with openings.
    func space(_ space: String, _ openings: [PrivateOpening]) throws -> ChainProof {
        let rows = try chain.rows(after: 1).filter { $0.key.space == space }.sorted { $0.key < $1.key }
            .map { StateClaim.Row(item: $0.key.item, value: $0.value) }
        return try chain.proveState(1, size: 2, .all(space: space, rows: rows, in: try chain.leaves(after: 1)))
            .disclosing(openings)
    }

    /// A proof of each kind that can disclose something.
    func proofs() throws -> [ChainProof] {
        let openings = parts.openings
        let fields = Array(openings[4...5])
        let cells = Array(openings[6...7])
        let state = parts.rows[0]
        let row = parts.rows[4]
        return [
            try receipt(openings), try self.row(state.space, state.item, fields),
            try space(state.space, fields), try self.row(row.space, row.item, cells),
            try space(row.space, cells), try receipt(Array(openings[1...4])), try receipt([]),
        ]
    }
}

extension ChainProof {
    /// The same proof with openings.
    func disclosing(_ openings: [PrivateOpening]) -> ChainProof {
        ChainProof(checkpoint: checkpoint, content: content, openings: openings)
    }
}
