import Foundation
import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// The contract that is measured decides as a plain calculation in whole numbers does.
@Suite struct BenchmarkClaimTests {
    struct Line {
        var code: String
        let category: String
        var units: Int
        var price: Int
        let isAuthorised: Bool
    }

    struct Claim {
        var tier = 1
        var stay = 0
        var plan = "employee"
        var isActive = true
        var deductible = 0
        var cap = 0
        var lines: [Line] = []
    }

    private static func claim(_ chance: inout Chance) -> Claim {
        var claim = Claim()
        claim.tier = 1 + chance.below(3)
        claim.stay = chance.once(in: 20) ? -1 : chance.below(9)
        claim.plan = chance.pick(["employee", "resident"])
        claim.isActive = !chance.once(in: 25)
        claim.deductible = chance.pick([0, 15_050, 40_000, 80_000])
        claim.cap = chance.pick([100_000, 3_000_000, 20_000_000])
        let isCheap = chance.once(in: 12)
        for index in 0..<(chance.once(in: 40) ? 0 : 1 + chance.below(7)) {
            let category = chance.pick(["drugA", "drugB", "service", "device", "excluded"])
            let price =
                isCheap
                ? 50 + chance.below(1450)
                : category == "device" ? 100_000 + chance.below(800_000) : 150 + chance.below(60_000)
            claim.lines.append(
                Line(
                    code: "\(category.prefix(1))\(chance.below(900))\(index)", category: category,
                    units: category == "device" ? 1 : 1 + chance.below(12), price: price,
                    isAuthorised: chance.once(in: 2)))
        }
        if claim.lines.count > 1, chance.once(in: 15) { claim.lines[1].code = claim.lines[0].code }
        if !claim.lines.isEmpty, chance.once(in: 15) { claim.lines[0].units = -chance.below(2) }
        if !claim.lines.isEmpty, chance.once(in: 30) { claim.lines[0].price = 0 }
        return claim
    }

    /// State, amount in fen, reasons.
    private static func verdict(_ claim: Claim) -> (String, Int, [String]) {
        var reasons: [String] = []
        if !claim.isActive { reasons.append("coverage-inactive") }
        if claim.lines.isEmpty { reasons.append("no-lines") }
        if claim.stay < 0 { reasons.append("discharge-before-admission") }
        if Set(claim.lines.map(\.code)).count < claim.lines.count { reasons.append("duplicate-line") }
        if claim.lines.contains(where: { $0.units <= 0 || $0.price <= 0 }) { reasons.append("bad-qty-or-price") }
        if !reasons.isEmpty { return ("reject", 0, reasons) }
        let shares = ["drugA": 100, "drugB": 90, "service": 100, "device": 70, "excluded": 0]
        var eligible = 0
        for line in claim.lines {
            var share = shares[line.category] ?? 0
            if line.category == "excluded" { reasons.append("excluded:\(line.code)") }
            if line.category == "device", line.units * line.price > 500_000, !line.isAuthorised {
                reasons.append("no-preauth:\(line.code)")
                share = 0
            }
            eligible += line.units * line.price * share
        }
        let base = max(0, eligible - min([20_000, 40_000, 80_000][claim.tier - 1], claim.deductible) * 100)
        if base == 0 { reasons.append("below-deductible") }
        let ratio = (claim.plan == "employee" ? [93, 88, 82] : [78, 65, 50])[claim.tier - 1]
        let share = (base * ratio + 5000) / 10_000
        reasons.append("ratio:\(claim.tier)-\(claim.plan)")
        if share > claim.cap { reasons.append("capped") }
        let paid = min(share, claim.cap)
        return (paid > 0 ? "pay" : "zero", paid, reasons)
    }

    private static func amount(_ fen: Int) -> String {
        let digits = String(abs(fen) % 100)
        return "\"\(fen < 0 ? "-" : "")\(abs(fen) / 100).\(digits.count < 2 ? "0" : "")\(digits)\""
    }

    private static func json(_ claim: Claim) -> String {
        let lines = claim.lines.map { line in
            "{\"code\":\"\(line.code)\",\"category\":\"\(line.category)\",\"qty\":\(line.units),"
                + "\"unitPrice\":\(amount(line.price)),\"preauth\":\(line.isAuthorised)}"
        }
        let discharged = CalendarDate(dayNumber: Int64(20_100 + claim.stay))?.description ?? ""
        return "{\"id\":\"C\",\"patient\":\"P\",\"provider\":\"H\",\"facilityTier\":\(claim.tier),"
            + "\"admissionDate\":\"\(CalendarDate(dayNumber: 20_100)?.description ?? "")\","
            + "\"dischargeDate\":\"\(discharged)\",\"coverage\":{\"planType\":\"\(claim.plan)\","
            + "\"active\":\(claim.isActive),\"deductibleRemaining\":\(amount(claim.deductible)),"
            + "\"annualCapRemaining\":\(amount(claim.cap))},\"diagnosis\":\"I10\","
            + "\"lines\":[\(lines.joined(separator: ","))]}"
    }

    @Test func everyVerdictIsExact() throws {
        let file = Contracts.root.appendingPathComponent("Contracts/benchmarks/claim.remit")
        let program = try #require(try Contracts.compile(file).program)
        #expect(try Contracts.compile(file).messages == [])
        #expect(try Contracts.failures(of: program, in: file) == [])
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(
            ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
        var chance = Chance(seed: 20_260_101)
        var states: Set<String> = []
        for number in 1...1000 {
            let claim = Self.claim(&chance)
            let (state, paid, reasons) = Self.verdict(claim)
            Array(Self.json(claim).utf8).withUnsafeBufferPointer { evaluator.decide($0, number: number) }
            let line = String(decoding: evaluator.takeOutput(), as: UTF8.self)
            let fields = "\"state\":\"\(state)\",\"fields\":{\"paid\":\(Self.amount(paid))}"
            #expect(line.contains(fields), "\(line) of \(Self.json(claim))")
            let said = line.components(separatedBy: "\"text\":\"").dropFirst().map { $0.prefix { $0 != "\"" } }
            #expect(said.map(String.init) == reasons, "\(line) of \(Self.json(claim))")
            states.insert(state)
        }
        #expect(states == ["reject", "pay", "zero"])
        #expect(evaluator.done == 1000)
    }
}
