import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Tables that no dense list holds, dated rules, texts with numbers in them and questions to lists, as the machine has
/// them, against the reference evaluator.
@Suite struct TableSearchTests {
    private static let words = ["", "a", "b", "ward", "ward 1", "ward 12", "long-name-of-a-ward", "\u{533B}\u{9662}"]

    /// A row of a table over a number, an amount, a decimal, a day and a text: ranges that overlap, so `first`.
    private static func row(_ chance: inout Chance, _ number: Int) -> String {
        func range(_ bound: Int, _ write: (Int) -> String) -> String {
            let low = chance.below(bound)
            let high = low + chance.below(bound / 2)
            switch chance.below(5) {
            case 0: return "any"
            case 1: return "<= \(write(high))"
            case 2: return "> \(write(low))"
            case 3: return "\(write(low)) to \(write(low)), \(write(low)) to \(write(high))"
            default: return "\(write(low)) to \(write(high))"
            }
        }
        let points = range(300) { "\($0)" }
        let amount = range(300) { "\($0).5 CNY" }
        let share = range(300) { "\($0 / 10).\($0 % 10)" }
        let day = range(20) { "2026-03-\($0 < 9 ? "0" : "")\($0 + 1)" }
        let names = (0...chance.below(3)).map { _ in "\"\(chance.pick(words))\"" }.joined(separator: ", ")
        let name = chance.once(in: 3) ? "any" : (chance.once(in: 4) ? "not " : "") + names
        return "  | \(points) | \(amount) | \(share) | \(day) | \(name) || \(number) |"
    }

    private static func contract(_ chance: inout Chance) -> String {
        let inputs = "points: Integer, amount: CNY, share: Decimal, day: Date, name: Text(40)"
        let head = "  | points | amount | share | day | name || found |"
        func rows(_ count: Int) -> String {
            (0..<count).map { row(&chance, $0) }.joined(separator: "\n")
        }
        return """
            contract Bands version 1
              title "Bands"
              timezone +08:00
            role Clerk
            record Line { name: Text(40)  day: Date  share: Decimal }
            parameter rate: Decimal { from 2026-03-05: 1.5  from 2026-03-15 until 2026-03-25: 2.25 }
            table large(\(inputs)) gives found: Integer first {
            \(head)
            \(rows(150))
              | any | any | any | any | any || -1 |
            }
            table all(\(inputs)) gives found: Integer collect {
            \(head)
            \(rows(70))
            }
            table dated(name: Text(40), points: Integer) gives found: Text(20), worth: CNY first {
              from 2026-03-03 {
                | name              | points   || found    | worth           |
                | "ward", "ward 12" | any      || "wards"  | 12 CNY          |
                | any               | > 100    || "many"   | 1_234_567.8 CNY |
              }
              from 2026-03-18 {
                | name              | points   || found    | worth           |
                | not "ward"        | <= 150   || "others" | -5 CNY          |
                | any               | any      || "rest"   | 0 CNY           |
              }
            }
            case {
              points : Integer
              amount : CNY
              share  : Decimal
              day    : Date
              at     : DateTime
              yen    : JPY
              dinar  : BHD
              name   : Text(40)
              lines  : list of Line (40)
              first  : Integer starts 0
              found  : list of Integer (100) starts []
              names  : set of Text(40) (40) starts []
              shares : set of Decimal (40) starts []
              worth  : CNY starts 0 CNY
              other  : Decimal starts 0
              until  : optional Date
            }
            final state done
            checks telling {
              note "T-1" "{amount}, {yen}, {dinar}"      when yes
              note "T-2" "{share} on {day} at {at}"      when yes
              note "T-3" "two of a name"                 when any two of lines share name
              note "T-4" "two of a name on a day"        when any two of lines share name, day
              note "T-5" "two of a share"                when any two of lines share share
              note "T-6" "a ward with a number"          when name is like "ward 9*"
              note "T-7" "a ward"                        when name is like "*?A*d*"
              note "T-8" "among the lines"               when any line in lines where line.name is name
              let length = size(name)
              note "T-9" "of {length}, before"           when name < "long" or name in ("ward", "b")
            }
            action go opens done by Clerk enters points, amount, share, day, at, yen, dinar, name, lines {
              run telling
              set first to large(points, amount, share, day, name)
              set found to all(points, amount, share, day, name)
              for line in lines {
                add line.name to names
                add line.share to shares
              }
              set until to day
              set other to share * (rate on day)
              let row = dated(name, points) on day
              require row.found is not "rest" or points > 10  else "R" "{row.worth} of {row.found}"
              set worth to row.worth
            }
            """
    }

    private static func line(_ chance: inout Chance) -> String {
        func number(_ bound: Int) -> Int { chance.below(bound) }
        func text() -> String { "\"\(chance.pick(words))\"" }
        func day() -> String { "\"2026-03-\(number(2))\(1 + number(9))\"" }
        func decimal() -> String { "\(chance.once(in: 4) ? "-" : "")\(number(31)).\(number(10))0" }
        let lines = (0..<chance.pick([0, 1, 4, 7, 16, 17, 30])).map { index in
            let name = chance.once(in: 12) ? text() : "\"\(index)-\(number(9))\""
            return "{\"name\":\(name),\"day\":\(day()),\"share\":\(index * 40 + number(41)).5}"
        }
        let amounts = ["0.00", "-0.05", "9.99", "999.99", "1000.00", "-1234567.89", "92233720368547758.07"]
        let amount = chance.once(in: 3) ? chance.pick(amounts) : "\(number(310)).\(number(10))0"
        let yen = chance.pick(["0", "-7", "999", "1000", "12345678"])
        let dinar = chance.pick(["0.000", "0.007", "-1.050", "1000.5"])
        let time = "2026-03-0\(1 + number(9))T\(10 + number(14)):0\(number(10)):59+08:00"
        return "{\"points\":\(number(310) - 5),\"amount\":\"\(amount)\",\"share\":\(decimal()),\"day\":\(day()),"
            + "\"at\":\"\(time)\",\"yen\":\"\(yen)\",\"dinar\":\"\(dinar)\",\"name\":\(text()),"
            + "\"lines\":[\(lines.joined(separator: ","))]}"
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func decisionsAreThoseOfTheReference(_ seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let compilation = Compiler.compile(SourceText(name: "bands.remit", Self.contract(&chance)))
        let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
        let executable = ExecutableProgram(program)
        let code = try #require(executable.code)
        // The case that is meant here: the row is found by sets of rows.
        let isListed = code.tables.contains { table in
            if case .dense = table.sections[0].search { false } else { table.name == "large" }
        }
        #expect(isListed)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(executable, action: 0, context: context, rows: BatchRows())
        for number in 1...250 {
            let line = Array(Self.line(&chance).utf8)
            line.withUnsafeBufferPointer { evaluator.decide($0, number: number) }
            let found = String(decoding: evaluator.takeOutput(), as: UTF8.self)
            line.withUnsafeBufferPointer { evaluator.decideByReference($0, number: number) }
            let expected = String(decoding: evaluator.takeOutput(), as: UTF8.self)
            #expect(found == expected, "\(String(decoding: line, as: UTF8.self))")
        }
        // A day that no rule covers, a refusal and a decision were all there.
        #expect(evaluator.done > 100)
        #expect(evaluator.refused > 20)
        #expect(evaluator.unreadable < 30)
    }

    /// Where the sets of rows would be too large, the lists are looked at.
    @Test func largeTablesAreSearchedByLists() throws {
        let rows = (0..<3_000).map { "  | \($0 * 7) to \($0 * 7 + 6) | \($0 * 3 % 8_000) to 9_000 || \($0) |" }
        let text = """
            contract Bands version 1
              title "Bands"
            role Clerk
            table large(points: Integer, other: Integer) gives found: Integer first {
              | points | other || found |
            \(rows.joined(separator: "\n"))
              | any | any || -1 |
            }
            case { points: Integer  other: Integer  found: Integer starts 0 }
            final state done
            action go opens done by Clerk enters points, other { set found to large(points, other) }
            """
        let program = try #require(Compiler.compile(SourceText(name: "bands.remit", text)).program)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(
            ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
        var chance = Chance(seed: 9)
        for _ in 0..<300 {
            let (points, other) = (chance.below(21_010) - 5, chance.below(9_010))
            Array("{\"points\":\(points),\"other\":\(other)}".utf8).withUnsafeBufferPointer {
                evaluator.decide($0, number: 1)
            }
            let row = points < 0 || points >= 21_000 ? -1 : points / 7
            let isFound = row >= 0 && (row * 3 % 8_000...9_000).contains(other)
            let output = String(decoding: evaluator.takeOutput(), as: UTF8.self)
            #expect(output.contains("\"found\":\(isFound ? row : -1)}"), "\(points) \(other) \(output)")
        }
    }
}
