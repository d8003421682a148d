import RemitValues

extension CBOR {
    /// The one encoding of the item.
    public var encoded: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        encode(into: &out)
        return out
    }

    /// Adds the one encoding of the item at the end of `out`.
    public func encode(into out: inout [UInt8]) {
        switch self {
        case .unsigned(let value):
            Self.appendHead(0, value, to: &out)
        case .negative(let value):
            Self.appendHead(1, value, to: &out)
        case .bytes(let bytes):
            Self.appendHead(2, UInt64(bytes.count), to: &out)
            out.append(contentsOf: bytes)
        case .text(let text):
            let bytes = text.string.utf8
            Self.appendHead(3, UInt64(bytes.count), to: &out)
            out.append(contentsOf: bytes)
        case .array(let items):
            Self.appendHead(4, UInt64(items.count), to: &out)
            for item in items {
                item.encode(into: &out)
            }
        case .map(let entries):
            Self.appendMap(entries, to: &out)
        case .tag(let number, let content):
            Self.appendHead(6, number, to: &out)
            content.encode(into: &out)
        case .boolean(let value):
            out.append(value ? 0xF5 : 0xF4)
        case .null:
            out.append(0xF6)
        }
    }

    /// The order of map keys, which is the bytewise order of their encodings: from 0 up, then from −1 down.
    static func keyPrecedes(_ left: Int64, _ right: Int64) -> Bool {
        (left < 0) == (right < 0) ? (left < 0 ? left > right : left < right) : right < 0
    }

    private static func appendMap(_ entries: [MapEntry], to out: inout [UInt8]) {
        let isInOrder = zip(entries, entries.dropFirst()).allSatisfy { keyPrecedes($0.key, $1.key) }
        let sorted = isInOrder ? entries : entries.sorted { keyPrecedes($0.key, $1.key) }
        appendHead(5, UInt64(sorted.count), to: &out)
        var previous: Int64?
        for entry in sorted {
            precondition(entry.key != previous, "a map key is repeated")
            previous = entry.key
            CBOR.integer(entry.key).encode(into: &out)
            entry.value.encode(into: &out)
        }
    }

    /// Adds the shortest head of a major type with an argument.
    static func appendHead(_ major: UInt8, _ value: UInt64, to out: inout [UInt8]) {
        let type = major << 5
        let width: Int
        switch value {
        case 0..<24:
            out.append(type | UInt8(value))
            return
        case 24...0xFF: width = 1
        case 0x100...0xFFFF: width = 2
        case 0x1_0000...0xFFFF_FFFF: width = 4
        default: width = 8
        }
        // From 24 on the low bits say how many bytes follow, as the logarithm of their number.
        out.append(type | UInt8(24 + width.trailingZeroBitCount))
        withUnsafeBytes(of: value.bigEndian) { bytes in
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[(8 - width)...]))
        }
    }
}
