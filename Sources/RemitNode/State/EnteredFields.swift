import RemitLedger
import RemitRuntime

/// The fields of a case that are arguments of a transaction as they came: the bytes in which these were signed are the
/// one encoding of the fields as well.
struct EnteredFields {
    private let body: [UInt8]
    private let places: [Range<Int>]
    private let arguments: [Int?]

    /// Those of a transaction of a contract that keeps nothing private, by what it did.
    init(_ transaction: Transaction, _ effects: Effects) {
        body = transaction.bodyBytes
        places = transaction.argumentPlaces
        arguments = effects.arguments
    }

    /// The encoding of a field; nil where it is no argument as it came.
    func bytes(ofField field: Int) -> ArraySlice<UInt8>? {
        guard arguments.indices.contains(field), let argument = arguments[field], places.indices.contains(argument)
        else { return nil }
        return body[places[argument]]
    }
}
