import RemitLedger
import RemitStore
import RemitValues

/// Compares the rows of the vault with where their commitments stand on the chain: block by block whether each says
/// which block brought it, from which secret and for which case; and what the vault has never had, or has lost.
struct VaultCoverage {
    private let store: ChainStore
    private var lacking: Set<Digest> = []
    /// The block with whose state the ledger begins: what came with it or before it stands in no block here.
    private let base: UInt64?
    /// How many rows of the vault were found in the blocks that they name.
    private var placed: UInt64 = 0

    /// The most commitments that are told apart.
    private static let limit = 100_000

    /// Nil where the ledger has no vault at all, as a copy that was made without one.
    init?(_ store: ChainStore) throws(NodeError) {
        guard try storing({ () throws(StoreError) in try store.hasVaultRecords() }) else { return nil }
        self.store = store
        base = try storing { () throws(StoreError) in try store.base() }?.height
    }

    /// How many commitments the vault knows nothing of.
    var count: UInt64 { UInt64(lacking.count) }

    /// Looks up the commitments in a value.
    mutating func look(at value: Value) throws(StoreError) {
        for commitment in value.commitments where lacking.count < Self.limit {
            if try store.vaultRecord(commitment.bytes) == nil { lacking.insert(commitment) }
        }
    }

    /// Looks up the commitments in a block: seeds, arguments, and what stands in the rows that it wrote.
    mutating func look(at block: ReadBlock, height: UInt64) throws(NodeError) -> [ChainProblem] {
        let places = Dictionary(grouping: VaultPlace.places(in: block), by: \.commitment)
        var problems: [ChainProblem] = []
        for commitment in places.keys.sorted() {
            guard let found = places[commitment] else { continue }
            if let problem = try look(at: commitment, found, height) { problems.append(problem) }
        }
        return problems
    }

    private mutating func look(
        at commitment: Digest, _ places: [VaultPlace], _ height: UInt64
    ) throws(NodeError) -> ChainProblem? {
        let row = try storing { () throws(StoreError) in try store.vaultRecord(commitment.bytes) }
        guard let row else {
            // The arguments of a transaction that was refused need not be kept.
            if lacking.count < Self.limit, places.contains(where: { $0.isArgument && $0.isKept }) {
                lacking.insert(commitment)
            }
            return nil
        }
        guard row.height == height else {
            guard row.height > height, places.contains(where: \.isKept) else { return nil }
            return Self.problem(row, "names block \(row.height) as the one that brought it, and block \(height) did")
        }
        placed += 1
        let fits = try storing { () throws(StoreError) in
            for place in places where try place.fits(row, at: height, in: store) { return true }
            return false
        }
        return fits ? nil : Self.problem(row, "names another case or secret than block \(height) does")
    }

    /// Looks up the commitments in every state row that there is or was.
    mutating func lookAtState() throws(NodeError) {
        var coverage = self
        try storing { () throws(StoreError) in
            try store.forEachStateRow { row throws(StoreError) in
                if let value = try? ValueCoding.decode(bytes: row.value) { try coverage.look(at: value) }
                return .next
            }
        }
        self = coverage
    }

    /// The rows of the vault whose commitments do not stand in the blocks that they name, after all blocks up to the
    /// last one were looked at.
    func strays(last: UInt64, limit: Int) throws(NodeError) -> [ChainProblem] {
        let count = try storing { () throws(StoreError) in try store.vaultRecordCount(above: base, upTo: last) }
        guard count != placed else { return [] }
        var known: [UInt64: Set<Digest>] = [:]
        var problems: [ChainProblem] = []
        try storing { () throws(StoreError) in
            try store.forEachVaultRecord { row throws(StoreError) in
                guard row.height <= last, base.map({ row.height > $0 }) ?? true else { return .next }
                if known[row.height] == nil {
                    let block = try store.block(at: row.height)
                    let places = block.map { VaultPlace.places(in: BlockRows.parts(of: $0)) } ?? []
                    known[row.height] = Set(places.map(\.commitment))
                }
                if let commitment = Digest(bytes: row.commitment), known[row.height]?.contains(commitment) == true {
                    return .next
                }
                problems.append(Self.problem(row, "stands nowhere in block \(row.height), which it names"))
                return problems.count < limit ? .next : .stop
            }
        }
        return problems
    }

    private static func problem(_ row: VaultRecord, _ text: String) -> ChainProblem {
        ChainProblem(
            height: nil, position: nil,
            text: "the vault's row of the commitment \(Hex.encode(row.commitment)) \(text)")
    }
}
