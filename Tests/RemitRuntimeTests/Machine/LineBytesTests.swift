import Foundation
import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

/// Lines are read and written eight bytes at a time: what stands where in them makes no difference.
@Suite struct LineBytesTests {
    private static let contract = """
        contract Echo version 1
          title "What stands in a line"
        role Clerk
        enum Kind { plain, urgent, remarkable }
        record Part { name: Text(60) units: Integer isNew: Boolean kind: Kind }
        case {
          parts : list of Part (9)
          rate  : Decimal
          day   : Date
          fee   : CNY
          label : Text(60)
          count : Integer starts 0
        }
        final state done
        checks look {
          note "N" "{label}" when yes
          note "R" "{rate}" when yes
          for part in parts { note "P" "{part.name}/{part.units}/{part.isNew}/{part.kind}" when yes }
        }
        action take opens done by Clerk of any organisation enters parts, rate, day, fee, label {
          run look
          set count to sum of part.units for part in parts
        }
        """

    private static func evaluator() throws -> BatchEvaluator {
        let compilation = Compiler.compile(SourceText(name: "echo.remit", bytes: Array(contract.utf8)))
        let program = try #require(compilation.program, "\(compilation.diagnostics)")
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        return try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
    }

    private static func decide(_ line: String, _ evaluator: BatchEvaluator) -> String {
        // The line stands in memory of just its size.
        Array(line.utf8).withUnsafeBufferPointer { evaluator.decide($0, number: 1) }
        return String(decoding: evaluator.takeOutput(), as: UTF8.self)
    }

    /// The texts of the findings in a decision.
    private static func texts(_ decision: String) throws -> [String] {
        let object = try JSONSerialization.jsonObject(with: Data(decision.utf8)) as? [String: Any]
        let findings = object?["findings"] as? [[String: Any]]
        return try #require(findings, "\(decision)").compactMap { $0["text"] as? String }
    }

    private static func line(rate: String = "1", label: String = "\"x\"", fee: String = "1") -> String {
        "{\"parts\":[],\"rate\":\(rate),\"day\":\"2026-03-02\",\"fee\":\(fee),\"label\":\(label)}"
    }

    @Test func everyCharacterIsReadAndWrittenAtEveryPlace() throws {
        let evaluator = try Self.evaluator()
        let special: [(text: String, written: String)] = [
            ("b", "b"), ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("\u{1}", "\\u0001"), ("\u{7f}", "\u{7f}"),
            ("é", "é"), ("界", "\\u754c"), ("😀", "😀"),
        ]
        for length in 0..<28 {
            for place in 0...length {
                for (text, written) in special {
                    let before = String(repeating: "a", count: place)
                    let behind = String(repeating: "c", count: length - place)
                    let line = Self.line(label: "\"\(before)\(written)\(behind)\"")
                    let told = try Self.texts(Self.decide(line, evaluator))
                    #expect(told.first == before + text + behind, "\(line)")
                }
            }
        }
    }

    @Test func aTextThatDoesNotEndIsNotRead() throws {
        let evaluator = try Self.evaluator()
        for length in 0..<20 {
            let line = Self.line(label: "\"" + String(repeating: "a", count: length)).dropLast()
            #expect(Self.decide(String(line), evaluator).hasPrefix("{\"line\":1,\"error\":\"label\""))
        }
    }

    @Test func numbersOfEveryLengthAreExact() throws {
        let evaluator = try Self.evaluator()
        var chance = Chance(seed: 4)
        var (read, passed) = (0, 0)
        for length in 1...24 {
            for point in 0...length {
                let digits = (0..<length).map { $0 == 0 ? "123456789" : "0123456789" }.map { chance.pick(Array($0)) }
                var number = (chance.once(in: 3) ? "-" : "") + String(digits[..<max(1, point)])
                if point > 0, point < length { number += "." + String(digits[point...]) }
                let expected = try? ExactDecimal.parse(number).map(\.description)
                for written in [number, "\"\(number)\""] {
                    let decision = Self.decide(Self.line(rate: written), evaluator)
                    if let expected {
                        read += 1
                        #expect(try Self.texts(decision)[1] == expected, "\(written)")
                    } else {
                        passed += 1
                        #expect(decision.contains("\"error\":\"rate\""), "\(written): \(decision)")
                    }
                }
            }
        }
        #expect(read > 100 && passed > 10)
    }

    static let notNumbers = ["1.2.3", "1.", ".5", "-", "--1", "1e", "\"1", "1\"", "\"\"", "1_0"]

    @Test(arguments: notNumbers) func whatIsNoNumberIsNotRead(_ written: String) throws {
        let evaluator = try Self.evaluator()
        for line in [Self.line(rate: written), Self.line(fee: written)] {
            #expect(Self.decide(line, evaluator).hasPrefix("{\"line\":1,\"error\":"), "\(line)")
        }
    }

    /// The parts of a line, which blanks may stand between.
    private static let parts = [
        "{", "\"parts\"", ":", "[", "{", "\"name\"", ":", "\"eight888\"", ",", "\"units\"", ":", "12", ",", "\"isNew\"",
        ":", "true", ",", "\"kind\"", ":", "\"remarkable\"", "}", ",", "{", "\"name\"", ":", "\"\"", ",", "\"units\"",
        ":", "-3", ",", "\"isNew\"", ":", "false", ",", "\"kind\"", ":", "\"plain\"", "}", "]", ",", "\"rate\"", ":",
        "0.25", ",", "\"day\"", ":", "\"2024-02-29\"", ",", "\"fee\"", ":", "\"12.5\"", ",", "\"label\"", ":",
        "\"ok\"", "}",
    ]

    @Test func blanksChangeNothing() throws {
        let evaluator = try Self.evaluator()
        let plain = Self.decide(Self.parts.joined(), evaluator)
        #expect(try Self.texts(plain) == ["ok", "0.25", "eight888/12/yes/remarkable", "/-3/no/plain"])
        var chance = Chance(seed: 9)
        for _ in 0..<300 {
            var line = ""
            for part in Self.parts {
                if chance.once(in: 6) { line += chance.pick([" ", "\t", "   ", "\r", "\n "]) }
                line += part
            }
            #expect(Self.decide(line, evaluator) == plain, "\(line)")
        }
        #expect(Self.decide(Self.parts.joined(separator: " "), evaluator) == plain)
    }

    @Test func theOrderOfMembersChangesNothing() throws {
        let evaluator = try Self.evaluator()
        var members = [
            "\"parts\":[{\"kind\":\"urgent\",\"units\":1,\"name\":\"n\",\"isNew\":true}]", "\"rate\":\"-0.5\"",
            "\"day\":\"2026-12-31\"", "\"fee\":7", "\"label\":\"l\"",
        ]
        let plain = Self.decide("{" + members.joined(separator: ",") + "}", evaluator)
        #expect(try Self.texts(plain) == ["l", "-0.5", "n/1/yes/urgent"])
        for turn in members.indices {
            members.append(members.removeFirst())
            if turn % 2 == 0 { members.swapAt(0, 3) }
            #expect(Self.decide("{" + members.joined(separator: ",") + "}", evaluator) == plain)
        }
    }
}
