import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Rounds that open and deadlines that start while lines are decided: as the reference evaluator has them.
@Suite struct RoundLineTests {
    private static let text = """
        contract Desk version 1
          title "Desk"
        role Clerk, Chief, Head
        table wanted(fee: CNY) gives quorum: Quorum, answer: Term {
          | fee       || quorum                             | answer   |
          | <= 10 CNY || 1 of (Head or Chief)               | 4 hours  |
          | > 10 CNY  || 1 of Head and 1 of Chief           | 72 hours |
        }
        fund Box in CNY kept by Head
        case { name : Text(8)  fee : CNY  day : Date }
        state waiting, heard
        final state closed, free
        approval hearing in waiting
          needs wanted(fee).quorum
          within wanted(fee).answer
        {
          granted { become heard }
          declined { become closed }
          overdue { become closed }
        }
        after 5 days past day in heard { become closed }
        action ask opens waiting, heard, closed, free by Clerk enters name, fee, day {
          if fee is 0 CNY { become free } else {
            if fee < 5 CNY { become heard } else {
              if fee > 90 CNY {
                reserve fee from Box else "NONE" "the box is empty"
                become closed
              } else { become waiting }
            }
          }
        }
        invariant "nobody is granted at once" : not (hearing is granted)
        """

    @Test func roundsOpenAsInTheReferenceEvaluator() throws {
        let compilation = Compiler.compile(SourceText(name: "desk.remit", Self.text))
        let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
        // The same quorums come again and again, between cases without one.
        let fees = ["7", "0", "12.50", "7.01", "3", "99", "80", "9", "0", "12", "1", "8"]
        for (number, fee) in fees.enumerated() {
            let line = Array("{\"name\":\"a\",\"fee\":\"\(fee)\",\"day\":\"2026-03-02\"}".utf8)
            line.withUnsafeBufferPointer { line in
                evaluator.decide(line, number: number + 1)
                evaluator.decideByReference(line, number: number + 1)
            }
        }
        let told = String(decoding: evaluator.takeOutput(), as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(told.count == 2 * fees.count)
        for index in stride(from: 0, to: told.count, by: 2) { #expect(told[index] == told[index + 1]) }
        #expect(told[0].contains("\"state\":\"waiting\""))
        #expect(told[2].contains("\"state\":\"free\""))
        #expect(told[10].contains("\"refused\":\"funds\"") || told[10].contains("\"code\":\"NONE\""), "\(told[10])")
    }
}
