import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Lines with the least number there is, which an optional cannot hold as a word: the reference evaluator decides them.
@Suite struct LeastLineTests {
    private static let contract = """
        contract Least version 1
          title "Least"
        role Clerk
        record Part { units : optional Integer  price : CNY }
        case {
          count  : Integer
          fee    : optional JPY
          length : optional Duration
          parts  : list of Part (3)
          stock  : map of Text(4) to Integer (4)
          copy   : optional Integer
          dues   : optional JPY
          span   : optional Duration
          bits   : list of Part (3) starts []
          found  : optional Integer
          store  : map of Text(4) to Integer (4) starts []
        }
        final state done
        checks look {
          for part in parts { note "N" "{part.price}" when part.price > 0 CNY }
        }
        action take opens done by Clerk enters count, fee, length, parts, stock {
          require count < 100 else "MANY" "{count}"
          run look
          set copy to count
          set dues to fee
          set span to length
          set bits to parts
          set found to stock["k"]
          set store to stock
        }
        """
    private static let least = "-9223372036854775808"

    private static func evaluator(_ text: String, steps: UInt64 = Limits.steps) throws -> BatchEvaluator {
        let program = try #require(Compiler.compile(SourceText(name: "least.remit", text)).program)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        return try BatchEvaluator(
            ExecutableProgram(program), action: 0, context: context, rows: BatchRows(), stepLimit: steps)
    }

    private static func decide(_ line: String, by evaluator: BatchEvaluator, isReference: Bool = false) -> String {
        Array(line.utf8).withUnsafeBufferPointer {
            if isReference {
                evaluator.decideByReference($0, number: 1)
            } else {
                evaluator.decide($0, number: 1)
            }
        }
        return String(decoding: evaluator.takeOutput(), as: UTF8.self)
    }

    private static func line(
        count: String = "1", fee: String = "2", length: String = "3", units: String = "4", stock: String = "5"
    ) -> String {
        """
        {"count":\(count),"fee":\(fee),"length":\(length),"parts":[{"units":\(units),"price":"0.50"},{"price":0}],\
        "stock":{"a":1,"k":\(stock)}}
        """
    }

    /// A line, and the fields that come of it.
    static let lines: [(String, String)] = [
        (line(count: least), "\"copy\":\(least),\"dues\":\"2\""),
        (line(fee: least), "\"dues\":\"\(least)\",\"span\":3"),
        (line(length: least), "\"span\":\(least),"),
        (line(units: least), "\"bits\":[{\"units\":\(least),\"price\":\"0.50\"}"),
        (line(stock: least), "\"found\":\(least),\"store\":{\"a\":1,\"k\":\(least)}"),
    ]

    @Test(arguments: lines) func theReferenceDecides(_ line: String, _ fields: String) throws {
        let decided = try Self.decide(line, by: Self.evaluator(Self.contract))
        #expect(decided.hasPrefix("{\"line\":1,\"state\":\"done\""), "\(decided)")
        #expect(decided.contains(fields), "\(decided)")
        // Whatever the number, the rules cost the same and say the same.
        let plain = try Self.decide(Self.line(), by: Self.evaluator(Self.contract))
        #expect(decided.suffix(12) == plain.suffix(12))
        #expect(
            try Self.decide(line, by: Self.evaluator(Self.contract))
                == Self.decide(line, by: Self.evaluator(Self.contract), isReference: true))
    }

    @Test func aRefusalIsTheSame() throws {
        let text = Self.contract.replacing("count < 100", with: "count > 0")
        let decided = try Self.decide(Self.line(count: Self.least, fee: Self.least), by: Self.evaluator(text))
        #expect(
            decided.hasPrefix("{\"line\":1,\"refused\":\"requirement\",\"code\":\"MANY\",\"text\":\"\(Self.least)\""),
            "\(decided)")
    }

    @Test func theNextLineIsDecidedByTheMachine() throws {
        let evaluator = try Self.evaluator(Self.contract)
        let alone = try Self.decide(Self.line(), by: Self.evaluator(Self.contract))
        for _ in 0..<3 {
            _ = Self.decide(Self.line(units: Self.least), by: evaluator)
            #expect(Self.decide(Self.line(), by: evaluator) == alone)
        }
        #expect(evaluator.done == 6 && evaluator.unreadable == 0)
    }

    /// What the machine has words for as well comes out as the machine writes it, with every budget up to the cost.
    @Test func bothWriteTheSame() throws {
        let lines = [
            Self.line(), Self.line(fee: "null", length: "null", units: "null"), Self.line(count: "100"),
            Self.line(stock: "9223372036854775807"), "{\"count\":1,\"parts\":[],\"stock\":{}}", Self.line(count: "x"),
        ]
        for steps in Array(0..<80) + [Limits.steps] {
            let evaluator = try Self.evaluator(Self.contract, steps: steps)
            for line in lines {
                let one = Self.decide(line, by: evaluator)
                let other = Self.decide(line, by: evaluator, isReference: true)
                #expect(one == other, "with \(steps) steps")
            }
        }
        let texts = [BatchTests.contract: BatchTests.whole, MapLineTests.contract: MapLineTests.whole]
        for (text, line) in texts.sorted(by: { TextValue($0.key) < TextValue($1.key) }) {
            let evaluator = try Self.evaluator(text)
            let one = Self.decide(line, by: evaluator)
            #expect(one.contains("\"state\""), "\(one)")
            #expect(one == Self.decide(line, by: evaluator, isReference: true))
        }
    }

    /// Without the rules of a contract, as kept code comes, the line says what to do.
    @Test func keptCodeAsksForTheRules() throws {
        let program = try #require(Compiler.compile(SourceText(name: "least.remit", Self.contract)).program)
        let bytes = try #require(KeptProgram.bytes(ExecutableProgram(program)))
        let kept = try #require(KeptProgram.program(bytes))
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let line = Self.line(units: Self.least)
        let without = try BatchEvaluator(kept, action: 0, context: context, rows: BatchRows())
        #expect(Self.decide(line, by: without).contains("--code-cache none"))
        let with = try BatchEvaluator(kept, action: 0, context: context, rows: BatchRows(), rules: { program })
        #expect(try Self.decide(line, by: with) == Self.decide(line, by: Self.evaluator(Self.contract)))
    }
}
