public import RemitValues

/// A pattern over texts that is matched in time linear in the text times the pattern, without backtracking.
///
/// `9` stands for a digit, `A` for a letter A to Z or a to z, `?` for any one scalar, `*` for any run; a backslash
/// makes the next scalar stand for itself, as every other scalar does.
public struct TextPattern: Hashable, Sendable {
    enum Element: Hashable, Sendable {
        case digit, letter, anyOne, anyRun
        case exactly(Unicode.Scalar)
    }

    /// The pattern as written.
    public let written: String
    let elements: [Element]
    let sets: Sets

    /// The pattern of a text; nil where it ends in a lone backslash.
    public init?(_ text: String) {
        var found: [Element] = []
        var escaped = false
        for scalar in text.unicodeScalars {
            if escaped {
                found.append(.exactly(scalar))
                escaped = false
            } else {
                switch scalar {
                case "\\": escaped = true
                case "9": found.append(.digit)
                case "A": found.append(.letter)
                case "?": found.append(.anyOne)
                case "*": found.append(.anyRun)
                default: found.append(.exactly(scalar))
                }
            }
        }
        guard !escaped else { return nil }
        written = text
        elements = found
        sets = Sets(found)
    }

    /// Whether the whole of a text fits.
    public func matches(_ text: TextValue) -> Bool {
        var string = text.string
        return string.withUTF8 { matches($0) }
    }

    /// Whether the whole of a text fits, which is given as valid UTF-8.
    public func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard isShort else { return matchesLong(bytes) }
        // The set of pattern positions that can be reached after each scalar, a bit for each.
        var reached = spread(1)
        var place = 0
        while place < bytes.count {
            let scalar = Self.scalar(bytes, &place)
            var accepting = sets.anyOne
            if Self.isDigit(scalar) { accepting |= sets.digit }
            if Self.isLetter(scalar) { accepting |= sets.letter }
            for exact in sets.exact where exact.scalar == scalar { accepting |= exact.places }
            reached = spread((reached & sets.anyRun) | (reached & accepting) << 1)
            if reached == 0 { return false }
        }
        return reached >> UInt64(elements.count) & 1 == 1
    }

    /// Whether a word holds a bit for each position, and one for the end.
    var isShort: Bool { elements.count < 64 }

    /// Where a pattern has a scalar.
    struct Exact: Hashable {
        let scalar: UInt32
        var places: UInt64
    }

    /// Where a pattern has a kind of element, a bit for each position.
    struct Sets: Hashable {
        var anyRun: UInt64 = 0
        var anyOne: UInt64 = 0
        var digit: UInt64 = 0
        var letter: UInt64 = 0
        var exact: [Exact] = []

        init(_ elements: [Element]) {
            for (index, element) in elements.prefix(64).enumerated() {
                let place: UInt64 = 1 << UInt64(index)
                switch element {
                case .anyRun: anyRun |= place
                case .anyOne: anyOne |= place
                case .digit: digit |= place
                case .letter: letter |= place
                case .exactly(let scalar):
                    if let known = exact.firstIndex(where: { $0.scalar == scalar.value }) {
                        exact[known].places |= place
                    } else {
                        exact.append(Exact(scalar: scalar.value, places: place))
                    }
                }
            }
        }
    }

    /// What is reached behind runs that may be empty.
    private func spread(_ reached: UInt64) -> UInt64 {
        var all = reached
        while true {
            let next = all | (all & sets.anyRun) << 1
            if next == all { return all }
            all = next
        }
    }

    /// The scalar at a place, which moves behind it.
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> UInt32 {
        let first = UInt32(bytes[place])
        place += 1
        guard first >= 0x80 else { return first }
        let more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1
        var scalar = first & (0x3F >> UInt32(more))
        for _ in 0..<more where place < bytes.count {
            scalar = scalar << 6 | UInt32(bytes[place]) & 0x3F
            place += 1
        }
        return scalar
    }

    static func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }
    static func isLetter(_ scalar: UInt32) -> Bool { (0x61...0x7A).contains(scalar | 0x20) }

    // MARK: Patterns of more elements than a word has bits

    private func matchesLong(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var reached = [Bool](repeating: false, count: elements.count + 1)
        reached[0] = true
        spread(&reached)
        var place = 0
        while place < bytes.count {
            let scalar = Self.scalar(bytes, &place)
            var next = [Bool](repeating: false, count: elements.count + 1)
            for index in elements.indices where reached[index] {
                if case .anyRun = elements[index] {
                    next[index] = true
                } else if accepts(elements[index], scalar) {
                    next[index + 1] = true
                }
            }
            reached = next
            spread(&reached)
        }
        return reached[elements.count]
    }

    private func spread(_ reached: inout [Bool]) {
        for index in elements.indices where reached[index] {
            if case .anyRun = elements[index] { reached[index + 1] = true }
        }
    }

    private func accepts(_ element: Element, _ scalar: UInt32) -> Bool {
        switch element {
        case .digit: Self.isDigit(scalar)
        case .letter: Self.isLetter(scalar)
        case .anyOne: true
        case .anyRun: false
        case .exactly(let wanted): scalar == wanted.value
        }
    }
}
