import RemitAnalysis
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Lists and sets that grow: what an addition costs, and that nobody who read a list before sees it change.
@Suite struct GrowingTests {
    private static func program(_ body: String) throws -> CheckedProgram {
        let text = """
            contract Grown version 1
              title "Grown"
            role Clerk
            case {
              given : list of Integer (10_000)
              items : list of Integer (10_000) starts []
              tags  : set of Integer (10_000)  starts [3]
              words : set of Text(70) (40)     starts []
              few   : list of Text(3) (2)      starts []
              kept  : list of Integer (10_000) starts [7]
              n     : Integer                  starts 0
            }
            state open
            final state done
            function total(list: list of Integer (10_000)) gives Integer { return size(list) + size(items) }
            action go opens open by Clerk enters given {
              \(body)
            }
            """
        let compilation = Compiler.compile(SourceText(name: "grown.remit", text))
        return try #require(compilation.program, "\(compilation.diagnostics.map(\.message)) \(body)")
    }

    private static func request(_ given: [Int64]) -> Request {
        Request(
            action: 0, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"),
            now: ValueGenerator.epoch, arguments: [.list(given.map(Value.integer))], existing: nil,
            newReference: "Grown/1")
    }

    /// Decides by both evaluators, with a trace and without one, and gives what they agree on.
    private static func decide(_ body: String, _ given: [Int64]) throws -> Transition {
        let program = try program(body)
        let executable = ExecutableProgram(program)
        #expect(executable.reasonForReference == nil)
        let request = request(given)
        let reference = try Evaluator(program: program).perform(request, view: OpenView(), tracing: true)
        let plain = try Evaluator(executable).perform(request, view: OpenView())
        let traced = try Evaluator(executable).perform(request, view: OpenView(), tracing: true)
        #expect(Verdicts.difference(reference, plain) == nil, "\(body)")
        #expect(Verdicts.difference(reference, traced) == nil, "\(body)")
        #expect(TraceComparison.difference(reference.trace, traced.trace) == nil, "\(body)")
        let most = try #require(worstCaseCosts(program).first?.cost)
        #expect(reference.cost <= most, "\(body)")
        return plain
    }

    private static func fields(_ transition: Transition) -> [Value] {
        guard case .done(let effects) = transition.outcome else { return [] }
        return effects.caseState.fields
    }

    /// Every element of the form is added in a loop, which the budget has to allow up to the largest bound there is.
    @Test(arguments: [0, 1, 2, 33, Limits.collectionBound]) func aListIsFilled(_ count: Int) throws {
        let given = (0..<Int64(count)).map { ($0 &* 7919) % 10_007 }
        let decided = try Self.decide("for x in given { add x to items }", given)
        #expect(Self.fields(decided)[1] == .list(given.map(Value.integer)))
        // The head and the body, each element, and of each addition a step with its part; the list was empty at first.
        let empty = try Self.decide("for x in given { add x to items }", [])
        #expect(decided.cost == empty.cost + UInt64(3 * count))
    }

    @Test func aSetIsFilled() throws {
        let given = (0..<Int64(Limits.collectionBound - 1)).map { 4 + ($0 &* 7919) % 10_007 }
        let decided = try Self.decide("for x in given { add x to tags }", given)
        #expect(Self.fields(decided)[2] == .set([.integer(3)] + given.sorted().map(Value.integer)))
        // Each addition finds its place by halving, and moves elements aside.
        let moved = (1...given.count).reduce(0) { $0 + ($1 == 1 ? 1 : Int(Cost.halvings($1)) + $1 / 32) }
        let empty = try Self.decide("for x in given { add x to tags }", [])
        #expect(decided.cost == empty.cost + UInt64(3 * given.count + moved))
    }

    /// A statement between two additions, and the steps that the second one takes for what stands there already.
    static let between: [(String, UInt64)] = [
        ("", 0), ("set n to 4", 0), ("add 9 to kept", 0), ("set n to size(items)", 4), ("let x = items", 4),
        ("if items is empty { set n to 1 }", 4), ("set kept to items", 4), ("set n to total([1])", 4),
        ("set items to [1, 2]", 2), ("remove 5 from items", 4), ("for x in items { set n to x }", 4),
    ]

    @Test(arguments: between) func whatIsReadIsCopied(_ statement: String, _ steps: UInt64) throws {
        let start = "add 1 to items  add 2 to items  add 3 to items  add 4 to items"
        let one = try Self.decide("\(start)  \(statement)", [])
        let two = try Self.decide("\(start)  \(statement)  add 5 to items", [])
        #expect(two.cost == one.cost + 2 + steps)
    }

    /// Who holds a list keeps it as it was.
    @Test func whatWasReadStaysAsItIs() throws {
        let decided = try Self.decide(
            """
            add 1 to items  let first = items  add 2 to items  add 3 to items
            set kept to items  add 4 to items  for x in items { add x + 10 to items }
            set n to size(first) * 1000 + size(kept) * 100 + size(items)  set items to kept  add 9 to items
            """, [])
        let fields = Self.fields(decided)
        #expect(fields[1].description == "[1, 2, 3, 9]")
        #expect(fields[5].description == "[1, 2, 3]")
        #expect(fields[6] == .integer(1308))
    }

    @Test(
        arguments: [
            ("add \"abc\" to few  add \"de\" to few", nil),
            ("add \"a\" to few  add \"b\" to few  add \"c\" to few", "bound"),
            ("for x in given { add x to items }  add 1 to items", "bound"),
        ] as [(String, String?)])
    func boundsAreKept(_ body: String, _ word: String?) throws {
        let decided = try Self.decide(body, (0..<10_000).map { Int64($0) })
        if case .refused(let refusal) = decided.outcome {
            #expect(refusal.reason.word == word)
        } else {
            #expect(word == nil)
        }
    }

    /// What is read again and again is copied again and again, and paid for: no more is held than the steps allow.
    @Test(arguments: ["set n to size(items)", "let held = items", "remove 0 from items", "set n to n + 1"])
    func whatIsHeldIsBoundedByTheSteps(_ statement: String) throws {
        let code = try #require(ExecutableProgram(Self.program("for x in given { \(statement)  add x to items }")).code)
        let memory = MachineMemory(code: code)
        let before = memory.state.pointee.words.top
        let run = CodeRun(
            program: try Self.program("for x in given { \(statement)  add x to items }"), memory: memory,
            view: OpenView(),
            request: Self.request((0..<10_000).map { Int64($0) }), stepLimit: 1_000_000)
        let cost = try #require(try run.transition()).cost
        #expect(memory.state.pointee.words.top - before < 10_001 + 4 * Int(cost))
    }

    /// Statements in any order: both evaluators agree on everything.
    @Test(arguments: UInt64(1)...60) func bothEvaluatorsAgree(_ seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let statements = [
            "add 1 to items", "add n to items", "add 2 to tags", "add 5 to tags", "add n to tags", "add 4 to kept",
            "add \"a\" to words", "add \"\(String(repeating: "b", count: 65))\" to words", "add \"b\" to words",
            "let LOCAL = items  set n to n + size(LOCAL)", "let LOCAL = tags  set n to n + size(LOCAL)",
            "set n to size(items)", "set kept to items", "set items to kept", "remove 1 from items",
            "remove 5 from tags", "for LOCAL in items { add LOCAL + 1 to kept }", "set n to total(kept)",
            "for LOCAL in kept { if LOCAL in tags { add LOCAL to items } else { add LOCAL to tags } }",
            "if size(tags) > 2 { add 8 to tags  add 9 to tags } else { add 9 to tags }", "set words to [\"b\", \"c\"]",
            "if any x in kept where x is n { add 3 to items }",
        ]
        let body = (0..<chance.below(14) + 2).map { index in
            chance.pick(statements).replacing("LOCAL", with: "l\(index)")
        }
        _ = try Self.decide(body.joined(separator: "\n"), [1, 5, 2])
    }
}
