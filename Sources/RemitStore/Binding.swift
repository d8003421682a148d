/// A value for a parameter of a statement.
enum Binding {
    case null
    case integer(Int64)
    case text(String)
    /// Bytes that are compared with texts and need not be UTF-8, such as an upper bound.
    case bytesOfText([UInt8])
    case blob([UInt8])

    /// A height or a count, all of which the store keeps below 2⁶³.
    static func number(_ value: UInt64) -> Binding {
        .integer(Int64(clamping: value))
    }

    static func optionalText(_ value: String?) -> Binding {
        value.map { .text($0) } ?? .null
    }

    static func optionalBlob(_ value: [UInt8]?) -> Binding {
        value.map { .blob($0) } ?? .null
    }
}
