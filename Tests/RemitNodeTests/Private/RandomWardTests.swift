import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitStore
import RemitValues
import Testing

/// Random lives of a ward: whatever happens there, nobody outside sees a private value, two ledgers agree, and what is
/// erased is gone.
@Suite struct RandomWardTests {
    /// SplitMix64.
    struct Chance {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
    }

    /// Lives through some steps; gives the texts and numbers that were private.
    private func live(_ ward: Ward, _ chance: inout Chance, steps: Int) throws -> (texts: [String], numbers: [Int64]) {
        let patients = (0..<6).map { _ in "PX-\(1_000_000 + chance.below(9_000_000))" }
        var texts = patients
        var numbers: [Int64] = []
        try ward.load(
            patients.dropLast().map { id in
                let name = "Name \(chance.below(1_000_000_000)) of \(id)"
                texts.append(name)
                return (id, name)
            })
        var cases: Int64 = 0
        for _ in 0..<steps {
            let number = Int64(1 + chance.below(Int(max(1, cases))))
            switch chance.below(cases == 0 ? 2 : 10) {
            case 0, 1, 2:
                let age = Int64(10_000_000 + chance.below(80_000_000))
                let note = chance.below(2) == 0 ? nil : "note \(chance.below(1_000_000_000))"
                let reasons = (0..<chance.below(4)).map { _ in "reason \(chance.below(1_000_000_000))" }
                texts += reasons + [note].compactMap(\.self)
                numbers.append(age)
                let done = try ward.admit(
                    patients[chance.below(patients.count)], age: age, note: note, reasons: reasons)
                if done.word == "done" { cases += 1 }
            case 3, 4:
                let factor = Int64(10_000_000 + chance.below(80_000_000))
                numbers.append(factor)
                try ward.perform("assess", [.integer(factor)], on: number)
            case 5: try ward.perform("classify", on: number)
            case 6:
                let reason = "reason \(chance.below(1_000_000_000))"
                texts.append(reason)
                try ward.perform("prescribe", [.record([.text("drug"), .text(TextValue(reason))])], on: number)
            case 7: try ward.perform("rename", [.text(TextValue(patients[chance.below(6)]))], by: "nina", on: number)
            case 8: try ward.perform("close", on: number)
            default:
                ward.clock.advance(days: 1 + chance.below(20))
                _ = try ward.node.commitDue()
            }
        }
        return (texts, numbers)
    }

    @Test(arguments: 1...4) func nobodyOutsideSeesAPrivateValue(_ seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let ward = try Ward(seeds: "random \(seed)")
        let (texts, numbers) = try live(ward, &chance, steps: 25)
        var exported: [UInt8] = []
        _ = try ward.node.export { exported += $0 }
        var forms = texts.flatMap(Traces.forms)
        forms += numbers.flatMap { [Array(String($0).utf8), ValueCoding.encoded(.integer($0))] }
        for form in forms { #expect(!Traces.holds(exported, form), "seed \(seed): \(form)") }
        for (name, bytes) in try Traces.bytes(of: ward.world.folder) {
            for form in forms { #expect(!Traces.holds(bytes, form), "seed \(seed): \(name)") }
        }
        // No two commitments are the same, though values are.
        let commitments = try SQL.rows(ward.world.path, "SELECT count(*), count(DISTINCT box) FROM vault")
        #expect(commitments[0][0] == commitments[0][1])
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [], "seed \(seed)")
        #expect(report.replay.transactions.executed == report.transactions)
    }

    /// Everything that one ledger took is given to another, side-cars beside it: the heads are the same.
    @Test(arguments: 11...13) func twoLedgersAgree(_ seed: Int) throws {
        func head() throws -> (Digest, Digest) {
            var chance = Chance(state: UInt64(seed))
            let ward = try Ward(seeds: "random \(seed)")
            _ = try live(ward, &chance, steps: 20)
            return (ward.node.head.digest, ward.node.head.stateRoot)
        }
        let (first, second) = (try head(), try head())
        #expect(first == second, "seed \(seed)")
    }

    @Test(arguments: 21...24) func whatIsErasedIsGoneAndTheRestGoesOn(_ seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let ward = try Ward(seeds: "random \(seed)")
        _ = try live(ward, &chance, steps: 15)
        let cases = try SQL.rows(ward.world.path, "SELECT count(*) FROM cases")
        let count = Int(cases[0][0]) ?? 0
        for _ in 0..<2 where count > 0 {
            let reference = Ward.reference(Int64(1 + chance.below(count)))
            let boxes = try SQL.rows(
                ward.world.path, "SELECT hex(box) FROM vault WHERE owner = '\(reference)' AND box IS NOT NULL")
            let needles = boxes.compactMap { Hex.decode($0[0].lowercased()) }
            #expect(try ward.erase(.ofCase(reference, fields: [])).word == "done")
            for (name, bytes) in try Traces.bytes(of: ward.world.folder) {
                for needle in needles { #expect(!Traces.holds(bytes, needle), "seed \(seed): \(name)") }
            }
            let subject = try #require(try ward.node.subject(.text("nobody")))
            #expect(try ward.erase(.subject(subject)).word == "done")
        }
        for number in 1...Int64(max(1, count)) {
            ward.clock.advance(days: 11)
            _ = try ward.node.commitDue()
            for call in ["mark", "classify", "close"] { try ward.perform(call, on: number) }
        }
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [], "seed \(seed)")
        #expect(report.replay.transactions.commitmentOnly == 0)
        let again = try ward.reopened()
        #expect(again.head.digest == ward.node.head.digest)
    }
}
