/// Writes the parts of kept code one after another: every value has one form only.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    mutating func flag(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    /// A number without a sign, seven bits a byte, the low ones first; the last byte has its high bit clear.
    mutating func count(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number with a sign: small ones of both signs are short.
    mutating func number(_ number: Int64) { count(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    /// The length in bytes, then the bytes.
    mutating func text(_ text: String) {
        var copy = text
        copy.withUTF8 { utf8 in
            count(UInt64(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    mutating func raw(_ list: [UInt8]) {
        count(UInt64(list.count))
        bytes.append(contentsOf: list)
    }
}

/// Why kept code is not used; it is then made anew, so nobody is told.
struct MalformedCode: Error {
    let text: String

    init(_ text: String) { self.text = text }
}

/// Reads what `ByteWriter` wrote, and nothing else: a second form of a value is refused.
struct ByteReader {
    private let bytes: [UInt8]
    private var place: Int

    init(_ bytes: [UInt8], from place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    /// How many bytes are left.
    var left: Int { bytes.count - place }

    mutating func byte() throws(MalformedCode) -> UInt8 {
        guard place < bytes.count else { throw MalformedCode("it ends too early") }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func flag() throws(MalformedCode) -> Bool {
        let byte = try byte()
        guard byte <= 1 else { throw MalformedCode("a truth value is neither 0 nor 1") }
        return byte == 1
    }

    mutating func count() throws(MalformedCode) -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { throw MalformedCode("a number is too large") }
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw MalformedCode("a number is longer than it need be") }
                return number
            }
            shift += 7
        }
    }

    mutating func number() throws(MalformedCode) -> Int64 {
        let folded = try count()
        return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    /// A number from 0 to a limit.
    mutating func index(below limit: Int = Int(Int32.max)) throws(MalformedCode) -> Int {
        let number = try count()
        guard let index = Int(exactly: number), index < limit else { throw MalformedCode("a number is out of bounds") }
        return index
    }

    /// How many parts follow, each of which takes at least a byte.
    mutating func length() throws(MalformedCode) -> Int {
        let number = try index()
        guard number <= left else { throw MalformedCode("a list is longer than what is left") }
        return number
    }

    mutating func raw() throws(MalformedCode) -> [UInt8] {
        let length = try length()
        defer { place += length }
        return Array(bytes[place..<place + length])
    }

    mutating func text() throws(MalformedCode) -> String {
        guard let text = String(validating: try raw(), as: UTF8.self) else { throw MalformedCode("a text is no UTF-8") }
        return text
    }
}

/// A part of kept code.
protocol Kept {
    func write(_ writer: inout ByteWriter)
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Self
}

extension Array: Kept where Element: Kept {
    func write(_ writer: inout ByteWriter) {
        writer.count(UInt64(count))
        for element in self { element.write(&writer) }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> [Element] {
        let count = try reader.length()
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try Element.read(&reader)) }
        return list
    }
}

extension Optional: Kept where Wrapped: Kept {
    func write(_ writer: inout ByteWriter) {
        writer.flag(self != nil)
        if let self { self.write(&writer) }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Wrapped? {
        try reader.flag() ? try Wrapped.read(&reader) : nil
    }
}

extension String: Kept {
    func write(_ writer: inout ByteWriter) { writer.text(self) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> String { try reader.text() }
}

extension Bool: Kept {
    func write(_ writer: inout ByteWriter) { writer.flag(self) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Bool { try reader.flag() }
}

extension Int64: Kept {
    func write(_ writer: inout ByteWriter) { writer.number(self) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Int64 { try reader.number() }
}

extension Int: Kept {
    func write(_ writer: inout ByteWriter) { writer.number(Int64(self)) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Int {
        guard let number = Int(exactly: try reader.number()) else { throw MalformedCode("a number is too large") }
        return number
    }
}

extension Int32: Kept {
    func write(_ writer: inout ByteWriter) { writer.number(Int64(self)) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Int32 {
        guard let number = Int32(exactly: try reader.number()) else { throw MalformedCode("a number is too large") }
        return number
    }
}

extension UInt16: Kept {
    func write(_ writer: inout ByteWriter) { writer.count(UInt64(self)) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> UInt16 {
        guard let number = UInt16(exactly: try reader.count()) else { throw MalformedCode("a number is too large") }
        return number
    }
}
