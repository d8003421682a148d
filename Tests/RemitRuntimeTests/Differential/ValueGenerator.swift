import RemitLanguage
import RemitValues

/// Makes random values of a contract's types, with an eye for the edges.
struct ValueGenerator {
    var chance: Chance
    let program: CheckedProgram
    /// Whether edges are left out, so that most requests come through.
    var isMild = false
    /// Whether every value is as large as its type allows.
    var isFull = false
    /// How many full texts were made.
    var filled = 0

    mutating func value(_ type: ValueType) -> Value {
        switch type {
        case .boolean: return .boolean(chance.once(in: 2))
        case .integer: return .integer(integer())
        case .decimal, .unrounded: return .decimal(decimal())
        case .money(let currency): return .money(Money(minorUnits: integer(), currency: currency))
        case .date: return .date(date())
        case .dateTime: return .instant(instant())
        case .duration: return .duration(Duration(seconds: chance.pick([0, 86_400, 90_000, -1, 259_200, integer()])))
        case .text(let bound): return .text(text(bound))
        case .enumeration(let index):
            return .enumeration(TextValue(chance.pick(program.enumerations[index].cases)))
        case .record(let index): return .record(program.records[index].fields.map { value($0.type) })
        case .optional(let inner): return !isFull && chance.once(in: 3) ? .absent : value(inner)
        case .list(let element, let bound):
            let count = isFull ? bound : chance.pick([0, 1, 2, bound, chance.below(bound + 1)])
            return .list((0..<min(count, bound)).map { _ in value(element) })
        case .set(let element, let bound):
            return Value.makeSet((0..<(isFull ? bound : chance.below(bound + 1))).map { _ in value(element) })
        case .map(let key, let element, let bound):
            let count = isFull ? bound : chance.below(bound + 1)
            return Value.makeMap((0..<count).map { _ in Value.MapEntry(key: value(key), value: value(element)) })
        case .caseOf(let contract):
            let numbers = isMild ? ["1", "1", "2", "2", "3"] : ["1", "1", "1", "2", "2", "2", "3", "3", "4", "01"]
            return .caseReference(TextValue("\(program.others[contract].name)/\(chance.pick(numbers))"))
        case .term:
            let units = Term.Unit.allCases
            let count: Int64 = chance.pick(isMild ? [0, 1, 3] : [0, 1, 2, 5, 30, 3000, 1 << 40, 1 << 60])
            return Term(count: count, unit: chance.pick(units)).map { .term($0) } ?? .absent
        case .quorum: return quorum()
        case .document: return document()
        case .person: return .party(Party(.person, TextValue(chance.pick(["ann", "bo", "cy", "di"]))))
        case .organisation: return .party(Party(.organisation, TextValue(chance.pick(["home", "away"]))))
        case .party: return value(chance.once(in: 2) ? .person : .organisation)
        default: return .absent
        }
    }

    private mutating func quorum() -> Value {
        let roles = program.roles.map { TextValue($0) }
        if isFull {
            return Quorum(groups: (0..<Limits.quorumSeats).map { _ in .init(count: 1, roles: roles) }).value
        }
        let groups = (0..<1 + chance.below(2)).map { _ in
            let (one, two) = (chance.pick(roles), chance.pick(roles))
            return Quorum.Group(count: 1 + chance.below(2), roles: one == two ? [one] : [one, two])
        }
        if !isMild, chance.once(in: 9) {
            let wrong = chance.pick([
                Quorum.Group(count: 33, roles: [roles[0]]), .init(count: 1, roles: ["No"]), .init(count: 1, roles: []),
                .init(count: 1, roles: [roles[0], roles[0]]),
            ])
            return Quorum(groups: [wrong]).value
        }
        return Quorum(groups: groups).value
    }

    private mutating func document() -> Value {
        let digest = [UInt8](repeating: UInt8(chance.below(2)), count: 32)
        let type = TextValue(chance.pick(["application/pdf", "image/png"]))
        return Document(digest: digest, mediaType: type, size: Int64(chance.below(3))).map { .document($0) } ?? .absent
    }

    mutating func integer() -> Int64 {
        if isMild { return Int64(chance.below(30)) }
        switch chance.below(12) {
        case 0: return chance.pick([.max, .min, .max - 1, .min + 1, 1 << 58, -(1 << 58), 1 << 62])
        case 1: return Int64(truncatingIfNeeded: chance.next())
        case 2: return -Int64(chance.below(1000))
        default: return Int64(chance.below(200))
        }
    }

    mutating func decimal() -> ExactDecimal {
        var coefficient = Int128(integer())
        if !isMild, chance.once(in: 8) {
            coefficient = chance.pick([
                ExactDecimal.maximumCoefficient, -ExactDecimal.maximumCoefficient, Int128(Int64.max) * 100 + 5,
            ])
        }
        let scale = chance.pick([0, 1, 2, 2, 2, 3, 5, 18])
        return (try? ExactDecimal(coefficient: coefficient, scale: scale)) ?? .zero
    }

    private mutating func date() -> CalendarDate {
        let edges = [CalendarDate.earliest, CalendarDate.latest]
        if !isMild, chance.once(in: 10) { return chance.pick(edges) }
        return CalendarDate(dayNumber: Int64(19_700 + chance.below(900))) ?? .earliest
    }

    private mutating func instant() -> Instant {
        Instant(seconds: Int64(1_750_000_000 + chance.below(60_000_000))) ?? Self.epoch
    }

    static let epoch = Instant(seconds: 0).unsafelyHad

    private mutating func text(_ bound: Int) -> TextValue {
        if isFull {
            // Each another text, so that the keys of a map are as many as it may have.
            filled += 1
            let number = String(String(filled).suffix(bound))
            return TextValue(number + String(repeating: "🎉", count: bound - number.count))
        }
        if bound > 32, chance.once(in: 2) {
            let count = chance.pick([bound, chance.below(bound + 1)])
            return TextValue(String(repeating: chance.pick(["a", "ü", "医", "🎉", "9"]), count: count))
        }
        let words = ["", "A1", "B2", "drug", "Zürich", "医保", "A1", "x9z"].filter { TextValue($0).scalarCount <= bound }
        return TextValue(chance.pick(words))
    }
}

extension Optional {
    /// The value of an optional that the test knows to hold one.
    var unsafelyHad: Wrapped {
        guard let self else { preconditionFailure("the test made this itself") }
        return self
    }
}
