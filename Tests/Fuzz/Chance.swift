import RemitLanguage
import RemitValues

/// Chance that follows from a seed alone (SplitMix64).
struct Chance {
    private var state: UInt64

    /// Begins with a digest (FNV-1a) of some bytes.
    init(seed: [UInt8]) {
        state = seed.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    mutating func instant() -> Instant {
        Instant(seconds: Int64(bitPattern: next()) % 60_000_000_000) ?? Instant(seconds: 0).unsafelyUnwrapped
    }
}

/// Makes values of a type, at its boundaries as often as within them.
struct ValueMaker {
    let program: CheckedProgram

    func value(of type: ValueType, _ chance: inout Chance, depth: Int) -> Value {
        switch type {
        case .boolean: return .boolean(chance.below(2) == 0)
        case .integer: return .integer(integer(&chance))
        case .decimal, .unrounded: return .decimal(decimal(&chance))
        case .money(let currency): return .money(Money(minorUnits: integer(&chance), currency: currency))
        case .date: return .date(date(&chance))
        case .dateTime: return .instant(chance.instant())
        case .duration: return .duration(Duration(seconds: integer(&chance)))
        case .term:
            let units = Term.Unit.allCases
            let unit = units[chance.below(units.count)]
            return Term(count: Int64(chance.below(400)), unit: unit).map(Value.term) ?? .absent
        case .text(let bound): return .text(text(bound, &chance))
        case .enumeration(let index):
            guard program.enumerations.indices.contains(index), !program.enumerations[index].cases.isEmpty else {
                return .absent
            }
            let names = program.enumerations[index].cases
            return .enumeration(TextValue(names[chance.below(names.count)]))
        case .record(let index):
            guard depth < 16, program.records.indices.contains(index) else { return .record([]) }
            return .record(program.records[index].fields.map { value(of: $0.type, &chance, depth: depth + 1) })
        case .optional(let wrapped):
            return chance.below(3) == 0 ? .absent : value(of: wrapped, &chance, depth: depth + 1)
        case .list(let element, let bound): return .list(elements(element, bound, &chance, depth))
        case .set(let element, let bound): return Value.makeSet(elements(element, bound, &chance, depth))
        case .map(let key, let element, let bound):
            let keys = elements(key, bound, &chance, depth)
            return Value.makeMap(
                keys.map { Value.MapEntry(key: $0, value: value(of: element, &chance, depth: depth + 1)) })
        case .person: return .party(Party(.person, TextValue("p\(chance.below(4))")))
        case .organisation: return .party(Party(.organisation, TextValue("o\(chance.below(4))")))
        case .party:
            return .party(Party(chance.below(2) == 0 ? .person : .organisation, TextValue("x\(chance.below(4))")))
        case .document:
            let digest = (0..<32).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
            return Document(digest: digest, mediaType: "text/plain", size: 5).map(Value.document) ?? .absent
        case .caseOf(let contract):
            let name = program.others.indices.contains(contract) ? program.others[contract].name : "Other"
            return .caseReference(TextValue("\(name)/\(chance.below(4))"))
        default: return .absent
        }
    }

    private func elements(_ type: ValueType, _ bound: Int, _ chance: inout Chance, _ depth: Int) -> [Value] {
        guard depth < 12 else { return [] }
        let most = chance.below(16) == 0 ? min(bound, 200) : min(bound, 4)
        return (0..<chance.below(most + 1)).map { _ in value(of: type, &chance, depth: depth + 1) }
    }

    private func integer(_ chance: inout Chance) -> Int64 {
        let edges: [Int64] = [0, 1, -1, .max, .min, .max - 1, .min + 1, 1 << 31, 1 << 53, 99, 100, -100]
        switch chance.below(4) {
        case 0: return edges[chance.below(edges.count)]
        case 1: return Int64(bitPattern: chance.next())
        default: return Int64(chance.below(2000)) - 200
        }
    }

    private func decimal(_ chance: inout Chance) -> ExactDecimal {
        let coefficient: Int128
        switch chance.below(4) {
        case 0: coefficient = ExactDecimal.maximumCoefficient - Int128(chance.below(3))
        case 1: coefficient = -ExactDecimal.maximumCoefficient + Int128(chance.below(3))
        case 2: coefficient = Int128(Int64(bitPattern: chance.next()))
        default: coefficient = Int128(chance.below(20_000)) - 2000
        }
        return (try? ExactDecimal(coefficient: coefficient, scale: chance.below(19))) ?? .zero
    }

    private func date(_ chance: inout Chance) -> CalendarDate {
        switch chance.below(8) {
        case 0: .earliest
        case 1: .latest
        default: CalendarDate(dayNumber: Int64(chance.below(40_000)) - 5000) ?? .earliest
        }
    }

    private func text(_ bound: Int, _ chance: inout Chance) -> TextValue {
        let pieces = ["a", "B", "7", "-", ".", " ", "é", "外", "😀", "\u{0301}", "A99"]
        var text = ""
        for _ in 0..<chance.below(min(bound, 12) + 1) { text += pieces[chance.below(pieces.count)] }
        let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(bound)))
        return TextValue(cut)
    }
}
