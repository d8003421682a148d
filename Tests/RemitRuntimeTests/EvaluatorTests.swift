import Foundation
import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// A state with nothing in it but who holds which role.
private struct EmptyState: StateView {
    let home = Party(.organisation, "home")
    var actor = Party(.person, "ma")

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? { nil }
    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }
    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }
    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        person == actor && organisation == home
    }
}

/// A state that cannot be read.
private struct BrokenState: StateView {
    let home = Party(.organisation, "home")

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? { throw StateFault(message: "broken") }
    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }
    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }
    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        throw StateFault(message: "the disk is gone")
    }
}

@Suite struct EvaluatorTests {
    static let source = """
        contract Small version 1
          title "Small"
        role Clerk
        record Line { code: Text(4)  cost: CNY }
        parameter share: Decimal per "Rules 2" = 80%
        table band(lines: Integer) gives fee: CNY per "Rules 3" {
          | lines || fee   |
          | <= 1  || 5 CNY |
          | > 1   || 7 CNY |
        }
        case {
          lines : list of Line (1000)
          total : CNY starts 0 CNY
          pairs : Integer starts 0
        }
        final state done
        checks screening {
          note "N-1" "There are {size(lines)} lines" when size(lines) > 1 per "Rules 1"
        }
        action enter opens done by Clerk enters lines {
          run screening
          set total to (sum of line.cost for line in lines) * share rounded half up
          add band(size(lines)) to total
        }
        action compare opens done by Clerk enters lines {
          set pairs to sum of (count of other in lines where other.code is line.code) for line in lines
        }
        """.replacing("{size(lines)}", with: "several")

    static func program(_ text: String = source) throws -> CheckedProgram {
        let compilation = Compiler.compile(SourceText(name: "small.remit", text))
        #expect(compilation.diagnostics.map(\.message) == [])
        return try #require(compilation.program)
    }

    static func lines(_ count: Int) throws -> Value {
        let yuan = try #require(Currency(code: "CNY"))
        let cost = Value.money(Money(minorUnits: 1001, currency: yuan))
        return .list((0..<count).map { .record([.text(TextValue("c\($0 % 7)")), cost]) })
    }

    static func perform(
        _ arguments: [Value], action: Int = 0, limit: UInt64 = Limits.steps, actor: TextValue = "ma",
        existing: CaseState? = nil
    ) throws -> Transition {
        let now = try #require(Instant(seconds: 1_767_225_600))
        let request = Request(
            action: action, actor: Party(.person, actor), organisation: Party(.organisation, "home"), now: now,
            arguments: arguments, existing: existing, newReference: "Small/1")
        return try Evaluator(program: try program(), stepLimit: limit)
            .perform(request, view: EmptyState(), tracing: true)
    }

    static func word(_ transition: Transition) -> String {
        switch transition.outcome {
        case .done: "done"
        case .refused(let refusal): refusal.reason.word
        }
    }

    @Test func theBudgetOfStepsIsExact() throws {
        let arguments = [try Self.lines(3)]
        let whole = try Self.perform(arguments)
        #expect(Self.word(whole) == "done")
        #expect(whole.cost > 0)
        #expect(Self.word(try Self.perform(arguments, limit: whole.cost)) == "done")
        for limit in 0..<whole.cost {
            let stopped = try Self.perform(arguments, limit: limit)
            #expect(Self.word(stopped) == "budget", "with \(limit) of \(whole.cost) steps")
        }
    }

    @Test func theBudgetOfTheMachineIsTheSame() throws {
        let program = try Self.program()
        let executable = ExecutableProgram(program)
        #expect(executable.reasonForReference == nil)
        for lines in 0..<4 {
            let request = Request(
                action: 0, actor: Party(.person, "ma"), organisation: Party(.organisation, "home"),
                now: ValueGenerator.epoch, arguments: [try Self.lines(lines)], existing: nil, newReference: "Small/1")
            let whole = try Evaluator(program: program).perform(request, view: EmptyState())
            for limit in 0...whole.cost {
                let found = try Evaluator(executable, stepLimit: limit).perform(request, view: EmptyState())
                let expected = try Evaluator(program: program, stepLimit: limit).perform(request, view: EmptyState())
                #expect(Verdicts.difference(expected, found) == nil, "with \(limit) of \(whole.cost) steps")
                #expect(Self.word(found) == (limit == whole.cost ? "done" : "budget"))
            }
        }
    }

    @Test func costGrowsWithTheInputAndIsTheSameEachTime() throws {
        let costs = try (0..<20).map { try Self.perform([try Self.lines($0)]).cost }
        #expect(costs == costs.sorted() && Set(costs).count > 10)
        #expect(try costs == (0..<20).map { try Self.perform([try Self.lines($0)]).cost })
    }

    @Test func everyLineWithEveryLineEndsInTime() throws {
        #expect(Self.word(try Self.perform([try Self.lines(20)], action: 1)) == "done")
        let large = try Self.perform([try Self.lines(1000)], action: 1, limit: 100_000)
        #expect(Self.word(large) == "budget")
    }

    /// What a request gets wrong, with the engine's word for it.
    @Test func argumentsAreChecked() throws {
        let good = try Self.lines(1)
        #expect(Self.word(try Self.perform([])) == "argument")
        #expect(Self.word(try Self.perform([good, good])) == "argument")
        #expect(Self.word(try Self.perform([.integer(1)])) == "argument")
        #expect(Self.word(try Self.perform([.absent])) == "argument")
        #expect(Self.word(try Self.perform([.list([.record([.text("toolong"), .integer(1)])])])) == "argument")
        #expect(Self.word(try Self.perform([try Self.lines(1001)])) == "argument")
        #expect(Self.word(try Self.perform([good], action: 9)) == "argument")
        #expect(Self.word(try Self.perform([good], action: -1)) == "argument")
        #expect(Self.word(try Self.perform([good], actor: "bo")) == "role")
    }

    @Test func aCaseIsOpenedOnce() throws {
        guard case .done(let effects) = try Self.perform([try Self.lines(1)]).outcome else {
            Issue.record("it was refused")
            return
        }
        #expect(effects.caseState.revision == 1)
        #expect(Self.word(try Self.perform([try Self.lines(1)], existing: effects.caseState)) == "state")
    }

    @Test func aStateThatCannotBeReadDecidesNothing() throws {
        let now = try #require(Instant(seconds: 0))
        let request = Request(
            action: 0, actor: Party(.person, "ma"), organisation: Party(.organisation, "home"), now: now,
            arguments: [try Self.lines(1)], existing: nil, newReference: "Small/1")
        let program = try Self.program()
        #expect(throws: StateFault.self) {
            try Evaluator(program: program).perform(request, view: BrokenState(), tracing: false)
        }
    }

    @Test func tracingChangesNothing() throws {
        let now = try #require(Instant(seconds: 1_767_225_600))
        let request = Request(
            action: 0, actor: Party(.person, "ma"), organisation: Party(.organisation, "home"), now: now,
            arguments: [try Self.lines(5)], existing: nil, newReference: "Small/1")
        let evaluator = Evaluator(program: try Self.program())
        let with = try evaluator.perform(request, view: EmptyState(), tracing: true)
        let without = try evaluator.perform(request, view: EmptyState(), tracing: false)
        #expect(with.cost == without.cost && with.findings == without.findings)
        #expect(with.trace != nil && without.trace == nil)
        guard case .done(let one) = with.outcome, case .done(let other) = without.outcome else {
            Issue.record("it was refused")
            return
        }
        #expect(one.caseState == other.caseState)
    }

    @Test func aDecisionIsToldInSentences() throws {
        let transition = try Self.perform([try Self.lines(2)])
        let narrator = TraceNarrator(program: try Self.program(), source: Array(Self.source.utf8))
        #expect(
            narrator.sentences(transition) == [
                "Small/1 is done.",
                "Noted by N-1: There are several lines (Rules 1) — because size(lines) > 1, where lines is 2 elements.",
                "The form gives lines: 2 elements.",
                "The actor was let in as Clerk of home.",
                "The verdict of screening is note.",
                "Share is 0.8 (Rules 2).",
                "Total is set to 16.02 CNY, "
                    + "by `set total to (sum of line.cost for line in lines) * share rounded half up`.",
                "Row 2 of band gives fee 7.00 CNY, because lines is 2 (Rules 3).",
                "Total is set to 23.02 CNY, by `add band(size(lines)) to total`.",
                "The case becomes done.",
                "Of 1 check made, 1 found something.",
            ])
    }
}
