import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// The explanation of a decision tells what the call gave, and who named the organisation of a role.
@Suite struct GivenArgumentsTests {
    private static let text = """
        contract Wards version 1
          title "Wards"
        role Clerk, Nurse
        register Ward by name: Text(9) kept by Clerk { hospital : Organisation }
        case { hospital : Organisation  beds : Integer starts 0 }
        state open
        final state done
        action begin opens open by Clerk of any organisation enters hospital { become open }
        action add(place: Organisation, count: Integer) in open by Nurse of place
          accept formDecides because "Whoever has beds adds them"
        {
          require count > 0 else "None"
          add count to beds
        }
        action look(ward: Text(9)) in open
          by Nurse of (if Ward[ward] is present then Ward[ward].hospital else hospital)
          accept formDecides because "Every ward may look"
        { add 0 to beds }
        action stop in open by Nurse of organisation of actor enters hospital { become done }
        given east is an organisation, west is an organisation
        given cy is Clerk of east, nina is Nurse of west
        given Ward["a"] is Ward(hospital: east), Ward["b"] is Ward(hospital: west)
        scenario "All" {
          cy does begin(hospital: east) as c
          nina does add(place: east, count: 1) on c  refused role
          nina does add(place: west, count: 0) on c  refused "None"
          nina does add(place: west, count: 2) on c
          nina does look(ward: "a") on c  refused role
          nina does look(ward: "b") on c
          cy does stop(hospital: west) on c  refused role
          nina does stop(hospital: west) on c
        }
        """

    private static let told = [
        [
            "Wards/1 is open.", "The form gives hospital: east.", "The actor was let in as Clerk of its organisation.",
            "The case becomes open.",
        ],
        [
            "Refused: nina acting for west is not Nurse of the organisation that the call names.",
            "The call gives place: east and count: 1.",
        ],
        [
            "Refused: None.", "The call gives place: west and count: 0.",
            "The actor was let in as Nurse of the organisation that the call names.",
            "It is required, and does not hold, that count > 0, where count is 0.",
        ],
        [
            "Wards/1 is open.", "The call gives place: west and count: 2.",
            "The actor was let in as Nurse of the organisation that the call names.",
            "It is required, and holds, that count > 0, where count is 2.", "Beds is set to 2, by `add count to beds`.",
        ],
        [
            "Refused: nina acting for west is not Nurse of the organisation named in Ward.",
            "The call gives ward: \"a\".",
        ],
        [
            "Wards/1 is open.", "The call gives ward: \"b\".",
            "The actor was let in as Nurse of the organisation named in Ward.",
            "Beds is set to 2, by `add 0 to beds`.",
        ],
        [
            "Refused: cy acting for east is not Nurse of its organisation."
        ],
        [
            "Wards/1 is done.", "The actor was let in as Nurse of its organisation.", "The form gives hospital: west.",
            "The case becomes done.",
        ],
    ]

    @Test func theCallIsTold() throws {
        let (program, messages) = try Self.compiled()
        #expect(messages == [])
        let scenario = try #require(program.scenarios.first)
        for evaluator in [Evaluator(program: program), Evaluator(ExecutableProgram(program))] {
            var run = ScenarioRun(program: program, evaluator: evaluator)
            for step in scenario.steps { run.perform(step) }
            #expect(run.failures.isEmpty)
            let narrator = TraceNarrator(program: program, source: Array(Self.text.utf8))
            #expect(run.history.map { narrator.sentences($0) } == Self.told)
        }
    }

    private static func compiled() throws -> (CheckedProgram, [String]) {
        let compiled = Compiler.compile(SourceText(name: "wards.remit", text))
        return (try #require(compiled.program, "\(compiled.diagnostics)"), compiled.diagnostics.map(\.message))
    }
}
