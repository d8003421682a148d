import RemitLanguage
import RemitValues

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

    /// Some other values of the kind of one that has no order.
    func alternatives(to value: Value, _ program: CheckedProgram) -> [Value] {
        switch value {
        case .boolean(let isSo): return [.boolean(!isSo)]
        case .enumeration(let name):
            let types = program.enumerations.filter { $0.cases.contains { TextValue($0) == name } }
            return (types.first?.cases ?? []).map { .enumeration(TextValue($0)) }.filter { $0 != value }
        case .party(let party) where party.kind == .person:
            return [.party(CaseMaker.anna), .party(CaseMaker.signers[0])].filter { $0 != value }
        case .party: return [.party(CaseMaker.home), .party(Party(.organisation, "clinic"))].filter { $0 != value }
        case .text:
            let texts = constants.filter { if case .text = $0 { true } else { false } }
            return ([.text("")] + texts.prefix(Limits.triedTexts)).filter { $0 != value }
        default: return []
        }
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
