import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitNode
import RemitValues

/// Adds days to come to the calendar of a contract.
struct ExtendCalendarCommand: Verb {
    static let words = "extend-calendar"
    static let configuration = CommandConfiguration(
        commandName: "extend-calendar",
        abstract: "Add days to come to the calendar of a contract, by the quorum that deploys.",
        discussion: """
            Every version of the contract that runs reads them. Due times that were worked out stay as they are; a \
            rule for days past takes a new version of the contract.

            Example:
              remit extend-calendar EmergencyDisbursement --from 2027-01-01 --until 2028-01-01 \
            --closed "2027-01-01 to 2027-01-03, 2027-05-01" --open 2027-01-04 --ledger hospital
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Option(help: ArgumentHelp("The first day.", valueName: "date"))
    var from: String

    @Option(help: ArgumentHelp("The day after the last one.", valueName: "date"))
    var until: String

    @Option(help: ArgumentHelp("Holidays: days, or days with `to` between them, after commas.", valueName: "days"))
    var closed = ""

    @Option(help: ArgumentHelp("Days of work that the week would leave free, in the same form.", valueName: "days"))
    var open = ""

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let first = CalendarDate.parse(from), let end = CalendarDate.parse(until) else {
            throw ValidationError("--from and --until are dates such as 2027-01-01")
        }
        guard first < end else { throw ValidationError("--until is the day after the last one, so after --from") }
        for (flag, text) in [("--closed", closed), ("--open", open)] {
            let days = try Self.days(text, flag)
            if let stranger = days.first(where: { $0 < first || $0 >= end }) {
                throw ValidationError("\(flag) names \(stranger), which is not from \(from) until \(until)")
            }
        }
        if let both = try Self.days(closed, "--closed").first(where: try Self.days(open, "--open").contains) {
            throw ValidationError("\(both) is both closed and open")
        }
    }

    /// Reads `2027-01-01 to 2027-01-03, 2027-05-01`.
    private static func days(_ text: String, _ flag: String) throws -> [CalendarDate] {
        var days: [CalendarDate] = []
        for part in text.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            guard words.count == 1 || (words.count == 3 && words[1] == "to"),
                let first = words.first.flatMap({ CalendarDate.parse($0) }),
                let last = words.last.flatMap({ CalendarDate.parse($0) }), first <= last,
                Int(last.dayNumber) - Int(first.dayNumber) <= Limits.calendarDays
            else {
                throw ValidationError(
                    "\(flag) is days such as \"2027-01-01 to 2027-01-03, 2027-05-01\", not \"\(part)\"")
            }
            for number in first.dayNumber...last.dayNumber {
                if let day = CalendarDate(dayNumber: Int64(number)), !days.contains(day) { days.append(day) }
            }
        }
        return days.sorted()
    }

    func perform(_ console: Console) throws -> Outcome {
        guard let first = CalendarDate.parse(from), let end = CalendarDate.parse(until) else {
            throw CommandFailure.usage("--from and --until are dates", hint: "write them as 2027-01-01")
        }
        let (node, key) = try signing.open(common, console)
        let deployed = try node.keptContract(named: contract)
        guard let calendar = deployed.program.calendar else {
            throw CommandFailure.usage(
                "\(contract) names no calendar", hint: "its head would say `calendar` and a name")
        }
        let period = WorkCalendar.Period(
            from: first, until: end, closed: try Self.days(closed, "--closed"), open: try Self.days(open, "--open"))
        let sender = try SystemSender(node: node, key: key)
        let call = SystemCall.extending(TextValue(calendar.name), of: TextValue(contract), by: period)
        return try sender.perform(
            [SystemWork(call: call, done: "\(calendar.name) of \(contract) is known from \(first) until \(end)")],
            console)
    }
}
