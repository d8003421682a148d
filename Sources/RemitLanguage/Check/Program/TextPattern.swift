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
    }

    /// Whether the whole of a text fits.
    public func matches(_ text: TextValue) -> Bool {
        // The set of pattern positions that can be reached after each scalar.
        var reached = [Bool](repeating: false, count: elements.count + 1)
        reached[0] = true
        spread(&reached)
        for scalar in text.string.unicodeScalars {
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

    private func accepts(_ element: Element, _ scalar: Unicode.Scalar) -> Bool {
        switch element {
        case .digit: ("0"..."9").contains(scalar)
        case .letter: ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar)
        case .anyOne: true
        case .anyRun: false
        case .exactly(let wanted): scalar == wanted
        }
    }
}
