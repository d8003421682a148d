import RemitNode
import RemitValues
import Synchronization

/// A clock that a test moves.
final class TestClock: Clock {
    private let seconds: Mutex<Int64>

    init(_ start: Instant) { seconds = Mutex(start.seconds) }

    var now: Instant {
        let value = seconds.withLock { $0 }
        guard let instant = Instant(seconds: value) else { preconditionFailure("tests stay within the calendar") }
        return instant
    }

    /// Moves the clock to a time of day at +08:00, such as `2026-03-02` and 9.
    func set(_ day: String, hour: Int, minute: Int = 0) {
        guard let date = CalendarDate.parse(day),
            let instant = Instant(date: date, hour: hour, minute: minute, offset: 28_800)
        else { preconditionFailure("tests name real times") }
        seconds.withLock { $0 = instant.seconds }
    }

    /// Moves the clock on by days.
    func advance(days: Int) { seconds.withLock { $0 += Int64(days) * 86_400 } }
}
