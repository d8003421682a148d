import Dispatch
import Foundation
import Glibc
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Synchronization

/// Signed claims for a ledger that is founded the same way each time, and the ledgers that they are committed to.
struct LedgerBench {
    /// How many keys sign, and how many submit at once.
    static let submitters = 64

    let folder: String
    let source: String
    /// The contract, and its action that opens cases.
    let program: CheckedProgram
    let action: ActionDeclaration
    private let administrator: KeyFile
    private let node: KeyFile
    let signers: [SeedSigner]
    /// In an order in which they can be committed.
    private(set) var transactions: [Transaction] = []

    init(folder: String, contract: String, transactions count: Int) throws {
        self.folder = folder
        program = try ContractFile(path: contract).contract()
        action = program.actions[try BatchActions.opening(nil, in: program)]
        source = String(decoding: try Files.read(contract, limit: Limits.sourceBytes), as: UTF8.self)
        administrator = try KeyFile.demonstration(name: "bench-administrator", person: "ann")
        node = try KeyFile.demonstration(name: "bench-node", person: "node")
        signers = try (0..<Self.submitters).map {
            try KeyFile.demonstration(name: "bench-\($0)", person: "s\($0)").signer
        }
        try Files.makeFolder(folder, mode: 0o700)
        let ledger = try found("signing")
        let digest = try ledger.contract(named: program.name).digest
        var writers = try signers.map { try TransactionWriter(node: ledger, signer: $0) }
        for number in 0..<count {
            let arguments = try Self.claim(number)
            transactions.append(
                try writers[number % Self.submitters].sign(
                    action: action.name, contract: digest, arguments: arguments, organisation: "clinic"))
        }
    }

    /// A claim with three lines, none like another.
    static func claim(_ number: Int) throws -> [Value] {
        guard let day = CalendarDate(year: 2019, month: 5, day: 20) else { return [] }
        let lines = try (1...3).map { line in
            let price = try ExactDecimal.parse("\(100 + (number * 7 + line) % 900).50") ?? .one
            return Value.record([.integer(Int64(line)), .text("A"), .decimal(.one), .decimal(price)])
        }
        return [
            .text(TextValue("C-\(number)")), .text(TextValue("P-\(number % 500)")), .enumeration("institutional"),
            .date(day), .date(day), .date(day), .absent, .absent, .list(lines),
        ]
    }

    func path(_ name: String) -> String { "\(folder)/\(name).sqlite" }

    /// Founds a ledger in a new file, with the contract and everybody who signs.
    func found(_ name: String) throws -> LedgerNode {
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path(name) + suffix) }
        let founding = SystemCall.Founding(
            chain: "bench", organisation: "insurer", organisationName: "Insurer", administrator: "ann",
            administratorName: "Ann", administratorKey: administrator.signer.publicKey,
            nodeKey: node.signer.publicKey)
        let ledger = try LedgerNode.create(
            path: path(name), founding: founding, administrator: administrator.signer, node: node.signer,
            clock: FixedClock(FixedClock.demonstration))
        var writer = try TransactionWriter(node: ledger, signer: administrator.signer)
        var calls: [SystemCall] = [
            .deployContract(source: TextValue(source), home: "insurer"),
            .registerOrganisation(identifier: "clinic", name: "Clinic"),
        ]
        for (number, signer) in signers.enumerated() {
            let person = TextValue("s\(number)")
            calls.append(.registerPerson(identifier: person, name: person))
            calls.append(.addKey(person: person, key: signer.publicKey))
            calls.append(.grantRole(person: person, role: "Provider", organisation: "clinic"))
        }
        _ = try ledger.commit(try calls.map { try writer.sign($0, organisation: "insurer") })
        return ledger
    }

    /// The signer of the node's blocks.
    var blockSigner: SeedSigner { node.signer }

    static func seconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// A moment by the wall's clock and by the time that all cores have spent on the process, in seconds.
    struct Moment {
        let wall = LedgerBench.seconds()
        let work = LedgerBench.seconds(CLOCK_PROCESS_CPUTIME_ID)
    }

    /// What a measurement gave: transactions a second, the work of all cores for one in microseconds, and the times of
    /// answers in milliseconds.
    struct Rate {
        let perSecond: Double
        var work = 0.0
        var p50 = 0.0
        var p99 = 0.0

        init(_ count: Int, since start: Moment, answers: [Double] = []) {
            let now = Moment()
            self.init(count, seconds: now.wall - start.wall, answers: answers)
            work = (now.work - start.work) / Double(count) * 1e6
        }

        init(_ count: Int, seconds: Double, answers: [Double] = []) {
            perSecond = Double(count) / seconds
            let sorted = answers.sorted()
            guard !sorted.isEmpty else { return }
            p50 = sorted[sorted.count / 2] * 1000
            p99 = sorted[min(sorted.count - 1, sorted.count * 99 / 100)] * 1000
        }
    }

    /// Both cores check signatures and do nothing else.
    func checking() -> Rate {
        let start = Moment()
        let valid = SignatureCheck.check(transactions).filter { $0 != nil }.count
        return Rate(valid, since: start)
    }

    /// Signed, verified, executed, committed: in blocks of a size, the signatures of the next block meanwhile.
    func blocks(of size: Int, count: Int) throws -> Rate {
        let ledger = try found("blocks")
        let used = Array(transactions.prefix(count))
        let batches = stride(from: 0, to: used.count, by: size).map { Array(used[$0..<min($0 + size, used.count)]) }
        let answers = Answers()
        let start = Moment()
        let pipeline = try BlockPipeline(node: ledger)
        try SignatureCheck.checkingAhead(batches) { checked in
            let begun = Self.seconds()
            try pipeline.commit(checked.compactMap { $0 }, written: { answers.add($0, since: begun) })
        }
        try pipeline.finish()
        let rate = Rate(used.count, since: start, answers: answers.all)
        guard answers.refused == 0 else {
            throw CommandFailure.refused(
                "\(answers.refused) transactions expired before their block", hint: "measure fewer transactions")
        }
        return rate
    }

    /// How long the answers took, in seconds, and how many transactions were not let in.
    private final class Answers: Sendable {
        private let found = Mutex<(seconds: [Double], refused: Int)>(([], 0))

        var all: [Double] { found.withLock { $0.seconds } }
        var refused: Int { found.withLock { $0.refused } }

        func add(_ answer: Result<BlockPipeline.Told, NodeError>, since begun: Double) {
            guard case .success(let told) = answer else { return }
            found.withLock {
                $0.seconds.append(LedgerBench.seconds() - begun)
                $0.refused += told.refused.count
            }
        }
    }

    /// The same for submitters who each wait for an answer before they send the next transaction.
    func group(count: Int) throws -> Rate {
        let run = GroupRun(
            group: try GroupCommit(node: try found("group"), blockLimit: 250),
            transactions: (0..<Self.submitters).map { own in
                stride(from: own, to: count, by: Self.submitters).map { transactions[$0] }
            })
        let start = Moment()
        let answers = run.finish()
        return Rate(answers.count, since: start, answers: answers)
    }
}

/// Submitters at work on a group commit.
private final class GroupRun: Sendable {
    private let group: GroupCommit
    private let transactions: [[Transaction]]
    private let answers = Mutex<[Double]>([])
    private let running = DispatchGroup()

    init(group: GroupCommit, transactions: [[Transaction]]) {
        self.group = group
        self.transactions = transactions
    }

    /// Submits everything; gives the time that each answer took, in seconds.
    func finish() -> [Double] {
        for submitter in transactions.indices {
            running.enter()
            submit(submitter, 0)
        }
        running.wait()
        return answers.withLock { $0 }
    }

    private func submit(_ submitter: Int, _ number: Int) {
        guard number < transactions[submitter].count else { return running.leave() }
        let begun = LedgerBench.seconds()
        group.submit(transactions[submitter][number]) { answer in
            if case .success = answer {
                self.answers.withLock { $0.append(LedgerBench.seconds() - begun) }
            }
            self.submit(submitter, number + 1)
        }
    }
}
