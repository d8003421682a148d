import RemitLanguage
import RemitRuntime
import RemitValues

/// What a condition asks about: only inputs that vary freely of each other can be laid over each other exactly.
struct ConditionInputs {
    /// The way from what is given to a value: a field of the case, then its parts.
    typealias Path = [TextValue]

    /// How an input is given.
    enum Kind: Equatable {
        case value
        /// Whether something is empty or present; the words for yes and no.
        case test(of: TextValue, yes: String, no: String)
        /// How two values of a type stand to each other.
        case order(TextValue, TextValue, ValueType)
    }

    struct Input {
        let name: TextValue
        let kind: Kind
        let paths: [Path]
        /// The type in words, and the values of an enumeration: one that changed is another type.
        let type: [TextValue]
    }

    private(set) var inputs: [Input] = []
    private var isPlain = true

    /// Whether every input is given as it is, and none is a part of another or stands in two of them.
    var areFree: Bool {
        guard isPlain else { return false }
        let paths = inputs.flatMap(\.paths)
        for (index, path) in paths.enumerated() {
            for other in paths[(index + 1)...] where path.starts(with: other) || other.starts(with: path) {
                return false
            }
        }
        return true
    }

    /// Reads a condition in the way in which its formula is read.
    mutating func read(_ expression: CheckedExpression, _ side: PolicySide, _ locals: [Int: Path]) {
        switch expression.kind {
        case .constant: break
        case .not(let inner): read(inner, side, locals)
        case .and(let left, let right), .or(let left, let right), .implies(let left, let right):
            read(left, side, locals)
            read(right.expression, side, locals)
        case .comparison(_, let left, let right):
            if Formula.constant(right, side) != nil {
                note(left, side, locals)
            } else if Formula.constant(left, side) != nil {
                note(right, side, locals)
            } else {
                noteOrder(left, right, side, locals)
            }
        case .within(let value, let lower, let upper):
            let isFixed = Formula.constant(lower, side) != nil && Formula.constant(upper, side) != nil
            if isFixed, Formula.isOrdered(value.type) { note(value, side, locals) } else { isPlain = false }
        case .isOneOf(let value, let operands):
            let isFixed = operands.allSatisfy { Formula.constant($0, side) != nil }
            if isFixed, !Formula.isOrdered(value.type) { note(value, side, locals) } else { isPlain = false }
        case .isEmpty(let base): note(base, side, locals, asks: "empty", or: "not empty")
        case .isPresent(let base): note(base, side, locals, asks: "present", or: "absent")
        default: note(expression, side, locals)
        }
    }

    private mutating func note(_ expression: CheckedExpression, _ side: PolicySide, _ locals: [Int: Path]) {
        note(Formula.name(expression, side), .value, [expression], side, locals)
    }

    private mutating func note(
        _ base: CheckedExpression, _ side: PolicySide, _ locals: [Int: Path], asks yes: String, or no: String
    ) {
        let name = Formula.name(base, side)
        note(TextValue("\(name) is \(yes)"), .test(of: name, yes: yes, no: no), [base], side, locals)
    }

    private mutating func noteOrder(
        _ left: CheckedExpression, _ right: CheckedExpression, _ side: PolicySide, _ locals: [Int: Path]
    ) {
        guard Formula.isOrdered(left.type) else {
            isPlain = false
            return
        }
        var (first, second) = (Formula.name(left, side), Formula.name(right, side))
        if second < first { (first, second) = (second, first) }
        note(
            TextValue("\(first) against \(second)"), .order(first, second, left.type), [left, right], side, locals)
    }

    private mutating func note(
        _ name: TextValue, _ kind: Kind, _ values: [CheckedExpression], _ side: PolicySide, _ locals: [Int: Path]
    ) {
        let paths = values.compactMap { Self.path($0, side, locals) }.sorted { $0.lexicographicallyPrecedes($1) }
        let type = values.flatMap { Self.words($0.type, side.program) }.sorted()
        if paths.count < values.count { isPlain = false }
        if let known = inputs.first(where: { $0.name == name }) {
            if known.paths != paths || known.type != type { isPlain = false }
        } else {
            inputs.append(Input(name: name, kind: kind, paths: paths, type: type))
        }
    }

    private static func words(_ type: ValueType, _ program: CheckedProgram) -> [TextValue] {
        var words = [TextValue(TypeNames.name(type, in: program))]
        if case .enumeration(let index) = type, program.enumerations.indices.contains(index) {
            words.append(TextValue(program.enumerations[index].cases.joined(separator: ", ")))
        }
        return words
    }

    /// Where a value is given; nil where it is worked out.
    static func path(_ expression: CheckedExpression, _ side: PolicySide, _ locals: [Int: Path]) -> Path? {
        let program = side.program
        switch expression.kind {
        case .local(let index): return locals[index]
        case .caseField(let index): return ["case", TextValue(program.caseFields[index].name)]
        case .actor: return ["actor"]
        case .organisationOfActor: return ["actor", "organisation"]
        case .now, .today: return ["now"]
        case .state: return ["state"]
        case .field(let base, let index): return path(base, side, locals).map { $0 + [TextValue(String(index))] }
        case .lookup(let register, _): return ["register", TextValue(program.registers[register].name)]
        case .widened(let inner), .wrapped(let inner), .revealed(let inner): return path(inner, side, locals)
        default: return nil
        }
    }
}

extension ConditionInputs.Input {
    /// One way to be in some atoms of the input.
    func example(_ atoms: [AtomRange], _ column: TableColumn) -> [PolicyDifference.Assignment] {
        switch kind {
        case .value: return [.init(input: name.string, value: column.example(atoms))]
        case .test(let base, let yes, let no):
            let holds = Atoms.intersect(column.atoms(of: .members([.boolean(true)], isExcluded: false)), atoms)
            return [.init(input: base.string, value: holds ? yes : no)]
        case .order(let first, let second, let type):
            func isPossible(_ relation: Value) -> Bool {
                Atoms.intersect(column.atoms(of: .members([relation], isExcluded: false)), atoms)
            }
            let (low, high) = Self.pair(type, column.timezone)
            let (one, other) =
                isPossible(Formula.everyRelation[1])
                ? (low, low) : isPossible(Formula.everyRelation[0]) ? (low, high) : (high, low)
            return [.init(input: first.string, value: one), .init(input: second.string, value: other)]
        }
    }

    /// Two neighbouring values of an ordered type.
    private static func pair(_ type: ValueType, _ timezone: Int) -> (String, String) {
        switch type {
        case .money(let currency):
            return (
                Money(minorUnits: 100, currency: currency).description,
                Money(minorUnits: 101, currency: currency).description
            )
        case .date: return ("2026-01-01", "2026-01-02")
        case .dateTime: return ("2026-01-01 09:00", "2026-01-01 09:01")
        case .duration: return (Duration(seconds: 86_400).description, Duration(seconds: 172_800).description)
        default: return ("1", "2")
        }
    }
}
