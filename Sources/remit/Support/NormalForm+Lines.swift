import Foundation
import Glibc

extension NormalForm {
    /// The bytes of a text in normal form; as they are where they are no UTF-8, which whoever reads them says.
    static func of(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.withUnsafeBufferPointer(isPlain), let text = String(validating: bytes, as: UTF8.self) else {
            return bytes
        }
        return isSettled(text) ? bytes : Array(text.precomposedStringWithCanonicalMapping.utf8)
    }

    /// A line of JSON with each text in it in normal form, however it is escaped; nil where there is nothing to change,
    /// or the line is no JSON, which whoever reads it says.
    static func of(line: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var changed: [UInt8] = []
        // What stands before is in `changed`.
        var copied = 0
        var place = 0
        while place < line.count {
            guard line[place] == quote else {
                place += 1
                continue
            }
            guard let (text, end) = text(line, from: place + 1) else { return nil }
            if !isSettled(text) {
                changed += line[copied..<place]
                changed += quoted(text.precomposedStringWithCanonicalMapping)
                copied = end
            }
            place = end
        }
        return copied == 0 ? nil : changed + line[copied...]
    }

    /// Whether bytes are ASCII without an escape: then there is nothing to bring to normal form.
    static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        if memchr(base, Int32(backslash), bytes.count) != nil { return false }
        let words = UnsafeRawBufferPointer(bytes)
        var place = 0
        while place + 8 <= bytes.count {
            if words.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
            place += 8
        }
        return bytes[place...].allSatisfy { $0 < 0x80 }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// Whether a text is in normal form for certain: nothing in it composes. Chinese characters do not.
    private static func isSettled(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value < 0x300 || (0x4E00...0x9FFF).contains($0.value) }
    }

    /// The text from behind a quotation mark, and the place behind its end; nil where it is none.
    private static func text(
        _ line: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (text: String, end: Int)? {
        var bytes: [UInt8] = []
        var place = start
        while place < line.count {
            let byte = line[place]
            place += 1
            switch byte {
            case quote: return String(validating: bytes, as: UTF8.self).map { ($0, place) }
            case backslash:
                guard let scalar = escaped(line, &place) else { return nil }
                bytes += String(Character(scalar)).utf8
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// The character of an escape, behind its backslash.
    private static func escaped(_ line: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Unicode.Scalar? {
        guard place < line.count else { return nil }
        place += 1
        switch line[place - 1] {
        case quote: return "\""
        case backslash: return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let first = unit(line, &place) else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard place + 1 < line.count, line[place] == backslash, line[place + 1] == UInt8(ascii: "u") else { return nil }
        place += 2
        guard let second = unit(line, &place), (0xDC00..<0xE000).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    /// Four hexadecimal digits.
    private static func unit(_ line: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> UInt32? {
        guard place + 4 <= line.count else { return nil }
        let digits = line[place..<place + 4]
        place += 4
        guard digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var bytes = [quote]
        for byte in text.utf8 {
            switch byte {
            case quote, backslash: bytes += [backslash, byte]
            case 0..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        return bytes + [quote]
    }
}
