import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Numbers in digits, and the form of texts, beside what the standard library says.
@Suite struct DigitsTests {
    private static let numbers: [UInt64] = {
        var found: [UInt64] = [0, 7, .max, UInt64(Int64.max), UInt64(Int64.max) + 1]
        var power: UInt64 = 1
        for _ in 0..<19 {
            power *= 10
            found += [power - 1, power, power + 1, power / 7]
        }
        return found
    }()

    @Test func numbersAreWrittenInDigits() {
        for number in Self.numbers {
            let text = String(number)
            #expect(Digits.count(number) == text.utf8.count)
            var bytes = [UInt8](repeating: 0x2E, count: 24)
            bytes.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { Digits.write(number, text.utf8.count, before: base + 22) }
            }
            #expect(String(decoding: bytes[(22 - text.utf8.count)..<22], as: UTF8.self) == text)
            // Nothing is written on either side.
            #expect(bytes[21 - text.utf8.count] == 0x2E && bytes[22] == 0x2E)
        }
    }

    @Test(arguments: ["CNY", "JPY", "KWD"]) func amountsAreToldAsMoneyTellsThem(_ code: String) throws {
        let text = """
            contract Amounts version 1
              title "Amounts"
            role Clerk
            case { fee : \(code)  kept : \(code) starts 0 \(code) }
            final state done
            checks told { note "N" "{fee}" when yes }
            action go opens done by Clerk enters fee {
              run told
              set kept to fee
            }
            """
        let program = try #require(Compiler.compile(SourceText(name: "amounts.remit", text)).program)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(ExecutableProgram(program), action: 0, context: context, rows: BatchRows())
        let currency = try #require(Currency(code: code))
        var wanted: [(told: String, written: String)] = []
        for number in Self.numbers {
            guard let units = Int64(exactly: number) else { continue }
            for money in [Money(minorUnits: units, currency: currency), Money(minorUnits: -units, currency: currency)] {
                let written = money.amount.text(minimumPlaces: currency.minorDigits)
                wanted.append((money.grouped, written))
                let line = Array("{\"fee\":\"\(written)\"}".utf8)
                line.withUnsafeBufferPointer { evaluator.decide($0, number: 1) }
            }
        }
        let lines = String(decoding: evaluator.takeOutput(), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == wanted.count)
        for (line, want) in zip(lines, wanted) {
            #expect(line.contains("\"text\":\"\(want.told)\""), "\(line)")
            #expect(line.contains("\"kept\":\"\(want.written)\""), "\(line)")
        }
    }

    /// Bytes of texts, as they are and spoiled in one place or cut.
    @Test func theFormOfTextsIsLookedAt() {
        let whole = Array("aé医😀\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\u{D7FF}\u{E000}z".utf8)
        var tried = 0
        func look(_ bytes: [UInt8]) {
            tried += 1
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            #expect(bytes.withUnsafeBytes { UTF8Form.isValid($0) } == isValid, "\(bytes)")
        }
        for end in 0...whole.count { look(Array(whole[..<end])) }
        for place in whole.indices {
            for byte in UInt8.min...UInt8.max {
                var spoiled = whole
                spoiled[place] = byte
                look(spoiled)
            }
        }
        #expect(tried > 2000)
    }
}
