/// What is done to every text that is read, so that what looks alike becomes alike; who reads a file gives it.
///
/// The tables of Unicode's normal forms are not here: no module behind the edge depends on their version.
public typealias TextForm = @Sendable (String) -> String
