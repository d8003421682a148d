/// Why a private value cannot be disclosed in a proof.
public enum DisclosureFault: Error, Hashable, Sendable {
    /// Nothing in the proof has a field of that name; those that have something private.
    case unknownField(String, known: [String])
    /// The field is there for everybody.
    case notPrivate(String)
    /// Nothing private of the field stands in what is proved.
    case nothingThere(String)
    /// The value was erased by the block of this height.
    case erased(String, UInt64)
    /// The ledger has the commitment and not the value.
    case commitmentOnly(String)

    /// A word for programs.
    public var code: String {
        switch self {
        case .unknownField: "unknownField"
        case .notPrivate: "notPrivate"
        case .nothingThere: "nothingThere"
        case .erased: "erased"
        case .commitmentOnly: "commitmentOnly"
        }
    }

    /// One line.
    public var message: String {
        switch self {
        case .unknownField(let name, _): "what is proved has no field \(name)"
        case .notPrivate(let name): "\(name) is not private, and the proof shows it as it is"
        case .nothingThere(let name): "nothing private of \(name) stands in what is proved"
        case .erased(let place, let height):
            "\(place) was erased in block \(height): nobody can show it any more"
        case .commitmentOnly(let place): "this ledger has only the commitment to \(place), not the value"
        }
    }

    /// Something to do about it.
    public var hint: String {
        switch self {
        case .unknownField(_, let known):
            known.isEmpty ? "nothing private stands in it" : "what is private in it is \(known.joined(separator: ", "))"
        case .notPrivate: "leave it out of --disclose"
        case .nothingThere: "prove the case instead, or the receipt of the transaction that wrote it"
        case .erased: "a proof that was made before the erasure still holds"
        case .commitmentOnly: "ask whoever keeps the vault of this chain"
        }
    }
}
