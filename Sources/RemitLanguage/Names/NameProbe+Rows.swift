import RemitValues

/// Rows of tables, which can be read only when they are whole.
extension NameProbe {
    /// A row in which a word is being written.
    struct Row {
        /// What stands in the cell before the word.
        let cell: [UInt8]
        /// What completes the row behind the word, so that it has as many cells as its header.
        let ending: String
        /// Where the line of the row ends.
        let end: Int
        /// Whether the cell begins with the word.
        let isFirst: Bool
        /// Whether a number stands right before the word, which may be its unit.
        let followsNumber: Bool
    }

    /// The row that the line at hand is; nil where none is, or where its header has no such column.
    static func row(_ bytes: [UInt8], _ start: Int) -> Row? {
        let begin = startOfLine(bytes[..<start])
        guard isBar(bytes[begin..<start]) else { return nil }
        let line = Array(bytes[begin..<start])
        let tokens = Lexer.lex(SourceText(name: "", bytes: line)).tokens.dropLast()
        guard let bar = tokens.last(where: { $0.kind == .bar || $0.kind == .doubleBar }),
            let ending = ending(of: bars(of: tokens), header: header(above: bytes[..<begin]))
        else { return nil }
        return Row(
            cell: Array(line[bar.span.end...]), ending: ending,
            end: bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count,
            isFirst: tokens.last?.span == bar.span, followsNumber: tokens.last?.kind == .number)
    }

    /// The bars of a line: those before its double bar, and those behind it; none there as long as it has none.
    private static func bars(of tokens: some Sequence<Token>) -> (inputs: Int, outputs: Int?) {
        var found: (inputs: Int, outputs: Int?) = (0, nil)
        for token in tokens {
            if token.kind == .doubleBar { found.outputs = found.outputs ?? 0 }
            guard token.kind == .bar else { continue }
            if let outputs = found.outputs { found.outputs = outputs + 1 } else { found.inputs += 1 }
        }
        return found
    }

    private static func ending(
        of row: (inputs: Int, outputs: Int?), header: (inputs: Int, outputs: Int?)?
    ) -> String? {
        guard let header else { return row.outputs == nil ? " || x |" : " |" }
        guard let outputs = header.outputs else { return nil }
        if let written = row.outputs {
            guard written < outputs else { return nil }
            return " |" + String(repeating: " 0 |", count: outputs - written - 1)
        }
        guard row.inputs <= header.inputs else { return nil }
        return String(repeating: " | any", count: header.inputs - row.inputs) + " ||"
            + String(repeating: " 0 |", count: outputs)
    }

    /// The bars of the first of the rows above a line; nil where there are none.
    private static func header(above bytes: ArraySlice<UInt8>) -> (inputs: Int, outputs: Int?)? {
        var top: ArraySlice<UInt8>?
        var rest = bytes
        while !rest.isEmpty {
            rest.removeLast()
            let begin = startOfLine(rest)
            let line = rest[begin...].drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            let isPassedOver = line.isEmpty || line.starts(with: "//".utf8)
            guard isPassedOver || isBar(line) else { break }
            if !isPassedOver { top = line }
            rest = rest[..<begin]
        }
        return top.map { bars(of: Lexer.lex(SourceText(name: "", bytes: Array($0))).tokens) }
    }

    private static func startOfLine(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.startIndex
    }

    /// Whether a line begins with a bar, as rows do.
    private static func isBar(_ line: ArraySlice<UInt8>) -> Bool {
        line.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "|")
    }

    // MARK: Words

    /// The words that may stand in the cell of an input.
    static func words(in row: Row, ofTruth: Bool) -> [String] {
        if row.followsNumber { return unitsThatFit(after: prefix(of: row)) }
        return (row.isFirst ? ["any", "not"] : []) + (ofTruth ? ["no", "yes"] : [])
    }

    /// The cell as the value of a function, which the parser can read where it stands alone.
    static func prefix(of row: Row) -> [UInt8] {
        Array("contract C version 1\nfunction f() gives Integer {\n  return ".utf8) + row.cell
    }
}
