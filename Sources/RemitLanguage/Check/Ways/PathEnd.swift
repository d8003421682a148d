import RemitValues

/// What a path through a block comes to.
struct PathEnd: Hashable {
    /// A movement of money, by what the contract says of it.
    struct Movement: Hashable {
        let span: Span
        /// As in "it pays".
        let verb: String
    }

    /// The state that the case becomes; nil where it stays.
    var target: Int?
    /// Whether a field of the case is written.
    var writes = false
    /// The fields that are written, of those that deadlines count from.
    var written: Set<Int> = []
    /// How rounds (by index) stand where the path is taken, as far as its conditions tell.
    var rounds: [Int: Set<RoundOutcome>] = [:]
    /// Whether a condition on the way asks what the block itself writes.
    var isGuarded = false
    /// The first movement of money that would take place again if the block ran again.
    var movement: Movement?
    /// Whether it gives out or back what may have been reserved.
    var spends = false
}

/// Follows the paths through a block.
struct PathWalk {
    private let program: CheckedProgram
    /// The fields that deadlines count from.
    private let watched: Set<Int>
    /// What the block writes.
    private let written: Accesses.Places
    /// Whether there are more paths than are followed.
    private var isCut = false

    private init(_ block: CheckedBlock, _ program: CheckedProgram, _ watched: Set<Int>) {
        self.program = program
        self.watched = watched
        written = Accesses(of: block, in: program).written
    }

    /// What the paths through a block come to, those that are refused left out, in order of writing; nil where there
    /// are more than are followed. `start` says what was done before it.
    static func ends(
        of block: CheckedBlock, from start: PathEnd = PathEnd(), in program: CheckedProgram, watching fields: Set<Int>
    ) -> [PathEnd]? {
        var walk = PathWalk(block, program, fields)
        let ends = walk.walk(block, [start])
        return walk.isCut ? nil : ends
    }

    private mutating func walk(_ block: CheckedBlock, _ start: [PathEnd]) -> [PathEnd] {
        var paths = start
        for statement in block.statements where !paths.isEmpty { paths = step(statement, paths) }
        return paths
    }

    private mutating func step(_ statement: CheckedStatement, _ paths: [PathEnd]) -> [PathEnd] {
        switch statement.kind {
        case .require(let condition, _): return split(guarded(paths, by: condition), condition).yes
        case .refuse: return []
        case .setField(let field, _), .addToField(let field, _), .removeFromField(let field, _),
            .setEntry(let field, _, _), .addToEntry(let field, _, _):
            let isWatched = watched.contains(field)
            return changed(paths) { path in
                path.writes = true
                if isWatched { path.written.insert(field) }
            }
        case .choose(let condition, let then, let otherwise):
            let (yes, no) = split(guarded(paths, by: condition), condition)
            let first = walk(then, yes)
            return joined(first, walk(otherwise, no))
        case .match(let value, let arms):
            let before = guarded(paths, by: value)
            var all: [PathEnd] = []
            for arm in arms {
                all = joined(all, walk(arm.body, Self.matched(before, value, arm.values)))
            }
            return all
        case .each(_, let list, let body): return joined(paths, walk(body, guarded(paths, by: list)))
        case .become(let state): return changed(paths) { $0.target = state }
        case .pay(_, let amount, _): return moved(paths, amount, statement.span, "pay", spends: true)
        case .transfer(_, let amount, _): return moved(paths, amount, statement.span, "transfer", spends: true)
        case .reserve(_, let amount, _): return moved(paths, amount, statement.span, "reserve", spends: false)
        case .release(_, let amount?): return moved(paths, amount, statement.span, "release", spends: true)
        // All that is reserved is released once, however often it is said.
        case .release(_, nil): return changed(paths) { $0.spends = true }
        default: return paths
        }
    }

    private mutating func joined(_ lists: [PathEnd]...) -> [PathEnd] {
        var seen: Set<PathEnd> = []
        let all = lists.joined().filter { seen.insert($0).inserted }
        guard all.count > Limits.followedPaths else { return all }
        isCut = true
        return Array(all.prefix(Limits.followedPaths))
    }

    private mutating func changed(_ paths: [PathEnd], _ change: (inout PathEnd) -> Void) -> [PathEnd] {
        let all = paths.map { path in
            var copy = path
            change(&copy)
            return copy
        }
        return joined(all)
    }

    // MARK: Money

    private mutating func moved(
        _ paths: [PathEnd], _ amount: CheckedExpression, _ span: Span, _ word: String, spends: Bool
    ) -> [PathEnd] {
        let movement = PathEnd.Movement(
            span: Span(span.start, min(span.end, span.start + word.utf8.count)), verb: word + "s")
        // What is set with the payment, such as an amount still due, is another one the next time.
        let isOnce = asksWritten(amount)
        return changed(paths) { path in
            if spends { path.spends = true }
            if !isOnce, !path.isGuarded { path.movement = path.movement ?? movement }
        }
    }

    private mutating func guarded(_ paths: [PathEnd], by expression: CheckedExpression) -> [PathEnd] {
        // Only what moves money asks for it.
        guard !written.funds.isEmpty, asksWritten(expression) else { return paths }
        return changed(paths) { $0.isGuarded = true }
    }

    /// Whether an expression reads a field or a register that the block writes.
    private func asksWritten(_ expression: CheckedExpression) -> Bool {
        let read = Accesses(of: expression, in: program).read
        return !read.fields.isDisjoint(with: written.fields) || !read.registers.isDisjoint(with: written.registers)
    }

    // MARK: Rounds

    /// The paths on which a condition holds, and those on which it does not.
    private mutating func split(
        _ paths: [PathEnd], _ condition: CheckedExpression
    ) -> (yes: [PathEnd], no: [PathEnd]) {
        switch condition.kind {
        case .not(let inner):
            let (yes, no) = split(paths, inner)
            return (no, yes)
        case .and(let left, let right):
            let (first, not) = split(paths, left)
            let (yes, no) = split(first, right.expression)
            return (yes, joined(not, no))
        case .or(let left, let right):
            let (first, not) = split(paths, left)
            let (yes, no) = split(not, right.expression)
            return (joined(first, yes), no)
        case .implies(let left, let right):
            let (first, not) = split(paths, left)
            let (yes, no) = split(first, right.expression)
            return (joined(not, yes), no)
        case .comparison(.equal, let left, let right):
            return Self.asked(paths, left, [right]) ?? (paths, paths)
        case .comparison(.notEqual, let left, let right):
            return Self.asked(paths, left, [right]).map { ($0.no, $0.yes) } ?? (paths, paths)
        case .isOneOf(let value, let options): return Self.asked(paths, value, options) ?? (paths, paths)
        default: return (paths, paths)
        }
    }

    /// The paths on which a round stands as one of some constants says, and the others; nil where none is asked.
    private static func asked(
        _ paths: [PathEnd], _ value: CheckedExpression, _ options: [CheckedExpression]
    ) -> (yes: [PathEnd], no: [PathEnd])? {
        guard case .outcome(let round) = value.kind else { return nil }
        var values: [Value] = []
        for option in options {
            guard case .constant(let constant) = option.kind else { return nil }
            values.append(constant)
        }
        let named = Set(RoundOutcome.allCases.filter { values.contains($0.word) })
        let others = Set(RoundOutcome.allCases).subtracting(named)
        return (restricted(paths, round, to: named), restricted(paths, round, to: others))
    }

    private static func matched(_ paths: [PathEnd], _ value: CheckedExpression, _ values: [Value]) -> [PathEnd] {
        guard case .outcome(let round) = value.kind else { return paths }
        return restricted(paths, round, to: Set(RoundOutcome.allCases.filter { values.contains($0.word) }))
    }

    private static func restricted(
        _ paths: [PathEnd], _ round: Int, to outcomes: Set<RoundOutcome>
    ) -> [PathEnd] {
        paths.compactMap { path in
            var copy = path
            let left = outcomes.intersection(path.rounds[round] ?? outcomes)
            copy.rounds[round] = left
            return left.isEmpty ? nil : copy
        }
    }
}
