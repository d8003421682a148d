import RemitLanguage
import RemitValues

/// What the parts of a region say of each other: values lie between bounds, and stand in an order to other values.
struct RegionBounds {
    private struct Bounds {
        var low: (value: Value, isIn: Bool)?
        var high: (value: Value, isIn: Bool)?

        var isEmpty: Bool {
            guard let low, let high else { return false }
            return high.value < low.value || (high.value == low.value && !(low.isIn && high.isIn))
        }

        mutating func raise(to bound: (value: Value, isIn: Bool)) -> Bool {
            if let low, bound.value < low.value || (bound.value == low.value && (bound.isIn || !low.isIn)) {
                return false
            }
            low = bound
            return true
        }

        mutating func lower(to bound: (value: Value, isIn: Bool)) -> Bool {
            if let high, high.value < bound.value || (bound.value == high.value && (bound.isIn || !high.isIn)) {
                return false
            }
            high = bound
            return true
        }

        /// In which relations a value within these bounds can stand to one within others: less, equal, greater.
        func relations(to other: Bounds) -> [Bool] {
            var possible = [true, true, true]
            if let low, let high = other.high, !(low.value < high.value) {
                possible[0] = false
                if low.value != high.value || !(low.isIn && high.isIn) { possible[1] = false }
            }
            if let high, let low = other.low, !(low.value < high.value) {
                possible[2] = false
                if low.value != high.value || !(low.isIn && high.isIn) { possible[1] = false }
            }
            return possible
        }
    }

    /// A part that says how two values stand to each other: less, equal, greater.
    private struct Order {
        let part: Int
        let first: Int
        let second: Int
        let relations: [Bool]
    }

    private let region: FormulaComparison.Region
    private var operands: [TextValue] = []
    private var bounds: [Bounds] = []
    private var orders: [Order] = []
    private let timezone: Int

    /// Reads a region whose inputs are known by their keys.
    init(
        _ region: FormulaComparison.Region, _ comparison: FormulaComparison, _ inputs: ConditionInputs, timezone: Int
    ) {
        self.region = region
        self.timezone = timezone
        for (place, part) in region.enumerated() {
            guard let input = inputs[comparison.inputs[part.input]] else { continue }
            let column = comparison.columns[part.input]
            switch input.kind {
            case .value:
                guard let operand = input.operands.first else { continue }
                let (low, high) = column.bounds(part.atoms)
                let place = number(of: operand)
                if let low { _ = bounds[place].raise(to: (Self.plain(low.value), low.isIn)) }
                if let high { _ = bounds[place].lower(to: (Self.plain(high.value), high.isIn)) }
            case .order:
                guard input.operands.count == 2 else { continue }
                let relations = Formula.everyRelation.map { relation in
                    Atoms.intersect(column.atoms(of: .members([relation], isExcluded: false)), part.atoms)
                }
                orders.append(
                    Order(
                        part: place, first: number(of: input.operands[0]), second: number(of: input.operands[1]),
                        relations: relations))
            case .test: continue
            }
        }
    }

    private mutating func number(of operand: TextValue) -> Int {
        if let known = operands.firstIndex(of: operand) { return known }
        operands.append(operand)
        bounds.append(Bounds())
        return operands.count - 1
    }

    /// Whole numbers and amounts as the numbers that they are compared as.
    private static func plain(_ value: Value) -> Value { Formula.widened(value) ?? value }

    // MARK: What is possible

    /// The region without orders that follow from its bounds; nil where its parts exclude each other.
    var settled: FormulaComparison.Region? {
        var needless: Set<Int> = []
        for order in orders {
            let possible = bounds[order.first].relations(to: bounds[order.second])
            if zip(possible, order.relations).allSatisfy({ !$0 || $1 }) { needless.insert(order.part) }
        }
        guard let narrowed = narrowed(), isOrdered(narrowed) else { return nil }
        return region.enumerated().filter { !needless.contains($0.offset) }.map(\.element)
    }

    /// The bounds with what follows from the orders; nil where nothing is left.
    private func narrowed() -> [Bounds]? {
        var all = bounds
        for _ in 0...(2 * all.count) {
            var hasChanged = false
            func keep(_ smaller: Int, below larger: Int, isStrict: Bool) {
                if let high = all[larger].high {
                    hasChanged = all[smaller].lower(to: (high.value, high.isIn && !isStrict)) || hasChanged
                }
                if let low = all[smaller].low {
                    hasChanged = all[larger].raise(to: (low.value, low.isIn && !isStrict)) || hasChanged
                }
            }
            for order in orders {
                let (less, equal, greater) = (order.relations[0], order.relations[1], order.relations[2])
                if !greater { keep(order.first, below: order.second, isStrict: !equal) }
                if !less { keep(order.second, below: order.first, isStrict: !equal) }
            }
            if meetClock(&all) { hasChanged = true }
            if all.contains(where: \.isEmpty) { return nil }
            if !hasChanged { break }
        }
        return all
    }

    /// The time is on the day of today.
    private func meetClock(_ all: inout [Bounds]) -> Bool {
        guard let today = operands.firstIndex(of: "today"), let now = operands.firstIndex(of: "now") else {
            return false
        }
        var hasChanged = false
        if case .instant(let low)? = all[now].low?.value {
            hasChanged = all[today].raise(to: (.date(low.date(offset: timezone)), true)) || hasChanged
        }
        if case .instant(let high)? = all[now].high?.value {
            hasChanged = all[today].lower(to: (.date(high.date(offset: timezone)), true)) || hasChanged
        }
        if case .date(let low)? = all[today].low?.value,
            let start = Instant(date: low, hour: 0, minute: 0, offset: timezone)
        {
            hasChanged = all[now].raise(to: (.instant(start), true)) || hasChanged
        }
        if case .date(let high)? = all[today].high?.value,
            let end = Instant(date: high, hour: 23, minute: 59, second: 59, offset: timezone)
        {
            hasChanged = all[now].lower(to: (.instant(end), true)) || hasChanged
        }
        return hasChanged
    }

    /// Whether the orders go together, with each other and with some bounds.
    private func isOrdered(_ bounds: [Bounds]) -> Bool {
        let count = operands.count
        guard count <= Limits.comparedOrders else { return true }
        // How each value stands to each other one, as far as it follows: 0 not known, 1 at most, 2 less.
        var below = Array(repeating: Array(repeating: 0, count: count), count: count)
        for order in orders {
            let (less, equal, greater) = (order.relations[0], order.relations[1], order.relations[2])
            let (first, second) = (order.first, order.second)
            if !greater { below[first][second] = max(below[first][second], equal ? 1 : 2) }
            if !less { below[second][first] = max(below[second][first], equal ? 1 : 2) }
        }
        for middle in 0..<count {
            for first in 0..<count where below[first][middle] > 0 {
                for second in 0..<count where below[middle][second] > 0 {
                    below[first][second] = max(below[first][second], below[first][middle], below[middle][second])
                }
            }
        }
        if (0..<count).contains(where: { below[$0][$0] == 2 }) { return false }
        return orders.allSatisfy { order in
            var possible = bounds[order.first].relations(to: bounds[order.second])
            let (there, back) = (below[order.first][order.second], below[order.second][order.first])
            if there > 0 { possible[2] = false }
            if back > 0 { possible[0] = false }
            if there == 2 || back == 2 { possible[1] = false }
            return zip(possible, order.relations).contains { $0 && $1 }
        }
    }
}
