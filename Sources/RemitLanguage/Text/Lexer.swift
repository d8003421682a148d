import RemitValues

/// Turns bytes into tokens; it never fails, whatever the bytes are.
struct Lexer {
    let source: SourceText
    let bytes: [UInt8]
    var position = 0
    var result = LexedSource()
    var startsLine = true
    var firstTab: Span?
    var tabCount = 0
    var firstControl: (span: Span, byte: UInt8)?
    var controlCount = 0

    init(_ source: SourceText) {
        self.source = source
        bytes = source.bytes
    }

    /// The tokens, texts and comments of a source.
    static func lex(_ source: SourceText) -> LexedSource {
        var lexer = Lexer(source)
        lexer.run()
        return lexer.result
    }

    private mutating func run() {
        defer { append(.end, from: bytes.count, to: bytes.count) }
        guard isReadable() else { return }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            report(
                .byteOrderMark, "the file begins with a byte order mark", Span(0, 3),
                help: "save it as \"UTF-8\", not \"UTF-8 with BOM\"")
            position = 3
        }
        while position < bytes.count {
            if result.diagnostics.count >= Limits.mistakes {
                report(
                    .tooManyMistakes, "reading stops here: there are too many mistakes", Span(position, position),
                    help: "is this file a contract?")
                result.isIncomplete = true
                break
            }
            guard result.tokens.count < Limits.tokens else {
                report(
                    .sourceTooLong, "the contract has more than \(Limits.tokens) words and signs",
                    Span(position, position), help: "move large tables into a register, which is loaded as data")
                result.isIncomplete = true
                break
            }
            next()
        }
        reportBlanks()
    }

    private mutating func reportBlanks() {
        if let firstTab {
            let more = tabCount > 1 ? ["there are \(tabCount) tabs in this file"] : []
            report(
                .tab, "a tab looks different in every editor", firstTab, notes: more,
                help: "`remit format` replaces tabs by spaces")
        }
        if let firstControl {
            let name = firstControl.byte == 0 ? "a NUL byte" : "a control character"
            let more = controlCount > 1 ? ["there are \(controlCount) such characters in this file"] : []
            report(
                .controlCharacter, "\(name) (U+\(hexadecimal(UInt32(firstControl.byte)))) does not belong in a text",
                firstControl.span, notes: more, help: "delete it; if there are many, the file is not a text file")
        }
    }

    private mutating func isReadable() -> Bool {
        guard bytes.count <= Limits.sourceBytes else {
            report(
                .sourceTooLong, "the file is longer than \(Limits.sourceBytes >> 20) MiB", Span(0, 0),
                help: "a contract is read by people; move large tables into a register, which is loaded as data")
            result.isIncomplete = true
            return false
        }
        guard let bad = UTF8Check.firstInvalid(bytes) else { return true }
        let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        report(
            .notUTF8, isUTF16 ? "the file is written in UTF-16" : "these bytes are not UTF-8", Span(bad, bad + 1),
            help: "save the file as UTF-8")
        result.isIncomplete = true
        return false
    }

    // MARK: One token

    private mutating func next() {
        let start = position
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            position += 1
            startsLine = true
        case UInt8(ascii: " "):
            position += 1
        case UInt8(ascii: "\t"):
            if firstTab == nil { firstTab = Span(start, start + 1) }
            tabCount += 1
            position += 1
        case 0..<0x20, 0x7F:
            if firstControl == nil { firstControl = (Span(start, start + 1), byte) }
            controlCount += 1
            position += 1
        case UInt8(ascii: "\""):
            lexText(closing: nil)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            lexNumber()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            lexWord()
        case 0x80...0xFF:
            lexBeyondASCII()
        default:
            lexSign()
        }
    }

    mutating func append(_ kind: Token.Kind, from start: Int, to end: Int, payload: Int = 0) {
        result.tokens.append(Token(kind, Span(start, end), startsLine: startsLine, payload: payload))
        startsLine = false
    }

    func peek(_ distance: Int) -> UInt8 {
        let index = position + distance
        return index < bytes.count ? bytes[index] : 0
    }

    private mutating func lexSign() {
        let start = position
        if bytes[start] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") { return lexComment() }
        let two = Self.sign(peek(0), peek(1))
        if let two {
            position += 2
            append(two, from: start, to: position)
            return
        }
        if let wrong = Self.foreignSign(peek(0), peek(1)) {
            position += wrong.length
            report(
                .equalsSign, "`\(source.text(Span(start, position)))` is not a sign of this language",
                Span(start, position), help: wrong.help)
            append(.invalid, from: start, to: position)
            return
        }
        position += 1
        let span = Span(start, position)
        if let one = Self.sign(bytes[start]) {
            append(one, from: start, to: position)
        } else if bytes[start] == UInt8(ascii: "%") {
            report(
                .barePercent, "a percent sign stands right behind its number", span,
                help: "write `70%`, without a space")
            append(.invalid, from: start, to: position)
        } else if bytes[start] == UInt8(ascii: "'") {
            lexSingleQuoted(start)
        } else {
            let isTerminator = bytes[start] == UInt8(ascii: ";")
            let helps: [UInt8: String] = [
                UInt8(ascii: ";"): "delete it: nothing ends with a semicolon",
                UInt8(ascii: "#"): "a comment begins with `//`",
                UInt8(ascii: "?"): typeMarked(at: start).map { "write `optional \($0)`" }
                    ?? "a choice is written `if … then … else …`",
                UInt8(ascii: "$"): "write the code of the currency behind the amount: `20 USD`",
            ]
            report(
                .unknownCharacter, "`\(source.text(span))` means nothing here", span,
                help: helps[bytes[start]] ?? "delete it")
            if !isTerminator { append(.invalid, from: start, to: position) }
        }
    }

    /// The type behind a colon that a sign touches with nothing behind it, as a mark does in other languages.
    private func typeMarked(at start: Int) -> String? {
        guard let last = result.tokens.last, last.span.end == start else { return nil }
        guard [.word, .rightParenthesis].contains(last.kind), [0x0A, 0x0D, 0x2C, 0x29, 0x20, 0].contains(peek(0)) else {
            return nil
        }
        // A type has few tokens, such as `list of Text(9) (3)`.
        let near = result.tokens.suffix(10)
        guard let colon = near.lastIndex(where: { $0.kind == .colon }),
            near[(colon + 1)...].allSatisfy({ !$0.startsLine })
        else { return nil }
        return source.text(Span(result.tokens[colon + 1].span.start, start))
    }

    private mutating func lexSingleQuoted(_ start: Int) {
        report(
            .wrongPunctuation, "a text stands between double quotes", Span(start, start + 1),
            help: "write `\"` instead of `'`")
        while position < bytes.count, bytes[position] != UInt8(ascii: "'"), bytes[position] != UInt8(ascii: "\n") {
            position += 1
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "'") { position += 1 }
        append(.invalid, from: start, to: position)
    }

    private mutating func lexComment() {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n"), bytes[position] != UInt8(ascii: "\r") {
            position += 1
        }
        var end = position
        while end > start, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
        reportHidden(in: Span(start, end))
        result.comments.append(Comment(span: Span(start, end), standsAlone: startsLine))
    }

    static func sign(_ byte: UInt8) -> Token.Kind? {
        switch byte {
        case UInt8(ascii: "{"): .leftBrace
        case UInt8(ascii: "}"): .rightBrace
        case UInt8(ascii: "("): .leftParenthesis
        case UInt8(ascii: ")"): .rightParenthesis
        case UInt8(ascii: "["): .leftBracket
        case UInt8(ascii: "]"): .rightBracket
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "."): .dot
        case UInt8(ascii: "|"): .bar
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "+"): .plus
        case UInt8(ascii: "-"): .minus
        case UInt8(ascii: "*"): .star
        case UInt8(ascii: "/"): .slash
        case UInt8(ascii: "<"): .less
        case UInt8(ascii: ">"): .greater
        default: nil
        }
    }

    private static func sign(_ first: UInt8, _ second: UInt8) -> Token.Kind? {
        switch (first, second) {
        case (UInt8(ascii: "<"), UInt8(ascii: "=")): .lessOrEqual
        case (UInt8(ascii: ">"), UInt8(ascii: "=")): .greaterOrEqual
        case (UInt8(ascii: "|"), UInt8(ascii: "|")): .doubleBar
        default: nil
        }
    }

    /// Signs of other languages, with what to write instead.
    private static func foreignSign(_ first: UInt8, _ second: UInt8) -> (length: Int, help: String)? {
        switch (first, second) {
        case (UInt8(ascii: "!"), UInt8(ascii: "=")), (UInt8(ascii: "<"), UInt8(ascii: ">")): (2, "write `is not`")
        case (UInt8(ascii: "="), UInt8(ascii: "=")): (2, "write `is`")
        case (UInt8(ascii: "&"), UInt8(ascii: "&")): (2, "write `and`")
        case (UInt8(ascii: "&"), _): (1, "write `and`")
        case (UInt8(ascii: "!"), _): (1, "write `not`")
        case (UInt8(ascii: "="), UInt8(ascii: ">")): (2, "write `>=` to compare; what follows stands in `{ … }`")
        case (UInt8(ascii: "="), UInt8(ascii: "<")): (2, "write `<=`")
        case (UInt8(ascii: "."), UInt8(ascii: ".")): (2, "write `1 to 20`, with both ends included")
        case (UInt8(ascii: ":"), UInt8(ascii: "=")): (2, "write `set … to …`, or `let … = …` for a new name")
        default: nil
        }
    }

    // MARK: Reports

    mutating func report(
        _ code: DiagnosticCode, _ message: String, _ span: Span, label: String = "", notes: [String] = [],
        help: String? = nil
    ) {
        result.diagnostics.append(
            Diagnostic(code, message, at: Label(span, label), notes: notes, help: help))
    }
}

/// A scalar value as diagnostics write it: at least four hexadecimal digits.
func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
}
