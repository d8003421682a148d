import RemitValues

/// How much of what has fallen due one block does; the rest goes on in the next blocks.
///
/// A case fires so many timers in a block, so that one which always has more to do holds up no other. A block fires so
/// many, at so many steps.
struct DueBudget<Case: Hashable> {
    /// What becomes of the next timer in the queue.
    enum Verdict {
        case goesOn
        /// The case has done its share of the block; those behind it go on.
        case waits
        /// The block has done its share.
        case stops
    }

    private var firings: [Case: Int] = [:]
    private var count = 0
    private var cost: UInt64 = 0
    /// The cases that have more to do than one block does.
    private(set) var behind: Set<Case> = []

    /// Whether the block has done its share.
    var isSpent: Bool { count >= Limits.blockDeadlines || cost >= Limits.steps }

    /// Says whether the next timer, which is one of a case, may fire.
    mutating func verdict(on next: Case) -> Verdict {
        if isSpent { return .stops }
        let fired = firings[next] ?? 0
        guard fired < Limits.caseDeadlines else {
            behind.insert(next)
            return .waits
        }
        firings[next] = fired + 1
        return .goesOn
    }

    /// Notes what a piece of work has cost, in steps.
    mutating func spend(_ steps: UInt64) {
        count += 1
        cost = cost.addingReportingOverflow(steps).overflow ? .max : cost + steps
    }
}

/// What a block leaves of what has fallen due.
struct DueRest {
    /// The cases that have more to do than one block does.
    let behind: Set<CaseReference>
    /// Whether the block stopped because it had done its share, so that other cases may be behind as well.
    let isStopped: Bool

    var isEmpty: Bool { behind.isEmpty && !isStopped }
}
