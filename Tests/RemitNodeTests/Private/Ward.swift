import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitStore
import RemitValues

/// A ward whose patients are private: fields, keys, parts of lists, what is computed, and what a deadline writes.
final class Ward {
    static let text = """
        contract Ward version 1
          title "Ward"

        role Nurse, Doctor

        record Dose {
          drug   : Text(16)
          reason : private Text(64)
        }

        register Patient by id: private Text(32) kept by Nurse {
          name : private Text(64)
          room : Text(16)
        }

        register Visits by id: private Text(32), year: Integer {
          count : private Integer starts 0
          seen  : Boolean starts no
        }

        case about patient {
          patient : private Text(32)
          age     : private Integer
          note    : private optional Text(64)
          doses   : list of Dose (8)
          risk    : private Integer starts 0
          level   : Integer starts 0
        }

        unique by patient except closed else "WD-18" "The patient is here already"

        state open, watched
        final state closed

        table band(age: Integer) gives points: Integer {
          | age        || points |
          | <= 17      || 1      |
          | 18 to 64   || 2      |
          | >= 65      || 3      |
        }

        parameter extra: Integer {
          from 2026-01-01: 1
        }

        checks screening {
          deny "WD-3" "Too young for this ward" when age < 1
          note "WD-4" "An old patient" when age > 90
          for dose in doses {
            pend "WD-5" "No reason is given" when dose.reason is ""
          }
        }

        action admit
          opens open
          by Nurse
          enters patient, age, note, doses
        {
          require age >= 0 else "WD-1" "No such age"
          require Patient[patient] is present else "WD-2" "The patient is not known"
          run screening
          set risk to band(age) * 10
          add 1 to Visits[patient, 2026].count
        }

        action assess(factor: private Integer) in open, watched by Doctor {
          set risk to risk * factor
        }

        action classify in open, watched by Doctor {
          set level to reveal (if risk > 25 then 2 else 1)
        }

        action prescribe(dose: Dose) in open by Doctor {
          add dose to doses
        }

        action rename(to: private Text(32)) in open by Nurse {
          set patient to to
        }

        action correct(day: private Date) in open by Doctor {
          set risk to risk + (extra on day)
        }

        action mark in open, watched by Doctor {
          set level to level + 1
        }

        action close in open, watched by Doctor {
          become closed
        }

        after 30 days in open {
          set risk to risk + 1
          become watched
        }
        """

    let clock: TestClock
    let world: World
    let contract: DeployedContract
    let seeds: String
    /// Whether copies begin with a snapshot, so that they have fewer blocks to execute.
    var hasSnapshot = false
    var node: LedgerNode { world.node }

    init(seeds: String = "ward") throws {
        guard let start = Instant(seconds: 1_780_272_000) else { throw World.Missing() }
        clock = TestClock(start)
        world = try World(clock: clock)
        self.seeds = seeds
        var calls: [SystemCall] = []
        for (name, role) in [("nina", "Nurse"), ("dora", "Doctor")] {
            calls += try world.admit(name)
            calls.append(.grantRole(person: TextValue(name), role: TextValue(role), organisation: "insurer"))
        }
        try world.system(calls)
        var writer = try TransactionWriter(
            node: world.node, signer: world.administrator, seeds: .unsafe(seeds))
        let block = try world.node.commit([
            writer.sign(
                .deployContract(source: TextValue(Self.text), home: "insurer"), organisation: "insurer")
        ])
        guard case .done = block.executions[0].receipt.outcome else {
            throw Problem(text: "\(block.executions[0].receipt.outcome)")
        }
        contract = try world.node.contract(named: "Ward")
    }

    struct Problem: Error { let text: String }

    /// Loads patients: identifier and name.
    @discardableResult
    func load(_ patients: [(String, String)], room: TextValue = "R-1") throws -> Execution {
        var writer = try writer("nina")
        let rows = patients.map { Value.record([.text(TextValue($0.0)), .text(TextValue($0.1)), .text(room)]) }
        return try node.commit([
            writer.sign(.loadRegister(contract: "Ward", register: "Patient", rows: rows), organisation: "insurer")
        ]).executions[0]
    }

    private func writer(_ person: String) throws -> TransactionWriter {
        try TransactionWriter(
            node: node, signer: World.signer(person), seeds: .unsafe(seeds))
    }

    /// A transaction, not sent.
    func sign(
        _ call: String, _ arguments: [Value] = [], by person: String = "dora", on number: Int64? = nil
    ) throws -> Transaction {
        var writer = try writer(person)
        return try writer.sign(
            action: call, contract: contract.digest, arguments: arguments, organisation: "insurer",
            on: try number.map { try view($0) })
    }

    @discardableResult
    func perform(
        _ call: String, _ arguments: [Value] = [], by person: String = "dora", on number: Int64? = nil
    ) throws -> Execution {
        try node.commit([sign(call, arguments, by: person, on: number)]).executions[0]
    }

    static func admission(
        _ patient: String, age: Int64, note: String? = nil, reasons: [String] = []
    ) -> [Value] {
        [
            .text(TextValue(patient)), .integer(age), note.map { .text(TextValue($0)) } ?? .absent,
            .list(reasons.map { .record([.text("drug"), .text(TextValue($0))]) }),
        ]
    }

    @discardableResult
    func admit(_ patient: String, age: Int64, note: String? = nil, reasons: [String] = []) throws -> Execution {
        try perform("admit", Self.admission(patient, age: age, note: note, reasons: reasons), by: "nina")
    }

    func view(_ number: Int64, at height: UInt64? = nil) throws -> CaseView {
        try node.caseView(Self.reference(number), at: height)
    }

    static func reference(_ number: Int64) -> CaseReference { CaseReference(contract: "Ward", number: number) }

    @discardableResult
    func erase(_ scope: ErasureScope) throws -> Execution { try world.system([.erase(scope)])[0] }

    func verify(path: String? = nil) throws -> VerificationReport {
        try Verification.run(path: path ?? world.path, replaying: true)
    }
}

extension Execution {
    /// The outcome in a word.
    var word: String {
        switch receipt.outcome {
        case .done: "done"
        case .refused(let code, _): code
        case .stalled(let reason): "stalled \(reason)"
        }
    }
}

/// Looks for a value in bytes as it might stand there: its text, its encoding, and digits.
enum Traces {
    static func forms(of text: String) -> [[UInt8]] {
        [Array(text.utf8), ValueCoding.encoded(.text(TextValue(text)))]
    }

    /// Every file of a ledger: the database, its log and what lies beside them.
    static func bytes(of folder: URL) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
        }
        return files
    }

    static func holds(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        guard !needle.isEmpty else { return false }
        return Data(bytes).range(of: Data(needle)) != nil
    }
}
