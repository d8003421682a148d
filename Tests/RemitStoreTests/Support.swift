import CSQLite
import Glibc

@testable import RemitStore

/// A directory that goes with the object.
final class Scratch {
    let path: String

    /// A directory on disk, or in memory where the system has such a place and nothing is to be kept.
    init(inMemory: Bool = false) {
        let place = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(place)/remit-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            preconditionFailure("no scratch directory: \(errno)")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        clear()
        rmdir(path)
    }

    /// Removes the files in it.
    func clear() {
        for name in names {
            unlink(path + "/" + name)
        }
    }

    /// The names of the files in it, sorted.
    var names: [String] {
        guard let directory = opendir(path) else {
            return []
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." {
                names.append(name)
            }
        }
        return names.sorted()
    }

    func file(_ name: String) -> String {
        path + "/" + name
    }
}

/// Whole files as bytes.
enum Files {
    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            return []
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else {
                return bytes
            }
            bytes += buffer.prefix(count)
        }
    }

    static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "wb") else {
            preconditionFailure("cannot write \(path): \(errno)")
        }
        defer { fclose(file) }
        let written = fwrite(bytes, 1, bytes.count, file)
        precondition(written == bytes.count, "cannot write \(path)")
    }
}

/// Another program at work on a database.
enum Shell {
    /// Runs statements and gives the extended result code and every value of the result as text.
    @discardableResult
    static func run(_ path: String, _ text: String) -> (code: Int32, values: [String]) {
        var database: OpaquePointer?
        defer { sqlite3_close(database) }
        var code = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
        guard code == SQLITE_OK else {
            return (code, [])
        }
        sqlite3_extended_result_codes(database, 1)
        let collected = Collected()
        let context = Unmanaged.passUnretained(collected).toOpaque()
        code = sqlite3_exec(
            database, text,
            { context, count, values, _ in
                guard let context, let values else {
                    return 1
                }
                let collected = Unmanaged<Collected>.fromOpaque(context).takeUnretainedValue()
                for index in 0..<Int(count) {
                    collected.values.append(values[index].map { String(cString: $0) } ?? "NULL")
                }
                return 0
            }, context, nil)
        return (code, collected.values)
    }

    private final class Collected {
        var values: [String] = []
    }
}

/// Pseudo-random numbers by SplitMix64, the same for the same seed everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// Blocks with content that depends on their height alone.
enum Sample {
    static func digest(_ kind: UInt8, _ height: UInt64, _ position: Int = 0) -> [UInt8] {
        var generator = SplitMix64(state: height &* 1000 &+ UInt64(position) &* 7 &+ UInt64(kind))
        return generator.bytes(32)
    }

    static func transaction(_ height: UInt64, _ position: Int) -> TransactionRecord {
        TransactionRecord(
            digest: digest(1, height, position), body: digest(2, height, position) + [0, 255],
            signature: digest(3, height, position) + digest(4, height, position), receipt: [UInt8(position & 255)],
            findings: position % 2 == 0 ? [1, 2, 3] : nil, call: "Claim.submit",
            caseReference: position % 3 == 0 ? nil : "Claim/\(position)",
            outcome: position % 5 == 4 ? "refused" : "done")
    }

    static func block(
        _ height: UInt64, transactions count: Int = 3, changes: [StateWrite] = []
    ) -> BlockCommit {
        BlockCommit(
            height: height, digest: digest(10, height), time: 1_700_000_000 + Int64(height % 1_000_000),
            header: digest(11, height), signature: digest(12, height) + digest(13, height),
            transactions: (0..<count).map { transaction(height, $0) },
            changes: changes.isEmpty
                ? [
                    StateWrite(space: "last", item: [], value: digest(14, height)),
                    StateWrite(space: "seen/by", item: digest(15, height), value: digest(16, height)),
                ] : changes)
    }

    /// The block as it must be read back.
    static func stored(_ commit: BlockCommit) -> StoredBlock {
        StoredBlock(
            height: commit.height, digest: commit.digest, time: commit.time, header: commit.header,
            signature: commit.signature, deadlines: commit.deadlines, transactions: commit.transactions)
    }

    /// A ledger with blocks 0 to `count` − 1.
    static func ledger(
        _ path: String, blocks count: UInt64, tuning: StoreTuning = StoreTuning()
    ) throws -> ChainStore {
        let store = try ChainStore(path: path, mode: .create, tuning: tuning)
        for height in 0..<count {
            try store.append(block(height))
        }
        return store
    }
}

extension ChainStore {
    /// Hands over every present row in the order of spaces and items, until `body` stops.
    func forEachCurrentState(_ body: (StateRow) throws(StoreError) -> Walk) throws(StoreError) {
        guard let head = try head() else { return }
        try forEachState(asOf: head.height, body)
    }

    /// Reads everything there is, in every way that goes through whole tables.
    func readEverything() throws(StoreError) -> (blocks: [StoredBlock], rows: [StateRow]) {
        var blocks: [StoredBlock] = []
        var rows: [StateRow] = []
        try forEachBlock { block throws(StoreError) in
            blocks.append(block)
            return .next
        }
        try forEachCurrentBytes { _, _, _ in }
        try forEachStateRow { row throws(StoreError) in
            rows.append(row)
            return .next
        }
        return (blocks, rows)
    }
}
