import RemitValues

/// Reads items of the profile one after another from bytes that stand somewhere, without a tree of them: for what is
/// decoded often.
///
/// It takes nothing that `CBOR(decoding:)` refuses, but where it skips. Where something is not as it was expected it
/// stops and does not say why: who has to say that decodes the bytes again as a tree.
public struct CBORReader {
    /// Something was not as expected.
    public struct Stop: Error {
        /// Stops the reading.
        public init() {}
    }

    private let input: UnsafeRawBufferPointer
    /// Where the next item begins.
    private(set) var place = 0
    /// The currency that was read last: mostly the next one is the same.
    var currency: Currency?

    private init(_ input: UnsafeRawBufferPointer) { self.input = input }

    /// Reads bytes from their beginning to their end; nil where they are not as expected.
    static func all<Item>(_ bytes: [UInt8], _ read: (inout CBORReader) throws(Stop) -> Item) -> Item? {
        beginning(bytes) { reader throws(Stop) in
            let item = try read(&reader)
            guard reader.place == reader.input.count else { throw Stop() }
            return item
        }
    }

    /// Reads the beginning of bytes; nil where they are not as expected.
    public static func beginning<Item>(_ bytes: [UInt8], _ read: (inout CBORReader) throws(Stop) -> Item) -> Item? {
        bytes.withUnsafeBytes { input in
            var reader = CBORReader(input)
            return try? read(&reader)
        }
    }

    /// The major type and the argument of the next head, which is the shortest one.
    mutating func head() throws(Stop) -> (major: UInt8, argument: UInt64) {
        guard place < input.count else { throw Stop() }
        let initial = input[place]
        place &+= 1
        let information = initial & 0x1F
        if information < 24 { return (initial >> 5, UInt64(information)) }
        let width = 1 << Int(information &- 24)
        guard information <= 27, initial >> 5 < 7, input.count &- place >= width else { throw Stop() }
        var argument: UInt64 = 0
        for offset in place..<place &+ width { argument = argument << 8 | UInt64(input[offset]) }
        place &+= width
        guard argument >= (width == 1 ? 24 : 1 << UInt64(width &* 4)) else { throw Stop() }
        return (initial >> 5, argument)
    }

    /// The argument of a head of this major type.
    mutating func head(of major: UInt8) throws(Stop) -> UInt64 {
        let found = try head()
        guard found.major == major else { throw Stop() }
        return found.argument
    }

    /// The head of an array; gives how many members follow.
    public mutating func array() throws(Stop) -> Int {
        let argument = try head(of: 4)
        return try count(argument)
    }

    /// A number of items, each of which takes a byte at least.
    func count(_ argument: UInt64) throws(Stop) -> Int {
        guard argument <= UInt64(input.count &- place) else { throw Stop() }
        return Int(argument)
    }

    /// A tag with this number.
    mutating func tag(_ number: UInt64) throws(Stop) {
        guard try head(of: 6) == number else { throw Stop() }
    }

    /// The head of a map with a number of entries from a range.
    mutating func map(_ counts: ClosedRange<UInt64>) throws(Stop) -> UInt64 {
        let count = try head(of: 5)
        guard counts.contains(count) else { throw Stop() }
        return count
    }

    /// The key of an entry.
    mutating func key(_ key: UInt64) throws(Stop) {
        guard try head(of: 0) == key else { throw Stop() }
    }

    mutating func unsigned() throws(Stop) -> UInt64 { try head(of: 0) }

    /// An integer of 64 bits with its sign.
    public mutating func integer() throws(Stop) -> Int64 {
        let (major, argument) = try head()
        guard major < 2, let magnitude = Int64(exactly: argument) else { throw Stop() }
        return major == 0 ? magnitude : ~magnitude
    }

    /// As many bytes as an argument says.
    private mutating func part(_ argument: UInt64) throws(Stop) -> UnsafeRawBufferPointer {
        let count = try count(argument)
        defer { place &+= count }
        return UnsafeRawBufferPointer(rebasing: input[place..<place &+ count])
    }

    mutating func bytes() throws(Stop) -> [UInt8] {
        let argument = try head(of: 2)
        return Array(try part(argument))
    }

    mutating func digest() throws(Stop) -> Digest {
        let argument = try head(of: 2)
        let part = try part(argument)
        guard part.count == Digest.length else { throw Stop() }
        return Digest(loading: part)
    }

    /// A text.
    public mutating func text() throws(Stop) -> String {
        let argument = try head(of: 3)
        return try text(argument)
    }

    /// As many bytes of text as an argument says.
    mutating func text(_ argument: UInt64) throws(Stop) -> String {
        let part = try part(argument)
        let text = part.withMemoryRebound(to: UInt8.self) { bytes in
            // Nearly all texts are ASCII, which needs no further look.
            Self.isASCII(part) ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
        }
        guard let text else { throw Stop() }
        return text
    }

    /// Whether no byte has its first bit set, eight of them at a time.
    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place &+ 8 <= bytes.count {
            let eight = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            guard eight & 0x8080_8080_8080_8080 == 0 else { return false }
            place &+= 8
        }
        while place < bytes.count {
            guard bytes[place] < 0x80 else { return false }
            place &+= 1
        }
        return true
    }

    /// Whether the next item is null, which is read then.
    mutating func null() throws(Stop) -> Bool {
        guard place < input.count else { throw Stop() }
        guard input[place] == 0xF6 else { return false }
        place &+= 1
        return true
    }

    /// Goes past the next item, of which only its extent is looked at.
    public mutating func skip() throws(Stop) {
        // How many items are still to be passed; each of them takes a byte at least.
        var left = 1
        while left > 0 {
            left &-= 1
            let (major, argument) = try head()
            switch major {
            case 0, 1, 7: break
            case 2, 3: place &+= try count(argument)
            case 4: left &+= try count(argument)
            case 5: left &+= 2 &* (try count(argument))
            default: left &+= 1
            }
            guard left <= input.count &- place else { throw Stop() }
        }
    }

    /// Goes past an item at a depth, and past nothing that is nested too deeply.
    private mutating func pass(depth: Int) throws(Stop) {
        guard depth <= Limits.encodedDepth else { throw Stop() }
        let (major, argument) = try head()
        switch major {
        case 0, 1, 7: break
        case 2, 3: place &+= try count(argument)
        case 4: for _ in 0..<(try count(argument)) { try pass(depth: depth + 1) }
        case 5:
            for _ in 0..<(try count(argument)) {
                _ = try head()
                try pass(depth: depth + 1)
            }
        default: try pass(depth: depth + 1)
        }
    }

    /// The item at a depth, by the tree of its own bytes.
    mutating func tree(depth: Int) throws(Stop) -> CBOR {
        let start = place
        try pass(depth: depth)
        guard let item = try? CBOR(decoding: Array(input[start..<place])) else { throw Stop() }
        return item
    }
}
