/// An elapsed time in whole seconds, signed; unlike a `Term` it can be compared.
public struct Duration: Hashable, Sendable, Comparable {
    /// The length in seconds.
    public let seconds: Int64

    /// A duration of `seconds`.
    public init(seconds: Int64) { self.seconds = seconds }

    public static func < (left: Duration, right: Duration) -> Bool { left.seconds < right.seconds }
}

extension Duration: CustomStringConvertible {
    /// The duration in the largest unit that divides it: `3 days`, `36 hours`, `90 seconds`.
    public var description: String {
        let units: [(Int64, String)] = [(86_400, "day"), (3600, "hour"), (60, "minute")]
        for (size, name) in units where seconds != 0 && seconds % size == 0 {
            return Self.counted(seconds / size, name)
        }
        return Self.counted(seconds, "second")
    }

    static func counted(_ count: Int64, _ unit: String) -> String {
        "\(count) \(unit)\(count == 1 || count == -1 ? "" : "s")"
    }
}

/// A time limit that leads from a start to a due time: some units need a calendar, so terms are not compared.
public struct Term: Hashable, Sendable {
    /// What a term is counted in.
    public enum Unit: String, CaseIterable, Hashable, Sendable {
        case minute, hour, day, week, month, year
        case workingDay = "working day"
        case workingHour = "working hour"
    }

    /// How many units, not negative.
    public let count: Int64
    /// What is counted.
    public let unit: Unit

    /// A term of `count` units; nil if negative.
    public init?(count: Int64, unit: Unit) {
        guard count >= 0 else { return nil }
        self.count = count
        self.unit = unit
    }
}

extension Term: CustomStringConvertible {
    /// The term as a contract writes it: `2 working days`.
    public var description: String { Duration.counted(count, unit.rawValue) }
}
