import RemitAnalysis
import RemitLanguage
import Testing

/// Where values are made of private things, and who may know them.
@Suite struct PrivatePlacesTests {
    private static let source = SourceText(
        name: "places",
        """
        contract Places version 1
          title "Places"
        role Nurse
        register Member by id: private Text(8) kept by Nurse {
          income : private Integer
        }
        record Drug { name : private Text(8)
          dose : Integer }
        case about patient {
          patient : private Text(8)
          age     : private Integer
          drugs   : list of Drug (4)
          ward    : Integer
        }
        final state open
        function twice(n: Integer) gives Integer { return n * 2 }
        table grade(years: Integer) gives points: Integer {
          | years || points |
          | <= 9  || 1      |
          | > 9   || 2      |
        }
        action admit(extra: private Integer) opens open by Nurse enters patient, age, drugs, ward {
          let member = Member[patient] else "Not known"
          let sum = age + extra
          require member.income > 5 else "A"
          require sum > ward else "B"
          require twice(ward) > 1 and twice(age) > 1 else "C"
          require grade(age) > 0 else "D"
          require (any drug in drugs where drug.dose > 1) else "E"
          require (any drug in drugs where drug.name is "x") else "F"
        }
        """)

    private func places() throws -> PrivatePlaces {
        let compiled = Compiler.compile(Self.source)
        return PrivatePlaces(try #require(compiled.program, "\(compiled.diagnostics)"))
    }

    private func texts(_ spans: Set<Span>) -> Set<String> { Set(spans.map { Self.source.text($0) }) }

    @Test func strangersReadWhatIsMadeOfNothingPrivate() throws {
        let closed = texts(try places().closed(toWhoeverGave: []))
        #expect(
            closed.isSuperset(of: [
                "patient", "age", "extra", "sum", "member.income", "twice(age)", "grade(age)", "drug.name", "n",
            ]))
        #expect(closed.isDisjoint(with: ["ward", "twice(ward)", "drug.dose", "1", "drugs"]))
    }

    @Test func whoeverFilledInTheFormKnowsIt() throws {
        let closed = texts(try places().closed(toWhoeverGave: ["patient", "age", "extra"]))
        #expect(closed.isSuperset(of: ["member.income", "drug.name"]))
        #expect(closed.isDisjoint(with: ["age", "sum", "twice(age)", "grade(age)"]))
    }

    @Test func whomTheCaseIsAboutKnowsAllButRows() throws {
        let closed = texts(try places().closedToSubject)
        #expect(closed.contains("member.income"))
        #expect(closed.isDisjoint(with: ["age", "sum", "grade(age)", "drug.name", "patient"]))
    }

    @Test func fieldsThatHoldSomethingPrivateAreKnown() throws {
        #expect(try places().fields == [0, 1, 2])
    }

    @Test func nothingIsPrivateInAnOpenContract() throws {
        let text =
            "contract Open version 1 title \"Open\" role A case { n : Integer } final state done "
            + "action act opens done by A enters n { require n > 1 else \"B\" }"
        let program = try #require(Compiler.compile(SourceText(name: "open", text)).program)
        #expect(PrivatePlaces(program).closed(toWhoeverGave: []).isEmpty)
        #expect(PrivatePlaces(program).fields.isEmpty)
    }
}
