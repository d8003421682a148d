import RemitLanguage
import RemitValues

/// A condition over inputs that can be told apart by their values alone.
indirect enum Formula: Hashable {
    case constant(Bool)
    /// The input of a column lies in a cell.
    case cell(input: TextValue, ValueType, CheckedCell)
    /// Two values stand in one of these relations: `less`, `equal`, `greater`.
    case order(input: TextValue, [Value])
    case not(Formula)
    case all([Formula])
    case some([Formula])

    /// What is left when constants are worked out.
    var simplified: Formula {
        switch self {
        case .constant, .cell, .order: return self
        case .not(let inner):
            let inner = inner.simplified
            if case .constant(let value) = inner { return .constant(!value) }
            return .not(inner)
        case .all(let parts): return Self.joined(parts, neutral: true)
        case .some(let parts): return Self.joined(parts, neutral: false)
        }
    }

    private static func joined(_ parts: [Formula], neutral: Bool) -> Formula {
        var left: [Formula] = []
        for part in parts.map(\.simplified) {
            if case .constant(let value) = part {
                if value != neutral { return .constant(!neutral) }
            } else if !left.contains(part) {
                left.append(part)
            }
        }
        if left.isEmpty { return .constant(neutral) }
        if left.count == 1 { return left[0] }
        return neutral ? .all(left) : .some(left)
    }

    /// Every relation in which two ordered values can stand.
    static let everyRelation: [Value] = [.enumeration("less"), .enumeration("equal"), .enumeration("greater")]

    static func relations(_ operation: ComparisonOperator) -> [Value] {
        let (less, equal, greater) = (everyRelation[0], everyRelation[1], everyRelation[2])
        return switch operation {
        case .less: [less]
        case .lessOrEqual: [less, equal]
        case .greater: [greater]
        case .greaterOrEqual: [equal, greater]
        case .equal: [equal]
        case .notEqual: [less, greater]
        }
    }

    /// An input, of a type as it is compared, against a constant; nil where the two have no order.
    static func cell(
        _ operation: ComparisonOperator, _ name: TextValue, _ type: ValueType, _ value: Value
    ) -> Formula? {
        guard isOrdered(type) else {
            switch operation {
            case .equal: return .cell(input: name, type, .members([value], isExcluded: false))
            case .notEqual: return .cell(input: name, type, .members([value], isExcluded: true))
            default: return nil
            }
        }
        func ranged(_ lower: Value?, _ lowerIn: Bool, _ upper: Value?, _ upperIn: Bool) -> Formula {
            let range = ValueRange(lower: lower, lowerIncluded: lowerIn, upper: upper, upperIncluded: upperIn)
            return .cell(input: name, type, .ranges([range]))
        }
        switch operation {
        case .equal: return ranged(value, true, value, true)
        case .notEqual: return .not(ranged(value, true, value, true))
        case .less: return ranged(nil, false, value, false)
        case .lessOrEqual: return ranged(nil, false, value, true)
        case .greater: return ranged(value, false, nil, false)
        case .greaterOrEqual: return ranged(value, true, nil, false)
        }
    }

    static func turned(_ operation: ComparisonOperator) -> ComparisonOperator {
        switch operation {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: operation
        }
    }

    /// A constant, or a parameter that has one value for ever.
    static func constant(_ expression: CheckedExpression, _ side: PolicySide) -> Value? {
        switch expression.kind {
        case .constant(let value): return value
        case .parameter(let index, nil):
            let values = side.program.parameters[index].values
            return values.count == 1 ? values[0].value : nil
        case .widened(let inner): return constant(inner, side).flatMap(widened)
        case .wrapped(let inner), .revealed(let inner): return constant(inner, side)
        default: return nil
        }
    }

    /// A number or amount as the number that it is compared as.
    static func widened(_ value: Value) -> Value? {
        switch value {
        case .integer(let number): .decimal(ExactDecimal(number))
        case .money(let money): .decimal(money.amount)
        default: nil
        }
    }

    static func holds(_ operation: ComparisonOperator, _ left: Value, _ right: Value) -> Bool {
        switch operation {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    static func isOrdered(_ type: ValueType) -> Bool {
        switch type {
        case .integer, .decimal, .money, .date, .dateTime, .duration, .unrounded: true
        default: false
        }
    }
}

/// The regions in which two formulas differ, by splitting one input after the other into its atoms.
struct FormulaComparison {
    /// A region: for some inputs the atoms that they have there.
    typealias Region = [(input: Int, atoms: [AtomRange])]

    private(set) var inputs: [TextValue] = []
    private(set) var columns: [TableColumn] = []
    /// Regions in which the first formula holds and the second does not, and the other way round.
    private(set) var regions: [(region: Region, firstHolds: Bool)] = []
    /// Whether the search ended within its limit.
    private(set) var isComplete = true
    private var budget = Limits.comparedRegions

    /// Compares two formulas; of some inputs all values are known by name.
    init(
        _ first: Formula, _ second: Formula, _ program: CheckedProgram, named: [TextValue: [Value]] = [:]
    ) {
        var types: [ValueType] = []
        var cells: [[CheckedCell]] = []
        func collect(_ formula: Formula, _ inputs: inout [TextValue]) {
            switch formula {
            case .constant: break
            case .not(let inner): collect(inner, &inputs)
            case .all(let parts), .some(let parts): for part in parts { collect(part, &inputs) }
            case .order(let input, _):
                guard !inputs.contains(input) else { return }
                inputs.append(input)
                types.append(.unknown)
                cells.append([])
            case .cell(let input, let type, let cell):
                if let index = inputs.firstIndex(of: input) {
                    cells[index].append(cell)
                } else {
                    inputs.append(input)
                    types.append(type)
                    cells.append([cell])
                }
            }
        }
        let (first, second) = (first.simplified, second.simplified)
        collect(first, &inputs)
        collect(second, &inputs)
        columns = zip(inputs, zip(types, cells)).map { input, read in
            let (type, cells) = read
            if let values = named[input] { return TableColumn(named: values, program) }
            // An unrounded amount is compared as the number that it is.
            if case .unrounded = type { return TableColumn(.decimal, cells, program) }
            if case .unknown = type { return TableColumn(named: Formula.everyRelation, program) }
            return TableColumn(type, cells, program)
        }
        split(first, second, 0, [])
    }

    private mutating func split(_ first: Formula, _ second: Formula, _ input: Int, _ region: Region) {
        budget -= 1
        guard budget > 0 else {
            isComplete = false
            return
        }
        if case .constant(let one) = first, case .constant(let other) = second {
            if one != other { regions.append((region, one)) }
            return
        }
        guard input < inputs.count else { return }
        // Neighbouring atoms on which both formulas come to the same are taken together.
        var groups: [(first: Formula, second: Formula, atoms: [AtomRange])] = []
        for atom in 0..<columns[input].atomCount {
            let one = fixed(first, input, atom)
            let other = fixed(second, input, atom)
            if let place = groups.firstIndex(where: { $0.first == one && $0.second == other }) {
                groups[place].atoms = Atoms.normal(groups[place].atoms + [AtomRange(low: atom, high: atom)])
            } else {
                groups.append((one, other, [AtomRange(low: atom, high: atom)]))
            }
        }
        for group in groups {
            let isWhole = Atoms.size(group.atoms) == columns[input].atomCount
            split(group.first, group.second, input + 1, isWhole ? region : region + [(input, group.atoms)])
        }
    }

    /// The formula where an input has an atom.
    private func fixed(_ formula: Formula, _ input: Int, _ atom: Int) -> Formula {
        switch formula {
        case .constant: return formula
        case .cell(let name, _, let cell):
            guard name == inputs[input] else { return formula }
            return .constant(Atoms.contains(columns[input].atoms(of: cell), atom))
        case .order(let name, let relations):
            guard name == inputs[input] else { return formula }
            let atoms = columns[input].atoms(of: .members(relations, isExcluded: false))
            return .constant(Atoms.contains(atoms, atom))
        case .not(let inner):
            let inner = fixed(inner, input, atom)
            if case .constant(let value) = inner { return .constant(!value) }
            return .not(inner)
        case .all(let parts): return joined(parts, input, atom, neutral: true)
        case .some(let parts): return joined(parts, input, atom, neutral: false)
        }
    }

    private func joined(_ parts: [Formula], _ input: Int, _ atom: Int, neutral: Bool) -> Formula {
        var left: [Formula] = []
        for part in parts {
            let part = fixed(part, input, atom)
            if case .constant(let value) = part {
                if value != neutral { return .constant(!neutral) }
            } else {
                left.append(part)
            }
        }
        if left.isEmpty { return .constant(neutral) }
        if left.count == 1 { return left[0] }
        return neutral ? .all(left) : .some(left)
    }
}
