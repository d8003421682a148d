public import RemitValues

/// Which rows of a space are meant, by their items.
public enum ItemPattern: Sendable {
    /// Items that are the array of at least so many values, and have these in their places; nil stands for any.
    ///
    /// There is at least one member, and the last is not nil.
    case members([Value?])
    /// Items that begin with these bytes.
    case beginning([UInt8])

    /// Whether an item is meant.
    public func matches(_ item: [UInt8]) -> Bool {
        switch self {
        case .beginning(let bytes): return item.starts(with: bytes)
        case .members(let wanted):
            guard case .list(let found)? = try? ValueCoding.decode(bytes: item), found.count >= wanted.count else {
                return false
            }
            return zip(wanted, found).allSatisfy { wanted, found in
                wanted.map { ValueCoding.encoded($0) == ValueCoding.encoded(found) } ?? true
            }
        }
    }
}

extension ItemPattern {
    var cbor: CBOR {
        switch self {
        case .beginning(let bytes): .bytes(bytes)
        case .members(let wanted): .array(wanted.map { .array($0.map { [ValueCoding.encode($0)] } ?? []) })
        }
    }

    init(cbor: CBOR) throws(LedgerFault) {
        let fault = LedgerFault.structure("state proof", field: nil, mistake: "has something else than a pattern")
        switch cbor {
        case .bytes(let bytes): self = .beginning(bytes)
        case .array(let items):
            var wanted: [Value?] = []
            for item in items {
                guard case .array(let parts) = item, parts.count <= 1 else {
                    throw fault
                }
                wanted.append(try parts.first.map { part throws(LedgerFault) in try ValueCoding.decode(part) })
            }
            guard let last = wanted.last, last != nil else {
                throw fault
            }
            self = .members(wanted)
        default: throw fault
        }
    }
}
