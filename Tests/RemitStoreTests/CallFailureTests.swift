import CFaultyFiles
import Testing

@testable import RemitStore

/// Every call of the system that SQLite makes during a run of 200 blocks fails, once or from then on.
///
/// The usual run takes a sample of the calls. `REMIT_CALL_FAILURES=1` takes every one; then `REMIT_CALL_FAULT` and
/// `REMIT_CALL_LASTING` choose one kind of failure by its numbers, so that a long run can be taken up again.
@Suite("Every call fails")
struct CallFailureTests {
    let files = FaultyFiles()
    let scratch = Scratch(inMemory: true)
    var path: String { scratch.file("ledger") }
    private static let blocks: UInt64 = 200
    private let commits = (0..<CallFailureTests.blocks).map { Sample.block($0, transactions: 2) }

    private var tuning: StoreTuning {
        // A small cache makes the run read from the files as well.
        StoreTuning(fileSystem: FaultyFiles.name, pagesBetweenCheckpoints: 48, cacheKibibytes: 32)
    }

    /// What the user of the store got to know before it stopped.
    private struct Told {
        var acknowledged: UInt64?
        var attempted: UInt64 = 0
        var error: StoreError?
    }

    /// Opens the ledger and appends blocks until something fails.
    private func run() -> Told {
        var told = Told()
        do {
            let store = try ChainStore(path: path, mode: .readWrite, tuning: tuning)
            for commit in commits {
                told.attempted = commit.height
                do {
                    try store.append(commit)
                } catch {
                    told.error = error
                    // Whatever the store answers now, it must not be a wrong head.
                    if let head = try? store.head() {
                        #expect(Optional(head.height) == told.acknowledged)
                    }
                    throw error
                }
                told.acknowledged = commit.height
                if commit.height % 16 == 15 {
                    let head = try store.head()
                    #expect(head?.height == commit.height && head?.digest == commit.digest)
                    let old = try store.block(at: commit.height / 2)
                    #expect(old == Sample.stored(commits[Int(commit.height / 2)]))
                    _ = try store.state(space: "seen/by", item: Sample.digest(15, commit.height / 3))
                }
            }
            try store.close()
        } catch {
            told.error = told.error ?? error as? StoreError
        }
        return told
    }

    @Test(
        "a failing call is a clean refusal, and the ledger is as it was acknowledged",
        arguments: [REMIT_FILES_IO_ERROR, REMIT_FILES_DISK_FULL, REMIT_FILES_SHORT].map(\.rawValue), [false, true])
    func everyCall(fault: UInt32, isLasting: Bool) throws {
        guard Environment.number("REMIT_CALL_FAULT", otherwise: Int(fault)) == Int(fault),
            Environment.number("REMIT_CALL_LASTING", otherwise: isLasting ? 1 : 0) == (isLasting ? 1 : 0)
        else { return }
        try forEachCall(FaultyFiles.Plan(fault: remit_files_fault(fault), isLasting: isLasting)) {
            try expectSound($0, $1)
        }
    }

    /// Lets the calls of a run fail one after another, each in a run of its own.
    private func forEachCall(_ plan: FaultyFiles.Plan, _ check: (Told, String) throws -> Void) throws {
        try ChainStore(path: path, mode: .create).close()
        let empty = Files.read(path)
        var plan = plan
        plan.first = .max
        files.fail(in: scratch.path, plan)
        #expect(run().error == nil)
        let calls = files.heal()
        #expect(calls > 1000)
        let all = Environment.number("REMIT_CALL_FAILURES", otherwise: 0) == 1
        let step = all ? 1 : max(1, calls / 20)
        var refusals = 0
        plan.first = all ? 0 : Int64(plan.fault.rawValue) * 7 % step
        while plan.first < calls {
            scratch.clear()
            Files.write(empty, to: path)
            files.fail(in: scratch.path, plan)
            let told = run()
            #expect(files.failures > 0)
            files.heal()
            refusals += told.error == nil ? 0 : 1
            try check(told, "fault \(plan.fault.rawValue), call \(plan.first), lasting \(plan.isLasting)")
            plan.first += step
        }
        #expect(refusals > 0)
        print(
            "failing calls: fault \(plan.fault.rawValue), lasting \(plan.isLasting): \(calls) calls, each "
                + "\(step)th tried, \(refusals) refusals")
    }

    /// Opens the ledger on a disk that works again.
    private func expectSound(_ told: Told, _ place: String) throws {
        let store = try ChainStore(path: path, mode: .readWrite)
        let blocks = try store.readEverything().blocks
        let least = told.acknowledged.map { $0 + 1 } ?? 0
        let most = told.error == nil ? Self.blocks : told.attempted + 1
        #expect(UInt64(blocks.count) >= least && UInt64(blocks.count) <= max(least, most), "\(place)")
        #expect(blocks == commits.prefix(blocks.count).map(Sample.stored), "\(place)")
        #expect(try store.integrityProblems() == [], "\(place)")
        if blocks.count < commits.count { try store.append(commits[blocks.count]) }
        try store.close()
    }
}
