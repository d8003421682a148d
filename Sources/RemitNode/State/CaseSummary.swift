import RemitLedger
import RemitValues

/// The first parts of a case's state row, read without the fields that follow them.
struct CaseSummary {
    let contract: Digest
    let state: String
    let revision: Int64

    /// Reads the beginning of a row as `CaseCoding` writes it; nil where it is something else.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard reader.head()?.argument == Self.record, let parts = reader.head(), parts.major == 4, parts.argument >= 4,
            let hex = reader.text(), let contract = Digest(hex: hex), reader.head()?.major == 0,
            reader.head()?.argument == Self.enumeration, let state = reader.text(), let revision = reader.head(),
            revision.major == 0, let number = Int64(exactly: revision.argument)
        else { return nil }
        self.contract = contract
        self.state = state
        self.revision = number
    }

    private static let record: UInt64 = 21004
    private static let enumeration: UInt64 = 21003

    /// Reads heads of CBOR items one after another.
    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        mutating func head() -> (major: UInt8, argument: UInt64)? {
            guard place < bytes.count else { return nil }
            let first = bytes[place]
            place += 1
            let short = first & 31
            guard short >= 24 else { return (first >> 5, UInt64(short)) }
            guard short <= 27 else { return nil }
            let count = 1 << Int(short - 24)
            guard count <= bytes.count - place else { return nil }
            let argument = bytes[place..<place + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            place += count
            return (first >> 5, argument)
        }

        mutating func text() -> String? {
            guard let head = head(), head.major == 3, let count = Int(exactly: head.argument),
                count <= bytes.count - place
            else { return nil }
            defer { place += count }
            return String(validating: bytes[place..<place + count], as: UTF8.self)
        }
    }
}
