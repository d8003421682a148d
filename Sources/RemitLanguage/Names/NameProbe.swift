import RemitValues

/// What could stand at a place of a contract, for an editor that offers to complete a word.
public struct NameProbe: Sendable {
    /// A name that fits the place.
    public struct Candidate: Sendable {
        public let name: String
        public let kind: NameIndex.Kind
        /// The type as the contract writes it; nil where there is none.
        public let type: Span?
        /// Whether a value of its kind is wanted there, so that it comes before others.
        public let isExpected: Bool
    }

    /// The names, those expected first, each group in the order of the contract.
    public let names: [Candidate]
    /// The values that the language itself has of the kind that is wanted there, in its order: verdicts of checks, or
    /// outcomes of a round.
    public let values: [String]
    /// The words of the language, in alphabetical order.
    public let words: [String]
    /// The functions of the language, where a value may stand.
    public let functions: [String]
    /// The codes of currencies, where one may stand, in alphabetical order; whether the text has it elsewhere.
    public let currencies: [(code: String, isWritten: Bool)]

    /// A name that no contract has.
    static let word = "\u{5F}remitProbe"

    /// What continues a text so that what stands around the probe can be read.
    private static let endings = [
        "", " else \"x\"", " { }", " to 0", " \"x\"", ") else \"x\"", ")", "] else \"x\"", "]", " is 0 else \"x\"",
        ": 0)", " { } }", "\n}", step, " from x to x", " to x", " from x", " within 1 day { }", " in 0",
    ]

    /// What makes a step of a scenario of the name of somebody.
    private static let step = " does x"

    /// What fits at an offset, in place of the word that stands there; `others` are the contracts to which the head
    /// refers.
    public init(_ bytes: [UInt8], at offset: Int, others: [ContractSyntax] = []) {
        let offset = min(max(offset, 0), bytes.count)
        var start = offset
        while start > 0, Self.isOfWord(bytes[start - 1]) { start -= 1 }
        var end = offset
        while end < bytes.count, Self.isOfWord(bytes[end]) { end += 1 }
        let prefix = Self.prefix(bytes[..<start])
        if let words = Self.fixedWords(bytes[..<start], prefix) {
            (names, values, self.words, functions, currencies) = ([], [], words, [], [])
            return
        }
        let found =
            Self.isRow(prefix)
            ? Self.foundInRow(bytes, start, others) : Self.found(bytes, start..<end, after: prefix, others)
        names = found.place?.candidates ?? []
        values = found.place?.values ?? []
        words = found.words
        functions =
            found.place?.expects == .value ? ReservedNames.functions.filter { !found.words.contains($0) }.sorted() : []
        currencies = found.isCurrency ? Self.currencies(of: bytes) : []
    }

    /// What was found at a place.
    typealias Found = (place: NameResolver.Place?, words: [String], isCurrency: Bool)

    private static func found(
        _ bytes: [UInt8], _ word: Range<Int>, after prefix: [UInt8], _ others: [ContractSyntax]
    ) -> Found {
        // Where no name fits, none needs to be looked for.
        let isNamePlace = fits(self.word, after: prefix)
        let isStep = !isNamePlace && fits(self.word + step, after: prefix)
        let place =
            isNamePlace || isStep
            ? place(bytes[..<word.lowerBound], endings, bytes[word.upperBound...], others) : nil
        let isCurrency =
            place?.expects == .type || place?.expects == .currency || (place == nil && isAmount(prefix))
        return (place, words(after: prefix, isNamePlace: isNamePlace, place?.expects), isCurrency)
    }

    /// A row of a table is read as a whole, its words by what stands in the cell.
    private static func foundInRow(_ bytes: [UInt8], _ start: Int, _ others: [ContractSyntax]) -> Found {
        guard let row = row(bytes, start) else { return (nil, [], false) }
        let endings = [row.ending, row.ending + "\n}"]
        let place = place(bytes[..<start], endings, bytes[row.end...], others)
        let cell = prefix(of: row)
        switch place?.expects {
        case .cell(let ofTruth): return (place, words(in: row, ofTruth: ofTruth), false)
        case .value:
            return (place, words(after: cell, isNamePlace: fits(word, after: cell), place?.expects), false)
        case nil where row.followsNumber: return (nil, unitsThatFit(after: cell), isAmount(cell))
        default: return (place, [], false)
        }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
        default: false
        }
    }

    // MARK: Names

    private static func place(
        _ head: ArraySlice<UInt8>, _ endings: [String], _ tail: ArraySlice<UInt8>, _ others: [ContractSyntax]
    ) -> NameResolver.Place? {
        guard head.count + tail.count <= Limits.sourceBytes else { return nil }
        for ending in endings {
            let text = head + Array((word + ending).utf8) + tail
            guard let contract = parse(SourceText(name: "", bytes: Array(text))).contract else { continue }
            var resolver = NameResolver(contract, others: others)
            resolver.probe = TextValue(word)
            resolver.run()
            if let place = resolver.place { return place }
        }
        return nil
    }

    // MARK: Words

    /// What the parser must read to know a place: only the declaration at hand.
    private static func prefix(_ before: ArraySlice<UInt8>) -> [UInt8] {
        let start = startOfDeclaration(before)
        let isHead = before[start...].starts(with: "contract".utf8)
        return isHead ? Array(before[start...]) : Array("contract C version 1\n".utf8) + before[start...]
    }

    /// The words that the parser takes after a text without finding fault with them.
    private static func words(
        after prefix: [UInt8], isNamePlace: Bool, _ expects: NameResolver.Place.Expects?
    ) -> [String] {
        let starters: Set<Keyword>
        switch expects {
        case .only, .currency, .cell: return []
        case .value: starters = [.sum, .count, .largest, .smallest, .any, .every, .list]
        case .type: starters = [.optional, .list, .set, .map, .case, .private]
        case .name, nil: starters = []
        }
        let words = Keyword.allCases.filter { keyword in
            guard keyword.isReserved || !isNamePlace || starters.contains(keyword) else { return false }
            return fits(keyword == .library ? "library L version 1" : keyword.rawValue, after: prefix)
        }.map(\.rawValue)
        let more =
            switch expects {
            case .type: ReservedNames.types
            case .value: readings.filter { !words.contains($0) }
            default: unitsThatFit(after: prefix)
            }
        return (words + more).sorted()
    }

    /// Whether the line at the end of a text is a row of a table.
    private static func isRow(_ prefix: [UInt8]) -> Bool {
        let line = prefix[(prefix.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)...]
        return line.first { $0 != 0x20 } == UInt8(ascii: "|")
    }

    /// The last line before a place that begins with a letter, as declarations do.
    private static func startOfDeclaration(_ bytes: ArraySlice<UInt8>) -> Int {
        var index = bytes.endIndex
        while index > bytes.startIndex {
            index -= 1
            let isLineStart = index == bytes.startIndex || bytes[index - 1] == 0x0A
            if isLineStart, isOfWord(bytes[index]) { return index }
        }
        return bytes.startIndex
    }

    static func fits(_ word: String, after prefix: [UInt8]) -> Bool {
        let text = prefix + Array(word.utf8) + [0x0A]
        let parsed = parse(SourceText(name: "", bytes: text))
        return !parsed.diagnostics.contains { diagnostic in
            let span = diagnostic.primary.span
            return diagnostic.severity == .error && span.end > prefix.count
                && span.start < prefix.count + word.utf8.count
        }
    }
}
