import RemitLanguage
import RemitValues

extension FlatShape.Kind {
    /// Whether a text in quotes may stand for a value of it without being a text or a name itself.
    var isDecoded: Bool {
        switch self {
        case .integer, .decimal, .money, .duration, .date, .instant: true
        default: false
        }
    }
}

extension InputReader {
    /// Reads from what a text in quotes with escapes stands for, with quotes around it or without; nil, with nothing
    /// taken, where no such text stands here.
    mutating func decoded<Part>(
        isQuoted: Bool, _ read: (inout InputReader) throws(InputProblem) -> Part
    ) throws(InputProblem) -> Part? {
        let start = cursor.place
        guard cursor.byte == 0x22, cursor.bytes(start..<cursor.textEnd).contains(0x5C) else { return nil }
        cursor.advance()
        let top = machine.pointee.bytes.top
        let word = try text(escaped: start + 1)
        let text = Array(machine.pointee.bytes.bytes(word))
        machine.pointee.bytes.top = top
        // No number, day or time has these, and they would be read as something else.
        guard !text.contains(where: { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 }) else {
            cursor.rewind(to: start)
            return nil
        }
        let behind = cursor
        defer { cursor = behind }
        let whole = isQuoted ? [0x22] + text + [0x22] : text
        return try whole.withUnsafeBufferPointer { (bytes) throws(InputProblem) in
            cursor = JSONCursor(bytes, else: UnsafePointer(machine.pointee.bytes.base))
            return try read(&self)
        }
    }
}
