import RemitLanguage
import RemitValues

/// What a case is to be like: values and shapes at some places, and for all others one of the values that are tried.
struct CaseWish {
    enum Shape { case absent, present, empty, filled }

    var values: [ConditionInputs.Path: Value] = [:]
    var shapes: [ConditionInputs.Path: Shape] = [:]
    /// The number of the attempt: it says which of several values is taken.
    var attempt = 0
    /// Values near which every other attempt keeps whatever it takes.
    var focus: [Value] = []

    /// A number below a bound that follows from the attempt and a place; for the first attempt 0.
    func choice(_ path: ConditionInputs.Path, below bound: Int) -> Int {
        guard attempt > 0, bound > 1 else { return 0 }
        let mixed = mixed(path)
        // Every other place keeps its first value, so that not everything changes at once.
        return mixed & 1 == 0 ? 0 : Int((mixed >> 1) % UInt64(bound))
    }

    /// A number below a bound that follows from the attempt and a place, each as often as any other.
    func evenChoice(_ path: ConditionInputs.Path, below bound: Int) -> Int {
        bound > 1 ? Int((mixed(path) >> 1) % UInt64(bound)) : 0
    }

    private func mixed(_ path: ConditionInputs.Path) -> UInt64 {
        // Places by their bytes and attempts by their number, mixed well (SplitMix64).
        var state = UInt64(attempt) &* 0x9E37_79B9_7F4A_7C15
        for part in path {
            for byte in part.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            state ^= 0x2F
        }
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Whether something is wished for below a place.
    func speaks(ofPartsOf path: ConditionInputs.Path) -> Bool {
        values.keys.contains { $0.count > path.count && $0.starts(with: path) }
            || shapes.keys.contains { $0.count > path.count && $0.starts(with: path) }
    }
}

/// Makes the values of a case that is wished for, by the types of one version.
struct CaseMaker {
    let program: CheckedProgram
    let pool: ValuePool
    let wish: CaseWish

    static let anna = Party(.person, "anna")
    static let home = Party(.organisation, "home")

    /// A value of a type at a place; nil where there is none that could be made.
    func value(_ type: ValueType, _ path: ConditionInputs.Path, depth: Int = 0) -> Value? {
        guard depth < Limits.encodedDepth else { return nil }
        if let value = wish.values[path] { return Self.coerced(value, type) }
        let shape = wish.shapes[path]
        func part(_ type: ValueType, _ name: TextValue) -> Value? { value(type, path + [name], depth: depth + 1) }
        switch type {
        case .optional(let inner):
            if shape == .absent { return .absent }
            if shape == nil, !wish.speaks(ofPartsOf: path), wish.choice(path + ["?"], below: 3) == 1 { return .absent }
            return value(inner, path, depth: depth + 1)
        case .record(let index):
            guard program.records.indices.contains(index) else { return nil }
            var parts: [Value] = []
            for field in program.records[index].fields {
                guard let part = part(field.type, TextValue(field.name)) else { return nil }
                parts.append(part)
            }
            return .record(parts)
        case .list(let element, let bound):
            return items(element, bound, shape, path, depth).map { .list($0) }
        case .set(let element, let bound):
            return items(element, bound, shape, path, depth).map { Value.makeSet($0) }
        case .map(let key, let element, let bound):
            guard let count = count(bound, shape, path) else { return nil }
            guard count > 0 else { return .map([]) }
            guard let name = part(key, "key"), let content = part(element, "value") else { return nil }
            return .map([Value.MapEntry(key: name, value: content)])
        case .text where shape == .empty: return .text("")
        default: return single(type, path)
        }
    }

    /// A number that an input was compared as, as the input's own type has it; nil where it has no such value.
    private static func coerced(_ value: Value, _ type: ValueType) -> Value? {
        guard case .decimal(let decimal) = value else { return value }
        switch type {
        case .optional(let inner): return coerced(value, inner)
        case .integer: return Int64(decimal.description).map(Value.integer)
        case .money(let currency): return Money(exactly: decimal, currency: currency).map(Value.money)
        default: return value
        }
    }

    private func count(_ bound: Int, _ shape: CaseWish.Shape?, _ path: ConditionInputs.Path) -> Int? {
        switch shape {
        case .empty: return 0
        case .filled: return bound > 0 ? 1 : nil
        default:
            if wish.speaks(ofPartsOf: path) { return bound > 0 ? 1 : nil }
            return min(bound, [1, 0, 2, 3][wish.choice(path, below: 4)])
        }
    }

    private func items(
        _ element: ValueType, _ bound: Int, _ shape: CaseWish.Shape?, _ path: ConditionInputs.Path, _ depth: Int
    ) -> [Value]? {
        guard let count = count(bound, shape, path) else { return nil }
        var items: [Value] = []
        for number in 0..<count {
            // What is wished for stands in the first.
            let name: TextValue = number == 0 ? "each" : TextValue("each \(number)")
            guard let item = value(element, path + [name], depth: depth + 1) else { return nil }
            items.append(item)
        }
        return items
    }

    private func single(_ type: ValueType, _ path: ConditionInputs.Path) -> Value? {
        let values = pool.values(of: type, in: program)
        if wish.attempt % 2 == 1, !wish.focus.isEmpty {
            // Nothing and the values themselves, or their neighbours as well: few, so that they come together.
            var near = pool.values(of: type, among: wish.focus, withNeighbours: wish.attempt % 4 == 3, in: program)
            if !near.isEmpty {
                if let plain = values.prefix(2).last, !near.contains(plain) { near.append(plain) }
                return near[wish.evenChoice(path, below: near.count)]
            }
        }
        // An empty text is none that was given.
        let asked = wish.shapes[path] == .filled ? values.filter { $0 != .text("") } : values
        guard !asked.isEmpty else { return nil }
        return asked[wish.choice(path, below: asked.count)]
    }
}

/// Values of each type to try: plain ones, and those that the rules speak of with their neighbours.
final class ValuePool {
    private let constants: [Value]
    /// The values of types that mean the same in every version.
    private var known: [ValueType: [Value]] = [:]

    init(_ constants: [Value]) {
        guard case .set(let sorted) = Value.makeSet(constants) else {
            self.constants = []
            return
        }
        // Of each kind as many as are tried: the first ones and, since far values tell most, the last.
        var kept: [Value] = []
        for kind in Dictionary(grouping: sorted, by: Self.kind).sorted(by: { $0.key < $1.key }).map(\.value) {
            let half = Limits.triedValues / 2
            kept += kind.count > 2 * half ? Array(kind.prefix(half) + kind.suffix(half)) : kind
        }
        self.constants = kept
    }

    private static func kind(_ value: Value) -> Int {
        switch value {
        case .integer: 0
        case .decimal: 1
        case .money: 2
        case .date: 3
        case .instant: 4
        case .duration: 5
        case .term: 6
        case .text: 7
        default: 8
        }
    }

    func values(of type: ValueType, in program: CheckedProgram) -> [Value] {
        switch type {
        case .boolean, .integer, .decimal, .money, .date, .duration, .term, .text, .person, .organisation, .party:
            if let values = known[type] { return values }
            let values = made(type, program)
            known[type] = values
            return values
        default: return made(type, program)
        }
    }

    /// Some values, and perhaps their neighbours, as far as they are of a type.
    func values(
        of type: ValueType, among focus: [Value], withNeighbours: Bool, in program: CheckedProgram
    ) -> [Value] {
        (withNeighbours ? focus.flatMap(Self.near) : focus).filter { Self.has(type, $0, program) }
    }

    private func made(_ type: ValueType, _ program: CheckedProgram) -> [Value] {
        var values = plain(type, program)
        for constant in constants where values.count < Limits.triedValues {
            for value in Self.near(constant) where Self.has(type, value, program) && !values.contains(value) {
                values.append(value)
            }
        }
        return values
    }

    private func plain(_ type: ValueType, _ program: CheckedProgram) -> [Value] {
        switch type {
        case .boolean: return [.boolean(true), .boolean(false)]
        case .integer: return [.integer(1), .integer(0), .integer(7), .integer(100), .integer(-1)]
        case .decimal:
            return [.decimal(.one), .decimal(ExactDecimal(0)), .decimal(ExactDecimal(100))]
        case .money(let currency):
            return [100, 0, 10_000, 1_000_000].map { .money(Money(minorUnits: $0, currency: currency)) }
        case .date: return CalendarDate(year: 2026, month: 1, day: 1).map { [.date($0)] } ?? []
        case .dateTime:
            let day = CalendarDate(year: 2026, month: 1, day: 1)
            return day.flatMap { Instant(date: $0, hour: 9, minute: 0, offset: program.timezone) }
                .map { [.instant($0)] } ?? []
        case .duration: return [86_400, 0, 864_000].map { .duration(Duration(seconds: $0)) }
        case .term: return Term(count: 1, unit: .day).map { [.term($0)] } ?? []
        case .text(let bound): return ["a", "b", ""].map { .text($0) }.filter { bound > 0 || $0 == .text("") }
        case .enumeration(let index):
            guard program.enumerations.indices.contains(index) else { return [] }
            return program.enumerations[index].cases.map { .enumeration(TextValue($0)) }
        case .person: return [.party(CaseMaker.anna), .party(Party(.person, "ben"))]
        case .organisation: return [.party(CaseMaker.home), .party(Party(.organisation, "clinic"))]
        case .party: return [.party(CaseMaker.anna), .party(CaseMaker.home), .party(Party(.person, "ben"))]
        case .document:
            let bytes = [UInt8](repeating: 1, count: 32)
            return Document(digest: bytes, mediaType: "text/plain", size: 1).map { [.document($0)] } ?? []
        case .caseOf(let index):
            guard program.others.indices.contains(index) else { return [] }
            return [.caseReference(TextValue("\(program.others[index].name)/1"))]
        case .quorum:
            return program.roles.first.map { role in
                [Quorum(groups: [Quorum.Group(count: 1, roles: [TextValue(role)])]).value]
            } ?? []
        case .otherState(let index):
            guard program.others.indices.contains(index) else { return [] }
            return program.others[index].states.map { .enumeration(TextValue($0)) }
        default: return []
        }
    }

    /// A value and its neighbours.
    static func near(_ value: Value) -> [Value] {
        func steps(_ middle: Int64, _ made: (Int64) -> Value?) -> [Value] {
            let (below, isLow) = middle.subtractingReportingOverflow(1)
            let (above, isHigh) = middle.addingReportingOverflow(1)
            return [value, isHigh ? nil : made(above), isLow ? nil : made(below)].compactMap { $0 }
        }
        switch value {
        case .integer(let number): return steps(number) { .integer($0) }
        case .money(let money):
            return steps(money.minorUnits) { .money(Money(minorUnits: $0, currency: money.currency)) }
        case .date(let date): return steps(Int64(date.dayNumber)) { CalendarDate(dayNumber: $0).map(Value.date) }
        case .instant(let instant): return steps(instant.seconds) { Instant(seconds: $0).map(Value.instant) }
        case .duration(let duration): return steps(duration.seconds) { .duration(Duration(seconds: $0)) }
        case .decimal(let decimal):
            return [value]
                + [try? decimal.adding(.one), try? decimal.subtracting(.one)].compactMap { $0.map(Value.decimal) }
        default: return [value]
        }
    }

    private static func has(_ type: ValueType, _ value: Value, _ program: CheckedProgram) -> Bool {
        switch (type, value) {
        case (.integer, .integer), (.decimal, .decimal), (.date, .date), (.dateTime, .instant),
            (.duration, .duration), (.term, .term):
            true
        case (.money(let currency), .money(let money)): money.currency == currency
        case (.text(let bound), .text(let text)): text.scalarCount <= bound
        default: false
        }
    }
}
