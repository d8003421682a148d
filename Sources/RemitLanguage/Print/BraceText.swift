import RemitValues

/// Texts with the paths that are filled in later, written `{a.field}`; a brace of the text itself is written `\{`.
enum BraceText {
    /// A text with its paths in braces, as a word list keys it.
    static func written(_ text: TextSyntax) -> String {
        text.parts.map { part in
            switch part {
            case .plain(let plain): plain.contains("{") ? escaped(plain) : plain
            case .path(let names): "{" + names.map(\.text).joined(separator: ".") + "}"
            }
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "{" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// The parts of a text that is written so; a brace without an end stays as it is.
    static func parts(_ text: String) -> [TextSyntax.Part] {
        let scalars = Array(text.unicodeScalars)
        var parts: [TextSyntax.Part] = []
        var plain = ""
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "\\", index + 1 < scalars.count, scalars[index + 1] == "{" {
                plain += "{"
                index += 2
            } else if scalar == "{", let end = scalars[index...].firstIndex(of: "}") {
                if !plain.isEmpty { parts.append(.plain(plain)) }
                plain = ""
                var path = ""
                path.unicodeScalars.append(contentsOf: scalars[index + 1..<end])
                parts.append(.path(path.split(separator: ".").map { Name(String($0), Span(0, 0)) }))
                index = end + 1
            } else {
                plain.unicodeScalars.append(scalar)
                index += 1
            }
        }
        if !plain.isEmpty { parts.append(.plain(plain)) }
        return parts
    }

    /// The paths of a text, by their bytes.
    static func paths(_ parts: [TextSyntax.Part]) -> [TextValue] {
        parts.compactMap { part in
            guard case .path(let names) = part else { return nil }
            return TextValue(names.map(\.text).joined(separator: "."))
        }.sorted()
    }
}
