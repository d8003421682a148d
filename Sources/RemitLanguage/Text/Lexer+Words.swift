import RemitValues

/// Names in any script, and the signs that other keyboards produce.
extension Lexer {
    /// The scalar value at an offset and its length in bytes; the text is known to be UTF-8.
    func scalar(at offset: Int) -> (value: Unicode.Scalar, length: Int)? {
        guard offset < bytes.count else { return nil }
        let lead = bytes[offset]
        if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard offset + length <= bytes.count else { return nil }
        var value = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for byte in bytes[(offset + 1)..<(offset + length)] { value = value << 6 | UInt32(byte & 0x3F) }
        guard let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }

    mutating func lexWord() {
        let start = position
        var scripts = Scripts()
        while let (scalar, length) = scalar(at: position), Self.continuesName(scalar) {
            scripts.note(scalar)
            position += length
        }
        let span = Span(start, position)
        if span.end - span.start > Limits.identifierBytes {
            report(
                .tokenTooLong, "a name has at most \(Limits.identifierBytes) bytes", Span(start, start + 1),
                help: "this one has \(span.end - span.start); choose a shorter one")
        } else if let (one, other) = scripts.mixed {
            report(
                .mixedScripts, "`\(source.text(span))` mixes \(one) and \(other) letters that look alike", span,
                help: "write the whole name in one script")
        }
        let keyword = span.end - span.start <= 12 ? Keyword.bySpelling[source.text(span)] : nil
        result.tokens.append(Token(.word, span, startsLine: startsLine, keyword: keyword))
        startsLine = false
    }

    mutating func lexBeyondASCII() {
        let start = position
        guard let (scalar, length) = scalar(at: position) else {
            position += 1
            return
        }
        if Self.beginsName(scalar) { return lexWord() }
        position += length
        let span = Span(start, position)
        if let ascii = ForeignSigns.ascii(of: scalar) { return lexForeign(ascii, scalar, span) }
        if Self.isHidden(scalar) {
            report(
                .hiddenCharacter, "a hidden character (U+\(hexadecimal(scalar.value))) stands here", span,
                help: "delete it: it can make a rule read differently from what it says")
            // Inside a name the rest of the name belongs to the mistake.
            if let last = result.tokens.last, last.kind == .word, last.span.end == start,
                let (next, _) = self.scalar(at: position), Self.continuesName(next)
            {
                append(.invalid, from: start, to: position)
            }
        } else if scalar.properties.isWhitespace {
            report(
                .wrongPunctuation, "this blank is not a plain space (U+\(hexadecimal(scalar.value)))", span,
                help: "type a plain space instead")
        } else {
            report(
                .unknownCharacter, "`\(source.text(span))` (U+\(hexadecimal(scalar.value))) means nothing here", span,
                help: scalar.properties.generalCategory == .currencySymbol
                    ? "write the code of the currency behind the amount: `20 CNY`"
                    : "delete it, or put it between quotes if it belongs to a text")
            append(.invalid, from: start, to: position)
        }
    }

    /// Reports a full-width or typographic sign and goes on as though its ASCII form had been typed.
    private mutating func lexForeign(_ ascii: String, _ scalar: Unicode.Scalar, _ span: Span) {
        if let digit = ascii.utf8.first, ascii.utf8.count == 1, (0x30...0x39).contains(digit) {
            return lexForeignDigits(from: span.start)
        }
        report(
            .wrongPunctuation, "`\(source.text(span))` is not the sign that a contract uses", span,
            help: "type `\(ascii)` instead")
        if ascii == "\"" {
            position = span.start
            return lexText(closing: scalar)
        }
        var kind = Token.Kind.invalid
        switch ascii {
        case "<=": kind = .lessOrEqual
        case ">=": kind = .greaterOrEqual
        case ";": return
        case "//":
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            return
        default:
            if let byte = ascii.utf8.first, ascii.utf8.count == 1 { kind = Self.sign(byte) ?? .invalid }
        }
        // Two full-width bars are one double bar.
        if kind == .bar, let (next, length) = self.scalar(at: position), next == scalar {
            position += length
            kind = .doubleBar
        }
        append(kind, from: span.start, to: position)
    }

    /// Reports a run of full-width digits as one number.
    private mutating func lexForeignDigits(from start: Int) {
        var plain = ""
        position = start
        while let (scalar, length) = scalar(at: position), let ascii = ForeignSigns.ascii(of: scalar),
            ascii.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            if plain.utf8.count < Limits.identifierBytes { plain += ascii }
            position += length
        }
        report(
            .wrongPunctuation, "these are not the digits that a contract uses", Span(start, position),
            help: "type `\(plain)` instead")
        append(.invalid, from: start, to: position)
    }

    static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "_" || scalar.properties.isAlphabetic }
        return scalar.properties.isAlphabetic && !isHidden(scalar) && ForeignSigns.ascii(of: scalar) == nil
    }

    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        }
        if beginsName(scalar) { return true }
        switch scalar.properties.generalCategory {
        case .decimalNumber: return ForeignSigns.ascii(of: scalar) == nil
        case .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    /// Characters that cannot be seen, or that turn the direction of what is seen.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E,
            0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0x1D173...0x1D17A,
            0xE0000...0xE0FFF:
            true
        default: false
        }
    }

    /// Reports the first hidden character of a comment, where it could make code look like a comment or the reverse.
    mutating func reportHidden(in span: Span) {
        var offset = span.start
        while offset < span.end, let (scalar, length) = scalar(at: offset) {
            if !scalar.isASCII, Self.isHidden(scalar) {
                report(
                    .hiddenCharacter, "a hidden character (U+\(hexadecimal(scalar.value))) stands in this comment",
                    Span(offset, offset + length), help: "delete it")
                return
            }
            offset += length
        }
    }
}

/// The scripts whose letters are taken for one another.
struct Scripts {
    private var latin = false
    private var greek = false
    private var cyrillic = false

    mutating func note(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: latin = true
        case 0x370...0x3FF, 0x1F00...0x1FFF: greek = true
        case 0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF: cyrillic = true
        default: break
        }
    }

    /// Two scripts that meet in one name.
    var mixed: (String, String)? {
        if latin && cyrillic { return ("Latin", "Cyrillic") }
        if latin && greek { return ("Latin", "Greek") }
        if greek && cyrillic { return ("Greek", "Cyrillic") }
        return nil
    }
}

/// Signs that other keyboards and word processors produce in place of ASCII ones.
enum ForeignSigns {
    /// What to type instead.
    static func ascii(of scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0xFF0F: "/"
        case 0xFF01...0xFF5E: String(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value &- 0xFEE0)))
        case 0x3001: ","
        case 0x3002: "."
        case 0x3010, 0x3014: "["
        case 0x3011, 0x3015: "]"
        case 0x201C, 0x201D, 0x201E, 0x201F, 0x300C, 0x300D, 0x300E, 0x300F, 0x00AB, 0x00BB: "\""
        case 0x2018, 0x2019: "\""
        case 0x2010...0x2015, 0x2212: "-"
        case 0x00D7, 0x2217: "*"
        case 0x00F7, 0x2215: "/"
        case 0x2264, 0x2A7D: "<="
        case 0x2265, 0x2A7E: ">="
        case 0x2236: ":"
        case 0x2502: "|"
        default: nil
        }
    }
}
