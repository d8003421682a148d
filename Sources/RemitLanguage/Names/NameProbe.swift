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
    /// The words of the language, in alphabetical order.
    public let words: [String]

    /// A name that no contract has.
    static let word = "\u{5F}remitProbe"

    /// What continues a text so that what stands around the probe can be read.
    private static let endings = [
        "", " else \"x\"", " { }", " to 0", " \"x\"", ") else \"x\"", ")", "] else \"x\"", "]", " is 0 else \"x\"",
        ": 0)", " { } }", "\n}", step,
    ]

    /// What makes a step of a scenario of the name of somebody.
    private static let step = " does x"

    /// What fits at an offset, in place of the word that stands there.
    public init(_ bytes: [UInt8], at offset: Int) {
        let offset = min(max(offset, 0), bytes.count)
        var start = offset
        while start > 0, Self.isOfWord(bytes[start - 1]) { start -= 1 }
        var end = offset
        while end < bytes.count, Self.isOfWord(bytes[end]) { end += 1 }
        let prefix = Self.prefix(bytes[..<start])
        // Where no name fits, none needs to be looked for; a row of a table is judged only when it is whole.
        let isRow = Self.isRow(prefix)
        let isNamePlace = isRow || Self.fits(Self.word, after: prefix)
        let isStep = !isNamePlace && Self.fits(Self.word + Self.step, after: prefix)
        let place = isNamePlace || isStep ? Self.place(bytes, start, end) : nil
        names = place?.candidates ?? []
        words = isRow ? [] : Self.words(after: prefix, isNamePlace: isNamePlace, place?.expects)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
        default: false
        }
    }

    // MARK: Names

    private static func place(_ bytes: [UInt8], _ start: Int, _ end: Int) -> NameResolver.Place? {
        guard bytes.count <= Limits.sourceBytes else { return nil }
        for ending in endings {
            let text = bytes[..<start] + Array((word + ending).utf8) + bytes[end...]
            guard let contract = parse(SourceText(name: "", bytes: Array(text))).contract else { continue }
            var resolver = NameResolver(contract)
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
        let starters: Set<Keyword> =
            switch expects {
            case .value: [.sum, .count, .largest, .smallest, .any, .every, .list]
            case .type: [.optional, .list, .set, .map, .case, .private]
            case .name, nil: []
            }
        let words = Keyword.allCases.filter { keyword in
            guard keyword.isReserved || !isNamePlace || starters.contains(keyword) else { return false }
            return fits(keyword.rawValue, after: prefix)
        }.map(\.rawValue)
        return (words + (expects == .type ? ReservedNames.types : [])).sorted()
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

    private static func fits(_ word: String, after prefix: [UInt8]) -> Bool {
        let text = prefix + Array(word.utf8) + [0x0A]
        let parsed = parse(SourceText(name: "", bytes: text))
        return !parsed.diagnostics.contains { diagnostic in
            let span = diagnostic.primary.span
            return diagnostic.severity == .error && span.end > prefix.count
                && span.start < prefix.count + word.utf8.count
        }
    }
}

extension NameResolver {
    /// What the probe found where it stands.
    struct Place {
        var candidates: [NameProbe.Candidate]
        /// What stands there.
        var expects: Expects

        enum Expects {
            case name, type, value
        }
    }

    /// Whether a name is the probe; what fits there is noted at the first place that asks.
    mutating func isProbe(_ name: Name, _ fitting: (NameResolver) -> Place) -> Bool {
        guard let probe, name.bytes == probe else { return false }
        if place == nil { place = fitting(self) }
        return true
    }

    private func candidate(_ index: Int, isExpected: Bool) -> NameProbe.Candidate {
        let declaration = declarations[index]
        return NameProbe.Candidate(
            name: declaration.name.text, kind: declaration.kind, type: declaration.type, isExpected: isExpected)
    }

    private func candidates(_ indices: some Sequence<Int>, isExpected: Bool = true) -> [NameProbe.Candidate] {
        indices.sorted().map { candidate($0, isExpected: isExpected) }.filter { !isProbeName($0.name) }
    }

    private func isProbeName(_ name: String) -> Bool { probe.map { TextValue(name) == $0 } ?? false }

    func fittingStates() -> Place { Place(candidates: candidates(states.values), expects: .name) }

    func fittingTypes() -> Place {
        let types = fitting([.enumeration, .record, .register])
        return Place(candidates: types.candidates, expects: .type)
    }

    func fitting(_ kinds: [NameIndex.Kind]) -> Place {
        Place(candidates: candidates(top.values.filter { kinds.contains(declarations[$0].kind) }), expects: .name)
    }

    func fittingFields(_ known: Known) -> Place {
        switch known {
        case .record(let owner):
            Place(candidates: candidates((parts[owner] ?? [:]).values.map(\.declaration)), expects: .name)
        case .thisCase: Place(candidates: candidates(caseFields.values.map(\.declaration)), expects: .name)
        default: Place(candidates: [], expects: .name)
        }
    }

    /// What the form of an action may be given.
    func fittingArguments(_ parameters: Parts) -> Place {
        let all = (Array(parameters.values) + Array(caseFields.values)).map(\.declaration)
        return Place(candidates: candidates(all), expects: .name)
    }

    /// Who may act: roles, and the fields of the case that name a party.
    func fittingAuthorities() -> Place {
        let roles = top.values.filter { declarations[$0].kind == .role }
        let parties = caseFields.values.filter { if case .party = $0.known { true } else { false } }
        return Place(
            candidates: candidates(roles) + candidates(parties.map(\.declaration), isExpected: false), expects: .name)
    }

    func fittingParties() -> Place {
        let parties = globals.values.map(\.declaration).filter { declarations[$0].kind == .party }
        return Place(candidates: candidates(parties), expects: .name)
    }

    func fittingGlobals() -> Place {
        Place(candidates: candidates(globals.values.map(\.declaration)), expects: .name)
    }

    /// Everything that has a value, the values of the wanted enumeration first.
    func fittingValues(_ want: Known) -> Place {
        var expected: [Int] = []
        switch want {
        case .enumeration(let owner):
            expected = enumValues.values.flatMap { $0 }.filter { declarations[$0].owner == owner }
        case .state: expected = Array(states.values)
        case .party: expected = globals.values.map(\.declaration).filter { declarations[$0].kind == .party }
        default: break
        }
        let bare: [NameIndex.Kind] = [
            .caseField, .parameter, .table, .function, .register, .record, .checks, .role, .approval,
        ]
        let others =
            locals.map(\.declaration) + globals.values.map(\.declaration)
            + top.values.filter { bare.contains(declarations[$0].kind) }
        var seen = Set(expected)
        let unique = others.filter { seen.insert($0).inserted }
        return Place(
            candidates: candidates(expected) + candidates(unique, isExpected: false), expects: .value)
    }
}
