import RemitLanguage
import RemitRuntime
import RemitValues

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

    /// Whether what was made for a case lies in the region, as far as it is made of what is given.
    func admits(_ wish: CaseWish) -> Bool {
        region.allSatisfy { part in
            guard let input = inputs[comparison.inputs[part.input]] else { return true }
            let column = comparison.columns[part.input]
            func lies(_ value: Value) -> Bool {
                // The day and the time are one thing that is wished for.
                switch (column.type, value) {
                case (.date, .instant(let now)):
                    return column.holds(.date(now.date(offset: program.timezone)), part.atoms)
                case (.dateTime, .date(let day)):
                    let now = Instant(date: day, hour: 9, minute: 0, offset: program.timezone)
                    return now.map { column.holds(.instant($0), part.atoms) } ?? false
                default: return column.holds(value, part.atoms)
                }
            }
            switch input.kind {
            case .value:
                guard input.paths.count == 1, let value = wish.values[input.paths[0]] else { return true }
                // What is compared as a number has its place among numbers alone.
                if case .continuous = column.kind { return lies(Formula.widened(value) ?? value) }
                return lies(value)
            case .order:
                guard input.paths.count == 2, let first = wish.values[input.paths[0]],
                    let second = wish.values[input.paths[1]]
                else { return true }
                return lies(Formula.everyRelation[first < second ? 0 : first == second ? 1 : 2])
            case .test(_, let question):
                guard input.paths.count == 1 else { return true }
                let path = input.paths[0]
                switch question {
                case .present:
                    if wish.shapes[path] == .absent { return lies(.boolean(false)) }
                    return wish.values[path] == nil || lies(.boolean(wish.values[path] != .absent))
                case .empty:
                    if let size = wish.sizes[path] { return lies(.boolean(size == 0)) }
                    return wish.values[path].map { lies(.boolean($0 == .text(""))) } ?? true
                }
            }
        }
    }

    /// The conditions of the region.
    var conditions: [PolicyDifference.Condition] {
        region.map { part in
            let key = comparison.inputs[part.input]
            return .init(
                input: (inputs[key]?.name ?? key).string, values: comparison.columns[part.input].text(part.atoms))
        }
    }

    /// Values of the region's inputs that go together; nil where none could be named.
    var terms: [PolicyDifference.Assignment]? {
        for attempt in 0..<Limits.triedTerms {
            guard let wish = wish(attempt), admits(wish) else { continue }
            return region.flatMap { part -> [PolicyDifference.Assignment] in
                let key = comparison.inputs[part.input]
                let column = comparison.columns[part.input]
                func told(_ name: TextValue, _ path: ConditionInputs.Path) -> PolicyDifference.Assignment? {
                    wish.values[path].map { .init(input: name.string, value: program.written($0), part: .rule) }
                }
                if let input = inputs[key], case .order(let first, let second, _) = input.kind, input.paths.count == 2,
                    let one = told(first, input.paths[0]), let other = told(second, input.paths[1])
                {
                    return [one, other]
                }
                if let input = inputs[key], case .value = input.kind, let path = input.paths.first,
                    let one = told(input.name, path)
                {
                    return [one]
                }
                let value = column.representatives(part.atoms).first.map(program.written) ?? column.text(part.atoms)
                return [.init(input: (inputs[key]?.name ?? key).string, value: value, part: .rule)]
            }.reduce(into: []) { told, next in
                if !told.contains(where: { TextValue($0.input) == TextValue(next.input) }) { told.append(next) }
            }
        }
        return nil
    }

    /// The inputs of the region with their values in a case that was found, and all that the case takes.
    func example(_ found: CaseSearch.Found, _ search: CaseSearch) -> PolicyDifference.Example {
        var example: [PolicyDifference.Assignment] = []
        func add(_ name: TextValue, _ value: String?) {
            guard let value, !example.contains(where: { TextValue($0.input) == name }) else { return }
            example.append(.init(input: name.string, value: value))
        }
        func written(_ path: ConditionInputs.Path) -> String? { found.wish.values[path].map(program.written) }
        for part in region {
            // Rows and members of lists are told whole, with whatever they are a part of.
            guard let input = inputs[comparison.inputs[part.input]], !input.paths.isEmpty,
                input.paths.allSatisfy({ $0.first != "register" && $0.count <= 2 })
            else { continue }
            switch input.kind {
            case .value: add(input.name, written(input.paths[0]))
            case .test(let base, let question):
                // Where its value is told, it is there.
                if found.wish.values[input.paths[0]] != nil { continue }
                switch (question, found.wish.shapes[input.paths[0]]) {
                case (.empty, let shape):
                    let isEmpty = shape == .empty || found.wish.sizes[input.paths[0]] == 0
                    add(base, isEmpty ? "empty" : "not empty")
                case (.present, let shape): add(base, shape == .absent ? "absent" : "present")
                }
            case .order(let first, let second, _):
                if input.paths.count == 2 {
                    add(first, written(input.paths[0]))
                    add(second, written(input.paths[1]))
                }
            }
        }
        return search.told(found, example)
    }
}
