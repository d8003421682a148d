import RemitValues

/// A value that cannot change unseen: a local, a case field or a row of a register, and a way through its fields.
struct ValuePath: Hashable {
    indirect enum Root: Hashable {
        case local(Int)
        case caseField(Int)
        /// The row of a register (index) that stands under these keys.
        case row(Int, [PureKey])
        /// That the last round of an approval is granted, which no statement changes.
        case granted(Int)
    }

    /// A step on the way.
    enum Step: Hashable {
        /// A field of a record.
        case field(Int)
        /// A field of a case of another contract, which no transition of this one changes.
        case otherField(Int)
        /// The entry of a key in a map.
        case entry(PureKey)
    }

    let root: Root
    var steps: [Step] = []

    /// The path that an expression is, if it is one.
    init?(_ expression: CheckedExpression) {
        switch expression.kind {
        case .local(let slot): self.init(.local(slot))
        case .caseField(let index): self.init(.caseField(index))
        case .lookup(let register, let keys):
            guard let keys = PureKey.all(keys) else { return nil }
            self.init(.row(register, keys))
        case .field(let base, let index): self.init(base, .field(index))
        case .otherField(let base, _, let index): self.init(base, .otherField(index))
        case .mapEntry(let base, let key):
            guard let key = PureKey(key) else { return nil }
            self.init(base, .entry(key))
        default: return nil
        }
    }

    /// The case field that the path is, where it leads no further.
    var wholeField: Int? {
        if case .caseField(let index) = root, steps.isEmpty { return index }
        return nil
    }

    /// The round (index) that is granted where this is known.
    var grantedRound: Int? { if case .granted(let round) = root { round } else { nil } }

    /// What is known where a round is granted.
    init(granted round: Int) { self.init(.granted(round)) }

    private init(_ root: Root) { self.root = root }

    private init?(_ base: CheckedExpression, _ step: Step) {
        guard var path = ValuePath(base) else { return nil }
        path.steps.append(step)
        self = path
    }

    /// Everything by which something is looked up on the way.
    private var keys: [PureKey] {
        var keys: [PureKey] = []
        if case .row(_, let ofRow) = root { keys = ofRow }
        for case .entry(let key) in steps { keys.append(key) }
        return keys
    }

    /// Whether the path begins at a case field, or looks something up by it.
    func reads(_ field: Int) -> Bool { root == .caseField(field) || looksUp(by: field) }

    /// Whether something is looked up on the way by what stands in a case field.
    func looksUp(by field: Int) -> Bool { keys.contains { key in key.paths.contains { $0.reads(field) } } }

    /// Whether the path leads into a row of a register, or looks something up by what stands in one.
    func reads(rowsOf register: Int) -> Bool {
        if case .row(register, _) = root, !steps.isEmpty { return true }
        return keys.contains { key in key.paths.contains { $0.reads(rowsOf: register) } }
    }

    /// Whether rows of registers are looked at on the way.
    var readsRows: Bool {
        if case .row = root { return true }
        return keys.contains { key in key.paths.contains(where: \.readsRows) }
    }
}

/// A key that is worked out alike wherever it stands in a body, as long as what it reads stays as it is.
indirect enum PureKey: Hashable {
    case constant(Value)
    case path(ValuePath)
    /// Who acts, for whom, and when: `.actor`, `.organisationOfActor`, `.now` and `.today`.
    case given(String)
    case parameter(Int, on: PureKey?)
    case builtin(Builtin, [PureKey])
    case arithmetic(TypedArithmetic, PureKey, PureKey)
    case negated(PureKey)
    case widened(PureKey)

    /// The key that an expression is; nil where it is anything else.
    init?(_ expression: CheckedExpression) {
        switch expression.kind {
        case .constant(let value): self = .constant(value)
        case .wrapped(let inner), .revealed(let inner):
            guard let inner = PureKey(inner) else { return nil }
            self = inner
        case .actor: self = .given("actor")
        case .organisationOfActor: self = .given("organisation")
        case .now: self = .given("now")
        case .today: self = .given("today")
        case .parameter(let index, nil): self = .parameter(index, on: nil)
        case .parameter(let index, let day?):
            guard let day = PureKey(day) else { return nil }
            self = .parameter(index, on: day)
        case .builtin(let builtin, let operands):
            guard let operands = PureKey.all(operands) else { return nil }
            self = .builtin(builtin, operands)
        case .arithmetic(let operation, let left, let right):
            guard let left = PureKey(left), let right = PureKey(right) else { return nil }
            self = .arithmetic(operation, left, right)
        case .negated(let inner):
            guard let inner = PureKey(inner) else { return nil }
            self = .negated(inner)
        case .widened(let inner):
            guard let inner = PureKey(inner) else { return nil }
            self = .widened(inner)
        default:
            guard let path = ValuePath(expression) else { return nil }
            self = .path(path)
        }
    }

    /// Several keys; nil where one of them is none.
    static func all(_ expressions: [CheckedExpression]) -> [PureKey]? {
        var keys: [PureKey] = []
        for expression in expressions {
            guard let key = PureKey(expression) else { return nil }
            keys.append(key)
        }
        return keys
    }

    /// The values that it reads.
    var paths: [ValuePath] {
        switch self {
        case .constant, .given, .parameter(_, nil): []
        case .path(let path): [path]
        case .parameter(_, let day?): day.paths
        case .builtin(_, let operands): operands.flatMap(\.paths)
        case .arithmetic(_, let left, let right): left.paths + right.paths
        case .negated(let inner), .widened(let inner): inner.paths
        }
    }
}
