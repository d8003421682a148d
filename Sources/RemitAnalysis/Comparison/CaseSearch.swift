import RemitLanguage
import RemitRuntime
import RemitValues

/// Looks for cases that two versions decide differently: each is decided by both, from beginning to end.
final class CaseSearch {
    /// A case that the two decide differently.
    struct Found {
        let action: String
        let wish: CaseWish
        /// What the old and the new version come to.
        let before: Transition
        let after: Transition
    }

    let old: CaseTrial
    let new: CaseTrial
    let pool: ValuePool
    /// The actions that both versions have.
    let actions: [String]
    private var steps = Limits.triedSteps

    init(_ old: CheckedProgram, _ new: CheckedProgram, _ constants: [Value]) {
        self.old = CaseTrial(old)
        self.new = CaseTrial(new)
        var values = constants
        for program in [old, new] {
            values += program.parameters.flatMap { $0.values.map(\.value) }
            let periods =
                program.parameters.flatMap { $0.values.map(\.period) }
                + program.tables.flatMap { $0.sections.map(\.period) }
            values += periods.flatMap { [$0.from, $0.until].compactMap { $0.map(Value.date) } }
        }
        pool = ValuePool(values)
        actions = new.actions.map(\.name).filter { name in
            old.actions.contains { TextValue($0.name) == TextValue(name) }
        }
    }

    /// The first case that is wished for, by any of some actions, that comes to another decision and shows what is
    /// looked for. Where there is a version that has only one change, its decision must differ from the old one's too.
    func find(
        _ names: [String?], changed: CaseTrial? = nil, wish: (Int) -> CaseWish?,
        shows: (Transition, Transition) -> Bool
    ) -> Found? {
        let tried = names.contains { $0 == nil } ? actions : actions.filter { names.contains($0) }
        for attempt in 0..<Limits.triedCases {
            guard let wish = wish(attempt) else { continue }
            for action in tried {
                guard steps > 0 else { return nil }
                guard let first = old.transition(action, pool, wish), let second = new.transition(action, pool, wish)
                else { continue }
                let cost = first.cost + second.cost
                steps = cost < steps ? steps - cost : 0
                guard differ(first, old, second, new), shows(first, second) else { continue }
                if let changed {
                    guard let third = changed.transition(action, pool, wish), differ(first, old, third, changed) else {
                        continue
                    }
                }
                return Found(action: action, wish: wish, before: first, after: second)
            }
        }
        return nil
    }

    /// Whether a case that is wished for is decided alike, or none of the steps are left to find out.
    func decidesAlike(_ action: String, _ wish: CaseWish) -> Bool {
        guard steps > 0 else { return true }
        guard let first = old.transition(action, pool, wish), let second = new.transition(action, pool, wish) else {
            return false
        }
        let cost = first.cost + second.cost
        steps = cost < steps ? steps - cost : 0
        return !differ(first, old, second, new)
    }

    private func differ(_ first: Transition, _ one: CaseTrial, _ second: Transition, _ other: CaseTrial) -> Bool {
        Decision(first, one.program, other: other.program) != Decision(second, other.program, other: one.program)
    }

    /// The old version with a parameter (index) as the new one (index) has it; nil where its type is another one.
    func changed(parameter before: Int, as after: Int) -> CaseTrial? {
        let (mine, other) = (old.program.parameters[before], new.program.parameters[after])
        guard mine.type == other.type, mine.isDated == other.isDated else { return nil }
        var program = old.program
        program.parameters[before] = other
        return CaseTrial(program)
    }
}

extension CheckedProgram {
    /// A value as the policy writes it.
    func written(_ value: Value) -> String {
        if case .instant(let instant) = value { return instant.text(offset: timezone) }
        return value.description
    }
}

/// Makes the wish for a case in a region.
struct RegionWish {
    let region: FormulaComparison.Region
    let comparison: FormulaComparison
    let inputs: ConditionInputs
    let pool: ValuePool
    let program: CheckedProgram
    /// An input of the rule that does not vary freely of the others.
    let unfree: TextValue?

    private func part(of path: ConditionInputs.Path) -> (input: Int, atoms: [AtomRange])? {
        region.first { part in
            guard let input = inputs[comparison.inputs[part.input]], case .value = input.kind else { return false }
            return input.paths == [path]
        }
    }

    /// The wish of an attempt; nil where its values do not go together.
    func wish(_ attempt: Int) -> CaseWish? {
        var wish = CaseWish()
        wish.attempt = attempt
        for part in region {
            guard let input = inputs[comparison.inputs[part.input]], input.paths.count == 1 else { continue }
            let path = input.paths[0]
            let column = comparison.columns[part.input]
            switch input.kind {
            case .value:
                let values = column.representatives(part.atoms)
                guard !values.isEmpty else { return nil }
                wish.values[path] = values[wish.choice(path + ["="], below: values.count)]
            case .test(_, let question):
                let holds = Atoms.intersect(column.atoms(of: .members([.boolean(true)], isExcluded: false)), part.atoms)
                switch question {
                case .empty: wish.shapes[path] = holds ? .empty : .filled
                case .present: wish.shapes[path] = holds ? .present : .absent
                }
            case .order: break
            }
        }
        for part in region {
            guard let input = inputs[comparison.inputs[part.input]], case .order(_, _, let type) = input.kind,
                input.paths.count == 2
            else { continue }
            guard order(input.paths[0], input.paths[1], type, part, &wish) else { return nil }
        }
        return wish
    }

    /// Chooses two values that stand to each other as a region says.
    private func order(
        _ first: ConditionInputs.Path, _ second: ConditionInputs.Path, _ type: ValueType,
        _ part: (input: Int, atoms: [AtomRange]), _ wish: inout CaseWish
    ) -> Bool {
        let column = comparison.columns[part.input]
        func isPossible(_ left: Value, _ right: Value) -> Bool {
            let relation = Formula.everyRelation[left < right ? 0 : left == right ? 1 : 2]
            return Atoms.intersect(column.atoms(of: .members([relation], isExcluded: false)), part.atoms)
        }
        let fallback = pool.values(of: type, in: program)
        let lefts = candidates(first, wish)
        let rights = candidates(second, wish)
        var pairs: [(Value, Value)] = []
        for left in lefts ?? rights?.flatMap(ValuePool.near) ?? fallback {
            for right in rights ?? ValuePool.near(left) + fallback where isPossible(left, right) {
                if pairs.count < Limits.triedValues { pairs.append((left, right)) }
            }
        }
        guard !pairs.isEmpty else { return false }
        let pair = pairs[wish.choice(first + second, below: pairs.count)]
        wish.values[first] = pair.0
        wish.values[second] = pair.1
        return true
    }

    private func candidates(_ path: ConditionInputs.Path, _ wish: CaseWish) -> [Value]? {
        guard let part = part(of: path) else { return wish.values[path].map { [$0] } }
        let column = comparison.columns[part.input]
        let values = column.representatives(part.atoms)
        return values + values.flatMap(ValuePool.near).filter { column.holds($0, part.atoms) && !values.contains($0) }
    }

    /// The conditions of the region.
    var conditions: [PolicyDifference.Condition] {
        region.map { part in
            let key = comparison.inputs[part.input]
            return .init(
                input: (inputs[key]?.name ?? key).string, values: comparison.columns[part.input].text(part.atoms))
        }
    }

    /// The inputs of the region with their values in a case that was found, and all that the case takes where these
    /// alone do not make it.
    func example(
        _ found: CaseSearch.Found, _ search: CaseSearch, namesAction: Bool
    ) -> [PolicyDifference.Assignment] {
        var example: [PolicyDifference.Assignment] = []
        var isWhole = !region.isEmpty
        func add(_ name: TextValue, _ value: String?) {
            guard let value, !example.contains(where: { TextValue($0.input) == name }) else { return }
            example.append(.init(input: name.string, value: value))
        }
        func written(_ path: ConditionInputs.Path) -> String? { found.wish.values[path].map(program.written) }
        for part in region {
            guard let input = inputs[comparison.inputs[part.input]], input.paths.count > 0 else {
                isWhole = false
                continue
            }
            switch input.kind {
            case .value: add(input.name, written(input.paths[0]))
            case .test(let base, let question):
                // Where its value is told, it is there.
                if found.wish.values[input.paths[0]] != nil { continue }
                switch (question, found.wish.shapes[input.paths[0]]) {
                case (.empty, let shape): add(base, shape == .empty ? "empty" : "not empty")
                case (.present, let shape): add(base, shape == .absent ? "absent" : "present")
                }
            case .order(let first, let second, _):
                if input.paths.count == 2 {
                    add(first, written(input.paths[0]))
                    add(second, written(input.paths[1]))
                }
            }
        }
        return search.told(found, example, isEnough: isWhole, namesAction: namesAction)
    }
}
