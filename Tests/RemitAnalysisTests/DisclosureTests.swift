import Foundation
import RemitAnalysis
import RemitLanguage
import Testing

/// "The checker lists for each action what a stranger learns": contracts with all that is told of them, line by line.
@Suite struct DisclosureTests {
    static let head = """
        contract Ward version 1
          title "Ward"
        role Clerk, Doctor
        fund Pool in CNY kept by Clerk
        register Count by id: private Text(40), year: Integer {
          hits  : Integer starts 0
          total : private Integer starts 0
          invariant "Few" : hits < 9
        }
        table band(age: Integer) gives fee: CNY {
          | age   || fee   |
          | <= 17 || 5 CNY |
          | > 17  || 9 CNY |
        }
        parameter limit: Integer { from 2025-01-01: 7 }
        case about patient {
          patient : private Text(40)
          age     : private Integer
          born    : private Date
          codes   : private list of Text(9) (5)
          doctor  : Person
          fee     : CNY     starts 0 CNY
          open    : Integer starts 0
        }
        state filed
        final state old, young
        function older() gives Integer { return age + 1 }
        function shown(number: Integer) gives Integer { return reveal number }

        """

    /// Statements of an action on a filed case, and what they tell.
    static let cases: [(String, [String])] = [
        ("set doctor to actor", []),
        ("set patient to \"x\"", []),
        ("require age > 17 else \"A1\" \"Too young\"", ["refusal A1 Too young: age"]),
        ("require older() > 17 else \"Too young\"", ["refusal Too young: age", "fault: age"]),
        ("if age > 17 { become old } else { become young }", ["branch old, young: age", "cost: age"]),
        ("if age > 17 { set open to 1 }\n  become old", ["branch open: age", "cost: age"]),
        ("if age > 17 { set open to 1 } else { set open to 2 }", ["branch open: age", "cost: age"]),
        ("if age > 17 { set open to 1 } else { set open to 1 }", ["cost: age"]),
        ("if age > 17 { notify Clerk \"Old\" } else { notify Clerk \"Young\" }", ["branch notice: age", "cost: age"]),
        ("if age > 17 { add 1 to open }", ["branch open: age", "fault: age", "cost: age"]),
        ("if age > 17 and open + 1 > 3 { set open to 1 }", ["branch open: age", "fault: age", "cost: age"]),
        ("set fee to 1 CNY * (if reveal (age > 3) then 1 else 2)", ["reveal: age"]),
        ("if age > 17 { set age to 1 }", ["cost: age"]),
        ("if open > 17 { become old } else { become young }", []),
        ("if age > 17 { refuse \"No {open}\" }", ["refusal No …: age", "cost: age"]),
        (
            "if age > 17 { if open > 1 { notify Clerk \"Come\" } }",
            [
                "branch notice: age", "cost: age",
            ]
        ),
        ("set fee to reveal band(age)", ["reveal: age", "cost: age"]),
        ("set age to shown(age)", ["reveal: age"]),
        ("pay reveal band(older()) from Pool to doctor", ["reveal: age", "fault: age", "cost: age"]),
        ("add 1 to Count[patient, open].hits", ["sameRow Count: patient", "invariant Few: patient", "fault: patient"]),
        ("set Count[patient, open].hits to 3", ["sameRow Count: patient", "invariant Few: patient"]),
        (
            "add age to Count[patient, open].total",
            [
                "sameRow Count: patient", "invariant Few: age, patient", "fault: Count.total, age, patient",
            ]
        ),
        ("if Count[patient, open].hits > 1 { become old }", ["branch old: patient", "cost: patient"]),
        ("require Count[\"x\", open].total > 1 else \"No\"", ["refusal No: Count.total"]),
        ("for code in codes { set open to 1 }", ["branch open: codes", "cost: codes"]),
        ("for code in (reveal codes) { notify Clerk \"One\" }", ["reveal: codes"]),
        ("require codes is empty or age > 1 else \"No\"", ["refusal No: age, codes", "cost: codes"]),
        ("require open > 1 and age > 1 else \"No\"", ["refusal No: age"]),
        ("let next = age + 1\n  require next > 3 else \"No\"", ["refusal No: age", "fault: age"]),
        ("require limit on born > 3 else \"No\"", ["refusal No: born", "fault: born"]),
        ("if reveal (age > 17) { become old } else { become young }", ["reveal: age"]),
    ]

    private func told(_ text: String) throws -> [String] {
        let compilation = Compiler.compile(SourceText(name: "ward", text))
        let errors = compilation.diagnostics.filter { $0.severity == .error }
        let compiled = compilation.program
        let program = try #require(compiled, "\(errors.map(\.message))")
        return disclosures(program).map { disclosure in
            guard case .action("rule") = disclosure.occasion else { return "" }
            return "\(Self.word(disclosure.outcome)): \(disclosure.sources.joined(separator: ", "))"
        }.filter { !$0.isEmpty }
    }

    private static func word(_ outcome: Disclosure.Outcome) -> String {
        switch outcome {
        case .refusal(let code, let text): "refusal " + (code.map { "\($0) " } ?? "") + text
        case .finding(let code, let text): "finding \(code) \(text)"
        case .branch(let effects): "branch " + effects.map { word($0) }.joined(separator: ", ")
        case .reveal: "reveal"
        case .sameCase(let code, let text): "sameCase " + (code.map { "\($0) " } ?? "") + text
        case .sameRow(let register): "sameRow \(register)"
        case .invariant(let text): "invariant \(text)"
        case .fault: "fault"
        case .cost: "cost"
        }
    }

    private static func word(_ effect: Disclosure.Effect) -> String {
        switch effect {
        case .state(let name), .field(let name), .row(let name), .fund(let name), .checks(let name): name
        case .notice: "notice"
        case .migration: "brought over"
        }
    }

    /// "A condition on it shows one answer: findings and refusals do so by nature, and the checker lists for each
    /// action what a stranger learns."
    @Test(arguments: cases.indices) func statementsTell(index: Int) throws {
        let (statements, wanted) = Self.cases[index]
        let text =
            Self.head + """
                action file opens filed by Clerk enters patient, age, born, codes, doctor { become filed }
                action rule in filed by Clerk accept unapprovedPayment because "a test" {
                  \(statements)
                }
                """
        #expect(try told(text) == wanted, "\(statements)")
    }

    @Test func openingEnteringKeysAndInvariantsTell() throws {
        let text =
            Self.head + """
                unique by patient, doctor except old else "U1" "Twice"
                invariant "Grown" : case is old implies age > 17
                invariant "Open"  : open >= 0
                entering old { require born > 1900-01-01 else "B1" "Born too early" }
                checks screening(least: Integer) {
                  deny "C1" "Young"   when age < least
                  pend "C2" "Open"    when open > 5
                  for code in codes { note "C3" "Old code" when code is like "A*" }
                }
                action rule opens filed, old by Clerk enters patient, age, born, codes, doctor {
                  run screening(3)
                  match screening {
                    deny { become old }
                    pend, note, clear { become filed }
                  }
                }
                """
        let found = try told(text)
        #expect(
            found == [
                "finding C1 Young: age", "finding C3 Old code: codes", "refusal B1 Born too early: born",
                "sameCase U1 Twice: patient",
                "invariant Grown: age", "cost: codes",
            ])
    }

    @Test(arguments: ["commercial-claim", "insurance-claim", "medical-record"])
    func whatIsOpenTellsNothing(_ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Contracts/\(name).remit")
        let source = SourceText(name: name, bytes: Array(try Data(contentsOf: file)))
        let program = try #require(Compiler.compile(source).program)
        #expect(program.privateNames.isEmpty == disclosures(program).isEmpty)
    }

    /// Elements with private parts are compared in these too, and what is opened afresh is judged again.
    @Test func wholeValuesRoundsAndMigrationsTell() throws {
        let text = """
            contract Lab version 2
              title "Lab"
            role Clerk, Doctor
            record Test { code : private Text(8), day : Date }
            register Ward by wrist: private Text(8) kept by Clerk { seen : Boolean starts no, beds : Integer }
            case about who {
              who   : private Text(8)
              grade : private Integer
              tests : list of Test (4) starts []
              last  : Test
              open  : Integer starts 0
            }
            state filed
            final state done
            invariant "High" : second is granted implies grade > 3
            action file opens filed by Clerk enters who, grade, last { become filed }
            action drop in filed by Clerk { set tests to [] }
            action ask in filed by Clerk { require last is not Test(code: "HIV", day: 2026-01-01) else "No" }
            action mark in filed by Clerk { set Ward[who].seen to yes }
            action touch in filed by Clerk { set open to 1 }
            action end in filed by Clerk { become done }
            approval second in filed needs 1 of Doctor and 1 of Clerk within 3 days {
              granted { become done }
              declined { become done }
              overdue { become done }
            }
            migrate from 1 in filed when grade > 3 { set open to 4 }
            """
        let compilation = Compiler.compile(SourceText(name: "lab", text))
        let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
        let found = disclosures(program).map { disclosure in
            let occasion =
                switch disclosure.occasion {
                case .action(let name): name
                case .opening(let name): "\(name) opens"
                case .round(let name, let outcome): "\(name) \(outcome.rawValue)"
                case .deadline: "deadline"
                case .migration(let version): "migration from \(version)"
                }
            return "\(occasion): \(Self.word(disclosure.outcome)): \(disclosure.sources.joined(separator: ", "))"
        }
        #expect(
            found == [
                "file: invariant High: grade",
                "drop: invariant High: grade",
                "ask: refusal No: Test.code",
                "mark: sameRow Ward: who", "mark: invariant High: grade", "mark: fault: who",
                "touch: invariant High: grade", "end: invariant High: grade",
                "second opens: invariant High: grade", "second granted: invariant High: grade",
                "second declined: invariant High: grade", "second overdue: invariant High: grade",
                "migration from 1: branch brought over: grade", "migration from 1: invariant High: grade",
            ])
    }
}
