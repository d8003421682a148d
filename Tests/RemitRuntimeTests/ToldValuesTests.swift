import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// A condition is told with the values that it read, but for those that its own words say.
@Suite struct ToldValuesTests {
    /// A condition on kind (`lifeThreatening`), flag (`yes`), n (3) and day (absent), and how it is told.
    static let conditions: [(String, String)] = [
        ("kind is lifeThreatening", "It is so that kind is lifeThreatening."),
        ("kind is routine", "It is not so that kind is routine, where kind is life threatening."),
        ("kind is not routine", "It is so that kind is not routine, where kind is life threatening."),
        ("flag", "It is so that flag."),
        ("not flag", "It is not so that not flag."),
        ("flag is yes", "It is so that flag is yes."),
        ("flag is no", "It is not so that flag is no, where flag is yes."),
        ("n is 3", "It is so that n is 3."),
        ("n > 2", "It is so that n > 2, where n is 3."),
        ("n is 3 and n < 5", "It is so that n is 3 and n < 5."),
        ("kind is lifeThreatening and n > 2", "It is so that kind is lifeThreatening and n > 2, where n is 3."),
        ("n is 3 or n is 4", "It is so that n is 3 or n is 4, where n is 3."),
        (
            "not (kind is lifeThreatening and n is 4)",
            "It is so that not (kind is lifeThreatening and n is 4), where kind is life threatening and n is 3."
        ),
        (
            "kind is lifeThreatening and n is 4",
            "It is not so that kind is lifeThreatening and n is 4, where kind is life threatening and n is 3."
        ),
        ("day is absent", "It is so that day is absent."),
        (
            "flag is no implies n is 3",
            "It is so that flag is no implies n is 3, where flag is yes."
        ),
    ]

    private static func sentences(_ statement: String) throws -> [String] {
        let text = """
            contract Told version 1
              title "Told"
            role Clerk
            enum Kind { routine, lifeThreatening }
            case { kind : Kind  flag : Boolean  n : Integer  day : optional Date  got : Integer starts 0 }
            final state done
            checks look { note "N" "noted" when kind is lifeThreatening and n > 2 }
            action go opens done by Clerk enters kind, flag, n, day { \(statement) }
            """
        let compilation = Compiler.compile(SourceText(name: "told.remit", text))
        let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
        let request = Request(
            action: 0, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"),
            now: ValueGenerator.epoch,
            arguments: [.enumeration("lifeThreatening"), .boolean(true), .integer(3), .absent], existing: nil,
            newReference: "Told/1")
        let transition = try Evaluator(ExecutableProgram(program)).perform(request, view: OpenView(), tracing: true)
        return TraceNarrator(program: program, source: Array(text.utf8)).sentences(transition)
    }

    @Test(arguments: conditions) func whatTheWordsSayIsToldOnce(_ condition: String, _ told: String) throws {
        let sentences = try Self.sentences("if \(condition) { set got to 1 }")
        #expect(sentences.contains(told), "\(sentences)")
    }

    @Test func requirementsAndFindingsAreToldSo() throws {
        let required = try Self.sentences("require flag and n > 2 else \"A\" \"no\"")
        #expect(required.contains("It is required, and holds, that flag and n > 2, where n is 3."), "\(required)")
        let found = try Self.sentences("run look")
        #expect(
            found.contains("Noted by N: noted — because kind is lifeThreatening and n > 2, where n is 3."), "\(found)")
    }
}
