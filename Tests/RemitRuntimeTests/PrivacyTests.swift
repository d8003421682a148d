import Foundation
import RemitLanguage
import RemitRuntime
import Testing

/// "What is computed from a private value is private; storing, notifying or paying it in the open takes `reveal`."
@Suite struct PrivacyTests {
    private static let head = """
        contract Ward version 1
          title "Ward"
        role Clerk
        fund Pool in CNY kept by Clerk
        register Open by code: Text(40) kept by Clerk { rank : Integer }
        register Count by code: Text(40) { hits : Integer starts 0 }
        register Hidden by id: private Text(40) { weight : private Integer starts 0  level : Integer starts 0 }
        table band(age: Integer) gives fee: CNY {
          | age   || fee   |
          | <= 17 || 5 CNY |
          | > 17  || 9 CNY |
        }
        case {
          patient : private Text(40)
          age     : private Integer
          payee   : Party
          code    : Text(40)
          rank    : Integer
          fee     : CNY
        }
        function twice(number: Integer) gives Integer { return number * 2 }
        function older() gives Integer { return age + 1 }
        final state done
        action file opens done by Clerk enters patient, age, payee, code
          accept unapprovedPayment because "a test"
        {
          set rank to 0
          set fee to 0 CNY

        """

    private func messages(_ statements: String) -> [String] {
        let text = Self.head + statements + "\n  pay 1 CNY from Pool to payee\n}\n"
        let source = SourceText(name: "ward.remit", bytes: Array(text.utf8))
        return Compiler.compile(source).diagnostics.filter { $0.severity == .error }.map {
            "\($0.code.number) \($0.message)"
        }
    }

    @Test(arguments: [
        ("set code to patient", "`patient` is private, and would be stored in the open in `code`"),
        ("set rank to age + 1", "`age` is private, and would be stored in the open in `rank`"),
        ("let next = twice(age)\n  set rank to next", "`twice`, which depends on `age`, is private"),
        ("set rank to older()", "`older`, which depends on `age`, is private"),
        ("set fee to band(age)", "`age` is private, and would be stored in the open in `fee`"),
        ("notify Clerk \"{patient} came\"", "`patient` is private, and would be told in a notice"),
        ("require age > 0 else \"{age} is no age\"", "`age` is private, and would be told in a refusal"),
        ("reserve band(age) from Pool", "`age` is private, and would be seen in the fund"),
        ("pay band(age) from Pool to payee", "`age` is private, and would be paid in the open"),
        ("add 1 to Count[patient].hits", "`patient` is private, and would be stored as the key `code` of `Count`"),
        ("set rank to Hidden[code].weight", "`weight` of `Hidden` is private"),
        ("set rank to Hidden[patient].level", "what is looked up in `Hidden` by `patient` is private"),
        ("set rank to if age > 17 then 1 else 2", "`age` is private, and would be stored in the open in `rank`"),
    ])
    func itDoesNotComeIntoTheOpen(_ statements: String, _ message: String) {
        let found = messages(statements)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("R4030 ") ?? false, "\(found)")
        #expect(found.first?.contains(message) ?? false, "\(found)")
    }

    @Test(arguments: [
        "set rank to reveal age",
        "set fee to reveal band(age)",
        "set age to age + 1",
        "add 1 to Hidden[patient].weight",
        "require age > 0 else \"That is no age\"",
        "if age > 17 { set rank to 1 }",
        "set rank to Hidden[code].level",
    ])
    func whatIsRevealedOrDecidedIsOpen(_ statements: String) {
        #expect(messages(statements) == [])
    }

    @Test func aWholeClaimWithPrivateFieldsRuns() throws {
        let file = Contracts.cases.appendingPathComponent("wide/private-claim.remit")
        let (compiled, messages) = try Contracts.compile(file)
        let program = try #require(compiled, "\(messages)")
        #expect(program.privateNames == ["member", "diagnosis", "lines", "Member.id", "Drawn.id"])
        #expect(try Contracts.failures(of: program, in: file) == [])
    }
}
