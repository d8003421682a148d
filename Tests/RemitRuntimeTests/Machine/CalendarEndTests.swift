import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// The hours at either end of the calendar in which a timezone has no day: `today` is refused there as `date of` is.
@Suite struct CalendarEndTests {
    private static func text(_ zone: String, _ expression: String) -> String {
        """
        contract Ends version 1
          title "Ends"
          timezone \(zone)
        role Clerk
        case { n : Integer  day : optional Date }
        state open
        final state done
        action go opens open, done by Clerk enters n {
          if n > 5 { become open } else { set day to \(expression)  become done }
        }
        """
    }

    /// A timezone, a time in seconds, and the day that a calendar shows there; none beyond the years 1 to 9999.
    static let moments: [(zone: String, seconds: Int64, day: String?)] = [
        ("-05:00", -62_135_596_800, nil), ("-05:00", -62_135_578_801, nil), ("-05:00", -62_135_578_800, "0001-01-01"),
        ("+00:00", -62_135_596_800, "0001-01-01"), ("+08:00", -62_135_596_800, "0001-01-01"),
        ("+08:00", 253_402_271_999, "9999-12-31"), ("+08:00", 253_402_272_000, nil), ("+08:00", 253_402_300_799, nil),
        ("-05:00", 253_402_300_799, "9999-12-31"),
    ]

    @Test(arguments: moments, ["today", "date of now"])
    func todayIsADayOfTheCalendar(
        _ moment: (zone: String, seconds: Int64, day: String?), _ expression: String
    ) throws {
        let source = SourceText(name: "ends.remit", Self.text(moment.zone, expression))
        let program = try #require(Compiler.compile(source).program)
        let executable = ExecutableProgram(program)
        #expect(executable.reasonForReference == nil)
        let now = try #require(Instant(seconds: moment.seconds))
        let request = Request(
            action: 0, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"), now: now,
            arguments: [.integer(1)], existing: nil, newReference: "Ends/1")
        let reference = try Evaluator(program: program).perform(request, view: OpenView(), tracing: true)
        for tracing in [false, true] {
            let found = try Evaluator(executable).perform(request, view: OpenView(), tracing: tracing)
            #expect(Verdicts.difference(reference, found) == nil)
            switch (found.outcome, moment.day) {
            case (.done(let effects), let day?): #expect(effects.caseState.fields[1].description == day)
            case (.refused(let refusal), nil): #expect(refusal.reason == .dateRange)
            default: Issue.record("\(found.outcome)")
            }
        }
        let lines = try Self.lines(executable, now)
        #expect(lines[0].contains(moment.day.map { "\"day\":\"\($0)\"" } ?? "\"refused\":\"dateRange\""), "\(lines[0])")
        // What does not ask for the day is decided.
        #expect(lines[1].hasPrefix("{\"line\":2,\"state\":\"open\""), "\(lines[1])")
    }

    private static func lines(_ executable: ExecutableProgram, _ now: Instant) throws -> [String] {
        let home = Party(.organisation, "home")
        let context = BatchContext(actor: Party(.person, "ann"), organisation: home, home: home, now: now)
        let evaluator = try BatchEvaluator(executable, action: 0, context: context, rows: BatchRows())
        for (index, line) in ["{\"n\":1}", "{\"n\":6}"].enumerated() {
            Array(line.utf8).withUnsafeBufferPointer { evaluator.decide($0, number: index + 1) }
        }
        return String(decoding: evaluator.takeOutput(), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
