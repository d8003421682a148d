/// How text looks on a terminal: what every scalar value shows as, and how many columns that takes.
public enum DisplayCells {
    /// The columns that a text takes: wide East Asian characters take two, combining marks none.
    public static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    /// A text on one line without anything that could steer a terminal or hide from a reader.
    ///
    /// Blanks of every kind become spaces; control and hidden characters show as pictures or numbers.
    public static func visible(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars { shown += visible(scalar) ?? String(scalar) }
        return shown
    }

    /// The columns of one scalar value that is shown as it is.
    static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20..<0x7F: 1
        case 0x300...0x36F, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F: 0
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }

    /// What stands for a scalar value that must not be shown as it is; nil for all others.
    static func visible(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: " "
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? " "
        case 0x7F: "\u{2421}"
        case 0x80..<0xA0, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            "<U+\(hexadecimal(scalar.value))>"
        default: nil
        }
    }
}

/// A piece of a source line as it is shown.
struct DisplayCell {
    let text: String
    let width: Int
    /// The offset of its first byte in the source.
    let start: Int

    /// The cells of some bytes of a source; what is not UTF-8 shows as U+FFFD, byte by byte.
    static func cells(of bytes: [UInt8], _ span: Span, tabStop: Int = 4) -> [DisplayCell] {
        var cells: [DisplayCell] = []
        var column = 0
        var index = span.start
        while index < span.end {
            let (scalar, length) = decode(bytes, at: index, end: span.end)
            var cell = DisplayCell(text: String(scalar), width: DisplayCells.width(of: scalar), start: index)
            if scalar == "\t" {
                let blanks = tabStop - column % tabStop
                cell = DisplayCell(text: String(repeating: " ", count: blanks), width: blanks, start: index)
            } else if let shown = DisplayCells.visible(scalar) {
                cell = DisplayCell(text: shown, width: DisplayCells.width(of: shown), start: index)
            }
            cells.append(cell)
            column += cell.width
            index += length
        }
        return cells
    }

    private static func decode(_ bytes: [UInt8], at index: Int, end: Int) -> (Unicode.Scalar, Int) {
        let lead = bytes[index]
        guard lead >= 0x80 else { return (Unicode.Scalar(lead), 1) }
        let length = UTF8Check.sequenceLength(bytes, at: index) ?? 1
        guard length > 1, index + length <= end else { return ("\u{FFFD}", 1) }
        let text = String(decoding: bytes[index..<(index + length)], as: UTF8.self)
        return (text.unicodeScalars.first ?? "\u{FFFD}", length)
    }
}
