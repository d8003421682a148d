import Foundation
import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// Decisions from lines of JSON, without a ledger.
@Suite struct BatchTests {
    static let contract = """
        contract Batch version 1
          title "Lines"
        role Clerk
        enum Kind { plain, urgent }
        record Part { name: Text(4) units: Integer price: CNY }
        case {
          label : Text(6)
          count : Integer
          rate  : Decimal
          fee   : CNY
          day   : Date
          kind  : Kind
          extra : optional Integer
          sent  : optional DateTime
          parts : list of Part (2)
          total : CNY starts 0 CNY
        }
        final state done
        checks look {
          note "N" "{label} has {count}: {fee}, {rate}, {day}, {kind}" when count > 5
          for part in parts { deny "D" "{part.name}\\n" when part.units <= 0 }
        }
        action take opens done by Clerk of any organisation
          enters label, count, rate, fee, day, kind, extra, sent, parts
        {
          require count < 100 else "TOO-MANY" "{count} are too many"
          run look
          set total to sum of part.price * part.units for part in parts
        }
        """

    private static func evaluator() throws -> BatchEvaluator {
        let compilation = Compiler.compile(SourceText(name: "batch.remit", bytes: Array(contract.utf8)))
        let program = try #require(compilation.program)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        return try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
    }

    private static func decide(_ lines: [String]) throws -> [String] {
        let evaluator = try evaluator()
        for (number, line) in lines.enumerated() {
            Array(line.utf8).withUnsafeBufferPointer { evaluator.decide($0, number: number + 1) }
        }
        return String(decoding: evaluator.takeOutput(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static let whole = """
        {"label":"A","count":7,"rate":"0.50","fee":12.5,"day":"2026-03-02","kind":"urgent","extra":null,\
        "sent":"2026-03-02T09:00:00+08:00","parts":[{"name":"x","units":2,"price":"1.25"}]}
        """

    @Test func aLineIsDecided() throws {
        #expect(
            try Self.decide([Self.whole]) == [
                "{\"line\":1,\"state\":\"done\",\"fields\":{\"total\":\"2.50\"},\"findings\":[{\"code\":\"N\","
                    + "\"severity\":\"note\",\"text\":\"A has 7: 12.50 CNY, 0.5, 2026-03-02, urgent\"}],\"cost\":24}"
            ])
    }

    @Test func aRefusalIsALineToo() throws {
        let line = Self.whole.replacingOccurrences(of: "\"count\":7", with: "\"count\":100")
        let decided = try Self.decide([line])
        #expect(decided.count == 1)
        #expect(
            decided[0].hasPrefix(
                "{\"line\":1,\"refused\":\"requirement\",\"code\":\"TOO-MANY\",\"text\":\"100 are too many\""))
    }

    /// A change to the whole line, and what is said of it.
    static let mistakes: [(String, String, String)] = [
        ("\"count\":7", "\"count\":7.5", "\"error\":\"count\",\"text\":\"must be a whole number of 64 bits, not 7.5\""),
        ("\"count\":7", "\"count\":9223372036854775808", "\"error\":\"count\""),
        ("\"count\":7", "\"count\":\"seven\"", "\"text\":\"must be a whole number of 64 bits, not seven\""),
        ("\"count\":7", "\"count\":007", "\"error\":\"count\""),
        ("\"count\":7,", "", "\"error\":\"count\",\"text\":\"is missing\""),
        ("\"count\":7", "\"count\":7,\"count\":8", "\"error\":\"count\",\"text\":\"stands twice\""),
        ("\"count\":7", "\"count\":7,\"colour\":8", "\"error\":\"colour\",\"text\":\"there is no such field\""),
        ("\"count\":7", "\"count\":1.5e0", "\"text\":\"must be a whole number of 64 bits, not 1.5e0\""),
        ("\"0.50\"", "00.5", "\"error\":\"rate\",\"text\":\"must be a number, not 00.5\""),
        ("\"0.50\"", "00", "not 00\""), ("\"0.50\"", "-01", "not -01\""), ("\"0.50\"", "+1", "not +1\""),
        ("\"0.50\"", "\"0001e2\"", "not 0001e2\""), ("\"0.50\"", "1.e2", "not 1.e2\""),
        ("\"0.50\"", "\"1 \"", "\"text\":\"must be a number, not 1 \""), ("\"0.50\"", "{}", "must be a number\""),
        ("12.5", "007.50", "\"error\":\"fee\",\"text\":\"must be an amount, not 007.50\""),
        ("2026-03-02\"", "\\u0032026-02-30\"", "must be a day such as 2026-03-02, not 2026-02-30"),
        ("\"0.50\"", "\"\\u0031\\u0022\"", "\"error\":\"rate\",\"text\":\"must be a number, not \\\\u0031"),
        ("\"label\":\"A\"", "\"label\":\"ABCDEFG\"", "\"text\":\"has 7 characters and may have 6\""),
        ("\"label\":\"A\"", "\"label\":\"\\ud800\"", "\"error\":\"label\""),
        ("12.5", "12.505", "\"error\":\"fee\",\"text\":\"has more than 2 digits behind the point\""),
        ("\"0.50\"", "\"1e-19\"", "\"error\":\"rate\",\"text\":\"cannot be held exactly\""),
        ("2026-03-02\"", "2026-02-30\"", "\"error\":\"day\""),
        ("\"urgent\"", "\"late\"", "\"error\":\"kind\",\"text\":\"late is none of its values\""),
        (
            "\"extra\":null", "\"extra\":-9223372036854775809",
            "\"error\":\"extra\",\"text\":\"must be a whole number of 64"
        ),
        (
            "\"label\":\"A\"", "\"label\":\"a\tb\"",
            "\"error\":\"label\",\"text\":\"the control character \\\\u0009 must be written so at byte 12\""
        ),
        (
            "\"label\":\"A\"", "\"label\":\"\0\"",
            "\"error\":\"label\",\"text\":\"the control character \\\\u0000 must be written so at byte 11\""
        ),
        ("\"label\":\"A\"", "\"lab\tel\":\"A\"", "\"text\":\"the control character \\\\u0009 must be written so"),
        ("+08:00", ".", "\"error\":\"sent\",\"text\":\"must be a time such as"),
        (":00+08:00", ":00.Z", "\"error\":\"sent\",\"text\":\"must be a time such as"),
        (
            "\"units\":2", "\"units\":true",
            "\"error\":\"parts[0].units\",\"text\":\"must be a whole number of 64 bits, not true\""
        ),
        ("\"units\":2,", "", "\"error\":\"parts[0].units\",\"text\":\"is missing\""),
        ("[{", "[{},{},{", "\"error\":\"parts[0].name\",\"text\":\"is missing\""),
        ("]}", "]} x", "something follows the object"),
        ("]}", "]", "is missing at byte"),
        ("{\"label\"", "[\"label\"", "an object is missing at byte 1"),
    ]

    @Test(arguments: mistakes) func aMistakeGetsItsPathAndTheRestGoOn(_ from: String, _ to: String, _ said: String)
        throws
    {
        let line = Self.whole.replacingOccurrences(of: from, with: to)
        #expect(line != Self.whole)
        let decided = try Self.decide([line, Self.whole])
        #expect(decided.count == 2)
        #expect(decided[0].contains(said), "\(decided[0])")
        #expect(decided[0].hasPrefix("{\"line\":1,\"error\":"))
        #expect(decided[1].hasPrefix("{\"line\":2,\"state\":\"done\""))
    }

    /// What may be written otherwise, and is the same.
    static let alike: [(String, String)] = [
        ("\"count\":7", "\"count\":7.0"), ("\"count\":7", "\"count\":70e-1"), ("\"count\":7", "\"count\":\"7.00\""),
        ("\"count\":7", "\"count\":\"\\u0037\""), ("\"0.50\"", "\"0\\u002E5\""), ("12.5", "\"1\\u0032.5\""),
        ("2026-03-02\"", "\\u0032026-03-02\""), ("+08:00", "\\u002B08:00"), ("\"urgent\"", "\"\\u0075rgent\""),
        ("\"1.25\"", "\"1\\u002e25\""),
    ]

    @Test(arguments: alike) func anotherWayToWriteIt(_ from: String, _ to: String) throws {
        let line = Self.whole.replacingOccurrences(of: from, with: to)
        #expect(line != Self.whole)
        let decided = try Self.decide([line])
        #expect(try decided == Self.decide([Self.whole]), "\(decided)")
    }

    @Test func anActionThatNoLineCanCarryIsRefusedAtOnce() throws {
        for (type, isRefused) in [("Document", true), ("Term", true), ("Quorum", true), ("optional Document", false)] {
            let text =
                "contract Papers version 1\n  title \"Papers\"\nrole Clerk\nrecord Sheet { paper : \(type) }\n"
                + "case { sheet : Sheet }\nfinal state done\naction file opens done by Clerk enters sheet {}\n"
            let program = try #require(Compiler.compile(SourceText(name: "papers.remit", text)).program)
            let home = Party(.organisation, "home")
            let context = BatchContext(
                actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
            var told: String?
            do throws(BatchProblem) {
                _ = try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
            } catch {
                told = error.text
            }
            let expected = "`file` takes `sheet`, of a type whose values do not stand in lines"
            #expect(told == (isRefused ? expected : nil), "\(type)")
        }
    }

    /// A party as it is written, and whether it is the organisation acted for, the actor, and one that a field names.
    static let parties: [(String, String)] = [
        ("clinic", "true,false,false"), ("home", "false,false,true"), ("ann", "false,true,false"),
        ("bo", "false,false,false"), ("person:ann", "false,true,false"), ("person:clinic", "false,false,false"),
        ("organisation:clinic", "true,false,false"), ("organisation:ann", "false,false,false"),
        ("organ\\u0069sation:home", "false,false,true"),
    ]

    @Test(arguments: parties) func aPartyIsAPersonOrAnOrganisation(_ written: String, _ said: String) throws {
        let text = """
            contract Parties version 1
              title "Parties"
            role Clerk
            case {
              who   : Party
              place : Organisation
              one   : Boolean starts no
              two   : Boolean starts no
              three : Boolean starts no
            }
            final state done
            action go opens done by Clerk of any organisation enters who, place {
              set one to who is organisation of actor
              set two to who is actor
              set three to who is place
            }
            """
        let program = try #require(Compiler.compile(SourceText(name: "parties.remit", text)).program)
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: Party(.organisation, "clinic"),
            home: Party(.organisation, "home"), now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
        let line = "{\"who\":\"\(written)\",\"place\":\"home\"}"
        Array(line.utf8).withUnsafeBufferPointer { evaluator.decide($0, number: 1) }
        let decided = String(decoding: evaluator.takeOutput(), as: UTF8.self)
        let parts = said.split(separator: ",")
        #expect(parts.count == 3)
        let fields = zip(["one", "two", "three"], parts).map { "\"\($0)\":\($1)" }.joined(separator: ",")
        #expect(decided.contains("{\(fields)}"), "\(decided)")
    }

    /// What stands in the place of a part of the whole line, over and over.
    static let long = [
        ("\"count\":7", "\"count\":", "9", ""), ("\"count\":7", "\"count\":7,\"", "x", "\":1"),
        ("\"count\":7", "\"count\":7,\"\\n", "é", "\":1"), ("\"urgent\"", "\"", "u", "\""),
        ("2026-03-02\"", "", "3", "\""), ("2026-03-02T09:00:00+08:00", "", "3", ""),
    ]

    @Test(arguments: long)
    func whatIsLongIsNotRepeatedWhole(_ from: String, _ start: String, _ part: String, _ end: String) throws {
        let line = Self.whole.replacingOccurrences(
            of: from, with: start + String(repeating: part, count: 5000) + end)
        let decided = try Self.decide([line])
        #expect(decided.count == 1 && decided[0].contains("…"), "\(decided)")
        #expect(decided[0].utf8.count < Limits.repeatedBytes + 200)
        #expect(!decided[0].unicodeScalars.contains("\u{FFFD}"))
    }

    @Test func invalidTextIsRefused() throws {
        let evaluator = try Self.evaluator()
        let parts = Self.whole.components(separatedBy: "\"A\"")
        let line = Array(parts[0].utf8) + [0x22, 0xC3, 0x28, 0x22] + Array(parts[0].utf8)
        line.withUnsafeBufferPointer { evaluator.decide($0, number: 1) }
        #expect(String(decoding: evaluator.takeOutput(), as: UTF8.self).contains("is not valid UTF-8"))
    }

    @Test func textsComeBackAsTheyWere() throws {
        let line = Self.whole.replacingOccurrences(
            of: "\"label\":\"A\"", with: "\"label\":\"\\u533b\\\"\\n\\ud83d\\ude00\"")
        #expect(try Self.decide([line])[0].contains("\"text\":\"医\\\"\\n😀 has 7"))
    }

    @Test func oneEvaluatorSaysTheSameAsMany() throws {
        var lines: [String] = []
        for count in 0..<50 {
            lines.append(Self.whole.replacingOccurrences(of: "\"count\":7", with: "\"count\":\(count * 3 - 5)"))
        }
        let together = try Self.decide(lines)
        for (index, line) in lines.enumerated() {
            let alone = try Self.decide([line])[0].dropFirst("{\"line\":1".count)
            #expect(together[index].dropFirst("{\"line\":\(index + 1)".count) == alone)
        }
    }
}
