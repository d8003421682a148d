import RemitValues

/// Looks at the words of kept code: each must be one of its shape, to the last part.
struct WordSoundness {
    private let shapes: [Shape]
    /// How many names each list has.
    private let names: [Int]
    private let words: [Int64]
    private let bytes: Int
    /// How many words may still be looked at: parts that are shared cannot make this take for ever.
    private var left: Int

    init(draft: CodeDraft) {
        shapes = draft.shapes
        names = draft.names.map(\.count)
        words = draft.words
        bytes = draft.bytes.count
        let rows = draft.tables.reduce(0) { $0 + ($1.fixed?.count ?? 0) } + draft.parameters.count
        left = 4 * (draft.words.count + draft.registers.count + rows) + 1000
    }

    func isText(_ word: Int64) -> Bool { word >= 0 && word & 1 == 0 && holdsBytes(word) }

    private func holdsBytes(_ word: Int64) -> Bool { TextWord.start(word) + TextWord.count(word) <= bytes }

    private func holds(_ place: Int64, _ count: Int) -> Bool {
        place >= 0 && place <= Int64(words.count) && count >= 0 && count <= words.count - Int(place)
    }

    func isDecimal(_ word: Int64) -> Bool {
        guard DecimalWord.places(word) == DecimalWord.boxed else {
            return DecimalWord.places(word) <= Int64(ExactDecimal.maximumScale) && word >= DecimalWord.least
        }
        let place = word >> 5
        guard holds(place, 3) else { return false }
        let low = UInt64(bitPattern: words[Int(place)])
        let coefficient = Int128(words[Int(place) + 1]) << 64 | Int128(low)
        let scale = words[Int(place) + 2]
        return (0...Int64(ExactDecimal.maximumScale)).contains(scale)
            && coefficient.magnitude <= ExactDecimal.maximumCoefficient.magnitude
    }

    mutating func isSound(_ word: Int64, _ index: Int) -> Bool {
        left -= 1
        guard left > 0, shapes.indices.contains(index) else { return false }
        let shape = shapes[index]
        if shape.isOptional, word == absentWord { return true }
        switch shape.kind {
        case .boolean: return word == 0 || word == 1
        case .integer, .money, .duration, .place: return true
        case .date: return CalendarDate(dayNumber: word) != nil
        case .instant: return Instant(seconds: word) != nil
        case .term: return TermWord.term(word) != nil
        case .decimal: return isDecimal(word)
        case .text, .label, .reference: return isText(word)
        case .party: return word >= 0 && holdsBytes(word)
        case .named(let list): return names.indices.contains(list) && word >= 0 && word < Int64(names[list])
        case .document:
            guard holds(word, 3) else { return false }
            let (digest, type) = (words[Int(word)], words[Int(word) + 1])
            return digest >= 0 && holdsBytes(digest) && isText(type) && words[Int(word) + 2] >= 0
        case .record(let fields, _):
            guard holds(word, fields.count) else { return false }
            for (offset, field) in fields.enumerated() where !isSound(words[Int(word) + offset], field) { return false }
            return true
        case .list(let element), .set(let element), .map(let element), .quorum(let element):
            guard holds(word, 1), let count = Int(exactly: words[Int(word)]), holds(word + 1, count) else {
                return false
            }
            for offset in 0..<count where !isSound(words[Int(word) + 1 + offset], element) { return false }
            return true
        }
    }
}
