/// Writes items of the profile one after another, without a tree of them: for what is encoded often.
///
/// Who uses it gives array members and map entries in their number and order.
struct CBORWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    mutating func unsigned(_ value: UInt64) {
        CBOR.appendHead(0, value, to: &bytes)
    }

    mutating func integer(_ value: Int64) {
        CBOR.appendHead(value >= 0 ? 0 : 1, UInt64(bitPattern: value >= 0 ? value : ~value), to: &bytes)
    }

    mutating func bytes(_ value: [UInt8]) {
        CBOR.appendHead(2, UInt64(value.count), to: &bytes)
        bytes.append(contentsOf: value)
    }

    mutating func digest(_ value: Digest) {
        CBOR.appendHead(2, UInt64(Digest.length), to: &bytes)
        value.append(to: &bytes)
    }

    mutating func text(_ value: String) {
        var value = value
        value.withUTF8 {
            CBOR.appendHead(3, UInt64($0.count), to: &bytes)
            bytes.append(contentsOf: $0)
        }
    }

    mutating func array(_ count: Int) {
        CBOR.appendHead(4, UInt64(count), to: &bytes)
    }

    mutating func map(_ count: Int) {
        CBOR.appendHead(5, UInt64(count), to: &bytes)
    }

    mutating func tag(_ number: UInt64) {
        CBOR.appendHead(6, number, to: &bytes)
    }

    mutating func null() {
        bytes.append(0xF6)
    }

    mutating func boolean(_ value: Bool) {
        bytes.append(value ? 0xF5 : 0xF4)
    }

    mutating func item(_ item: CBOR) {
        item.encode(into: &bytes)
    }
}
