import Foundation
import RemitValues

/// Brings text that comes in from outside to Unicode's normal form C, so that what looks alike is alike.
///
/// It is done here, at the edge, and never inside: so no version of the Unicode tables enters a hash or a decision.
enum NormalForm {
    static func of(_ text: TextValue) -> TextValue {
        // Text of plain ASCII, which most of it is, is in normal form already.
        guard !text.string.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return TextValue(text.string.precomposedStringWithCanonicalMapping)
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
}
