extension String {
    /// What is behind the first bytes, which end at a scalar's end.
    func cut(behind count: Int) -> String { String(Substring(utf8.dropFirst(count))) }

    /// The parts between a separator, without empty ones: by bytes, so that a mark behind it does not hide it.
    func split(at separator: Unicode.Scalar) -> [String] {
        unicodeScalars.split(separator: separator).map { String(Substring($0)) }
    }

    /// The parts between occurrences of a separator.
    func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = unicodeScalars[...]
        while let range = rest.firstRange(of: separator.unicodeScalars) {
            parts.append(String(Substring(rest[..<range.lowerBound])))
            rest = rest[range.upperBound...]
        }
        return parts + [String(Substring(rest))]
    }

    /// Without blanks at both ends.
    var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " }
        let rest = unicodeScalars.drop(while: isBlank)
        guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(Substring(rest[...last]))
    }
}
