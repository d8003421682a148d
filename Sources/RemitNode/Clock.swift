public import RemitValues

/// Where the node takes the time of a block from; passed in, so that tests and demos repeat to the byte.
public protocol Clock: Sendable {
    /// The time now.
    var now: Instant { get }
}

/// A clock that stands still.
public struct FixedClock: Clock {
    public let now: Instant

    /// A clock that always says `now`.
    public init(_ now: Instant) { self.now = now }
}
