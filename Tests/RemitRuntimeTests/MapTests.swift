import Foundation
import RemitAnalysis
import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// Random changes of a map, compared with a plain dictionary: order, content, bound, refusals and the greatest cost.
@Suite struct MapTests {
    private static let text = """
        contract Tally version 1
          title "Tally"
        role Clerk
        case {
          counts : map of Text(40) to Integer (12) starts []
          found  : optional Integer
          sum    : Integer starts 0
          order  : list of Text(40) (12) starts []
          isIn   : Boolean starts no
        }
        state open
        action start opens open by Clerk { become open }
        action put(key: Text(40), count: Integer) in open by Clerk { set counts[key] to count }
        action more(key: Text(40), count: Integer) in open by Clerk { add count to counts[key] }
        action drop(key: Text(40)) in open by Clerk { remove key from counts }
        action look(key: Text(40)) in open by Clerk {
          set found to counts[key]
          set isIn to key in counts
          set sum to sum of entry.value for entry in counts
          set order to list of entry.key for entry in counts
        }
        action replace in open by Clerk enters counts { require counts is counts else "Never" }
        """

    private static let keys = [
        "a", "B", "aa", "\u{E9}", "e\u{301}", "\u{4E00}", "z", "", "0", "10", "9", "q", "r", "s", "t",
    ]

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func aMapIsADictionaryInOrder(_ seed: UInt64) throws {
        let program = try #require(Compiler.compile(SourceText(name: "tally.remit", Self.text)).program)
        let most = Dictionary(uniqueKeysWithValues: worstCaseCosts(program).map { ($0.name, $0.cost ?? .max) })
        var chances = Chances(seed: seed)
        var model: [TextValue: Int64] = [:]
        var state = try #require(try perform(program, "start", [], nil).1)
        for step in 0..<400 {
            let key = TextValue(Self.keys[chances.below(Self.keys.count)])
            let count = Int64(chances.below(100)) - 50
            let names = ["put", "put", "put", "more", "drop", "look", "replace"]
            let name = names[chances.below(names.count)]
            var arguments: [Value] = [.text(key), .integer(count)]
            switch name {
            case "put": if model[key] != nil || model.count < 12 { model[key] = count }
            case "more": if let old = model[key] { model[key] = old + count }
            case "drop":
                model[key] = nil
                arguments = [.text(key)]
            case "look": arguments = [.text(key)]
            default:
                if chances.below(4) == 0 { model = [:] }
                arguments = [Self.map(model)]
            }
            let place = "seed \(seed), step \(step), \(name) \(key)"
            let before = state
            let (transition, after) = try perform(program, name, arguments, state)
            #expect(transition.cost <= most[name] ?? 0, "\(place)")
            state = after ?? before
            #expect(state.fields[0] == Self.map(model), "\(place)")
            if name == "look" {
                #expect(state.fields[1] == model[key].map { .integer($0) } ?? .absent, "\(place)")
                #expect(state.fields[2] == .integer(model.values.reduce(0, +)), "\(place)")
                #expect(state.fields[3] == .list(model.keys.sorted().map { .text($0) }), "\(place)")
                #expect(state.fields[4] == .boolean(model[key] != nil), "\(place)")
            }
        }
    }

    @Test func whatIsNotAMapIsNoArgument() throws {
        let program = try #require(Compiler.compile(SourceText(name: "tally.remit", Self.text)).program)
        let state = try #require(try perform(program, "start", [], nil).1)
        func entry(_ key: Value, _ value: Value) -> Value.MapEntry { Value.MapEntry(key: key, value: value) }
        let long = TextValue(String(repeating: "x", count: 41))
        let wrong: [Value] = [
            .absent, .list([]), .map([entry(.integer(1), .integer(1))]), .map([entry(.text("a"), .text("a"))]),
            .map([entry(.text(long), .integer(1))]),
            .map((0..<13).map { entry(.text(TextValue(String($0))), .integer(1)) }),
        ]
        for value in wrong {
            guard case .refused(let refusal) = try perform(program, "replace", [value], state).0.outcome else {
                Issue.record("\(value) was taken")
                continue
            }
            #expect(refusal.reason == .argument)
        }
    }

    private static func map(_ model: [TextValue: Int64]) -> Value {
        Value.makeMap(model.map { Value.MapEntry(key: .text($0.key), value: .integer($0.value)) })
    }

    private func perform(
        _ program: CheckedProgram, _ name: String, _ arguments: [Value], _ existing: CaseState?
    ) throws -> (Transition, CaseState?) {
        let action = try #require(program.actions.firstIndex { $0.name == name })
        let now = try #require(Instant(seconds: 1_780_000_000))
        let request = Request(
            action: action, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"), now: now,
            arguments: arguments, existing: existing, newReference: "Tally/1")
        let transition = try Evaluator(ExecutableProgram(program)).perform(request, view: OpenView())
        if case .done(let effects) = transition.outcome { return (transition, effects.caseState) }
        return (transition, nil)
    }
}
