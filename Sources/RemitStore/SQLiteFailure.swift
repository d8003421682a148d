/// What SQLite answered when it could not do what it was asked.
public struct SQLiteFailure: Hashable, Sendable {
    /// The extended result code (<https://www.sqlite.org/rescode.html>).
    public let code: Int32
    /// SQLite's own words for it.
    public let message: String
    /// What was being done, as in "writing block 12".
    public let doing: String

    /// The primary result code, which is the low byte of the extended one.
    public var primaryCode: Int32 {
        code & 0xff
    }
}
