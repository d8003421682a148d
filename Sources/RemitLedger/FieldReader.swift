import RemitValues

/// Reads the fields of an integer-keyed map in ascending order, in which the decoder and every `cbor` have them.
///
/// Unknown and missing fields are faults.
struct FieldReader {
    private let structure: String
    private let entries: [CBOR.MapEntry]
    private var next = 0

    init(_ item: CBOR, _ structure: String) throws(LedgerFault) {
        guard case .map(let entries) = item else {
            throw .structure(structure, field: nil, mistake: "is not a map")
        }
        self.structure = structure
        self.entries = entries
    }

    /// The field if it is the next one there.
    mutating func optional(_ field: Int64) -> CBOR? {
        guard next < entries.count, entries[next].key == field else {
            return nil
        }
        next += 1
        return entries[next - 1].value
    }

    /// Whether the field is the next one there.
    func isNext(_ field: Int64) -> Bool { next < entries.count && entries[next].key == field }

    mutating func required(_ field: Int64) throws(LedgerFault) -> CBOR {
        guard let value = optional(field) else {
            throw fault(field, "is missing")
        }
        return value
    }

    mutating func unsigned(_ field: Int64) throws(LedgerFault) -> UInt64 {
        guard case .unsigned(let value) = try required(field) else {
            throw fault(field, "is not an unsigned integer")
        }
        return value
    }

    mutating func integer(_ field: Int64) throws(LedgerFault) -> Int64 {
        guard let value = try required(field).int64 else {
            throw fault(field, "is not a 64-bit integer")
        }
        return value
    }

    mutating func bytes(_ field: Int64) throws(LedgerFault) -> [UInt8] {
        guard case .bytes(let value) = try required(field) else {
            throw fault(field, "is not a byte string")
        }
        return value
    }

    mutating func text(_ field: Int64) throws(LedgerFault) -> String {
        guard case .text(let value) = try required(field) else {
            throw fault(field, "is not text")
        }
        return value.string
    }

    mutating func optionalText(_ field: Int64) throws(LedgerFault) -> String? {
        guard let item = optional(field) else {
            return nil
        }
        guard case .text(let value) = item else {
            throw fault(field, "is not text")
        }
        return value.string
    }

    mutating func array(_ field: Int64) throws(LedgerFault) -> [CBOR] {
        guard case .array(let items) = try required(field) else {
            throw fault(field, "is not an array")
        }
        return items
    }

    /// An array that is left out where it would be empty.
    mutating func optionalArray(_ field: Int64) throws(LedgerFault) -> [CBOR]? {
        guard let item = optional(field) else {
            return nil
        }
        guard case .array(let items) = item, !items.isEmpty else {
            throw fault(field, "is not an array with members")
        }
        return items
    }

    mutating func texts(_ field: Int64) throws(LedgerFault) -> [String] {
        var texts: [String] = []
        for item in try array(field) {
            guard case .text(let value) = item else {
                throw fault(field, "has a member that is not text")
            }
            texts.append(value.string)
        }
        return texts
    }

    mutating func digest(_ field: Int64) throws(LedgerFault) -> Digest {
        guard let digest = Digest(bytes: try bytes(field)) else {
            throw fault(field, "is not a digest of 32 bytes")
        }
        return digest
    }

    mutating func digests(_ field: Int64) throws(LedgerFault) -> [Digest] {
        var digests: [Digest] = []
        for item in try array(field) {
            guard case .bytes(let bytes) = item, let digest = Digest(bytes: bytes) else {
                throw fault(field, "has a member that is not a digest of 32 bytes")
            }
            digests.append(digest)
        }
        return digests
    }

    /// The format version, in field 1 of what carries one.
    mutating func version() throws(LedgerFault) {
        guard try unsigned(1) == LedgerFormat.version else {
            throw fault(1, "is not the format version \(LedgerFormat.version)")
        }
    }

    /// Ends the reading: nothing may be left.
    func finish() throws(LedgerFault) {
        if next < entries.count {
            throw fault(entries[next].key, "is unknown here")
        }
    }

    func fault(_ field: Int64, _ mistake: String) -> LedgerFault {
        .structure(structure, field: field, mistake: mistake)
    }
}
