import RemitValues

/// Words that stand at few places, where what is before them tells which fit.
extension NameProbe {
    /// What is asked with `of`, as in `year of today`.
    static let readings = ["day", "month", "organisation", "signers", "year"]

    /// The words of a place where nothing else may stand; nil where other things may.
    static func fixedWords(_ before: ArraySlice<UInt8>, _ prefix: [UInt8]) -> [String]? {
        let last = lastTokens(prefix)
        if last.last == "rounded" { return ["down", "half", "up"] }
        if last == ["rounded", "half"] { return ["even", "up"] }
        // Where nothing is written yet, a contract or a library begins.
        let isEmpty = Lexer.lex(SourceText(name: "", bytes: Array(before))).tokens.count <= 1
        return isEmpty ? ["contract", "library"] : nil
    }

    /// The units of time that may stand behind a number, in its grammatical number.
    static func unitsThatFit(after prefix: [UInt8]) -> [String] {
        let last = lastTokens(prefix)
        guard last.count == 2 else { return [] }
        let isWorking = last[1] == "working" && isNumber(last[0])
        guard isWorking || isNumber(last[1]), fits("days", after: prefix) else { return [] }
        let units = isWorking ? ["day", "hour"] : ["minute", "hour", "day", "week", "month", "year"]
        let working = isWorking ? [] : ["working day", "working hour"]
        let isOne = last[isWorking ? 0 : 1] == "1"
        return (units + working).map { isOne ? $0 : "\($0)s" }
    }

    /// Whether a number ends a text where it may be an amount: behind it stands a currency.
    static func isAmount(_ prefix: [UInt8]) -> Bool {
        let last = lastTokens(prefix)
        guard last.count == 2, !["after", "within"].contains(last[0]) else { return false }
        let parts = last[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return parts.count <= 2 && parts.allSatisfy(isNumber) && fits("CNY", after: prefix)
    }

    /// The currencies, with those that stand in a text.
    static func currencies(of bytes: [UInt8]) -> [(code: String, isWritten: Bool)] {
        let source = SourceText(name: "", bytes: bytes)
        let written = Set(Lexer.lex(source).tokens.filter { $0.kind == .word }.map { TextValue(source.text($0.span)) })
        return Currency.allCodes.map { ($0, written.contains(TextValue($0))) }
    }

    private static func isNumber(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == 0x5F }
    }

    /// The last two tokens of a text; the text always has two.
    private static func lastTokens(_ prefix: [UInt8]) -> [String] {
        let source = SourceText(name: "", bytes: prefix)
        return Lexer.lex(source).tokens.dropLast().suffix(2).map { source.text($0.span) }
    }
}
