import RemitValues

extension CBOR {
    /// Reads exactly one item; bytes that would not encode again to themselves are refused.
    ///
    /// Throws `LedgerFault.encoding` with the offset of the mistake. Memory grows only with items that are there.
    public init(decoding bytes: [UInt8]) throws(LedgerFault) {
        var decoder = CBORDecoder(bytes)
        self = try decoder.item(depth: 0)
        guard decoder.offset == bytes.count else {
            throw .encoding(.trailing, offset: decoder.offset)
        }
    }
}

/// A strict reader of the deterministic profile.
private struct CBORDecoder {
    private let input: [UInt8]
    private(set) var offset = 0

    init(_ input: [UInt8]) {
        self.input = input
    }

    mutating func item(depth: Int) throws(LedgerFault) -> CBOR {
        let start = offset
        guard depth <= Limits.encodedDepth else {
            throw .encoding(.tooDeep, offset: start)
        }
        let (major, argument) = try head()
        switch major {
        case 0: return .unsigned(argument)
        case 1: return .negative(argument)
        case 2: return .bytes(Array(try take(argument, start: start)))
        case 3: return try text(argument, start: start)
        case 4: return try array(argument, start: start, depth: depth)
        case 5: return try map(argument, start: start, depth: depth)
        case 6: return .tag(argument, try item(depth: depth + 1))
        default: return try simple(argument, start: start)
        }
    }

    /// The major type and the argument of the next head; simple values come back as their number.
    private mutating func head() throws(LedgerFault) -> (major: UInt8, argument: UInt64) {
        let start = offset
        guard offset < input.count else {
            throw .encoding(.truncated, offset: start)
        }
        let initial = input[offset]
        offset += 1
        let major = initial >> 5
        let information = initial & 0x1F
        let width: Int
        switch information {
        case 0..<24: return (major, UInt64(information))
        case 24...27 where major == 7: throw .encoding(.unsupported, offset: start)
        case 24...27: width = 1 << Int(information - 24)
        case 31: throw .encoding(.indefinite, offset: start)
        default: throw .encoding(.reserved, offset: start)
        }
        guard input.count - offset >= width else {
            throw .encoding(.truncated, offset: start)
        }
        var argument: UInt64 = 0
        for _ in 0..<width {
            argument = argument << 8 | UInt64(input[offset])
            offset += 1
        }
        let least: UInt64 = width == 1 ? 24 : 1 << UInt64(width * 4)
        guard argument >= least else {
            throw .encoding(.notShortest, offset: start)
        }
        return (major, argument)
    }

    private mutating func take(_ count: UInt64, start: Int) throws(LedgerFault) -> ArraySlice<UInt8> {
        guard count <= UInt64(input.count - offset) else {
            throw .encoding(.truncated, offset: start)
        }
        let slice = input[offset..<offset + Int(count)]
        offset += Int(count)
        return slice
    }

    private mutating func text(_ count: UInt64, start: Int) throws(LedgerFault) -> CBOR {
        let bytes = Array(try take(count, start: start))
        guard let text = TextValue(utf8: bytes) else {
            throw .encoding(.invalidText, offset: start)
        }
        return .text(text)
    }

    private mutating func array(_ count: UInt64, start: Int, depth: Int) throws(LedgerFault) -> CBOR {
        guard count <= UInt64(input.count - offset) else {
            throw .encoding(.truncated, offset: start)
        }
        var items: [CBOR] = []
        for _ in 0..<count {
            items.append(try item(depth: depth + 1))
        }
        return .array(items)
    }

    private mutating func map(_ count: UInt64, start: Int, depth: Int) throws(LedgerFault) -> CBOR {
        guard count <= UInt64(input.count - offset) / 2 else {
            throw .encoding(.truncated, offset: start)
        }
        var entries: [CBOR.MapEntry] = []
        for _ in 0..<count {
            let place = offset
            let (major, argument) = try head()
            let key: CBOR = major == 0 ? .unsigned(argument) : .negative(argument)
            guard major <= 1, let number = key.int64 else {
                throw .encoding(.mapKey, offset: place)
            }
            if let last = entries.last, !CBOR.keyPrecedes(last.key, number) {
                throw .encoding(.mapOrder, offset: place)
            }
            entries.append(CBOR.MapEntry(number, try item(depth: depth + 1)))
        }
        return .map(entries)
    }

    private func simple(_ argument: UInt64, start: Int) throws(LedgerFault) -> CBOR {
        switch argument {
        case 20: return .boolean(false)
        case 21: return .boolean(true)
        case 22: return .null
        default: throw .encoding(.unsupported, offset: start)
        }
    }
}
