import Foundation
import Glibc
import RemitExchange
import RemitNode
import RemitValues

/// The clock of this machine.
struct SystemClock: Clock {
    var now: Instant {
        Instant(seconds: Int64(time(nil))) ?? FixedClock.beginning
    }
}

/// Which clock the commands go by.
enum Clocks {
    /// The machine's clock, or the time that REMIT_CLOCK fixes, which is meant for tests and demonstrations.
    static func chosen(otherwise fixed: Instant? = nil) throws(CommandFailure) -> any Clock {
        guard let text = ProcessInfo.processInfo.environment["REMIT_CLOCK"], !text.isEmpty else {
            if let fixed { return FixedClock(fixed) }
            return SystemClock()
        }
        guard case .instant(let instant)? = try? ArgumentReading.value(text, for: .dateTime, name: "REMIT_CLOCK") else {
            throw .usage(
                "REMIT_CLOCK is no time: \(text)", hint: "write it as 2026-01-01T00:00:00Z, or leave it unset")
        }
        return FixedClock(instant)
    }
}

extension FixedClock {
    /// 2026-06-01 00:00:00 UTC, at which demonstrations stand still.
    static let demonstration = instant(1_780_272_000)
    fileprivate static let beginning = instant(0)

    private static func instant(_ seconds: Int64) -> Instant {
        guard let instant = Instant(seconds: seconds) else { preconditionFailure("\(seconds) is an instant") }
        return instant
    }
}
