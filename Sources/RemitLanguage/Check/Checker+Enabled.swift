import RemitValues

/// Actions that nobody can ever do: because of what they require, or of who may do them.
extension Checker {
    /// The actions (indices) that are refused whatever the case, the actor and the form.
    mutating func reportRefusedActions() -> Set<Int> {
        var possible = PossibleValues(program, constantFields: constantFields())
        // What a wrong value comes to is not known, nor what is refused because of it.
        let followsValues = areValuesSound
        var closed: Set<Int> = []
        for entering in program.entering where followsValues && isSound(entering.span) {
            possible.known = [:]
            possible.states = [entering.state]
            if case .refused = possible.reachesEnd(entering.body, becomes: { _ in true }) {
                closed.insert(entering.state)
            }
        }
        // Between transitions: what follows a round, and what is entered by it, may still see both of two as granted.
        possible.apart = roundsApart()
        var refused: Set<Int> = []
        for (index, action) in program.actions.enumerated() where isSound(action.span) {
            guard followsValues else {
                if reportNobody(action) { refused.insert(index) }
                continue
            }
            possible.known = [:]
            possible.together = nil
            possible.states = action.states.isEmpty ? Array(program.states.indices) : action.states
            var reach = possible.reachesEnd(action.body, becomes: { !closed.contains($0) })
            if case .end = reach, action.opens.count == 1, closed.contains(action.opens[0]) {
                reach = .refused(action.span)
            }
            if case .refused(let place) = reach {
                report(
                    .actionNeverEnabled, "`\(action.name)` can never be done", at: action.span,
                    labels: [Label(place, "this always refuses")],
                    notes: possible.together.map { [neverTogether($0.first, $0.second)] } ?? [],
                    help: "say what holds at times, or leave the action out")
                refused.insert(index)
            } else if reportNobody(action) {
                refused.insert(index)
            }
        }
        return refused
    }

    private func neverTogether(_ first: Int, _ second: Int) -> String {
        "`\(program.approvals[first].name)` and `\(program.approvals[second].name)` are never both granted: what "
            + "follows each of them opens the other afresh"
    }

    /// For each round those that are never granted together with it, once a transition is over: what follows the one
    /// that is granted always opens the other afresh.
    private mutating func roundsApart() -> [Int: [Int]] {
        guard program.migrations.isEmpty, unsound.isEmpty, areValuesSound else { return [:] }
        var granting: [Int: [PathEnd]] = [:]
        for way in ways { if case .granted(let round) = way.cause { granting[round] = way.ends } }
        let states = program.approvals.map { Set($0.states) }
        func opens(_ first: Int, _ second: Int) -> Bool {
            guard let ends = granting[first] else { return false }
            let (own, others) = (states[first], states[second])
            return ends.allSatisfy { end in
                if let outcomes = end.rounds[second], !outcomes.contains(.granted) { return true }
                guard let target = end.target else { return end.writes && others.isSuperset(of: own) }
                return others.contains(target)
            }
        }
        let rounds = granting.keys.sorted()
        var apart: [Int: [Int]] = [:]
        for first in rounds {
            for second in rounds where second > first && standingsLeft > 0 {
                standingsLeft -= 1
                guard !states[first].isDisjoint(with: states[second]), opens(first, second),
                    opens(second, first)
                else { continue }
                apart[first, default: []].append(second)
                apart[second, default: []].append(first)
            }
        }
        return apart
    }

    /// Reports an action whose head lets nobody in.
    private mutating func reportNobody(_ action: ActionDeclaration) -> Bool {
        let barred = Barred(action.except, in: program)
        let neverSet = constantFields()
        let isNobody = action.authorities.allSatisfy { authority in
            switch authority.who {
            case .role(_, .organisation(let place)): barred.bars(place)
            case .role: false
            case .caseField(let index):
                barred.bars(field: index) || neverSet.contains(index) && program.caseFields[index].starts == nil
            }
        }
        guard isNobody, let first = action.authorities.first else { return false }
        report(
            .actionNeverEnabled, "nobody can ever do `\(action.name)`", at: action.span,
            labels: [Label(first.span, "lets nobody in")],
            help: "name somebody behind `by` who is not behind `except` and whom the case can name")
        return true
    }

    /// The case fields that nothing writes: each keeps what it begins with. A case that comes from an earlier version
    /// has what that version wrote.
    private func constantFields() -> Set<Int> {
        guard program.migrations.isEmpty, unsound.isEmpty, areValuesSound else { return [] }
        var written: Set<Int> = []
        for action in program.actions {
            written.formUnion(action.enters)
            written.formUnion(action.body.writtenFields)
        }
        for approval in program.approvals {
            for body in [approval.granted, approval.declined, approval.overdue] {
                written.formUnion(body.block.writtenFields)
            }
        }
        for deadline in program.deadlines { written.formUnion(deadline.body.block.writtenFields) }
        for entering in program.entering { written.formUnion(entering.body.writtenFields) }
        return Set(program.caseFields.indices).subtracting(written)
    }
}

/// Whom a head excludes, as far as it is written out.
struct Barred {
    private let program: CheckedProgram
    private let except: [CheckedExpression]
    private var paths: [ValuePath] = []

    init(_ except: [CheckedExpression], in program: CheckedProgram) {
        self.program = program
        self.except = except
        for expression in except { add(expression) }
    }

    private mutating func add(_ expression: CheckedExpression) {
        switch expression.kind {
        case .list(let parts), .set(let parts): for part in parts { add(part) }
        case .wrapped(let inner), .revealed(let inner), .widened(let inner): add(inner)
        default: if let path = ValuePath(expression) { paths.append(path) }
        }
    }

    /// Whether all who act for an organisation are excluded.
    func bars(_ organisation: CheckedExpression) -> Bool {
        switch organisation.kind {
        case .wrapped(let inner), .revealed(let inner), .widened(let inner): return bars(inner)
        default:
            if let path = ValuePath(organisation), paths.contains(path) { return true }
            switch ValueOrigins.only(of: organisation, in: program) {
            case .place(let field, let path): return bars(.place(field, path))
            case .organisationOfActor: return bars(.organisationOfActor)
            default: return false
            }
        }
    }

    /// Whether the party in a case field is excluded.
    func bars(field: Int) -> Bool { bars(.place(field, [])) }

    private func bars(_ origin: ValueOrigins.Origin) -> Bool {
        except.contains { ValueOrigins.all(of: $0, in: program) { $0 == origin } }
    }
}
