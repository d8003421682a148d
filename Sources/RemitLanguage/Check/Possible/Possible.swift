import RemitValues

/// What a value can be, as far as types, tables, parameters and constants tell: never too little, at times too much.
struct Possible {
    /// All the values there can be, where they are few.
    private(set) var members: [Value]?
    /// The least and the greatest that it can be, both included, where that is known.
    private(set) var lower: Value?
    private(set) var upper: Value?

    /// The most values that are told one by one.
    private static let most = 64

    static let anything = Possible()

    private init() {}

    /// One of some values.
    init(_ values: [Value]) {
        var distinct: [Value] = []
        for value in values.sorted() where distinct.last.map({ $0 < value }) ?? true { distinct.append(value) }
        if distinct.count <= Self.most { members = distinct }
        guard !distinct.contains(.absent) else { return }
        lower = distinct.first
        upper = distinct.last
    }

    /// Any value from one to another.
    init(from lower: Value?, to upper: Value?) {
        self.lower = lower
        self.upper = upper
    }

    /// Yes, no, or both.
    init(yes: Bool, no: Bool) { self.init((yes ? [.boolean(true)] : []) + (no ? [.boolean(false)] : [])) }

    var canBeYes: Bool { members?.contains(.boolean(true)) ?? true }
    var canBeNo: Bool { members?.contains(.boolean(false)) ?? true }
    var canBeAbsent: Bool { members?.contains(.absent) ?? true }
    /// Whether it is surely absent.
    var isAbsent: Bool { members.map { $0 == [.absent] } ?? false }
    /// The only value that it can be.
    var only: Value? { members.flatMap { $0.count == 1 ? $0[0] : nil } }

    /// The same, and there.
    var present: Possible { members.map { Possible($0.filter { $0 != .absent }) } ?? self }

    /// What either can be.
    func joined(_ other: Possible) -> Possible {
        if let members, let others = other.members, members.count + others.count <= 2 * Self.most {
            return Possible(members + others)
        }
        guard let lower, let upper, let first = other.lower, let last = other.upper else { return .anything }
        return Possible(from: min(lower, first), to: max(upper, last))
    }

    /// What both can be: the value is known from two sides.
    func met(_ other: Possible) -> Possible {
        if let members { return Possible(members.filter(other.holds)) }
        if let others = other.members { return Possible(others.filter(holds)) }
        let least = lower.map { first in other.lower.map { max(first, $0) } ?? first } ?? other.lower
        let most = upper.map { last in other.upper.map { min(last, $0) } ?? last } ?? other.upper
        return Possible(from: least, to: most)
    }

    /// Whether it can be a value.
    func holds(_ value: Value) -> Bool {
        if let members { return members.contains { !($0 < value) && !(value < $0) } }
        if value == .absent { return true }
        return !(lower.map { value < $0 } ?? false) && !(upper.map { $0 < value } ?? false)
    }

    /// Whether no value is left.
    var isNothing: Bool {
        if let members { return members.isEmpty }
        if let lower, let upper { return upper < lower }
        return false
    }

    // MARK: Comparisons

    /// Whether two such values compare as an operator asks.
    func compared(_ comparison: ComparisonOperator, _ other: Possible) -> Possible {
        switch comparison {
        case .equal: return equals(other)
        case .notEqual:
            let same = equals(other)
            return Possible(yes: same.canBeNo, no: same.canBeYes)
        case .less: return isBefore(other)
        case .greater: return other.isBefore(self)
        case .lessOrEqual:
            let after = other.isBefore(self)
            return Possible(yes: after.canBeNo, no: after.canBeYes)
        case .greaterOrEqual:
            let before = isBefore(other)
            return Possible(yes: before.canBeNo, no: before.canBeYes)
        }
    }

    private func equals(_ other: Possible) -> Possible {
        if let only, let value = other.only {
            let isSame = !(only < value) && !(value < only)
            return Possible(yes: isSame, no: !isSame)
        }
        return Possible(yes: !met(other).isNothing, no: true)
    }

    private func isBefore(_ other: Possible) -> Possible {
        let never = lower.flatMap { first in other.upper.map { !(first < $0) } } ?? false
        let always = upper.flatMap { last in other.lower.map { last < $0 } } ?? false
        return Possible(yes: !never, no: !always)
    }
}
