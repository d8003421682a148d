import Foundation
import RemitValues

/// Brings text that comes in from outside to Unicode's normal form C, so that what looks alike is alike.
///
/// It is done here, at the edge, and never inside: so no version of the Unicode tables enters a hash or a decision.
enum NormalForm {
    @Sendable static func of(_ text: String) -> String {
        // Text of plain ASCII, which most of it is, is in normal form already.
        text.utf8.allSatisfy { $0 < 0x80 } ? text : composed(text)
    }

    /// The text composed, piece by piece: of a long one at once it would take the square of its length. A piece ends
    /// before a scalar that composes with nothing before it.
    static func composed(_ text: String) -> String {
        var whole = ""
        var piece = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            if length >= pieceLength, isAlone(scalar) {
                whole += String(piece).precomposedStringWithCanonicalMapping
                piece = String.UnicodeScalarView()
                length = 0
            }
            piece.append(scalar)
            length += 1
        }
        return whole + String(piece).precomposedStringWithCanonicalMapping
    }

    private static let pieceLength = 512

    /// Whether a scalar composes with none before it for certain. Chinese characters do not.
    static func isAlone(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x300 || (0x4E00...0x9FFF).contains(scalar.value)
    }

    static func of(_ text: TextValue) -> TextValue {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : TextValue(of(text.string))
    }

    /// The value with every text in it in normal form.
    static func of(_ value: Value) -> Value {
        switch value {
        case .text(let text): .text(of(text))
        case .party(let party): .party(Party(party.kind, of(party.identifier)))
        case .record(let fields): .record(fields.map(of))
        case .list(let items): .list(items.map(of))
        case .set(let items): Value.makeSet(items.map(of))
        case .map(let entries):
            Value.makeMap(entries.map { Value.MapEntry(key: of($0.key), value: of($0.value)) })
        default: value
        }
    }

    /// An argument of the command line. The name of a file stays as it is written, since the system compares bytes.
    static func argument(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        guard !isPath(text) else { return text }
        // `--with=FILE`, `Register=FILE.csv`, `field=@FILE`
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return of(text) }
        let name = String(Substring(text.utf8[...equals]))
        let value = String(text[text.utf8.index(after: equals)...])
        let file = value.utf8.first == UInt8(ascii: "@") ? String(value.unicodeScalars.dropFirst()) : value
        return of(name) + (isPath(file) ? value : of(value))
    }

    /// Whether there is such a file, or a folder in which it could be made.
    private static func isPath(_ text: String) -> Bool {
        Files.exists(text) || (text.utf8.contains(UInt8(ascii: "/")) && Files.isFolder(Files.folder(of: text)))
    }
}
