/// A text that is compared, ordered and hashed by its UTF-8 bytes, never by canonical equivalence.
///
/// So no version of the Unicode tables can change a decision: `é` composed and decomposed are two texts.
public struct TextValue: Sendable {
    /// The text for showing and joining.
    public let string: String

    /// The text of a string, as it is.
    public init(_ string: String) { self.string = string }

    /// The text of UTF-8 bytes; nil where they are not valid UTF-8.
    public init?(utf8 bytes: [UInt8]) {
        guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
        self.string = string
    }

    /// The bytes.
    public var utf8: [UInt8] { Array(string.utf8) }

    /// The length that `Text(n)` counts: Unicode scalar values.
    public var scalarCount: Int { string.unicodeScalars.count }
}

extension TextValue: Hashable, Comparable {
    public static func == (left: TextValue, right: TextValue) -> Bool {
        let (left, right) = (left.string.utf8, right.string.utf8)
        guard left.count == right.count else { return false }
        let fast = left.withContiguousStorageIfAvailable { left in
            right.withContiguousStorageIfAvailable { right in areEqual(left, right) }
        }
        return (fast ?? nil) ?? left.elementsEqual(right)
    }

    /// Whether as many bytes are the same, eight of them at a time.
    private static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let (left, right) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
        var place = 0
        while place &+ 8 <= left.count {
            let one = left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            guard one == right.loadUnaligned(fromByteOffset: place, as: UInt64.self) else { return false }
            place &+= 8
        }
        while place < left.count {
            guard left[place] == right[place] else { return false }
            place &+= 1
        }
        return true
    }

    public static func < (left: TextValue, right: TextValue) -> Bool {
        left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = string
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(UInt8.max)
    }
}

extension TextValue: ExpressibleByStringLiteral, CustomStringConvertible {
    public init(stringLiteral value: String) { self.init(value) }

    public var description: String { string }
}
