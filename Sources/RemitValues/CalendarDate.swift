/// A day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
public struct CalendarDate: Hashable, Sendable {
    /// Days since 1970-01-01.
    public let dayNumber: Int32

    /// The first day that can be written.
    public static let earliest = CalendarDate(unchecked: -719_162)
    /// The last day that can be written.
    public static let latest = CalendarDate(unchecked: 2_932_896)

    private init(unchecked dayNumber: Int32) { self.dayNumber = dayNumber }

    /// The day `dayNumber` days after 1970-01-01; nil outside the years 0001 to 9999.
    public init?(dayNumber: Int64) {
        guard let number = Int32(exactly: dayNumber),
            number >= Self.earliest.dayNumber, number <= Self.latest.dayNumber
        else { return nil }
        self.init(unchecked: number)
    }

    /// The day of a year (1 to 9999), month and day of the month; nil where there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month: month, year: year)
        else { return nil }
        // Counts from 1 March so that the leap day ends the year (the usual civil-from-days scheme).
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted >= 0 ? shifted / 400 : (shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(unchecked: Int32(era * 146_097 + dayOfEra - 719_468))
    }

    /// Year, month and day of the month.
    public var components: (year: Int, month: Int, day: Int) {
        let shifted = Int(dayNumber) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Whether the year has a 29 February.
    public static func isLeap(year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// The number of days of a month, 28 to 31.
    public static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day `days` later (or earlier, if negative); throws `dateRange`.
    public func adding(days: Int64) throws(ArithmeticFault) -> CalendarDate {
        let (sum, overflow) = Int64(dayNumber).addingReportingOverflow(days)
        guard !overflow, let date = CalendarDate(dayNumber: sum) else { throw .dateRange }
        return date
    }

    /// Whole years from `earlier` to this day, as ages are counted: the year is complete on the anniversary.
    ///
    /// Somebody born on 29 February completes a year on 1 March where there is no 29 February.
    public func wholeYears(since earlier: CalendarDate) -> Int {
        let (year, month, day) = components
        let (startYear, startMonth, startDay) = earlier.components
        let reached = month > startMonth || (month == startMonth && day >= startDay)
        return year - startYear - (reached ? 0 : 1)
    }

    /// Reads `2026-03-02`.
    public static func parse(_ text: some StringProtocol) -> CalendarDate? {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10])
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var result = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            result = result * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return result
    }
}

extension CalendarDate: Comparable {
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.dayNumber < right.dayNumber }
}

extension CalendarDate: CustomStringConvertible {
    /// The day as `2026-03-02`.
    public var description: String {
        let (year, month, day) = components
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

/// A number with leading zeros.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
