public import RemitLedger

/// Something that is wrong with the chain in a store: where, and what differs.
public struct ChainProblem: Error, CustomStringConvertible {
    /// The block; nil where a state row or the file itself is meant.
    public let height: UInt64?
    /// The transaction's position in the block, from 0.
    public let position: Int?
    /// What differs, naming the state row where one is meant.
    public let text: String

    /// A problem at a place.
    public init(height: UInt64?, position: Int?, text: String) {
        self.height = height
        self.position = position
        self.text = text
    }

    init(_ fault: ChainFault) {
        self.init(height: fault.height, position: fault.position, text: fault.description)
    }

    /// What is wrong at the beginning of a file, where no block is meant.
    init(ofFile fault: ChainFault) {
        switch fault.faultClass {
        case .nodeKey, .genesis:
            let names = [fault.found, fault.expected].map { $0 ?? "none" }
            let what = fault.faultClass == .nodeKey ? "the node's key" : "block 0"
            self.init(
                height: nil, position: nil,
                text: "the file is of another chain: of \(what) it says \(names[0]), and here that is \(names[1])")
        default: self.init(fault)
        }
    }

    /// One line that begins with the place.
    public var description: String {
        guard let height, !text.hasPrefix("block ") else { return text }
        return position.map { "block \(height), transaction \($0): \(text)" } ?? "block \(height): \(text)"
    }
}

/// What a verification looked at and found.
public struct VerificationReport: Sendable {
    /// Blocks looked at.
    public var blocks: UInt64 = 0
    /// Transactions looked at.
    public var transactions: UInt64 = 0
    /// What was executed again with the same receipts, and what could not be.
    public var replay = ReplayCounts()
    /// Transactions that were executed again with the same receipt.
    public var replayed: UInt64 { replay.transactions.executed }
    /// Private values and secrets in the vault, opened and compared with their commitments.
    public var vaultRows: UInt64 = 0
    /// Commitments of the chain whose values the vault neither has nor had erased; none where there is no vault.
    public var vaultLacks: UInt64 = 0
    /// Whether the file may still hold traces of what was erased.
    public var holdsTraces = false
    /// The height of the snapshot that the ledger begins with; nil for a whole chain.
    public var snapshot: UInt64?
    /// Current state rows compared with the chain.
    public var stateRows: UInt64 = 0
    /// The digest of the last header.
    public var head: Digest?
    /// What is wrong; empty where all is well.
    public var problems: [ChainProblem] = []

    /// Whether something is wrong with the file itself, and no block is named for it.
    var isPlaceless: Bool {
        problems.contains { $0.text.hasPrefix(Self.ofFile) } && problems.allSatisfy { $0.height == nil }
    }

    /// What problems of the file itself begin with.
    static let ofFile = "the database file: "

    /// What was looked at, in words.
    public var counts: String {
        func counted(_ count: UInt64, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        let counts = [
            counted(blocks, "block"), counted(transactions, "transaction"), counted(stateRows, "state row"),
        ].joined(separator: ", ")
        return snapshot.map { "from the snapshot at height \($0): \(counts)" } ?? counts
    }

    /// What the vault lacks, in words.
    public var vaultGap: String {
        "the vault knows nothing of \(vaultLacks) values that the chain commits to: it is older than they are, or "
            + "has lost them"
    }

    /// Nothing looked at yet.
    public init() {}
}
