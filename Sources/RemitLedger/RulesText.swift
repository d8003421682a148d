/// The text of a contract, read line by line without its grammar, so that every verifier finds the same lines.
///
/// It only says where to look: what the lines mean is the language's to say.
struct RulesText {
    /// A line without the blanks at both ends, and how many braces are open where it begins.
    struct Line {
        let bytes: ArraySlice<UInt8>
        let depth: Int
    }

    private let lines: [Line]
    /// Whether every rule begins a line of its own; where one does not, counting lines could name the wrong one.
    private let isRegular: Bool

    init(_ source: String) {
        var lines: [Line] = []
        var depth = 0
        var isRegular = true
        for line in Array(source.utf8).split(separator: 0x0A, omittingEmptySubsequences: false) {
            let trimmed = Self.trimmed(line)
            isRegular = isRegular && Self.isRegular(trimmed, from: depth)
            lines.append(Line(bytes: trimmed, depth: depth))
            depth = Self.depth(after: line, from: depth)
        }
        self.lines = lines
        self.isRegular = isRegular
    }

    // MARK: Rules

    /// The rules that a clause of the findings means, each as a receipt tells it; none where the text is not regular.
    func rules(of clause: String, _ outcome: Receipt.Outcome) -> [String] {
        let parts = clause.parts(at: UInt8(ascii: ":"))
        guard isRegular, parts.count == 2 else { return [] }
        let number = Self.number(parts[1])
        let found: [Int]
        if parts[0] == "check", let number {
            found = lines.indices.filter { isCheck(lines[$0]) }.dropFirst(number - 1).prefix(1).map { $0 }
        } else if parts[0] == "timer", let number {
            found = lines.indices.filter { lines[$0].depth == 0 && ["after", "approval"].contains(word($0)) }
                .dropFirst(number - 1).prefix(1).map { $0 }
        } else if parts[0] == "migration", number != nil {
            found = migrations(from: parts[1])
        } else if parts[0] == "refusal" {
            found = refusals(outcome)
        } else {
            found = []
        }
        return found.map { "\(clause), line \($0 + 1)\(section(of: $0)): \(statement(at: $0))" }
    }

    /// A positive number of at most nine digits.
    private static func number(_ text: String) -> Int? {
        let digits = text.utf8
        guard digits.count <= 9, let first = digits.first, first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// The line that brings the cases of a version over; none where several do.
    private func migrations(from version: String) -> [Int] {
        let wanted = Array("migrate from \(version)".utf8)
        let found = lines.indices.filter { index in
            let bytes = Self.collapsed(lines[index].bytes)
            guard lines[index].depth == 0, bytes.starts(with: wanted) else { return false }
            return bytes.dropFirst(wanted.count).first.map { $0 == 0x20 || $0 == UInt8(ascii: "{") } ?? true
        }
        return found.count == 1 ? found : []
    }

    private func isCheck(_ line: Line) -> Bool {
        let word = Self.word(line.bytes)
        guard ["deny", "pend", "note"].contains(word) else { return false }
        return line.bytes.dropFirst(word.utf8.count).first { !Self.isBlank($0) } == UInt8(ascii: "\"")
    }

    /// The beginnings of the statements that refuse with the code and text of an outcome; else with either of them.
    private func refusals(_ outcome: Receipt.Outcome) -> [Int] {
        let (code, text): (String, String)
        switch outcome {
        case .done: return []
        case .refused(let refused, let reason): (code, text) = (refused, reason)
        case .stalled(let reason):
            guard let colon = Self.place(of: Array(": ".utf8), in: Array(reason.utf8)[...]) else { return [] }
            code = String(decoding: Array(reason.utf8)[..<colon], as: UTF8.self)
            text = String(decoding: Array(reason.utf8)[(colon + 2)...], as: UTF8.self)
        }
        for reason in ["\"\(code)\" \"\(text)\"", "\"\(code)\"", "\"\(text)\""] {
            let wanted = ["else \(reason)", "refuse \(reason)"].map { Array($0.utf8) }
            var found: [Int] = []
            for (index, line) in lines.enumerated() {
                let bytes = Self.collapsed(line.bytes)[...]
                guard wanted.contains(where: { Self.place(of: $0, in: bytes) != nil }) else { continue }
                var start = index
                while start > 0, isContinuation(start) { start -= 1 }
                if found.last != start { found.append(start) }
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The declaration in which a line stands.
    private func section(of index: Int) -> String {
        let words = [
            "action", "after", "approval", "checks", "entering", "function", "invariant", "migrate", "register",
            "unique",
        ]
        guard let head = lines[...index].lastIndex(where: { $0.depth == 0 && words.contains(Self.word($0.bytes)) }),
            head != index
        else { return "" }
        let bytes = lines[head].bytes.prefix { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "{") }
        return ", in \(Self.text(Self.trimmed(bytes)))"
    }

    /// A line with those that go on with it.
    private func statement(at index: Int) -> String {
        var texts = [Self.text(lines[index].bytes)]
        var next = index + 1
        while next < lines.count, isContinuation(next) {
            texts.append(Self.text(lines[next].bytes))
            next += 1
        }
        return texts.joined(separator: " ")
    }

    private func isContinuation(_ index: Int) -> Bool {
        ["and", "else", "or", "per", "when"].contains(word(index))
    }

    // MARK: Names

    /// The names of a case's fields, where the text shows as many.
    func fieldNames(_ count: Int) -> [String]? {
        guard let head = lines.firstIndex(where: { $0.depth == 0 && Self.word($0.bytes) == "case" }) else { return nil }
        let block = lines[(head + 1)...].prefix { $0.depth > 0 }
        return Self.names(
            block.filter { $0.depth == 1 && !Self.isComment($0.bytes) && $0.bytes.contains(UInt8(ascii: ":")) }
                .map(\.bytes), count)
    }

    /// The names of an action's arguments, where the text shows as many.
    func argumentNames(of call: String, _ count: Int) -> [String]? {
        let wanted = Array("action \(call)(".utf8)
        guard let head = lines.firstIndex(where: { $0.depth == 0 && Self.collapsed($0.bytes).starts(with: wanted) })
        else { return nil }
        var parts: [[UInt8]] = [[]]
        var depth = 0
        for line in lines[head...] {
            for byte in Self.collapsed(line.bytes) where !Self.isComment(line.bytes) {
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if depth == 0, byte == UInt8(ascii: ")") { return Self.names(parts.map { $0[...] }, count) }
                if depth == 1, byte == UInt8(ascii: ",") {
                    parts.append([])
                } else if depth > 0 {
                    parts[parts.count - 1].append(byte)
                }
                if byte == UInt8(ascii: "(") { depth += 1 }
            }
            parts[parts.count - 1].append(0x20)
        }
        return nil
    }

    /// What stands before the first colon of each part; nil for another number or for something that is no name.
    private static func names(_ parts: [ArraySlice<UInt8>], _ count: Int) -> [String]? {
        guard parts.count == count else { return nil }
        var names: [String] = []
        for part in parts {
            guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let name = trimmed(part[..<colon])
            guard !name.isEmpty, !name.contains(where: isBlank) else { return nil }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names
    }

    // MARK: Bytes

    private func word(_ index: Int) -> String { Self.word(lines[index].bytes) }

    private static func word(_ line: ArraySlice<UInt8>) -> String {
        String(
            decoding: line.prefix { !isBlank($0) && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "{") },
            as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    private static func isComment(_ line: ArraySlice<UInt8>) -> Bool { line.starts(with: "//".utf8) }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }

    /// Each run of blanks as one space.
    private static func collapsed(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        for byte in line where !isBlank(byte) || out.last != 0x20 { out.append(isBlank(byte) ? 0x20 : byte) }
        return out
    }

    private static func text(_ line: ArraySlice<UInt8>) -> String { String(decoding: collapsed(line), as: UTF8.self) }

    /// How many braces are open after a line; those in texts and comments do not count.
    private static func depth(after line: ArraySlice<UInt8>, from depth: Int) -> Int {
        var depth = depth
        var isText = false
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            if isText, byte == UInt8(ascii: "\\") { index += 1 }
            if byte == UInt8(ascii: "\"") { isText.toggle() }
            if !isText {
                if isComment(line[index...]) { return depth }
                if byte == UInt8(ascii: "{") { depth += 1 }
                if byte == UInt8(ascii: "}") { depth = max(0, depth - 1) }
            }
            index += 1
        }
        return depth
    }

    /// Whether a line has no rule but at its start, and at most one reason to refuse.
    private static func isRegular(_ line: ArraySlice<UInt8>, from depth: Int) -> Bool {
        var (depth, reasons, index) = (depth, 0, line.startIndex)
        while index < line.endIndex {
            let byte = line[index]
            if isComment(line[index...]) { return true }
            if byte == UInt8(ascii: "\"") {
                index = endOfText(line, from: index)
                continue
            }
            guard isOfName(byte) else {
                if byte == UInt8(ascii: "{") { depth += 1 }
                if byte == UInt8(ascii: "}") { depth = max(0, depth - 1) }
                index += 1
                continue
            }
            let word = line[index...].prefix(while: isOfName)
            let rest = line[word.endIndex...].drop(while: isBlank)
            let isBeforeText = rest.first == UInt8(ascii: "\"")
            switch String(decoding: word, as: UTF8.self) {
            case "deny", "note", "pend":
                // Its text may stand on the next line.
                let isLast = rest.isEmpty || isComment(rest)
                if isLast || isBeforeText && index > line.startIndex { return false }
            case "after", "approval", "migrate":
                if depth == 0, index > line.startIndex { return false }
            case "else", "refuse":
                if isBeforeText { reasons += 1 }
                if reasons > 1 { return false }
            default: break
            }
            index = word.endIndex
        }
        return true
    }

    /// The place behind a text that begins at an index.
    private static func endOfText(_ line: ArraySlice<UInt8>, from start: Int) -> Int {
        var index = start + 1
        while index < line.endIndex, line[index] != UInt8(ascii: "\"") {
            index += line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, line.endIndex)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private static func place(of wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard wanted.count <= bytes.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - wanted.count)).first { bytes[$0...].starts(with: wanted) }
    }
}
