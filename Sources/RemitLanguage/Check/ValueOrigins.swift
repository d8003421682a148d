import RemitValues

/// Where a value comes from, once calls, names, tables and branches are looked through.
///
/// What is too far away to be followed is found to come from nowhere.
struct ValueOrigins {
    /// Something that no expression in sight works out.
    enum Origin: Hashable {
        /// A field of the case (index), or the part of it at the end of a path of positions.
        case place(Int, [Int])
        /// What stands in a local that nothing in sight binds, or a part of it: a parameter of the action, or what a
        /// loop goes through.
        case local(Int, [Int])
        case actor
        case organisationOfActor
        /// Those who count as signers in the last round (index) of an approval.
        case signers(Int)
        /// Anything else, such as a constant or a row.
        case other
    }

    /// What a local stands for: the part of a value at the end of a path.
    private struct Bound {
        let value: CheckedExpression
        /// The body in which the value is written; nil: that in which the local stands.
        let body: Body?
        var path: [Int] = []
    }

    /// What the locals of a body stand for.
    private final class Body {
        let bound: [Int: Bound]
        /// The functions that the body stands in: one with a mistake may call itself.
        let functions: Set<Int>

        init(_ bound: [Int: Bound], in functions: Set<Int>) {
            self.bound = bound
            self.functions = functions
        }
    }

    /// The position that stands for any member of a list, set or map.
    private static let member = -1

    private let program: CheckedProgram
    /// Whether each branch must be as asked, and not one of them.
    private let asksAll: Bool
    private let test: (Origin) -> Bool
    private var left = Limits.quorumSources
    /// Whether something was not followed to its end.
    private var isCut = false

    private init(_ program: CheckedProgram, asksAll: Bool, _ test: @escaping (Origin) -> Bool) {
        self.program = program
        self.asksAll = asksAll
        self.test = test
    }

    // MARK: Questions

    /// Whether one of the origins that a value may have is as asked. Of a collection those of its members are asked.
    static func some(
        of expression: CheckedExpression, in program: CheckedProgram, _ test: @escaping (Origin) -> Bool
    ) -> Bool {
        var search = ValueOrigins(program, asksAll: false, test)
        return search.holds(expression, Body([:], in: []), [], 0)
    }

    /// Whether each origin that a value may have is as asked; of a written collection, those of one of its members.
    ///
    /// What is as asked is taken to be there. `locals` are the values of the body in which the expression stands.
    static func all(
        of expression: CheckedExpression, at path: [Int] = [], locals: [Int: CheckedExpression] = [:],
        in program: CheckedProgram, _ test: @escaping (Origin) -> Bool
    ) -> Bool {
        var search = ValueOrigins(program, asksAll: true, test)
        return search.holds(expression, Body(locals.mapValues { Bound(value: $0, body: nil) }, in: []), path, 0)
    }

    /// The origin of a value that can have no other; nil where it may have several, such as any member of a list.
    static func only(of expression: CheckedExpression, in program: CheckedProgram) -> Origin? {
        var found: Set<Origin> = []
        var search = ValueOrigins(program, asksAll: false) { origin in
            found.insert(origin)
            return false
        }
        _ = search.holds(expression, Body([:], in: []), [], 0)
        guard !search.isCut, found.count == 1, let origin = found.first else { return nil }
        if case .place(_, let path) = origin, path.contains(member) { return nil }
        return origin
    }

    // MARK: The search

    private mutating func cut() -> Bool {
        isCut = true
        return false
    }

    private mutating func holds(
        _ expression: CheckedExpression, _ body: Body, _ path: [Int], _ steps: Int
    ) -> Bool {
        guard left > 0, steps < Limits.followedSteps, expression.type != .unknown else { return cut() }
        left -= 1
        let next = steps + 1
        switch expression.kind {
        case .caseField(let index): return test(.place(index, path))
        case .actor: return test(.actor)
        case .organisationOfActor: return test(.organisationOfActor)
        case .signers(let round): return test(.signers(round))
        case .local(let slot):
            guard let bound = body.bound[slot] else { return test(.local(slot, path)) }
            return holds(bound.value, bound.body ?? body, bound.path + path, next)
        case .field(let base, let position): return holds(base, body, [position] + path, next)
        case .mapEntry(let base, _):
            if asksAll, case .optional = expression.type { return test(.other) }
            return holds(base, body, [Self.member] + path, next)
        case .record(_, let parts):
            guard let first = path.first, parts.indices.contains(first) else { return test(.other) }
            return holds(parts[first], body, Array(path.dropFirst()), next)
        case .list(let parts), .set(let parts): return holds(members: parts, body, path, next)
        case .map(let entries): return holds(members: entries.map(\.value), body, path, next)
        case .wrapped(let inner), .revealed(let inner), .widened(let inner): return holds(inner, body, path, next)
        case .call(let index, let operands) where program.functions.indices.contains(index):
            return holds(call: index, operands, body, path, next)
        case .table(let index, let operands, _) where program.tables.indices.contains(index):
            return holds(table: index, operands, body, path, next)
        default: return holds(branch: expression, body, path, next)
        }
    }

    private mutating func holds(
        branch expression: CheckedExpression, _ body: Body, _ path: [Int], _ next: Int
    ) -> Bool {
        switch expression.kind {
        case .choose(let condition, let then, let otherwise):
            if asksAll {
                let isFirst = holds(then.expression, body, path, next)
                // Where what is asked for is as wanted it is there, so that the other branch is never taken.
                if case .isPresent(let asked) = condition.kind, holds(asked, body, [], next) { return isFirst }
                return isFirst && holds(otherwise.expression, body, path, next)
            }
            return holds(then.expression, body, path, next) || holds(otherwise.expression, body, path, next)
        case .otherwise(let value, let other):
            return holds(value, body, path, next) || !asksAll && holds(other.expression, body, path, next)
        case .builtin(.largest, let operands), .builtin(.smallest, let operands):
            return holds(each: operands, body, path, next)
        case .passing(let list, _) where !asksAll: return holds(list, body, path, next)
        case .aggregate(let aggregate) where !asksAll:
            guard let value = aggregate.value?.expression else { return test(.other) }
            var bound = body.bound
            bound[aggregate.local] = Bound(value: aggregate.source, body: body, path: [Self.member])
            let rest = aggregate.operation == .list && path.first == Self.member ? Array(path.dropFirst()) : path
            return holds(value, Body(bound, in: body.functions), rest, next)
        default: return test(.other)
        }
    }

    private mutating func holds(each parts: [CheckedExpression], _ body: Body, _ path: [Int], _ next: Int) -> Bool {
        for part in parts where holds(part, body, path, next) != asksAll { return !asksAll }
        return asksAll && !parts.isEmpty
    }

    /// A collection as a whole is asked for one of its members; a member that was taken out of it may be any of them.
    private mutating func holds(
        members parts: [CheckedExpression], _ body: Body, _ path: [Int], _ next: Int
    ) -> Bool {
        if path.first == Self.member { return holds(each: parts, body, Array(path.dropFirst()), next) }
        for part in parts where holds(part, body, path, next) { return true }
        return false
    }

    private mutating func holds(
        call index: Int, _ operands: [CheckedExpression], _ body: Body, _ path: [Int], _ next: Int
    ) -> Bool {
        guard !body.functions.contains(index) else { return cut() }
        let function = program.functions[index]
        var bound = bind(operands, body)
        for binding in function.bindings { bound[binding.local] = Bound(value: binding.value, body: nil) }
        return holds(function.value, Body(bound, in: body.functions.union([index])), path, next)
    }

    private func bind(_ operands: [CheckedExpression], _ body: Body) -> [Int: Bound] {
        var bound: [Int: Bound] = [:]
        for (slot, operand) in operands.enumerated() { bound[slot] = Bound(value: operand, body: body) }
        return bound
    }

    /// A table gives the value of its output, or a record of several; one that collects, a list of these.
    private mutating func holds(
        table index: Int, _ operands: [CheckedExpression], _ body: Body, _ path: [Int], _ next: Int
    ) -> Bool {
        let table = program.tables[index]
        let collects = table.policy == .collect
        // A list of what rows give may be empty.
        if collects && asksAll { return test(.other) }
        let part = collects && path.first == Self.member ? Array(path.dropFirst()) : path
        guard let column = table.outputs.count == 1 ? 0 : part.first else { return test(.other) }
        let rest = table.outputs.count == 1 ? part : Array(part.dropFirst())
        let inputs = Body(bind(operands, body), in: body.functions)
        let cells = table.sections.flatMap(\.rows).compactMap { row in
            row.outputs.indices.contains(column) ? row.outputs[column].expression : nil
        }
        return holds(each: cells, inputs, rest, next)
    }
}
