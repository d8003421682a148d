import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// The disassembly of one action holds what a transition by it can run, and no more.
@Suite struct DisassemblyTests {
    private static let text = """
        contract Desk version 1
          title "Desk"
        role Clerk, Chief
        register Count by day: Date { cases : Integer starts 0  invariant "few" : cases < 9 }
        register Noise by day: Date { cases : Integer starts 0  invariant "calm" : cases < 9 }
        case { name : Text(8)  fee : CNY  paid : CNY starts 0 CNY  asked : optional Date }
        state asked, waiting, heard
        final state closed
        unique by name except closed else "TWICE" "{name} is there"
        approval hearing in waiting
          needs 2 of Chief
          within 3 days
        {
          granted { become heard }
          declined { become closed }
          overdue { become closed }
        }
        after 5 days past asked in heard { become closed }
        action ask opens asked by Clerk enters name, fee { add 1 to Count[today].cases }
        action submit in asked by Clerk { if fee > 5 CNY { become waiting } else { become closed } }
        action date(day: Date) in heard by Clerk { set asked to day }
        action look in heard by Clerk { require fee > 0 CNY else "NONE" "no fee" }
        action close in heard by Clerk { become closed }
        entering closed { set paid to fee }
        entering heard { set paid to 0 CNY }
        invariant "nothing is paid back" : paid >= 0 CNY
        """

    /// An action, and the titles of the parts that are shown.
    static let parts: [(String, [String])] = [
        ("ask", ["action ask", "invariant \"nothing is paid back\"", "invariant of Count", "refusal of key 1"]),
        (
            "submit",
            [
                "action submit", "entering closed", "invariant \"nothing is paid back\"", "opening of hearing",
                "refusal of key 1",
            ]
        ),
        (
            "date",
            [
                "action date", "invariant \"nothing is paid back\"", "refusal of key 1",
                "start of deadline in heard",
            ]
        ),
        ("look", ["action look", "invariant \"nothing is paid back\"", "refusal of key 1"]),
        ("close", ["action close", "entering closed", "invariant \"nothing is paid back\"", "refusal of key 1"]),
    ]

    private static func disassembler() throws -> (Disassembler, CheckedProgram) {
        let compilation = Compiler.compile(SourceText(name: "desk.remit", text))
        let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
        return (try #require(Disassembler(ExecutableProgram(program))), program)
    }

    @Test(arguments: parts) func whatAnActionRunsIsShown(_ action: String, _ parts: [String]) throws {
        let (disassembler, program) = try Self.disassembler()
        let index = try #require(program.actions.firstIndex { $0.name == action })
        let lines = disassembler.lines(action: index) { $0 }
        let titles = lines.filter { !$0.hasPrefix(" ") }.map { String($0.dropLast()) }
        #expect(titles.sorted() == parts)
        // The summary counts what is shown.
        let shown = lines.count - titles.count
        let all = disassembler.lines { $0 }.filter { $0.hasPrefix(" ") }.count
        #expect(shown < all)
        #expect(disassembler.summary(action: index).hasPrefix("\(shown) of \(all) instructions, "))
        #expect(disassembler.summary().hasPrefix("\(all) instructions, "))
    }
}
