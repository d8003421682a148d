import RemitValues

/// Text literals with their escapes and `{a.field}` parts.
extension Lexer {
    /// Reads a text that begins at `position`; `closing` is set where it was opened by a sign of another keyboard.
    mutating func lexText(closing opener: Unicode.Scalar?) {
        let start = position
        position += scalar(at: position)?.length ?? 1
        var reader = TextReader()
        var isClosed = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            if byte == UInt8(ascii: "\"") {
                position += 1
                isClosed = true
                break
            }
            if opener != nil, let (scalar, length) = scalar(at: position), ForeignSigns.ascii(of: scalar) == "\"" {
                position += length
                isClosed = true
                break
            }
            takePart(&reader)
        }
        let span = Span(start, position)
        if !isClosed {
            report(
                .unclosedText, "the text that begins here has no closing quote on its line", Span(start, start + 1),
                label: "opened here", help: "put `\"` where the text ends; write `\\n` for a line break in it")
        } else if span.end - span.start > Limits.textLiteralBytes {
            report(
                .tokenTooLong, "a text has at most \(Limits.textLiteralBytes) bytes", Span(start, start + 1),
                help: "this one has \(span.end - span.start)")
        }
        result.texts.append(TextSyntax(parts: reader.finished(), span: span))
        append(.text, from: start, to: position, payload: result.texts.count - 1)
    }

    private mutating func takePart(_ reader: inout TextReader) {
        switch bytes[position] {
        case UInt8(ascii: "\\"): takeEscape(&reader)
        case UInt8(ascii: "{"): takePath(&reader)
        case 0..<0x20, 0x7F:
            if bytes[position] == UInt8(ascii: "\t") {
                if firstTab == nil { firstTab = Span(position, position + 1) }
                tabCount += 1
                reader.plain.append(" ")
            } else {
                if firstControl == nil { firstControl = (Span(position, position + 1), bytes[position]) }
                controlCount += 1
            }
            position += 1
        default:
            guard let (scalar, length) = scalar(at: position) else {
                position += 1
                return
            }
            reader.plain.append(scalar)
            position += length
        }
    }

    private mutating func takeEscape(_ reader: inout TextReader) {
        let start = position
        position += 1
        switch peek(0) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            reader.plain.append(Unicode.Scalar(peek(0)))
            position += 1
        case UInt8(ascii: "n"):
            reader.plain.append("\n")
            position += 1
        default:
            report(
                .malformedText, "a backslash says nothing before this", Span(start, start + 1),
                help: "write `\\\\` for a backslash; `\\\"`, `\\{` and `\\n` are the other escapes")
            reader.plain.append("\\")
        }
    }

    /// `{amount}`, `{a.field}`: names and dots between braces, on one line.
    private mutating func takePath(_ reader: inout TextReader) {
        let start = position
        position += 1
        var names: [Name] = []
        var expectsName = true
        while let (scalar, length) = scalar(at: position) {
            if scalar == " " {
                position += 1
            } else if expectsName, names.count < Limits.nesting, Self.beginsName(scalar) {
                let first = position
                while let (next, step) = self.scalar(at: position), Self.continuesName(next) { position += step }
                names.append(Name(source.text(Span(first, position)), Span(first, position)))
                expectsName = false
            } else if scalar == ".", !expectsName {
                position += length
                expectsName = true
            } else if scalar == "}", !expectsName {
                position += length
                reader.close(with: names)
                return
            } else {
                break
            }
        }
        report(
            .malformedText, "between the braces of a text stands a name, or names joined by dots",
            Span(start, start + 1), label: "opened here",
            help: "write `\\{` for a plain brace; work out an expression with `let` and name it here")
        // What follows up to the closing brace is part of the same mistake.
        while position < bytes.count, ![UInt8(ascii: "}"), UInt8(ascii: "\""), 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "}") { position += 1 }
    }
}

/// Collects the parts of a text.
struct TextReader {
    var parts: [TextSyntax.Part] = []
    var plain = String.UnicodeScalarView()

    mutating func close(with path: [Name]) {
        flush()
        parts.append(.path(path))
    }

    mutating func finished() -> [TextSyntax.Part] {
        flush()
        return parts
    }

    private mutating func flush() {
        guard !plain.isEmpty else { return }
        parts.append(.plain(String(plain)))
        plain = String.UnicodeScalarView()
    }
}
