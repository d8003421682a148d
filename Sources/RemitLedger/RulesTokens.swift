/// The words, texts and signs of a contract's text, told apart without its grammar.
struct RulesTokens {
    enum Kind {
        case word, number, text, sign
    }

    struct Token {
        let kind: Kind
        let range: Range<Int>
        /// The line, counted from 0.
        let line: Int
        /// How many braces are open before it.
        let depth: Int
        /// Whether nothing but blanks stands before it on its line.
        let startsLine: Bool
        /// Whether nothing at all stands before it on its line.
        let isAtMargin: Bool
    }

    private let bytes: [UInt8]
    let tokens: [Token]

    /// Nil where the bytes could be read in more than one way; `irregular` is then the place of the first such byte.
    init?(_ source: String, irregular: inout Int?) {
        bytes = Array(source.utf8)
        irregular = Self.control(in: bytes)
        guard irregular == nil else { return nil }
        var tokens: [Token] = []
        var (index, lineStart, line, depth) = (0, 0, 0, 0)
        var startsLine = true
        while index < bytes.count {
            switch bytes[index] {
            case 0x0A:
                (index, line, startsLine) = (index + 1, line + 1, true)
                lineStart = index
                continue
            case 0x20, 0x09, 0x0D:
                index += 1
                continue
            default: break
            }
            if bytes[index...].starts(with: "//".utf8) {
                index = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
                continue
            }
            guard let (kind, end) = Self.token(bytes, at: index) else {
                irregular = index
                return nil
            }
            let token = Token(
                kind: kind, range: index..<end, line: line, depth: depth, startsLine: startsLine,
                isAtMargin: index == lineStart)
            tokens.append(token)
            if bytes[index] == UInt8(ascii: "{") { depth += 1 }
            if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
            guard depth >= 0 else {
                irregular = index
                return nil
            }
            (index, startsLine) = (end, false)
        }
        guard depth == 0 else {
            irregular = bytes.count
            return nil
        }
        self.tokens = tokens
    }

    /// The first control character but the ends of lines and tabs: a reader might break a line at another.
    private static func control(in bytes: [UInt8]) -> Int? {
        bytes.indices.first { index in
            switch bytes[index] {
            case 0x0A, 0x09: false
            case 0x0D: index + 1 == bytes.count || bytes[index + 1] != 0x0A
            case 0..<0x20, 0x7F: true
            default: false
            }
        }
    }

    /// What begins at an index, and where it ends; nil for a text that its line does not close, or a sign of no use.
    private static func token(_ bytes: [UInt8], at start: Int) -> (Kind, Int)? {
        if isOfName(bytes[start]) {
            let end = bytes[start...].firstIndex { !isOfName($0) } ?? bytes.count
            guard !String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars.contains(where: isHidden) else {
                return nil
            }
            return ((0x30...0x39).contains(bytes[start]) ? .number : .word, end)
        }
        guard bytes[start] == UInt8(ascii: "\"") else {
            return "{}()[],:.|=+-*/<>%".utf8.contains(bytes[start]) ? (.sign, start + 1) : nil
        }
        var index = start + 1
        while index < bytes.count, bytes[index] != 0x0A {
            if bytes[index] == UInt8(ascii: "\"") { return (.text, index + 1) }
            if bytes[index] == UInt8(ascii: "\\") { index += 1 }
            if index < bytes.count, bytes[index] == 0x0A { return nil }
            index += 1
        }
        return nil
    }

    /// Whether a character looks like a blank, or like nothing.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000, 0xFEFF: true
        default: false
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    // MARK: Reading

    var indices: Range<Int> { tokens.indices }

    subscript(_ index: Int) -> Token { tokens[index] }

    /// The token as written; empty where there is none.
    func text(_ index: Int) -> String {
        tokens.indices.contains(index) ? String(decoding: bytes[tokens[index].range], as: UTF8.self) : ""
    }

    func isText(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].kind == .text }

    func isWord(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].kind == .word }

    /// Whether a sign is there.
    func has(_ sign: String, at index: Int) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .sign && text(index) == sign
    }

    /// What a text literal says, in parts between which values are filled in.
    func parts(ofText index: Int) -> [String] {
        var parts: [[UInt8]] = [[]]
        var place = tokens[index].range.lowerBound + 1
        let end = tokens[index].range.upperBound - 1
        var isFilled = false
        while place < end {
            switch bytes[place] {
            case UInt8(ascii: "\\"):
                place += 1
                parts[parts.count - 1].append(bytes[place] == UInt8(ascii: "n") ? 0x0A : bytes[place])
            case UInt8(ascii: "{"):
                isFilled = true
                parts.append([])
            case UInt8(ascii: "}") where isFilled: isFilled = false
            case let byte:
                if !isFilled { parts[parts.count - 1].append(byte == 0x09 ? 0x20 : byte) }
            }
            place += 1
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Some tokens as written, without comments, with one space where there are blanks or ends of lines between them.
    func written(_ range: Range<Int>) -> String {
        var out: [UInt8] = []
        for index in range {
            if index > range.lowerBound, tokens[index - 1].range.upperBound < tokens[index].range.lowerBound {
                out.append(0x20)
            }
            out += bytes[tokens[index].range]
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Behind the last token on the line of one.
    func lineEnd(of index: Int) -> Int {
        var index = index + 1
        while index < tokens.count, !tokens[index].startsLine { index += 1 }
        return index
    }
}
