/// Writes items of the profile one after another, without a tree of them: for what is encoded often.
///
/// Who uses it gives array members and map entries in their number and order.
public struct CBORWriter {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Nothing written, with room for some bytes.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    private mutating func head(_ major: UInt8, _ value: UInt64) {
        CBOR.appendHead(major, value, to: &bytes)
    }

    mutating func unsigned(_ value: UInt64) { head(0, value) }

    /// An integer.
    public mutating func integer(_ value: Int64) {
        head(value >= 0 ? 0 : 1, UInt64(bitPattern: value >= 0 ? value : ~value))
    }

    mutating func bytes(_ value: [UInt8]) {
        head(2, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func digest(_ value: Digest) {
        head(2, UInt64(Digest.length))
        value.append(to: &bytes)
    }

    /// A text.
    public mutating func text(_ value: String) {
        var value = value
        value.withUTF8 {
            head(3, UInt64($0.count))
            bytes.append(contentsOf: $0)
        }
    }

    /// The head of an array, whose members follow.
    public mutating func array(_ count: Int) { head(4, UInt64(count)) }

    mutating func map(_ count: Int) { head(5, UInt64(count)) }

    mutating func tag(_ number: UInt64) { head(6, number) }

    /// Null, which stands for what is absent.
    public mutating func null() { bytes.append(0xF6) }

    mutating func boolean(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

    mutating func item(_ item: CBOR) { item.encode(into: &bytes) }

    /// Items that are encoded already, by this profile.
    public mutating func encoded(_ items: ArraySlice<UInt8>) { bytes.append(contentsOf: items) }
}
