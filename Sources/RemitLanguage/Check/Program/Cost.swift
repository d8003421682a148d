/// The price list: what a basic block costs, in steps, on the checked program, so that every evaluator agrees.
///
/// Each node of an expression and each statement costs one step. What may not run (the right side of `and`, an arm,
/// a loop's body, a called function) is a block of its own and is charged when it is entered. Work that grows with a
/// value is charged as it happens, by `Cost.elements` and `Cost.text`.
public enum Cost {
    /// Steps for going through `count` elements.
    public static func elements(_ count: Int) -> UInt64 { UInt64(max(0, count)) }

    /// Steps for making room among `count` elements of a set: they are moved, and nothing else is done with them.
    public static func moved(_ count: Int) -> Int { max(0, count) / 32 }

    /// Steps for comparing or matching a text of `bytes`: one for each started run of 32.
    public static func text(_ bytes: Int) -> UInt64 { UInt64(max(0, bytes) / 32) }

    /// The values that a text of `bytes` counts for, of a finding or a notice, among those that a transition builds:
    /// such texts cost no steps beside their values, and are kept until it ends.
    public static func told(_ bytes: Int) -> Int { max(0, bytes) / 32 }

    /// Steps for looking up a row of a register, whatever its size.
    public static let lookup: UInt64 = 8

    /// Steps for reading a case of another contract, whatever its size.
    public static let otherCase: UInt64 = 8

    /// Steps for finding a key among `count` entries of a map, beside the work of the keys that it is compared with:
    /// one for each time that the entries can be halved.
    public static func halvings(_ count: Int) -> UInt64 {
        UInt64(Int.bitWidth - max(0, count).leadingZeroBitCount)
    }

    /// Steps for a movement of money, whatever it is: the fund is read and written.
    public static let posting: UInt64 = 8

    /// Steps for opening a round, beside the blocks of its head.
    public static let round: UInt64 = 16

    /// Steps for a vote, beside one for each seat and signer, which finding a seat goes through.
    public static let vote: UInt64 = 16

    /// Steps for fixing a due time, beside the block of its term; working time costs one more for each day.
    public static let dueTime: UInt64 = 4

    /// Steps for trying one row of a table.
    public static let tableRow: UInt64 = 1
}

extension CheckedExpression {
    /// The steps of the part of this expression that always runs.
    public var cost: UInt64 {
        switch kind {
        case .constant, .local, .caseField, .actor, .organisationOfActor, .now, .today, .state, .verdict, .outcome: 1
        case .signers: 1
        case .available: Cost.lookup
        case .quorum(let groups): 1 + Self.total(groups.flatMap(\.organisations))
        case .field(let base, _), .wrapped(let base), .isPresent(let base), .isEmpty(let base), .negated(let base),
            .widened(let base), .not(let base), .matches(let base, _), .rounded(let base, _, _),
            .anyTwoShare(let base, _), .passing(let base, _), .revealed(let base):
            1 + base.cost
        case .otherwise(let left, _), .and(let left, _), .or(let left, _), .implies(let left, _),
            .choose(let left, _, _):
            1 + left.cost
        case .arithmetic(_, let left, let right), .quotient(let left, let right, _, _),
            .comparison(_, let left, let right), .isIn(let left, let right):
            1 + left.cost + right.cost
        case .within(let value, let lower, let upper): 1 + value.cost + lower.cost + upper.cost
        case .lookup(_, let keys): Cost.lookup + Self.total(keys)
        case .call(_, let operands), .record(_, let operands), .list(let operands), .set(let operands),
            .builtin(_, let operands):
            1 + Self.total(operands)
        case .map(let entries): 1 + entries.reduce(0) { $0 + $1.key.cost + $1.value.cost }
        case .mapEntry(let map, let key): 1 + map.cost + key.cost
        case .otherField(let base, _, _), .otherState(let base, _): Cost.otherCase + base.cost
        case .isOneOf(let value, let operands): 1 + value.cost + Self.total(operands)
        case .table(_, let operands, let date): 1 + Self.total(operands) + (date?.cost ?? 0)
        case .parameter(_, let date): 1 + (date?.cost ?? 0)
        case .aggregate(let aggregate): 1 + aggregate.source.cost
        }
    }

    static func total(_ operands: [CheckedExpression]) -> UInt64 { operands.reduce(0) { $0 + $1.cost } }
}

extension CheckedStatement {
    /// The steps of the part of this statement that always runs; refusal texts are free, as they end the transition.
    public var cost: UInt64 {
        switch kind {
        case .binding(_, let value), .bindingOrRefuse(_, let value, _), .require(let value, _),
            .setField(_, let value), .addToField(_, let value), .removeFromField(_, let value),
            .choose(let value, _, _), .match(let value, _), .each(_, let value, _):
            1 + value.cost
        case .setEntry(_, let key, let value), .addToEntry(_, let key, let value): 1 + key.cost + value.cost
        case .setRow(_, let keys, _, let value), .addToRow(_, let keys, _, let value):
            Cost.lookup + CheckedExpression.total(keys) + value.cost
        case .run(_, let operands): 1 + CheckedExpression.total(operands)
        case .notifyRole(_, let text): 1 + text.cost
        case .notifyParty(let party, let text): 1 + party.cost + text.cost
        case .reserve(_, let amount, _), .transfer(_, let amount, _): Cost.posting + amount.cost
        case .release(_, let amount): Cost.posting + (amount?.cost ?? 0)
        case .pay(_, let amount, let payee): Cost.posting + amount.cost + payee.cost
        case .refuse, .become: 1
        }
    }
}

extension CheckedText {
    var cost: UInt64 {
        parts.reduce(0) { sum, part in
            if case .value(let value) = part { sum + value.cost } else { sum }
        }
    }
}

extension CheckedItem {
    /// Where the entry stands.
    public var span: Span {
        switch self {
        case .check(let check): check.span
        case .binding(_, let value): value.expression.span
        case .each(_, _, _, let span): span
        }
    }

    private var isCheck: Bool { if case .check = self { true } else { false } }

    private var cost: UInt64 {
        switch self {
        case .check(let check): check.condition.cost
        case .binding(_, let value): value.cost
        case .each(_, let list, _, _): list.cost
        }
    }

    /// The steps charged on coming to an entry: checks that follow each other are charged together, at the first.
    fileprivate static func entryCost(_ items: [CheckedItem], at position: Int) -> UInt64 {
        guard position < items.count else { return 0 }
        guard items[position].isCheck else { return items[position].cost }
        if position > 0, items[position - 1].isCheck { return 0 }
        return items[position...].prefix { $0.isCheck }.reduce(0) { $0 + $1.cost }
    }
}

extension [CheckedItem] {
    /// The steps charged on coming to an entry: checks that follow each other are charged together, at the first.
    public func entryCost(at position: Int) -> UInt64 { CheckedItem.entryCost(self, at: position) }
}
