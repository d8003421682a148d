import Foundation
import Glibc
import RemitExchange

/// A line of JSON in normal form.
struct NormalLine {
    let bytes: [UInt8]
    /// The ends of the texts that have changed: in `bytes`, and in the line as it was given.
    fileprivate let ends: [(place: Int, given: Int)]

    /// Where in the given line stands what stands at a place of this one; within a text that has changed it is counted
    /// from the text before.
    func givenPlace(_ place: Int) -> Int {
        ends.last { $0.place <= place }.map { $0.given + place - $0.place } ?? place
    }
}

extension NormalForm {
    /// The bytes of a text in normal form; as they are where they are no UTF-8, which whoever reads them says.
    static func of(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.withUnsafeBufferPointer(isPlain), let text = String(validating: bytes, as: UTF8.self) else {
            return bytes
        }
        return isSettled(text) ? bytes : Array(composed(text).utf8)
    }

    /// A line of JSON with each text in it in normal form, however it is escaped; nil where there is nothing to change,
    /// or the line is no JSON, which whoever reads it says.
    static func of(line: UnsafeBufferPointer<UInt8>) -> NormalLine? {
        var changed: [UInt8] = []
        var ends: [(place: Int, given: Int)] = []
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
                changed += JSONValue.string(composed(text)).text.utf8
                copied = end
                ends.append((changed.count, end))
            }
            place = end
        }
        return copied == 0 ? nil : NormalLine(bytes: changed + line[copied...], ends: ends)
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

    /// Whether a text is in normal form for certain: nothing in it composes.
    private static func isSettled(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isAlone) }

    /// The text from behind a quotation mark, and the place behind its end; nil where it is none.
    private static func text(
        _ line: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (text: String, end: Int)? {
        var end = start
        var isEscaped = false
        while end < line.count, line[end] != quote {
            // What is no text of JSON stays as it is: whoever reads it says so.
            if line[end] < 0x20 { return nil }
            if line[end] == backslash {
                isEscaped = true
                end += 1
            }
            end += 1
        }
        guard end < line.count else { return nil }
        let text =
            isEscaped
            ? (try? JSONValue.parse(Array(line[start - 1...end])))?.string
            : String(validating: line[start..<end], as: UTF8.self)
        return text.map { ($0, end + 1) }
    }
}
