import Foundation
import Glibc
import RemitLedger
import RemitNode
import RemitStore

/// How updates and starts cost with the number of keys in the state.
extension LedgerBench {
    /// What an update and a start cost with so many keys.
    struct Growth {
        let keys: Int
        let microsecondsPerUpdate: Double
        /// The work of all cores for it, which leaves out the time that the disk takes.
        let workPerUpdate: Double
        let secondsToStart: Double
        /// The same start by another program; nil where none was asked.
        let peerSeconds: Double?
        /// The most memory that the process has used until now, in mebibytes.
        let mebibytes: Int

        var line: String {
            let peer = peerSeconds.map { String(format: ", by a C program %6.2f s (%.2f)", $0, secondsToStart / $0) }
            return String(
                format: "%9d keys: %6.1f µs an update in blocks of 200 (%5.1f µs of the cores), %6.2f s to rebuild the "
                    + "root%@, %d MiB at most",
                keys, microsecondsPerUpdate, workPerUpdate, secondsToStart, peer ?? "", mebibytes)
        }
    }

    /// How often each start is measured.
    private static let starts = 3

    /// Fills a state with so many keys, updates it and starts from it; the starts take turns with those of `peer`.
    func growth(keys: Int, peer: String?) throws -> Growth {
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path("growth") + suffix) }
        let (update, roots) = try fillAndUpdate(keys)
        var own: [Double] = []
        var others: [Double] = []
        for _ in 0..<Self.starts {
            own.append(try start(roots))
            if let peer { others.append(try start(peer, roots.state)) }
        }
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return Growth(
            keys: keys, microsecondsPerUpdate: 1e6 / update.perSecond, workPerUpdate: update.work,
            secondsToStart: own.sorted()[Self.starts / 2],
            peerSeconds: others.isEmpty ? nil : others.sorted()[Self.starts / 2], mebibytes: usage.ru_maxrss / 1024)
    }

    /// A state that rows are written to without transactions.
    private struct Rows {
        let store: ChainStore
        var commitment = StateCommitment()
        var height: UInt64 = 0

        mutating func commit(_ numbers: [Int], _ value: [UInt8]) throws {
            let changes = Set(numbers).sorted().map { number in
                StateWrite(
                    space: "row", item: Hashing.digest(.stateItem, Array("\(number)".utf8)).bytes, value: value)
            }
            for change in changes {
                commitment.apply(
                    StateChange(key: StateKey(space: change.space, item: change.item), value: change.value))
            }
            let root = commitment.roots().state
            try store.append(
                BlockCommit(
                    height: height, digest: root.bytes, time: 0, header: root.bytes, signature: [],
                    transactions: [], changes: changes))
            height += 1
        }
    }

    /// Fills the state and updates it; gives the rate of updates and the roots at the end.
    private func fillAndUpdate(_ keys: Int) throws -> (Rate, StateCommitment.Roots) {
        var rows = Rows(store: try ChainStore(path: path("growth"), mode: .create))
        for start in stride(from: 0, to: keys, by: 20_000) {
            try rows.commit(Array(start..<min(start + 20_000, keys)), Self.value)
        }
        try rows.store.checkpoint()
        let rate = try update(&rows, keys)
        try rows.store.close()
        return (rate, rows.commitment.roots())
    }

    private static let value = [UInt8](repeating: 7, count: 80)

    /// Updates keys here and there, in blocks of 200.
    private func update(_ rows: inout Rows, _ keys: Int) throws -> Rate {
        let (blocks, size) = (50, 200)
        let start = Moment()
        var number = 1
        for block in 0..<blocks {
            var numbers: [Int] = []
            for _ in 0..<size {
                number = (number * 1_103_515_245 + 12345) & 0x7FFF_FFFF
                numbers.append(number % keys)
            }
            try rows.commit(numbers, Self.value + [UInt8(block)])
        }
        return Rate(blocks * size, since: start)
    }

    /// Opens the ledger of the growth measurement and rebuilds its root, as a node does when it starts.
    private func start(_ expected: StateCommitment.Roots) throws -> Double {
        let begun = Self.seconds()
        let store = try ChainStore(path: path("growth"), mode: .readWrite)
        var rebuilt = try StateRebuild.commitment(store)
        guard let roots = rebuilt?.roots(), roots == expected else {
            throw CommandFailure(.broken, "chain", "the rebuilt root is another one", hint: nil)
        }
        let seconds = Self.seconds() - begun
        try store.close()
        return seconds
    }

    /// The same by another program, which prints its seconds and the root.
    private func start(_ program: String, _ root: Digest) throws -> Double {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [path("growth")]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let words = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard process.terminationStatus == 0, words.count == 2, let seconds = Double(words[0]), seconds > 0 else {
            throw CommandFailure.files("\(program) did not print a time and a root", hint: "see scripts/bench/trie.c")
        }
        guard words[1].utf8.elementsEqual(root.hex.utf8) else {
            throw CommandFailure(.broken, "chain", "\(program) found another root", hint: nil)
        }
        return seconds
    }
}
