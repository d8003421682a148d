import RemitLanguage
import RemitRuntime
import RemitValues

/// What a case is to be like: values and shapes at some places, and for all others one of the values that are tried.
struct CaseWish: Equatable {
    enum Shape { case absent, present, empty, filled }

    var values: [ConditionInputs.Path: Value] = [:]
    var shapes: [ConditionInputs.Path: Shape] = [:]
    /// How many members lists and sets have.
    var sizes: [ConditionInputs.Path: Int] = [:]
    /// Rows of registers that are wished for by their keys; all other rows of a register are alike.
    var keyed: Set<ConditionInputs.Path> = []
    /// What is taken of several things that have no value.
    var choices: [ConditionInputs.Path: Int] = [:]
    /// The number of the attempt: it says which of several values is taken.
    var attempt = 0
    /// Values near which every other attempt keeps whatever it takes.
    var focus: [Value] = []
    /// Whether the case is the one that another version was given, and may be no other.
    var isExact = false

    init(attempt: Int = 0) { self.attempt = attempt }

    /// Whether nothing is wished for but what follows from the attempt.
    var isPlain: Bool {
        values.isEmpty && shapes.isEmpty && sizes.isEmpty && choices.isEmpty && focus.isEmpty
    }

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

    /// This with what another asks for in its place.
    func overlaid(with other: CaseWish) -> CaseWish {
        var both = self
        // What is asked of no key is asked of all rows of a register.
        func forget(_ path: ConditionInputs.Path) {
            guard path.first == "register" else { return }
            for own in keyed where path.starts(with: own.prefix(2)) {
                let place = own + path.dropFirst(2)
                (both.values[place], both.shapes[place], both.sizes[place]) = (nil, nil, nil)
            }
        }
        for path in other.values.keys { forget(path) }
        for path in other.shapes.keys { forget(path) }
        for (path, shape) in other.shapes {
            both.shapes[path] = shape
            switch shape {
            case .absent: both.values[path] = nil
            case .empty:
                both.values[path] = nil
                if both.sizes[path] != nil { both.sizes[path] = 0 }
            case .filled:
                if both.values[path] == .text("") { both.values[path] = nil }
                if both.sizes[path] == 0 { both.sizes[path] = 1 }
            case .present: break
            }
        }
        for (path, size) in other.sizes { both.sizes[path] = size }
        for (path, choice) in other.choices { both.choices[path] = choice }
        for (path, value) in other.values {
            both.values[path] = value
            // What has a part is there, and so is what has a value.
            for length in 1...path.count {
                let whole = Array(path.prefix(length))
                if both.shapes[whole] == .absent || both.shapes[whole] == .empty { both.shapes[whole] = .present }
                if both.sizes[whole] == 0, length < path.count { both.sizes[whole] = 1 }
            }
        }
        both.focus = other.focus
        both.attempt = other.attempt
        return both
    }

    // MARK: Rows of registers

    /// The same place in all rows of a register, for a place in a row of its own.
    static func general(_ path: ConditionInputs.Path) -> ConditionInputs.Path? {
        guard isOfOwnRow(path) else { return nil }
        return Array(path[..<2] + path[3...])
    }

    /// Whether a place is, or lies in, a row that is wished for by its keys.
    private static func isOfOwnRow(_ path: ConditionInputs.Path) -> Bool {
        path.count > 2 && path[0] == "register" && path[2].utf8.first == UInt8(ascii: "[")
    }

    /// Where the wish for a place stands: a row of its own is as all rows are where it is not wished to be otherwise.
    func place(of path: ConditionInputs.Path) -> ConditionInputs.Path {
        guard let general = Self.general(path), values[path] == nil, shapes[path] == nil, sizes[path] == nil,
            !speaks(ofPartsOf: path)
        else { return path }
        return general
    }

    /// Wishes for a value; a row that it lies in is one of its own then.
    mutating func set(_ path: ConditionInputs.Path, to value: Value) {
        values[path] = value
        if Self.isOfOwnRow(path) { keyed.insert(Array(path.prefix(3))) }
    }

    /// Wishes that something is there or not.
    mutating func set(_ path: ConditionInputs.Path, to shape: Shape) {
        values[path] = nil
        shapes[path] = shape
        if Self.isOfOwnRow(path) { keyed.insert(Array(path.prefix(3))) }
    }

    /// Whether something is wished for below a place.
    func speaks(ofPartsOf path: ConditionInputs.Path) -> Bool {
        values.keys.contains { $0.count > path.count && $0.starts(with: path) }
            || shapes.keys.contains { $0.count > path.count && $0.starts(with: path) }
    }
}

/// What a case was made of, so that it can be made again with one value changed.
final class MadeValues {
    /// Every single value.
    private(set) var leaves: [(path: ConditionInputs.Path, value: Value)] = []
    /// Every list and set.
    private(set) var sizes: [(path: ConditionInputs.Path, count: Int, bound: Int)] = []
    /// Every optional value.
    private(set) var optionals: [(path: ConditionInputs.Path, isAbsent: Bool)] = []
    /// Every choice between things that have no value: how many there are, and which was taken.
    private(set) var choices: [(path: ConditionInputs.Path, choice: Int, bound: Int)] = []
    /// Where rows that were read as all rows of their register are could be ones of their own.
    private(set) var rows: [(general: ConditionInputs.Path, own: ConditionInputs.Path)] = []
    private var seen: Set<ConditionInputs.Path> = []

    func note(row own: ConditionInputs.Path, of general: ConditionInputs.Path) {
        if seen.insert(own + ["="]).inserted { rows.append((general, own)) }
    }

    /// The places in rows of their own that a place in all rows of a register stands for, where there are several rows.
    func own(_ path: ConditionInputs.Path) -> [ConditionInputs.Path] {
        let rows = rows.filter { path.starts(with: $0.general) }
        return rows.count > 1
            ? rows.prefix(Limits.climbedTargets).map { $0.own + path.dropFirst($0.general.count) } : []
    }

    fileprivate func note(_ path: ConditionInputs.Path, _ value: Value) {
        if seen.insert(path).inserted { leaves.append((path, value)) }
    }

    fileprivate func note(size count: Int, _ bound: Int, _ path: ConditionInputs.Path) {
        if seen.insert(path + ["#"]).inserted { sizes.append((path, count, bound)) }
    }

    fileprivate func note(choice: Int, _ bound: Int, _ path: ConditionInputs.Path) {
        if seen.insert(path + ["!"]).inserted { choices.append((path, choice, bound)) }
    }

    fileprivate func note(optional path: ConditionInputs.Path, isAbsent: Bool) {
        if seen.insert(path + ["?"]).inserted { optionals.append((path, isAbsent)) }
    }

    /// A wish for exactly this.
    func frozen(_ wish: CaseWish) -> CaseWish {
        var frozen = wish
        for leaf in leaves { frozen.values[leaf.path] = leaf.value }
        for size in sizes { frozen.sizes[size.path] = size.count }
        for choice in choices { frozen.choices[choice.path] = choice.choice }
        for optional in optionals { frozen.shapes[optional.path] = optional.isAbsent ? .absent : .present }
        return frozen
    }
}

/// Makes the values of a case that is wished for, by the types of one version.
struct CaseMaker {
    let program: CheckedProgram
    let pool: ValuePool
    let wish: CaseWish
    /// What was made, where that is to be known.
    var made: MadeValues?

    static let anna = Party(.person, "anna")
    static let home = Party(.organisation, "home")
    /// Those who sign, one after the other.
    static let signers = ["ben", "carl", "dora", "emil"].map { Party(.person, TextValue($0)) }

    /// Which of several things that have no value is taken.
    func choice(_ path: ConditionInputs.Path, below bound: Int, of all: Int) -> Int {
        let choice = wish.choices[path] ?? wish.choice(path, below: all)
        made?.note(choice: choice, bound, path)
        return choice < bound ? choice : 0
    }

    /// A value of a type at a place; nil where there is none that could be made.
    func value(_ type: ValueType, _ path: ConditionInputs.Path, depth: Int = 0) -> Value? {
        guard depth < Limits.encodedDepth else { return nil }
        let wished = wish.place(of: path)
        if let value = wish.values[wished] {
            let coerced = Self.coerced(value, type)
            // What another version was given may be no value of this type.
            if path != ["now"], let coerced, !isOf(type, coerced) { return nil }
            if case .optional = type { made?.note(optional: path, isAbsent: value == .absent) }
            if let coerced, coerced != .absent { made?.note(path, coerced) }
            return coerced
        }
        let shape = wish.shapes[wished]
        if wish.isExact, shape == .absent {
            guard case .optional = type else { return nil }
        }
        func part(_ type: ValueType, _ name: TextValue) -> Value? { value(type, path + [name], depth: depth + 1) }
        switch type {
        case .optional(let inner):
            let isLeftOut = shape == nil && !wish.speaks(ofPartsOf: path) && wish.choice(path + ["?"], below: 3) == 1
            made?.note(optional: path, isAbsent: shape == .absent || isLeftOut)
            if shape == .absent || isLeftOut { return .absent }
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
            return items(element, bound, shape, path, depth, areDistinct: true).map { Value.makeSet($0) }
        case .map(let key, let element, let bound):
            guard let count = count(bound, shape, path) else { return nil }
            guard count > 0 else { return .map([]) }
            guard let name = part(key, "key"), let content = part(element, "value") else { return nil }
            return .map([Value.MapEntry(key: name, value: content)])
        case .text where shape == .empty: return .text("")
        default:
            let single = single(type, path)
            if let single { made?.note(path, single) }
            return single
        }
    }

    private func isOf(_ type: ValueType, _ value: Value) -> Bool {
        ValueConformance(program: program).problem(value, type, path: "") == nil
    }

    /// A number that an input was compared as, as the input's own type has it; nil where it has no such value.
    private static func coerced(_ value: Value, _ type: ValueType) -> Value? {
        if case .integer(let number) = value, case .decimal = type { return .decimal(ExactDecimal(number)) }
        guard case .decimal(let decimal) = value else { return value }
        switch type {
        case .optional(let inner): return coerced(value, inner)
        case .integer: return Int64(decimal.description).map(Value.integer)
        case .money(let currency): return Money(exactly: decimal, currency: currency).map(Value.money)
        default: return value
        }
    }

    private func count(_ bound: Int, _ shape: CaseWish.Shape?, _ path: ConditionInputs.Path) -> Int? {
        let count = wish.sizes[wish.place(of: path)].map { min(max($0, 0), bound) } ?? plainCount(bound, shape, path)
        if let count { made?.note(size: count, bound, path) }
        return count
    }

    private func plainCount(_ bound: Int, _ shape: CaseWish.Shape?, _ path: ConditionInputs.Path) -> Int? {
        switch shape {
        case .empty: return 0
        case .filled: return bound > 0 ? 1 : nil
        default:
            if wish.speaks(ofPartsOf: path) { return bound > 0 ? 1 : nil }
            return min(bound, [1, 0, 2, 3][wish.choice(path, below: 4)])
        }
    }

    private func items(
        _ element: ValueType, _ bound: Int, _ shape: CaseWish.Shape?, _ path: ConditionInputs.Path, _ depth: Int,
        areDistinct: Bool = false
    ) -> [Value]? {
        guard let count = count(bound, shape, path) else { return nil }
        var items: [Value] = []
        for number in 0..<count {
            // What is wished for stands in the first.
            let name: TextValue = number == 0 ? "each" : TextValue("each \(number)")
            if areDistinct, number > 0, wish.values[wish.place(of: path + [name])] == nil,
                let item = Self.other(element, number)
            {
                made?.note(path + [name], item)
                items.append(item)
                continue
            }
            guard let item = value(element, path + [name], depth: depth + 1) else { return nil }
            items.append(item)
        }
        return items
    }

    /// A further member of a set.
    private static func other(_ type: ValueType, _ number: Int) -> Value? {
        switch type {
        case .integer: .integer(Int64(number) + 1000)
        case .text(let bound):
            TextValue("t\(number)").scalarCount <= bound ? .text(TextValue("t\(number)")) : nil
        case .person, .party: .party(Party(.person, TextValue("p\(number)")))
        case .organisation: .party(Party(.organisation, TextValue("o\(number)")))
        case .date: CalendarDate(dayNumber: 20_454 + Int64(number)).map(Value.date)
        default: nil
        }
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
        let asked = wish.shapes[wish.place(of: path)] == .filled ? values.filter { $0 != .text("") } : values
        guard !asked.isEmpty else { return nil }
        return asked[wish.choice(path, below: asked.count)]
    }
}
