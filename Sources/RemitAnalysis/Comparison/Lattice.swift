import RemitLanguage
import RemitValues

/// The numbers that something worked out can come to: one of them and equal steps from it, in units of a decimal place.
struct Lattice {
    /// No step: one number only.
    private let step: Int128
    private let offset: Int128
    /// The decimal places of the unit.
    private let places: Int

    private init?(_ step: Int128?, _ offset: Int128?, _ places: Int) {
        guard let step, let offset, places <= Self.mostPlaces, step.magnitude < Self.most, offset.magnitude < Self.most
        else { return nil }
        self.step = step < 0 ? -step : step
        self.offset = offset
        self.places = places
    }

    /// Units are as fine as decimals, and numbers so large that the product of two is none that overflows.
    private static let mostPlaces = 18
    private static let most: UInt128 = 1 << 60

    // MARK: Reading

    /// What an expression over whole numbers, amounts and constants can come to; nil where nothing is known.
    init?(_ expression: CheckedExpression, _ side: PolicySide) {
        if let value = Formula.constant(expression, side) {
            guard let (number, places) = Self.number(value) else { return nil }
            self.init(0, number, places)
            return
        }
        switch expression.kind {
        case .widened(let inner), .wrapped(let inner), .revealed(let inner):
            guard let inner = Lattice(inner, side) else { return nil }
            self = inner
        case .negated(let inner):
            guard let inner = Lattice(inner, side) else { return nil }
            self.init(inner.step, -inner.offset, inner.places)
        case .rounded(_, _, let places), .quotient(_, _, _, let places): self.init(1, 0, places)
        case .arithmetic(let operation, let left, let right):
            guard let one = Lattice(left, side), let other = Lattice(right, side) else { return nil }
            self.init(operation, one, other)
        default: self.init(anyOf: expression.type)
        }
    }

    /// A constant in units of its last place.
    private static func number(_ value: Value) -> (Int128, Int)? {
        switch value {
        case .integer(let number): (Int128(number), 0)
        case .decimal(let decimal): (decimal.coefficient, decimal.scale)
        case .money(let money): (Int128(money.minorUnits), money.currency.minorDigits)
        case .duration(let duration): (Int128(duration.seconds), 0)
        default: nil
        }
    }

    private init?(anyOf type: ValueType) {
        switch type {
        case .integer, .duration: self.init(1, 0, 0)
        case .money(let currency): self.init(1, 0, currency.minorDigits)
        default: return nil
        }
    }

    private init?(_ operation: TypedArithmetic, _ first: Lattice, _ second: Lattice) {
        switch operation {
        case .addInteger, .addDecimal, .addMoney, .addDuration:
            guard let (one, other) = Self.aligned(first, second) else { return nil }
            self.init(Self.divisor(one.step, other.step), one.offset + other.offset, one.places)
        case .subtractInteger, .subtractDecimal, .subtractMoney, .subtractDuration:
            guard let (one, other) = Self.aligned(first, second) else { return nil }
            self.init(Self.divisor(one.step, other.step), one.offset - other.offset, one.places)
        case .multiplyInteger, .multiplyDecimal, .multiplyMoney:
            let steps = [first.step * second.step, first.step * second.offset, first.offset * second.step]
            self.init(steps.reduce(0, Self.divisor), first.offset * second.offset, first.places + second.places)
        case .daysBetween: self.init(86_400, 0, 0)
        default: return nil
        }
    }

    /// Both in the finer unit of the two.
    private static func aligned(_ first: Lattice, _ second: Lattice) -> (Lattice, Lattice)? {
        let places = max(first.places, second.places)
        guard let one = first.finer(places), let other = second.finer(places) else { return nil }
        return (one, other)
    }

    private func finer(_ places: Int) -> Lattice? {
        guard places >= self.places, places <= Self.mostPlaces else { return nil }
        var unit: Int128 = 1
        for _ in self.places..<places { unit *= 10 }
        return Lattice(Self.product(step, unit), Self.product(offset, unit), places)
    }

    private static func product(_ number: Int128, _ unit: Int128) -> Int128? {
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        return isTooLarge ? nil : product
    }

    private static func divisor(_ first: Int128, _ second: Int128) -> Int128 {
        var (one, other) = (first < 0 ? -first : first, second < 0 ? -second : second)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }

    // MARK: What it meets

    /// Whether one of the numbers lies between two bounds; true where that is not known.
    func meets(_ low: (value: Value, isIn: Bool)?, _ high: (value: Value, isIn: Bool)?) -> Bool {
        guard let low, let high, let (least, lowPlaces) = Self.number(low.value),
            let (greatest, highPlaces) = Self.number(high.value),
            let own = finer(max(places, lowPlaces, highPlaces)),
            let from = Lattice(0, least, lowPlaces)?.finer(own.places)?.offset,
            let until = Lattice(0, greatest, highPlaces)?.finer(own.places)?.offset
        else { return true }
        let (first, last) = (low.isIn ? from : from + 1, high.isIn ? until : until - 1)
        guard own.step > 0 else { return first <= own.offset && own.offset <= last }
        // From the lower bound up to the next of the numbers.
        let past = (own.offset - first) % own.step
        return first + (past < 0 ? past + own.step : past) <= last
    }
}

extension FormulaComparison {
    /// A region without values that its inputs cannot come to; nil where one has none left.
    func reachable(_ region: Region, _ inputs: ConditionInputs) -> Region? {
        var left: Region = []
        for (input, atoms) in region {
            guard let lattice = inputs[self.inputs[input]]?.lattice else {
                left.append((input, atoms))
                continue
            }
            let column = columns[input]
            let kept = atoms.flatMap { range in (range.low...range.high).map { AtomRange(low: $0, high: $0) } }
                .filter { atom in
                    let (low, high) = column.bounds([atom])
                    return lattice.meets(low, high)
                }
            if kept.isEmpty { return nil }
            left.append((input, Atoms.normal(kept)))
        }
        return left
    }
}
