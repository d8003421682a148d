import CFaultyFiles
import RemitLedger

@testable import RemitStore

/// A run of blocks whose writes and syncs are recorded, and the judgement of what a loss of power leaves of it.
final class PowerLoss {
    /// What came out of many losses of power.
    struct Tally: Equatable {
        var states = 0
        /// The ledger opened with every acknowledged block, and everything in it was as it had been written.
        var sound = 0
        /// The ledger opened, was consistent, and an acknowledged block was missing.
        var lost = 0
        /// The store cannot read the files, the check of the structure found something, or the state root is another.
        var refused = 0
        /// The ledger opened and held something that was never written.
        var undetected = 0
        /// The first state that was not sound, to be built again.
        var firstBad: String?
    }

    let files = FaultyFiles()
    private let scratch = Scratch(inMemory: true)
    private let ruins = Scratch(inMemory: true)
    private let seed: UInt64
    private let commits: [BlockCommit]
    /// The same as they are read.
    private let stored: [StoredBlock]
    /// The rows of the state after each number of blocks.
    private var rows: [[StateRow]] = [[]]

    /// Records a run of `blocks` blocks with checkpoints of both kinds and a reopening on the way.
    init(blocks: Int, seed: UInt64) throws {
        self.seed = seed
        var generator = SplitMix64(state: seed)
        commits = (0..<UInt64(blocks)).map { Self.block($0, &generator) }
        stored = commits.map(Sample.stored)
        try ChainStore(path: scratch.file("ledger"), mode: .create).close()
        remit_files_watch(scratch.path)
        var store = try open()
        var opened = true
        for commit in commits {
            if !opened {
                store = try open()
                opened = true
            }
            try store.append(commit)
            remit_files_acknowledge(Int64(commit.height))
            switch generator.next() % 16 {
            case 0: try store.checkpoint()
            case 1:
                try store.close()
                opened = false
            default: break
            }
        }
        if opened { try store.close() }
        remit_files_unwatch()
        for commit in commits { rows.append(Self.applying(commit, to: rows[rows.count - 1])) }
    }

    private func open() throws -> ChainStore {
        try ChainStore(
            path: scratch.file("ledger"), mode: .readWrite,
            tuning: StoreTuning(fileSystem: FaultyFiles.name, pagesBetweenCheckpoints: 24))
    }

    /// The points of the record at which the power can go.
    var points: Int64 { remit_files_points() }

    /// Lets the power go at every point, with each fate of what was not synced and `mixtures` mixtures of them.
    func suffer(mixtures: Int, ignoringSyncs: Bool = false, atMost limit: Int = .max) throws -> Tally {
        var tally = Tally()
        remit_files_rewind(ignoringSyncs ? 1 : 0)
        for point in 0...points {
            let acknowledged = remit_files_advance(point)
            for variant in 0..<(2 + mixtures) where tally.states < limit {
                let fate = [REMIT_FILES_LOST, REMIT_FILES_KEPT][safely: variant] ?? REMIT_FILES_MIXED
                let chance = seed &* 1_000_003 &+ UInt64(point) &* 1009 &+ UInt64(variant)
                guard remit_files_build(ruins.path, fate, chance) == 0 else { throw Unbuilt() }
                let verdict = judge(acknowledged: acknowledged, goesOn: chance % 8 == 0)
                tally.states += 1
                tally[keyPath: verdict] += 1
                if verdict != \.sound, tally.firstBad == nil {
                    tally.firstBad = "seed \(seed), point \(point), variant \(variant)"
                }
                ruins.clear()
            }
        }
        return tally
    }

    struct Unbuilt: Error {}

    /// Opens what is left and compares everything in it with what was written.
    private func judge(acknowledged: Int64, goesOn: Bool) -> WritableKeyPath<Tally, Int> {
        do {
            let store = try ChainStore(path: ruins.file("ledger"), mode: .readWrite)
            let (blocks, found) = try store.readEverything()
            guard try store.integrityProblems().isEmpty else { return \.refused }
            guard blocks.count <= commits.count, blocks.elementsEqual(stored.prefix(blocks.count)) else {
                return \.undetected
            }
            guard found == rows[blocks.count] else {
                return Self.root(found) == Self.root(rows[blocks.count]) ? \.undetected : \.refused
            }
            if goesOn, blocks.count < commits.count {
                try store.append(commits[blocks.count])
                guard try store.block(at: UInt64(blocks.count)) == stored[blocks.count] else {
                    return \.undetected
                }
            }
            try store.close()
            return Int64(blocks.count) > acknowledged ? \.sound : \.lost
        } catch {
            return \.refused
        }
    }

    /// The root over the present rows, which a node compares with the last header whenever it opens a ledger for
    /// writing; nil where an item has two of them.
    private static func root(_ rows: [StateRow]) -> Digest? {
        let leaves = rows.filter { $0.until == nil }.map { row in
            StateTrie.Leaf(StateKey(space: row.space, item: row.item), value: row.value)
        }
        return try? StateTrie.root(of: leaves.sorted { $0.key < $1.key })
    }

    private static func block(_ height: UInt64, _ generator: inout SplitMix64) -> BlockCommit {
        var items: Set<UInt8> = []
        while items.count < 4 { items.insert(UInt8(generator.next() % 24)) }
        var changes = items.sorted().map { item in
            StateWrite(
                space: "case", item: [item],
                value: generator.next() % 5 == 0 ? nil : generator.bytes(Int(generator.next() % 300)))
        }
        changes.append(StateWrite(space: "last", item: [], value: Sample.digest(14, height)))
        var block = Sample.block(height, transactions: Int(generator.next() % 6), changes: changes)
        // Now and then a block that spans many pages.
        if generator.next() % 7 == 0 { block.header = generator.bytes(9000) }
        return block
    }

    /// The rows after a block, by the plainest rule, in the order of the store.
    private static func applying(_ commit: BlockCommit, to rows: [StateRow]) -> [StateRow] {
        var rows = rows
        for change in commit.changes {
            if let index = rows.firstIndex(where: {
                $0.until == nil && $0.space == change.space && $0.item == change.item
            }) {
                let old = rows[index]
                rows[index] = StateRow(
                    space: old.space, item: old.item, since: old.since, until: commit.height, value: old.value)
            }
            if let value = change.value {
                rows.append(
                    StateRow(
                        space: change.space, item: change.item, since: commit.height, until: nil, value: value))
            }
        }
        return rows.sorted { left, right in
            let key = StateWrite(space: left.space, item: left.item, value: nil)
            let other = StateWrite(space: right.space, item: right.item, value: nil)
            return key.hasSameKey(as: other) ? left.since < right.since : key.precedes(other)
        }
    }
}

extension Array {
    fileprivate subscript(safely index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
