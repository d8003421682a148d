import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Rows that stand in the machine's memory, against the reference evaluator, which asks a view for each.
@Suite struct RowIndexTests {
    private static let contract = """
        contract Stores version 1
          title "Stores"
        role Clerk
        enum Kind { plain, urgent }
        register Price by code: Text(12), kind: Kind kept by Clerk {
          amount: CNY  note: optional Text(20)
          invariant "small" : amount < 50 CNY
        }
        register Rate by step: Decimal, day: Date kept by Clerk { rate: Decimal }
        register Seen by code: Text(12) { times: Integer starts 0  last: Date starts 2026-01-01 }
        case {
          codes : list of Text(12) (8)
          kind  : Kind
          step  : Decimal
          day   : Date
          due   : CNY      starts 0 CNY
          shown : Text(30) starts ""
          rate  : Decimal  starts 0.0
          times : Integer  starts 0
        }
        final state done
        action price opens done by Clerk enters codes, kind, step, day {
          for code in codes {
            add 1 to Seen[code].times
            set Seen[code].last to day
            let seen = Seen[code].times
            let row = Price[code, kind]  else "P-1" "no price of {code}, seen {seen} times"
            add row.amount to due
            set shown to row.note otherwise "none"
            add 0.01 CNY to Price[code, kind].amount
            add Seen[code].times to times
          }
          let found = Rate[step, day]
          if found is present { set rate to found.rate }
        }
        """

    /// Rows in a dictionary.
    private struct Shelf: StateView {
        let home = Party(.organisation, "home")
        var rows: [BatchRows.Key: [Value]] = [:]

        func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
            rows[BatchRows.Key(register: register, keys: keys)]
        }
        func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }
        func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }
        func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool { true }
    }

    private static func code(_ number: Int) -> TextValue {
        TextValue(["C\(number)", "long-code-\(number % 89)", "\u{533B}\(number)", ""][number % 4])
    }

    private static func shelf(_ chance: inout Chance, yuan: Currency) -> (Shelf, BatchRows) {
        var shelf = Shelf()
        for number in 0..<300 {
            let kind = Value.enumeration(number % 3 == 0 ? "urgent" : "plain")
            let note = number % 5 == 0 ? Value.absent : .text(TextValue("note \(number)"))
            let amount = Value.money(Money(minorUnits: number % 70 == 69 ? 4_999 : Int64(number), currency: yuan))
            shelf.rows[BatchRows.Key(register: 0, keys: [.text(code(number)), kind])] = [amount, note]
        }
        for number in 0..<60 {
            let step = try? ExactDecimal(coefficient: Int128(number * 5), scale: 1)
            let day = CalendarDate(dayNumber: Int64(20_000 + number % 4)) ?? .earliest
            let rate = Value.decimal(step ?? .zero)
            shelf.rows[BatchRows.Key(register: 1, keys: [rate, .date(day)])] = [rate]
        }
        var rows = BatchRows()
        for (key, row) in shelf.rows { rows.add(register: key.register, keys: key.keys, row: row) }
        return (shelf, rows)
    }

    /// Each of many rows that one transition writes is kept, and held to its invariant.
    @Test func everyWrittenRowIsHeldToItsInvariant() throws {
        let text = """
            contract Counts version 1
              title "Counts"
            role Clerk
            register Seen by code: Integer { n: Integer starts 0  invariant "small" : n < 100 }
            case { xs: list of Integer (80) }
            final state done
            action go opens done by Clerk enters xs { for x in xs { add x to Seen[x].n } }
            """
        let program = try #require(Compiler.compile(SourceText(name: "counts.remit", text)).program)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
        for large in 0...70 {
            let list = (0..<70).map { $0 == large ? "500" : "\($0)" }
            Array("{\"xs\":[\(list.joined(separator: ","))]}".utf8).withUnsafeBufferPointer {
                evaluator.decide($0, number: 1)
            }
            let found = String(decoding: evaluator.takeOutput(), as: UTF8.self)
            #expect(found.contains("\"refused\":\"invariant\"") == (large < 70), "\(large): \(found)")
        }
    }

    /// Bytes and words stay what they are while their arena grows.
    @Test func arenasKeepWhatTheyHold() {
        var bytes = ByteArena(capacity: 2)
        defer { bytes.free() }
        for number in 0..<200 { bytes.append(UInt8(number)) }
        #expect((0..<200).allSatisfy { bytes.base[$0] == UInt8($0) })
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func decisionsAreThoseOfTheReference(_ seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let program = try #require(Compiler.compile(SourceText(name: "stores.remit", Self.contract)).program)
        let yuan = try #require(Currency(code: "CNY"))
        let (shelf, rows) = Self.shelf(&chance, yuan: yuan)
        let person = Party(.person, "ann")
        let context = BatchContext(
            actor: person, organisation: shelf.home, home: shelf.home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(
            ExecutableProgram(program), action: 0, context: context, rows: rows)
        var counts = [0, 0]
        for step in 0..<400 {
            let codes = (0..<chance.below(9)).map { _ in Self.code(chance.below(310)) }
            let kind = chance.once(in: 3) ? "urgent" : "plain"
            let rate = chance.below(64) * 5
            let day = CalendarDate(dayNumber: Int64(20_000 + chance.below(5))) ?? .earliest
            // One number in several forms: 2.5 and 2.50 are one key.
            let written = "\(rate / 10).\(rate % 10)" + String(repeating: "0", count: chance.below(3))
            let list = codes.map { "\"\($0)\"" }.joined(separator: ",")
            let line = "{\"codes\":[\(list)],\"kind\":\"\(kind)\",\"step\":\"\(written)\",\"day\":\"\(day)\"}"
            Array(line.utf8).withUnsafeBufferPointer { evaluator.decide($0, number: 1) }
            let found = String(decoding: evaluator.takeOutput(), as: UTF8.self)
            let number = try ExactDecimal(coefficient: Int128(rate), scale: 1)
            let request = Request(
                action: 0, actor: person, organisation: shelf.home, now: ValueGenerator.epoch,
                arguments: [
                    .list(codes.map { .text($0) }), .enumeration(TextValue(kind)), .decimal(number), .date(day),
                ],
                existing: nil, newReference: "Stores/1")
            let expected = try Evaluator(program: program).perform(request, view: shelf)
            #expect(found.contains("\"cost\":\(expected.cost)}"), "step \(step): \(found)")
            switch expected.outcome {
            case .done(let effects):
                counts[0] += 1
                let fields = effects.caseState.fields
                guard case .money(let due) = fields[4], case .text(let shown) = fields[5] else { continue }
                let cents = due.minorUnits % 100
                let amount = "\(due.minorUnits / 100).\(cents < 10 ? "0" : "")\(cents)"
                let wanted =
                    "\"due\":\"\(amount)\",\"shown\":\"\(shown)\",\"rate\":\"\(fields[6])\",\"times\":\(fields[7])"
                #expect(found.contains(wanted), "step \(step): \(found), not \(wanted)")
            case .refused(let refusal):
                counts[1] += 1
                let text = refusal.text.replacing("\"", with: "\\\"")
                #expect(found.contains("\"text\":\"\(text)\""), "step \(step): \(found), not \(text)")
            }
        }
        #expect(counts[0] > 50 && counts[1] > 50, "\(counts)")
    }

    /// A row that has no word is asked for, and handed over, while all the others stand in the memory.
    @Test func aRowWithoutAWordIsAskedFor() throws {
        let text = """
            contract Edge version 1
              title "Edge"
            role Clerk
            register Price by code: Integer kept by Clerk { amount: optional Integer }
            case { code: Integer  due: Integer starts 0 }
            final state done
            action price opens done by Clerk enters code {
              let row = Price[code]  else "P-1" "no price"
              set due to row.amount otherwise 7
            }
            """
        let program = try #require(Compiler.compile(SourceText(name: "edge.remit", text)).program)
        var rows = BatchRows()
        rows.add(register: 0, keys: [.integer(1)], row: [.integer(.min)])
        rows.add(register: 0, keys: [.integer(2)], row: [.absent])
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: rows)
        var found: [String] = []
        for code in [2, 1, 3, 2] {
            Array("{\"code\":\(code)}".utf8).withUnsafeBufferPointer { evaluator.decide($0, number: code) }
            found.append(String(decoding: evaluator.takeOutput(), as: UTF8.self))
        }
        #expect(found[0] == found[3] && found[0].contains("\"due\":7"))
        #expect(found[1].contains("\"due\":-9223372036854775808"))
        #expect(found[2].contains("no price"))
    }
}
