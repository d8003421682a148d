/// What can be wrong with bytes, keys or trees that are handed to this module.
public enum LedgerFault: Error, Hashable, Sendable {
    /// The bytes are not one item of the deterministic CBOR profile; `offset` counts bytes from the start.
    case encoding(EncodingMistake, offset: Int)
    /// A well-formed item has not the shape of the structure; `field` is the number of the field, if it is in one.
    case structure(String, field: Int64?, mistake: String)
    /// A well-formed item is not the canonical form of a value.
    case value(String)
    /// The leaves of a state trie are not in strictly ascending order of their keys.
    case unsortedLeaves
    /// A secret seed does not have 32 bytes, or the library refused to use it.
    case unusableSeed
}

/// Why bytes are outside the deterministic CBOR profile (RFC 8949 §4.2.1, narrowed).
public enum EncodingMistake: String, Hashable, Sendable, CaseIterable {
    /// The input ends inside an item, or a length reaches beyond it.
    case truncated = "the input ends inside an item"
    /// Bytes follow the item.
    case trailing = "bytes follow the item"
    /// An integer, length or tag is written with more bytes than it needs.
    case notShortest = "a number is written with more bytes than it needs"
    /// An item of indefinite length, or a break.
    case indefinite = "a length is indefinite"
    /// A float or a simple value other than false, true and null.
    case unsupported = "a float or an unknown simple value"
    /// Additional information 28 to 30, which RFC 8949 reserves.
    case reserved = "a reserved initial byte"
    /// Text that is not valid UTF-8.
    case invalidText = "text is not valid UTF-8"
    /// A map key that is not an integer of 64 bits (two's complement).
    case mapKey = "a map key is not a 64-bit integer"
    /// Map keys out of order or repeated.
    case mapOrder = "map keys are out of order or repeated"
    /// Nesting beyond `Limits.encodedDepth`.
    case tooDeep = "items are nested too deeply"
}

extension LedgerFault: CustomStringConvertible {
    /// One line that says what is wrong.
    public var description: String {
        switch self {
        case .encoding(let mistake, let offset): "\(mistake.rawValue) (byte \(offset))"
        case .structure(let name, .some(let field), let mistake): "\(name), field \(field): \(mistake)"
        case .structure(let name, .none, let mistake): "\(name): \(mistake)"
        case .value(let mistake): mistake
        case .unsortedLeaves: "the leaves of a state trie are out of order or repeated"
        case .unusableSeed: "a signing seed must have 32 bytes"
        }
    }
}
