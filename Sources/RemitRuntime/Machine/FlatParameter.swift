import RemitLanguage
import RemitValues

/// A parameter without references: its values, and the days on which each holds.
struct FlatParameter {
    let days: UnsafeMutablePointer<DayRange>
    let values: UnsafeMutablePointer<Int64>
    let count: Int

    init(_ parameter: Code.ParameterCode) {
        days = copied(parameter.periods.map(DayRange.init))
        values = copied(parameter.values)
        count = min(parameter.periods.count, parameter.values.count)
    }

    func free() {
        days.deallocate()
        values.deallocate()
    }
}

/// The days of a period, as numbers.
struct DayRange {
    private let first: Int64
    private let end: Int64

    init(_ period: Period) {
        first = Int64((period.from ?? .earliest).dayNumber)
        end = period.until.map { Int64($0.dayNumber) } ?? Int64(CalendarDate.latest.dayNumber) + 1
    }

    @inline(__always)
    func contains(_ day: Int64) -> Bool { first <= day && day < end }
}
