import RemitLanguage
import RemitRuntime
import RemitValues

/// What conditions ask about, and what they come to as formulas over it: only inputs that vary freely of each other
/// can be laid over each other exactly.
struct ConditionInputs {
    /// The way from what is given to a value: a field of the case, then its parts.
    typealias Path = [TextValue]

    /// How an input is given.
    enum Kind {
        case value
        /// Whether something is empty or present; the words for yes and no.
        case test(of: TextValue, asks: Question)
        /// How two values of a type stand to each other.
        case order(TextValue, TextValue, ValueType)
    }

    enum Question { case empty, present }

    struct Input {
        /// What it is known by, in both versions.
        let key: TextValue
        /// As the policy writes it.
        let name: TextValue
        let kind: Kind
        let paths: [Path]
        /// What the values that it asks about are known by.
        let operands: [TextValue]
        /// The type in words, and the values of an enumeration: one that changed is another type.
        let type: [TextValue]
        /// What it can come to, where it is worked out from whole numbers or amounts.
        var lattice: Lattice?
    }

    let side: PolicySide
    /// Where the leaves of conditions are given: what the action is given, and elements of lists.
    var leaves: [Path] = []
    /// How often something was written before: a value that is worked out may be another one then.
    var writes = 0
    private(set) var inputs: [Input] = []
    /// The text of something that is worked out, if anything is.
    private(set) var obstacle: TextValue?
    /// What that is worked out from.
    private(set) var sources: [TextValue] = []
    /// Where a condition finds no rule for a day.
    private var faults: [Formula] = []
    /// What holds where the part of a condition that is being read is asked at all.
    private var reached: [Formula] = []

    init(_ side: PolicySide) { self.side = side }

    subscript(key: TextValue) -> Input? { inputs.first { $0.key == key } }

    /// The name of an input that is a part of another or stands in two of them; nil: all vary freely of each other.
    var unfree: TextValue? {
        for (index, input) in inputs.enumerated() {
            if input.paths.count == 2, Self.meet(input.paths[0], input.paths[1]) { return input.name }
            for other in inputs[(index + 1)...] {
                for path in input.paths {
                    for opposite in other.paths where Self.meet(path, opposite) {
                        // Whether a value is there, and which it is then, do not follow from each other.
                        if input.asksPresence, opposite.starts(with: path) { continue }
                        if other.asksPresence, path.starts(with: opposite) { continue }
                        return other.name
                    }
                }
            }
        }
        return nil
    }

    private static func meet(_ path: Path, _ other: Path) -> Bool {
        path.starts(with: other) || other.starts(with: path)
    }

    /// Takes over the inputs of other conditions.
    mutating func join(_ other: ConditionInputs) {
        for input in other.inputs { add(input) }
        if obstacle == nil { (obstacle, sources) = (other.obstacle, other.sources) }
    }

    private mutating func add(_ input: Input) {
        guard let known = self[input.key] else { return inputs.append(input) }
        if known.paths != input.paths || known.type != input.type { obstacle = obstacle ?? input.name }
    }

    // MARK: Reading

    /// Reads a condition: where it holds, and where it comes to nothing since there is no rule for a day.
    mutating func outcome(_ expression: CheckedExpression) -> (holds: Formula, faults: Formula) {
        faults = []
        let holds = formula(expression)
        let missing = Formula.some(faults).simplified
        if missing == .constant(false) { return (holds, missing) }
        return (.all([holds, .not(missing)]), missing)
    }

    /// A part of a condition that is asked only where another part came to something.
    private mutating func formula(behind first: Formula, _ expression: CheckedExpression) -> Formula {
        reached.append(first)
        let formula = formula(expression)
        reached.removeLast()
        return formula
    }

    /// Reads a condition; whatever is no comparison of inputs becomes an input of its own, known by its text.
    mutating func formula(_ expression: CheckedExpression) -> Formula {
        switch expression.kind {
        case .constant(.boolean(let value)): return .constant(value)
        case .not(let inner): return .not(formula(inner))
        case .and(let left, let right):
            let first = formula(left)
            return .all([first, formula(behind: first, right.expression)])
        case .or(let left, let right):
            let first = formula(left)
            return .some([first, formula(behind: .not(first), right.expression)])
        case .implies(let left, let right):
            let first = formula(left)
            return .some([.not(first), formula(behind: first, right.expression)])
        case .choose(let condition, let then, let otherwise):
            let asked = formula(condition)
            return .some([
                .all([asked, formula(behind: asked, then.expression)]),
                .all([.not(asked), formula(behind: .not(asked), otherwise.expression)]),
            ])
        case .revealed(let inner): return formula(inner)
        case .comparison(let operation, let left, let right): return comparison(operation, left, right, expression)
        case .within(let value, let lower, let upper):
            guard Formula.isOrdered(value.type) else { return opaque(expression) }
            if let (base, fallback) = otherwise(value) {
                return choice(base, value.type) { inputs, there in
                    .all([
                        inputs.comparison(.greaterOrEqual, there ?? fallback, lower, expression),
                        inputs.comparison(.lessOrEqual, there ?? fallback, upper, expression),
                    ])
                }
            }
            guard let low = Formula.constant(lower, side), let high = Formula.constant(upper, side) else {
                return .all([
                    comparison(.greaterOrEqual, value, lower, expression),
                    comparison(.lessOrEqual, value, upper, expression),
                ])
            }
            let range = ValueRange(lower: low, lowerIncluded: true, upper: high, upperIncluded: true)
            if let value = Formula.constant(value, side) { return .constant(range.contains(value)) }
            return .cell(input: note(value), side.common(value.type), .ranges([range]))
        case .isOneOf(let value, let operands):
            let values = operands.compactMap { Formula.constant($0, side) }
            guard values.count == operands.count else { return opaque(expression) }
            if let value = Formula.constant(value, side) { return .constant(values.contains(value)) }
            if Formula.isOrdered(value.type) {
                let cells = values.compactMap { cell(.equal, value, $0) }
                return cells.count == values.count ? .some(cells) : opaque(expression)
            }
            return .cell(input: note(value), side.common(value.type), .members(values, isExcluded: false))
        case .isEmpty(let base): return test(base, .empty)
        case .isPresent(let base):
            if let value = Formula.constant(base, side) { return .constant(value != .absent) }
            if case .wrapped = base.kind { return .constant(true) }
            return test(base, .present)
        default: return opaque(expression)
        }
    }

    private mutating func opaque(_ expression: CheckedExpression) -> Formula {
        // The place of `not in` is that of the whole question: the name says what is asked without the "not".
        let name: TextValue? =
            switch expression.kind {
            case .isIn(let value, let list): TextValue("\(text(value)) in \(text(list))")
            case .matches(let base, let pattern): TextValue("\(text(base)) is like \"\(pattern.written)\"")
            default: nil
            }
        return .cell(input: note(expression, as: name), .boolean, .members([.boolean(true)], isExcluded: false))
    }

    private mutating func test(_ base: CheckedExpression, _ question: Question) -> Formula {
        let name = text(base)
        let words = question == .empty ? "empty" : "present"
        let key = TextValue("\(words) \(mark(base))")
        note(key, TextValue("\(name) is \(words)"), .test(of: name, asks: question), [base])
        return .cell(input: key, .boolean, .members([.boolean(true)], isExcluded: false))
    }

    private mutating func comparison(
        _ operation: ComparisonOperator, _ left: CheckedExpression, _ right: CheckedExpression,
        _ whole: CheckedExpression
    ) -> Formula {
        if let (base, fallback) = otherwise(left) {
            return choice(base, left.type) { $0.comparison(operation, $1 ?? fallback, right, whole) }
        }
        if let (base, fallback) = otherwise(right) {
            return choice(base, right.type) { $0.comparison(operation, left, $1 ?? fallback, whole) }
        }
        if let dated = dated(right) { return byDay(operation, left, dated) ?? opaque(whole) }
        if let dated = dated(left) { return byDay(Formula.turned(operation), right, dated) ?? opaque(whole) }
        if let second = Formula.constant(right, side) {
            if let first = Formula.constant(left, side) { return .constant(Formula.holds(operation, first, second)) }
            return cell(operation, left, second) ?? opaque(whole)
        }
        if let first = Formula.constant(left, side) {
            return cell(Formula.turned(operation), right, first) ?? opaque(whole)
        }
        guard Formula.isOrdered(left.type) else { return opaque(whole) }
        // The two are named in one order, so that `a < b` and `b > a` speak of one input.
        let isTurned = text(right) < text(left)
        let (first, second) = isTurned ? (right, left) : (left, right)
        let key = TextValue("order \(mark(first)) \(mark(second))")
        note(
            key, TextValue("\(text(first)) against \(text(second))"),
            .order(text(first), text(second), left.type), [first, second])
        return .order(input: key, Formula.relations(isTurned ? Formula.turned(operation) : operation))
    }

    private mutating func cell(
        _ operation: ComparisonOperator, _ input: CheckedExpression, _ value: Value
    ) -> Formula? {
        let type = side.common(input.type)
        guard Formula.isOrdered(type) || operation == .equal || operation == .notEqual else { return nil }
        return Formula.cell(operation, note(input), type, value)
    }

    /// A value that may be absent, and what is taken then.
    private func otherwise(
        _ expression: CheckedExpression
    ) -> (base: CheckedExpression, fallback: CheckedExpression)? {
        func made(_ kind: CheckedExpression.Kind, _ inner: CheckedExpression) -> CheckedExpression {
            CheckedExpression(kind, expression.type, inner.span)
        }
        switch expression.kind {
        case .otherwise(let base, let fallback): return (base, fallback.expression)
        case .widened(let inner):
            guard let (base, fallback) = otherwise(inner) else { return nil }
            let there = CheckedExpression(base.kind, inner.type, base.span)
            return (made(.widened(there), base), made(.widened(fallback), fallback))
        default: return nil
        }
    }

    /// What a comparison comes to where a value is there and where it is not.
    private mutating func choice(
        _ base: CheckedExpression, _ type: ValueType,
        _ compared: (inout ConditionInputs, CheckedExpression?) -> Formula
    ) -> Formula {
        let there = CheckedExpression(base.kind, type, base.span)
        var inner = base
        if case .widened(let narrow) = base.kind { inner = narrow }
        if let value = Formula.constant(inner, side) { return compared(&self, value == .absent ? nil : there) }
        let present = test(inner, .present)
        return .some([.all([present, compared(&self, there)]), .all([.not(present), compared(&self, nil)])])
    }

    /// A parameter that is read by a day: its values with their periods, and the day.
    private func dated(
        _ expression: CheckedExpression
    ) -> (day: CheckedExpression, values: [(period: Period, value: Value)])? {
        switch expression.kind {
        case .parameter(let index, let day?): return (day, side.program.parameters[index].values)
        case .widened(let inner):
            guard let (day, values) = dated(inner) else { return nil }
            var widened: [(period: Period, value: Value)] = []
            for (period, value) in values {
                guard let value = Formula.widened(value) else { return nil }
                widened.append((period, value))
            }
            return (day, widened)
        default: return nil
        }
    }

    private mutating func byDay(
        _ operation: ComparisonOperator, _ input: CheckedExpression,
        _ dated: (day: CheckedExpression, values: [(period: Period, value: Value)])
    ) -> Formula? {
        var parts: [Formula] = []
        var days: [Formula] = []
        let fixed = Formula.constant(input, side)
        let other = self.dated(input)
        let day = Formula.constant(dated.day, side) == nil ? note(dated.day) : nil
        for (period, value) in dated.values {
            let compared: Formula? =
                if let fixed {
                    .constant(Formula.holds(operation, fixed, value))
                } else if let other {
                    byDay(Formula.turned(operation), CheckedExpression(.constant(value), input.type, input.span), other)
                } else {
                    cell(operation, input, value)
                }
            guard let compared else { return nil }
            if let day {
                let range = ValueRange(
                    lower: period.from.map(Value.date), lowerIncluded: true, upper: period.until.map(Value.date),
                    upperIncluded: false)
                days.append(.cell(input: day, .date, .ranges([range])))
                parts.append(.all([.cell(input: day, .date, .ranges([range])), compared]))
            } else if case .date(let fixed)? = Formula.constant(dated.day, side), period.contains(fixed) {
                days.append(.constant(true))
                parts.append(compared)
            }
        }
        faults.append(.all(reached + [.not(.some(days))]))
        return .some(parts)
    }

    private mutating func note(_ expression: CheckedExpression, as name: TextValue? = nil) -> TextValue {
        let key = mark(expression)
        note(key, name ?? text(expression), .value, [expression])
        return key
    }

    private mutating func note(_ key: TextValue, _ name: TextValue, _ kind: Kind, _ values: [CheckedExpression]) {
        let paths = values.compactMap { path($0) }
        if paths.count < values.count {
            let worked = values.first { path($0) == nil }
            if obstacle == nil { sources = worked.map(sources) ?? [] }
            obstacle = obstacle ?? worked.map(text) ?? name
        }
        add(
            Input(
                key: key, name: name, kind: kind, paths: paths, operands: values.map(mark),
                type: values.flatMap { Self.words($0.type, side.program) },
                lattice: paths.isEmpty && values.count == 1 ? Lattice(values[0], side) : nil))
    }

    /// What something is worked out from: what is given, and what is read.
    private func sources(_ expression: CheckedExpression) -> [TextValue] {
        var found: [TextValue] = []
        var open = [expression]
        while let next = open.popLast(), found.count < Limits.toldLines {
            let isRead: Bool
            switch next.kind {
            case .parameter, .table, .available, .verdict, .outcome, .signers: isRead = true
            case .local(let index): isRead = leaves.indices.contains(index)
            default: isRead = path(next) != nil
            }
            let name = text(next)
            if isRead, !found.contains(name) { found.append(name) }
            if path(next) == nil { open += next.operands.reversed() }
        }
        return found
    }

    private static func words(_ type: ValueType, _ program: CheckedProgram) -> [TextValue] {
        var words = [TextValue(TypeNames.name(type, in: program))]
        if case .enumeration(let index) = type, program.enumerations.indices.contains(index) {
            words.append(TextValue(program.enumerations[index].cases.sorted().joined(separator: ", ")))
        }
        return words
    }

    /// The text of an input.
    func text(_ expression: CheckedExpression) -> TextValue {
        if case .widened(let inner) = expression.kind { return text(inner) }
        return TextValue(side.text(expression.span))
    }

    /// What an input is known by: the way to it, or its text where it is worked out.
    private func mark(_ expression: CheckedExpression) -> TextValue {
        // The day and the time are given as one, and are values of two types.
        if case .today = expression.kind { return "today" }
        guard let path = path(expression) else { return TextValue("\(text(expression)) #\(writes)") }
        let way = path.map(\.string).joined(separator: " ")
        let keys = Self.keys(expression).map { mark($0).string }.joined(separator: ", ")
        return TextValue(keys.isEmpty ? way : "\(way) [\(keys)]")
    }

    private static func keys(_ expression: CheckedExpression) -> [CheckedExpression] {
        switch expression.kind {
        case .lookup(_, let keys): keys
        case .field(let base, _), .widened(let base), .wrapped(let base), .revealed(let base): keys(base)
        default: []
        }
    }

    /// Where a value is given; nil where it is worked out.
    func path(_ expression: CheckedExpression) -> Path? {
        let program = side.program
        switch expression.kind {
        case .local(let index): return leaves.indices.contains(index) ? leaves[index] : nil
        case .caseField(let index): return ["case", TextValue(program.caseFields[index].name)]
        case .actor: return ["actor"]
        case .organisationOfActor: return ["actor", "organisation"]
        case .now, .today: return ["now"]
        case .state: return ["state"]
        case .field(let base, let index): return path(base).map { $0 + [part(index, base.type)] }
        case .lookup(let register, _): return ["register", TextValue(program.registers[register].name)]
        case .widened(let inner), .wrapped(let inner), .revealed(let inner): return path(inner)
        default: return nil
        }
    }

    private func part(_ index: Int, _ type: ValueType) -> TextValue {
        if case .record(let record) = type, side.program.records.indices.contains(record),
            side.program.records[record].fields.indices.contains(index)
        {
            return TextValue(side.program.records[record].fields[index].name)
        }
        return TextValue(String(index))
    }
}

extension ConditionInputs.Input {
    /// Whether it asks if a value is there.
    var asksPresence: Bool {
        if case .test(_, .present) = kind { true } else { false }
    }
}
