import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Maps, quorums and cases of other contracts as the register machine has them.
@Suite struct MapLineTests {
    static let contract = """
        contract Shelf version 1
          title "Shelf"
        role Clerk
        enum Kind { plain, urgent }
        case {
          goods  : map of Text(6) to Integer (3)
          prices : map of Integer to CNY (2)
          kinds  : map of Kind to Text(4) (2)
          best   : optional Integer
          twice  : map of Text(6) to Integer (3) starts []
          odd    : map of Integer to CNY (2) starts []
        }
        final state done
        action take opens done by Clerk enters goods, prices, kinds {
          set best to goods["a"]
          for entry in goods { set twice[entry.key] to 2 * entry.value }
          for entry in prices { set odd[entry.key + 1] to entry.value }
        }
        """

    static let whole = """
        {"goods":{"b":2,"a":1},"prices":[[7,"1.50"],[3,2]],"kinds":{"urgent":"x","plain":"y"}}
        """

    private static func program(_ text: String) throws -> CheckedProgram {
        try #require(Compiler.compile(SourceText(name: "shelf.remit", text)).program)
    }

    private static func decide(_ line: String, by text: String = contract) throws -> String {
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(
            ExecutableProgram(try program(text)), action: 0, context: context, rows: BatchRows())
        Array(line.utf8).withUnsafeBufferPointer { evaluator.decide($0, number: 1) }
        return String(decoding: evaluator.takeOutput(), as: UTF8.self)
    }

    /// The three maps of a line, and what is said of it.
    static let lines: [(String, String, String, String)] = [
        (
            "{\"b\":2,\"a\":1}", "[[7,\"1.50\"],[3,2]]", "{\"urgent\":\"x\",\"plain\":\"y\"}",
            "\"best\":1,\"twice\":{\"a\":2,\"b\":4},\"odd\":[[4,\"2.00\"],[8,\"1.50\"]]"
        ),
        ("{}", "[]", "{}", "\"best\":null,\"twice\":{},\"odd\":[]"),
        ("[ [ \"a\" , 5 ] ]", "[]", "{ }", "\"best\":5,\"twice\":{\"a\":10}"),
        ("{\"a\":1,\"a\":2}", "[]", "{}", "\"error\":\"goods\",\"text\":\"has the key \\\"a\\\" twice\""),
        ("{\"a\":1,\"b\":1,\"c\":1,\"d\":1}", "[]", "{}", "\"error\":\"goods\",\"text\":\"has more than 3 entries\""),
        (
            "{\"a\":\"x\"}", "[]", "{}",
            "\"error\":\"goods[\\\"a\\\"]\",\"text\":\"must be a whole number of 64 bits, not x\""
        ),
        ("{\"a\":1,\"\\u0061\":2}", "[]", "{}", "has the key \\\"a\\\" twice"),
        ("{}", "[[\"\\u0037\",1],[7,1]]", "{}", "\"error\":\"prices\",\"text\":\"has the key 7 twice\""),
        ("{\"a\"}", "[]", "{}", "the value of the key is missing"),
        ("7", "[]", "{}", "\"error\":\"goods\",\"text\":\"must be an object, or a list of pairs\""),
        ("{}", "[7]", "{}", "\"error\":\"prices[0]\",\"text\":\"must be a pair of a key and a value\""),
        ("{}", "[[7,1}", "{}", "the pair does not end"),
        ("{}", "[]", "{\"late\":\"x\"}", "late is none of its values"),
    ]

    @Test(arguments: lines)
    func mapsStandInLines(_ goods: String, _ prices: String, _ kinds: String, _ said: String) throws {
        let found = try Self.decide("{\"goods\":\(goods),\"prices\":\(prices),\"kinds\":\(kinds)}")
        #expect(found.contains(said), "\(found)")
    }

    /// Each type of key that a map may have, and two keys of it as a line has them.
    static let keys: [(String, String, String)] = [
        ("Boolean", "true", "false"), ("Integer", "12", "-3"), ("Decimal", "0.25", "4"), ("CNY", "1.50", "2"),
        ("Date", "2026-03-02", "2025-12-31"), ("DateTime", "2026-03-02T09:00:00Z", "2026-03-02T08:00:00Z"),
        ("Duration", "60", "-1"), ("Text(6)", "a b", "\u{e9}\\n"), ("Kind", "plain", "urgent"),
        ("Person", "ann", "bo"), ("Organisation", "city", "home"), ("Party", "city", "ann"),
    ]

    /// A key in quotes is the name of a member, whatever its type, and stands in a pair as well.
    @Test(arguments: keys) func keysOfEveryType(_ type: String, _ first: String, _ second: String) throws {
        let text = """
            contract Shelf version 1
              title "Shelf"
            role Clerk
            enum Kind { plain, urgent }
            case {
              goods : map of \(type) to Integer (3)
              kept  : map of \(type) to Integer (3) starts []
              sum   : Integer                      starts 0
            }
            final state done
            action take opens done by Clerk enters goods {
              set kept to goods
              set sum to sum of entry.value for entry in goods
            }
            """
        let lines = [
            "{\"\(first)\":1,\"\(second)\":2}", "[[\"\(second)\",2],[\"\(first)\",1]]",
            "{ \"\(second)\" : 2 , \"\(first)\" : 1 }",
        ]
        let word = type == "Text(6)" ? "\\\"\(first)\\\"" : first
        #expect(
            try Self.decide("{\"goods\":{\"\(first)\":1,\"\(first)\":2}}", by: text)
                .contains("\"text\":\"has the key \(word) twice\""))
        let escaped = first.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined()
        #expect(
            try Self.decide("{\"goods\":{\"\(escaped)\":1,\"\(second)\":2}}", by: text)
                == Self.decide("{\"goods\":{\"\(first)\":1,\"\(second)\":2}}", by: text))
        let isBoolean = type == "Boolean"
        var decisions: [String] = []
        for line in isBoolean ? [lines[0], lines[2], "[[true,1],[false,2]]"] : lines {
            decisions.append(try Self.decide("{\"goods\":\(line)}", by: text))
        }
        #expect(decisions[0].contains("\"state\":\"done\"") && decisions[0].contains("\"sum\":3"), "\(decisions[0])")
        #expect(decisions.allSatisfy { $0 == decisions[0] }, "\(decisions)")
        // What is written can be read again.
        let kept = try #require(decisions[0].firstRange(of: "\"kept\":")).upperBound
        let end = try #require(decisions[0].firstRange(of: ",\"sum\"")).lowerBound
        #expect(try Self.decide("{\"goods\":\(decisions[0][kept..<end])}", by: text) == decisions[0])
        let twice = try Self.decide("{\"goods\":{\"\(first)\":1,\"\(first)\":1}}", by: text)
        #expect(twice.contains(" twice\""), "\(twice)")
        let bare = try Self.decide("{\"goods\":{7:1}}", by: text)
        #expect(bare.contains("a key in quotes is missing"), "\(bare)")
    }

    @Test(arguments: ["\"yes\"", "\"true", "\"true \"", "\"\"", "\"truefalse\""])
    func noBoolean(_ key: String) throws {
        let text = Self.contract.replacing("map of Text(6)", with: "map of Boolean").replacing(
            "goods[\"a\"]", with: "goods[yes]")
        let said = try Self.decide("{\"goods\":{\(key):1},\"prices\":[],\"kinds\":{}}", by: text)
        #expect(said.contains("must be true or false"), "\(said)")
    }

    /// The least number is a value of a map, and would be told from absence by nobody in an optional.
    @Test func theLeastNumberIsHandedOver() throws {
        let text = """
            contract Least version 1
              title "Least"
            role Clerk
            case { goods: map of Text(6) to Integer (3) found: optional Integer known: Integer starts 0 }
            final state done
            action look opens done by Clerk enters goods { set found to goods["a"] }
            action know opens done by Clerk enters goods {
              if goods["a"] is present and goods["a"] < 0 { set known to 1 }
            }
            action sum opens done by Clerk enters goods { for entry in goods { set known to entry.value } }
            """
        let program = try Self.program(text)
        let goods = Value.map([Value.MapEntry(key: .text("a"), value: .integer(.min))])
        let evaluator = Evaluator(ExecutableProgram(program))
        var handedOver: [Bool] = []
        for action in program.actions.indices {
            let request = Request(
                action: action, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"),
                now: ValueGenerator.epoch, arguments: [goods], existing: nil, newReference: "Least/1")
            handedOver.append(try evaluator.run(request, view: OpenView()) == nil)
            let expected = try Evaluator(program: program).perform(request, view: OpenView())
            let difference = Verdicts.difference(expected, try evaluator.perform(request, view: OpenView()))
            #expect(difference == nil)
            guard case .done = expected.outcome else {
                Issue.record("\(expected.outcome)")
                continue
            }
        }
        #expect(handedOver == [true, true, false])
    }

    @Test func whatMapsBecomeIsShown() throws {
        let disassembler = try #require(Disassembler(ExecutableProgram(try Self.program(Self.contract))))
        let code = disassembler.lines { _ in 1 }.joined(separator: "\n")
        for wanted in ["entry", "seekEntry", "putEntry", "or absent", "next"] {
            #expect(code.contains(wanted), "\(wanted)")
        }
        let others = try #require(LoweringTests.programs.first { $0.name == "others.remit" }?.program)
        let listing = try #require(Disassembler(ExecutableProgram(others))).lines { _ in 1 }.joined(separator: "\n")
        for wanted in ["requireCases", "Referrals.urgency", "state of Referrals", "Budget to Relief.Pool"] {
            #expect(listing.contains(wanted), "\(wanted)")
        }
    }

    /// Seats whose organisations are worked out are made by instructions that make lists and texts.
    @Test func seatsAreWorkedOut() throws {
        let text = """
            contract Seats version 1
              title "Seats"
            role Clerk, Head
            case { clinic: Organisation seats: Quorum }
            final state done
            action ask opens done by Clerk enters clinic {
              set seats to (2 of (Clerk or Head) of clinic and 1 of Head of any organisation and 1 of Clerk)
            }
            """
        let program = try Self.program(text)
        let request = Request(
            action: 0, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"),
            now: ValueGenerator.epoch, arguments: [.party(Party(.organisation, "city"))], existing: nil,
            newReference: "Seats/1")
        let found = try #require(try Evaluator(ExecutableProgram(program)).run(request, view: OpenView()))
        guard case .done(let effects) = found.outcome else {
            Issue.record("\(found.outcome)")
            return
        }
        #expect(
            Quorum(effects.caseState.fields[1])?.groups.map(\.roles) == [
                ["Clerk of city", "Head of city"], ["Head of any organisation"], ["Clerk"],
            ])
    }
}
