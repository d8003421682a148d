import RemitValues

/// Numbers, percentages, dates and times.
extension Lexer {
    mutating func lexNumber() {
        let start = position
        takeDigits()
        if isDateAhead(from: start) { return lexDate(start) }
        if let end = otherDate(from: start) { return lexOtherDate(start, end) }
        if position - start <= 2, peek(0) == UInt8(ascii: ":"), isDigit(peek(1)), isDigit(peek(2)), !isDigit(peek(3)) {
            return lexTime(start)
        }
        if peek(0) == UInt8(ascii: "."), isDigit(peek(1)) {
            position += 1
            takeDigits()
        }
        // A name that touches the number belongs to the mistake: `12abc`, `20k`.
        let end = position
        while let (scalar, length) = scalar(at: position), Self.continuesName(scalar) { position += length }
        let span = Span(start, position)
        if position > end {
            let tail = source.text(Span(end, min(position, end + Limits.identifierBytes)))
            let hasExponent = tail.lowercased().hasPrefix("e") && tail.utf8.dropFirst().allSatisfy(isDigit)
            report(
                .malformedNumber, "`\(source.text(span))` is neither a number nor a name", span,
                help: hasExponent && tail.utf8.count > 1
                    ? "write all digits of the number: `20_000`"
                    : "put a space before `\(tail)` if it is a unit; a name begins with a letter")
            append(.number, from: start, to: end)
            return
        }
        if !hasTidyGroups(span) {
            report(
                .malformedNumber, "`_` stands between two digits of a number", span,
                help: "write `20_000`, or `20000`")
        }
        if span.end - span.start > Limits.identifierBytes {
            report(.tokenTooLong, "a number has at most \(Limits.identifierBytes) characters", Span(start, start + 1))
        }
        if peek(0) == UInt8(ascii: "%") {
            position += 1
            append(.percent, from: start, to: position)
        } else {
            reportCommaGroups(span)
            append(.number, from: start, to: span.end)
        }
    }

    /// `20,000` would be two numbers: the one case is always meant as the other.
    private mutating func reportCommaGroups(_ span: Span) {
        guard span.end - span.start <= 3, peek(0) == UInt8(ascii: ","), isDigit(peek(1)), isDigit(peek(2)),
            isDigit(peek(3)), !isDigit(peek(4))
        else { return }
        let whole = Span(span.start, position + 4)
        report(
            .malformedNumber, "a comma does not group the digits of a number", whole,
            help: "write `\(source.text(span))_\(source.text(Span(position + 1, position + 4)))`")
        position += 4
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func takeDigits() {
        while position < bytes.count, isDigit(bytes[position]) || bytes[position] == UInt8(ascii: "_") {
            position += 1
        }
    }

    private func hasTidyGroups(_ span: Span) -> Bool {
        for index in span.start..<span.end where bytes[index] == UInt8(ascii: "_") {
            let isBetween =
                index > span.start && isDigit(bytes[index - 1]) && index + 1 < span.end && isDigit(bytes[index + 1])
            if !isBetween { return false }
        }
        return true
    }

    /// `dddd-d`: a year of four digits with a hyphen and a digit that touch it can only be a date.
    private func isDateAhead(from start: Int) -> Bool {
        position - start == 4 && peek(0) == UInt8(ascii: "-") && isDigit(peek(1))
    }

    /// Where a date ends that is written in another order, such as `31/12/2026` or `2026.12.31`; nil where none is.
    private func otherDate(from start: Int) -> Int? {
        let separator = peek(0)
        guard separator == UInt8(ascii: "/") || separator == UInt8(ascii: ".") else { return nil }
        var lengths = [position - start]
        var end = position
        while lengths.count < 3, end < bytes.count, bytes[end] == separator {
            let first = end + 1
            end = first
            while end < bytes.count, isDigit(bytes[end]) { end += 1 }
            lengths.append(end - first)
        }
        let isDate = [[4, 1, 1], [4, 1, 2], [4, 2, 1], [4, 2, 2]].contains { $0 == lengths || $0.reversed() == lengths }
        return isDate ? end : nil
    }

    private mutating func lexOtherDate(_ start: Int, _ end: Int) {
        position = end
        let span = Span(start, end)
        report(
            .malformedDate, "`\(source.text(span))` is not how a date is written", span,
            help: "write year, month and day as `2026-03-02`")
        append(.date, from: start, to: position)
    }

    private mutating func lexDate(_ start: Int) {
        while position < bytes.count, isDigit(bytes[position]) || bytes[position] == UInt8(ascii: "-") {
            position += 1
        }
        let span = Span(start, position)
        let text = source.text(span)
        if CalendarDate.parse(text) == nil {
            let isShaped =
                text.utf8.count == 10 && Array(text.utf8)[4] == UInt8(ascii: "-")
                && Array(text.utf8)[7] == UInt8(ascii: "-")
            report(
                .malformedDate, isShaped ? "there is no day `\(text)`" : "`\(text)` is not a date", span,
                help: isShaped
                    ? "look at the calendar: the month has fewer days, or there is no such month"
                    : "write year, month and day as `2026-03-02`")
        }
        append(.date, from: start, to: position)
    }

    private mutating func lexTime(_ start: Int) {
        position += 3
        let span = Span(start, position)
        let text = source.text(span)
        let digits = text.utf8.compactMap { $0 == UInt8(ascii: ":") ? nil : Int($0) - 48 }
        let isPossible = digits.count == 4 && digits[0] * 10 + digits[1] < 24 && digits[2] * 10 + digits[3] < 60
        // Where the midnight at the end of a day may stand, the parser knows.
        if !isPossible, !span.isEndOfDay(in: source) {
            report(
                .malformedDate, "`\(text)` is not a time of day", span,
                help: "write hours and minutes as `09:00`, from 00:00 to 23:59")
        }
        append(.time, from: start, to: position)
    }
}

extension Span {
    /// Whether a time of day here is `24:00`, the midnight at the end of a day.
    func isEndOfDay(in source: SourceText) -> Bool { source.bytes[start..<end].elementsEqual("24:00".utf8) }
}
