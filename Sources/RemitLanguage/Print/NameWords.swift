import RemitValues

/// Takes names apart: `lifeThreatening` is life-threatening, `ChiefFinancialOfficer` Chief Financial Officer.
enum NameWords {
    /// The words of a name; those of one that begins with a capital keep theirs.
    static func parts(_ name: String) -> [String] {
        let scalars = Array(name.unicodeScalars)
        var parts: [String] = []
        var part = ""
        for (index, scalar) in scalars.enumerated() {
            if scalar == "_" {
                if !part.isEmpty { parts.append(part) }
                part = ""
                continue
            }
            let before = index > 0 ? scalars[index - 1] : nil
            let after = index + 1 < scalars.count ? scalars[index + 1] : nil
            let beginsWord = isCapital(scalar) && before.map { !isCapital($0) || after.map(isSmall) ?? false } ?? false
            if beginsWord, !part.isEmpty {
                parts.append(part)
                part = ""
            }
            part.unicodeScalars.append(scalar)
        }
        if !part.isEmpty { parts.append(part) }
        guard let first = scalars.first, !isCapital(first) else { return parts }
        return parts.map { keepsCapitals($0) ? $0 : $0.lowercased() }
    }

    /// The words of a name on a line; those of a value of an enumeration are joined by hyphens.
    static func apart(_ name: String, isValue: Bool) -> String {
        let parts = parts(name)
        let isHyphened = isValue && !parts.contains(where: keepsCapitals)
        return parts.isEmpty ? name : parts.joined(separator: isHyphened ? "-" : " ")
    }

    /// A single letter or an abbreviation, as in `drugA` and `patientID`.
    private static func keepsCapitals(_ part: String) -> Bool {
        part.unicodeScalars.allSatisfy { isCapital($0) || ("0"..."9").contains($0) }
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }
    private static func isSmall(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }
}
