import RemitLanguage

/// A line and a column as editors count them: both from 0, a column in UTF-16 code units.
struct EditorPosition: Hashable, Comparable, Sendable {
    let line: Int
    let character: Int

    static func < (left: EditorPosition, right: EditorPosition) -> Bool {
        (left.line, left.character) < (right.line, right.character)
    }
}

/// Turns byte offsets of a text into positions and back.
struct TextPositions: Sendable {
    private let bytes: [UInt8]
    private let lineStarts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() {
            let isLoneReturn = byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
            if byte == 0x0A || isLoneReturn { starts.append(index + 1) }
        }
        lineStarts = starts
    }

    /// The position of an offset; one within a character is that of the character.
    func position(of offset: Int) -> EditorPosition {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        var units = 0
        for byte in bytes[lineStarts[low]..<offset] { units += Self.units(byte) }
        return EditorPosition(line: low, character: units)
    }

    /// The offset of a position; one beyond the line's end is the line's end, one beyond the text its end.
    func offset(of position: EditorPosition) -> Int {
        guard position.line >= 0 else { return 0 }
        guard position.line < lineStarts.count else { return bytes.count }
        let start = lineStarts[position.line]
        var end = position.line + 1 < lineStarts.count ? lineStarts[position.line + 1] : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        var units = 0
        var index = start
        while index < end {
            let width = Self.units(bytes[index])
            // The first byte of a character stands for all of it; those behind it count nothing.
            if width > 0, units + width > position.character { break }
            units += width
            index += 1
        }
        return index
    }

    /// The code units of the character that a byte of UTF-8 begins; none where it continues one.
    private static func units(_ byte: UInt8) -> Int {
        switch byte {
        case 0x80..<0xC0: 0
        case 0xF0...: 2
        default: 1
        }
    }
}
