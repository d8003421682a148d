import RemitValues

/// A way from states to states: an action, a deadline, or what follows a round.
struct Move {
    enum Kind {
        case action, timer, granted, otherOutcome
    }

    let name: Name
    let kind: Kind
    let states: [Int]
    let isOpening: Bool
    let targets: [Int]
    let money: MoneyUse
    /// What is known of optional case fields at its end, on all its paths. A field that is neither present nor cleared
    /// stays as it was.
    let present: Set<Int>
    let cleared: Set<Int>
    /// The same for each of the targets, on the paths that lead there.
    let arrivals: [Int: Flow.Arrival]
    /// Whether the case may stay in the state that it is in.
    let mayStay: Bool
    /// Whether a mistake hides from where it leads, or where to: nothing is then said that depends on it.
    let isUnknown: Bool
}

/// What can be said of the ways between states, of a contract that has mistakes too.
extension Checker {
    /// Keeps the way that the body just checked is.
    mutating func keepMove(_ name: Name, _ kind: Move.Kind, from states: [Int], isOpening: Bool = false) {
        // A case that is opened without a `become` is in the state of the head, whatever another path says.
        let isImplied = isOpening && !flow.becameAlways
        let atEnd = Flow.Arrival(present: flow.presentFields, cleared: flow.cleared)
        moves.append(
            Move(
                name: name, kind: kind, states: states, isOpening: isOpening, targets: becomes, money: money,
                present: atEnd.present, cleared: atEnd.cleared,
                arrivals: Dictionary(
                    becomes.map { ($0, isImplied ? atEnd : flow.arrivals[$0] ?? atEnd) },
                    uniquingKeysWith: { first, _ in first }),
                mayStay: !flow.becameAlways && !flow.isEnded, isUnknown: isWayUnknown))
    }

    /// Notes which declarations hold errors, before what follows from the whole is looked at.
    mutating func noteErrors() {
        let places = diagnostics.filter { $0.severity == .error }.map(\.primary.span.start).sorted()
        var left = places[...]
        for declaration in ownDeclarations.sorted(by: { $0.span.start < $1.span.start }) {
            let span = declaration.span
            let first = places.partitioningIndex { $0 >= span.start }
            guard places.indices.contains(first), places[first] < span.end else { continue }
            unsound.append(span)
            if Self.isOfRules(declaration) { left.removeAll { $0 >= span.start && $0 < span.end } }
        }
        areValuesSound = left.isEmpty
    }

    /// Whether nothing outside of a declaration depends on the values in it.
    private static func isOfRules(_ declaration: Declaration) -> Bool {
        switch declaration.kind {
        case .action, .approval, .deadline, .entering, .invariant, .given, .scenario: true
        default: false
        }
    }

    /// Whether a declaration, found by a place in it, has no error.
    func isSound(_ place: Span) -> Bool {
        let next = unsound.partitioningIndex { $0.start > place.start }
        return next == 0 || unsound[next - 1].end <= place.start
    }

    /// The states that can be reached by moves of some kind alone.
    ///
    /// What a mistake hides is counted as `unknown` says: as leading everywhere, or nowhere.
    func reached(unknown: Bool, by isAllowed: (Move) -> Bool) -> Set<Int> {
        if unknown, moves.contains(where: { $0.isUnknown && isAllowed($0) }) { return Set(program.states.indices) }
        var reached: Set<Int> = []
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for move in moves where !move.isUnknown && isAllowed(move) {
                let canHappen = move.isOpening || move.states.contains { reached.contains($0) }
                guard canHappen, !reached.isSuperset(of: move.targets) else { continue }
                reached.formUnion(move.targets)
                isGrowing = true
            }
        }
        return reached
    }

    // MARK: Fields that deadlines count from

    /// Reports deadlines that count from a field which may be absent in their state.
    mutating func checkPastFields() {
        var known: [Int: Set<Int>] = [:]
        for (field, states, span) in pastFields {
            guard let field, case .optional = program.caseFields[field].type else { continue }
            let lacking = known[field] ?? statesThatMayLack(field)
            known[field] = lacking
            for state in states where lacking.contains(state) {
                report(
                    .idleDeadline,
                    "`\(program.caseFields[field].name)` may be absent in `\(program.states[state].name)`, and then "
                        + "the term does not begin",
                    at: span, labels: [Label(program.caseFields[field].span, "may be absent")],
                    help: "set the field wherever the case becomes `\(program.states[state].name)`")
            }
        }
    }

    /// The states in which an optional field may be absent, as far as no mistake hides it.
    private func statesThatMayLack(_ field: Int) -> Set<Int> {
        let isAbsentAtFirst = (program.caseFields[field].starts ?? .absent) == .absent
        let entering = entered.filter { isSound($0.place) }
        var lacking: Set<Int> = []
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for move in moves where !move.isUnknown && isSound(move.name.span) {
                let lacksBefore =
                    move.isOpening && isAbsentAtFirst || move.states.contains { lacking.contains($0) }
                if move.mayStay, !move.present.contains(field), move.cleared.contains(field),
                    !lacking.isSuperset(of: move.states)
                {
                    lacking.formUnion(move.states)
                    isGrowing = true
                }
                for state in move.targets where !lacking.contains(state) {
                    guard let arrival = move.arrivals[state], !arrival.present.contains(field),
                        arrival.cleared.contains(field) || lacksBefore
                    else { continue }
                    if let block = entering.first(where: { $0.state == state }), block.present.contains(field) {
                        continue
                    }
                    lacking.insert(state)
                    isGrowing = true
                }
            }
        }
        return lacking
    }
}

/// What the block of a state sets on entry: the optional case fields that have a value behind it.
struct EnteredFields {
    let state: Int
    let place: Span
    let present: Set<Int>
}

extension Array {
    /// The first place of a sorted list from which a condition holds.
    fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
