/// Words on their way to a page: runs of plain text, names of the contract, and texts that it quotes.
struct Phrase: Sendable {
    /// How a run stands out.
    enum Style: Sendable {
        case plain
        /// A name that the contract declares.
        case name
        /// A text of the contract, shown between quotation marks.
        case quote
        /// A code, shown as it is.
        case code
        case strong
        /// The source that a rule cites.
        case source
    }

    struct Run: Sendable {
        var text: String
        var style: Style
    }

    var runs: [Run]
    /// Whether it reads as one thing, so that it needs no brackets beside an operator.
    var isAtom: Bool

    init(_ text: String, _ style: Style = .plain, isAtom: Bool = true) {
        runs = text.isEmpty ? [] : [Run(text: PageText.clean(text), style: style)]
        self.isAtom = isAtom
    }

    init(runs: [Run], isAtom: Bool) {
        self.runs = runs
        self.isAtom = isAtom
    }

    static let empty = Phrase("")

    var isEmpty: Bool { runs.isEmpty }

    /// The words alone.
    var plain: String { runs.map(\.text).joined() }

    mutating func append(_ other: Phrase) {
        for run in other.runs { append(run) }
    }

    mutating func append(_ text: String) { append(Run(text: text, style: .plain)) }

    private mutating func append(_ run: Run) {
        guard !run.text.isEmpty else { return }
        if let last = runs.last, last.style == .plain, run.style == .plain {
            runs[runs.count - 1].text += run.text
        } else {
            runs.append(run)
        }
    }

    /// The same, marked as one thing or as several.
    func marked(isAtom: Bool) -> Phrase { Phrase(runs: runs, isAtom: isAtom) }

    /// The phrase with its parts in the places `{0}`, `{1}` … of a pattern.
    static func filled(_ pattern: String, _ parts: [Phrase]) -> Phrase {
        var result = Phrase("", isAtom: false)
        var plain = ""
        var rest = Array(pattern.unicodeScalars)[...]
        while let scalar = rest.first {
            rest.removeFirst()
            let next = rest.dropFirst().first
            if scalar == "{", next == "}", let digit = rest.first, ("0"..."9").contains(digit) {
                result.append(plain)
                plain = ""
                let index = Int(digit.value - 48)
                if parts.indices.contains(index) { result.append(parts[index]) }
                rest.removeFirst(2)
            } else {
                plain.unicodeScalars.append(scalar)
            }
        }
        result.append(plain)
        return result
    }

    /// The phrase with a capital first, where it begins with a small letter of the Latin alphabet.
    var capitalised: Phrase {
        guard let first = runs.first, first.style == .plain || first.style == .name,
            let scalar = first.text.unicodeScalars.first, ("a"..."z").contains(scalar)
        else { return self }
        var copy = self
        copy.runs[0].text = String(scalar).uppercased() + String(first.text.unicodeScalars.dropFirst())
        return copy
    }

    /// Whether a run stands between signs of its own.
    private func isSet(_ index: Int) -> Bool { runs[index].style == .name || runs[index].style == .code }

    /// The phrase with a blank wherever Chinese and Latin writing meet.
    ///
    /// Not so at the ends of names, where these stand in brackets of their own.
    func spaced(namesInBrackets: Bool) -> Phrase {
        var copy = self
        var last: Unicode.Scalar?
        for index in copy.runs.indices {
            var text = ""
            if namesInBrackets, isSet(index) || (index > 0 && isSet(index - 1)) { last = nil }
            for scalar in copy.runs[index].text.unicodeScalars {
                if let last, PageText.meets(last, scalar) { text.append(" ") }
                text.unicodeScalars.append(scalar)
                last = scalar
            }
            copy.runs[index].text = text
        }
        return copy
    }
}

/// What a page does with characters, whatever its form.
enum PageText {
    /// The text with line ends as blanks and with control and direction signs made visible.
    ///
    /// A sign that turns the direction of writing could make a signed page read otherwise than it is.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isHidden($0) || $0 == "\n" || $0 == "\t" }) else { return text }
        var clean = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" || scalar == "\r" {
                clean += " "
            } else if isHidden(scalar) {
                clean += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }

    /// Whether a blank belongs between two characters: one Chinese, one a Latin letter or a digit.
    static func meets(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
        (isChinese(left) && isLatin(right)) || (isLatin(left) && isChinese(right))
    }

    static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
        (0x4E00...0x9FFF).contains(scalar.value) || (0x3400...0x4DBF).contains(scalar.value)
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "%", "+": true
        default: false
        }
    }

    /// About how wide a text is, in hundredths of the height of its letters.
    static func width(_ text: String) -> Int {
        var width = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x2E80...0xFFEF, 0x1F000...0x3FFFD: width += 102
            case 0x41...0x5A, 0x6D, 0x77: width += 72
            case 0x69, 0x6A, 0x6C, 0x20, 0x2E, 0x2C, 0x74, 0x66, 0x72: width += 36
            default: width += 57
            }
        }
        return width
    }
}
