import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Programs at the edges of the code's encoding run by the machine all the same.
@Suite struct LargeProgramTests {
    private static func program(_ text: String) throws -> CheckedProgram {
        let compilation = Compiler.compile(SourceText(name: "large.remit", text))
        #expect(compilation.diagnostics.filter { $0.code.severity == .error }.map(\.message) == [])
        return try #require(compilation.program)
    }

    /// What both evaluators make of an action with one number, in words.
    private static func words(_ program: CheckedProgram, _ numbers: [Int64]) throws -> [String] {
        let executable = ExecutableProgram(program)
        #expect(executable.reasonForReference == nil)
        let machine = Evaluator(executable)
        let world = DifferentialWorld()
        let now = try #require(Instant(seconds: 1_770_000_000))
        var words: [String] = []
        for number in numbers {
            let request = Request(
                action: 0, actor: Party(.person, "bo"), organisation: world.home, now: now,
                arguments: [.integer(number)], existing: nil, newReference: "Large/1")
            let expected = try Evaluator(program: program).perform(request, view: world)
            let found = try #require(try machine.run(request, view: world))
            #expect(Verdicts.difference(expected, found) == nil, "\(number)")
            words.append(Verdicts.word(expected))
        }
        return words
    }

    /// A branch of more instructions than the distance of a comparison's jump can span.
    @Test func aBranchMayBeLong() throws {
        let statements = (0..<9000).map { "add \($0) + n to total  set total to total - n + n - \($0)" }
        let program = try Self.program(
            """
            contract Large version 1
              title "Large"
            role Clerk
            record Part { k: Integer }
            case { total: Integer starts 0 parts: list of Part (3) starts [] }
            final state done
            action go(n: Integer) opens done by Clerk {
              set parts to [Part(k: n), Part(k: 4)]
              if n < 5 { \(statements.joined(separator: "\n")) } else { set total to -1 }
              for part in parts {
                if part.k is 3 { \(statements.joined(separator: "\n")) } else { add part.k to total }
              }
              for k in [n, 2] { if k is 3 { \(statements.joined(separator: "\n")) } else { add k to total } }
            }
            """)
        let code = try Lowering.lower(program, metering: true)
        #expect(code.instructions.count > 100_000)
        #expect(try Self.words(program, [3, 4, 5, 7]) == ["done", "done", "done", "done"])
    }

    /// As many calls within each other as are allowed, and one more, with a table at the bottom.
    @Test(arguments: [61, 62, 63, 64]) func callsNestAsDeepAsAllowed(_ depth: Int) throws {
        let functions = (1..<depth).map { "function f\($0)(n: Integer) gives Integer { return f\($0 - 1)(n + 1) }" }
        let program = try Self.program(
            """
            contract Large version 1
              title "Large"
            role Clerk
            table bottom(n: Integer) gives m: Integer { | n || m |
              | < 0 || 1 |
              | >= 0 || 2 |
            }
            case { total: Integer starts 0 }
            final state done
            function f0(n: Integer) gives Integer { return if n > 100 then bottom(n) else n }
            \(functions.joined(separator: "\n"))
            action go(n: Integer) opens done by Clerk { set total to f\(depth - 1)(n) }
            """)
        let expected = depth < 63 ? ["done", "done"] : depth == 63 ? ["done", "budget"] : ["budget", "budget"]
        #expect(try Self.words(program, [-100, 100]) == expected)
    }

    /// A table of many rows that are worked out keeps few registers.
    @Test func aTableMayHaveManyRows() throws {
        let rows = (0..<3000).map { "| \($0) || n + \($0 % 7) | n * \($0 % 5) |" }
        let program = try Self.program(
            """
            contract Large version 1
              title "Large"
            role Clerk
            table many(n: Integer) gives a: Integer, b: Integer first { | n || a | b |
              \(rows.joined(separator: "\n"))
              | any || 1 | n |
            }
            case { total: Integer starts 0 }
            final state done
            action go(n: Integer) opens done by Clerk { set total to many(n).a + many(n).b }
            """)
        #expect(try Lowering.lower(program, metering: true).registers.count < 100)
        #expect(try Self.words(program, [0, 17, 2999, 3000, .max]) == ["done", "done", "done", "done", "overflow"])
    }
}
