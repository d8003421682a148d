import RemitLanguage
import RemitValues

extension Lowering {
    func collect(_ expression: CheckedExpression, into target: Register?) throws(LoweringProblem) -> Register {
        let span = expression.span
        switch expression.kind {
        case .record(_, let items): return try build(.makeRecord, items, expression, target)
        case .list(let items): return try build(.makeList, items, expression, target)
        case .set(let items): return try build(.makeSet, items, expression, target)
        case .isEmpty(let inner):
            let size = try temporary(try shape(.integer))
            emit(Instruction(.size, size, try value(inner)), span)
            let result = try result(expression, target)
            emit(Instruction(.isEqual, result, size, try constant(.integer(0), .integer)), span)
            return result
        case .matches(let inner, let pattern):
            let text = try value(inner)
            let result = try result(expression, target)
            draft.patterns.append(pattern)
            emit(Instruction(.matches, result, text, try narrow(draft.patterns.count - 1, "patterns")), span)
            return result
        case .otherwise(let inner, let fallback):
            let result = try result(expression, target)
            let found = try value(inner)
            let absent = assembler.label()
            let done = assembler.label()
            try settleReads(span)
            assembler.emit(Instruction(.jumpIfAbsent, a: found, number: 0), span, to: absent)
            move(result, found, span)
            jump(done, span)
            assembler.bind(absent)
            try beginPart(span)
            try assembler.charge(fallback.cost, span)
            _ = try value(fallback.expression, into: result)
            try settleReads(span)
            assembler.bind(done)
            return result
        case .isIn(let inner, let list): return try isIn(inner, list, expression, target)
        case .anyTwoShare(let list, let fields):
            let records = try value(list)
            let result = try result(expression, target)
            draft.fieldLists.append(fields)
            emit(
                Instruction(.sharesFields, result, records, try narrow(draft.fieldLists.count - 1, "field lists")),
                span)
            return result
        case .passing(let list, let checks):
            let records = try value(list)
            let group = try narrow(checks, "groups of checks")
            emit(Instruction(.verdict, draft.entries.verdicts + group, 0, group), span)
            let result = try result(expression, target)
            emit(Instruction(.passing, result, records, group), span)
            return result
        case .aggregate(let aggregate):
            let list = try value(aggregate.source)
            return try quietly { () throws(LoweringProblem) in
                try self.aggregate(aggregate, over: list, expression, target)
            }
        default: throw .unsupported("an expression of this version")
        }
    }

    private func build(
        _ operation: Operation, _ items: [CheckedExpression], _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        let count = try narrow(items.count, "fields")
        if count > 0 { emit(Instruction(.build, number: Int32(count)), expression.span) }
        let first = try values(items).first ?? 0
        let result = try result(expression, target)
        emit(Instruction(operation, result, first, count), expression.span)
        return result
    }

    private func isIn(
        _ inner: CheckedExpression, _ list: CheckedExpression, _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        let wanted = try value(inner)
        let members = try value(list)
        let result = try result(expression, target)
        emit(Instruction(.isIn, result, wanted, members), expression.span)
        // An unrounded amount is no member of a list of amounts, whatever its words may be.
        if !areAlike(shape(of: wanted), elementShape(members)) {
            move(result, try constant(.boolean(false), .boolean), expression.span)
        }
        return result
    }

    private func elementShape(_ list: Register) -> Shape {
        switch shape(of: list).kind {
        case .list(let element), .set(let element): shapes.shapes[element]
        case .map(let entry): entryShapes(entry).map { shapes.shapes[$0.key] } ?? shape(of: list)
        default: shape(of: list)
        }
    }

    /// Whether words of two shapes can be compared.
    func areAlike(_ one: Shape, _ other: Shape) -> Bool {
        switch (one.kind, other.kind) {
        case (.text, .text), (.party, .party), (.list, .list), (.set, .set), (.map, .map): true
        default: one.kind == other.kind
        }
    }

    // MARK: Aggregates

    private func aggregate(
        _ aggregate: CheckedAggregate, over list: Register, _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        let span = expression.span
        if aggregate.operation == .count, aggregate.condition == nil {
            // A count of all is the length: a walk whose rounds cost nothing would not be told from one without end.
            let total = try result(expression, target)
            // What going through the list costs is taken where a walk begins.
            let behind = assembler.label()
            assembler.emit(Instruction(.each, try walk(), list), span, to: behind)
            assembler.bind(behind)
            emit(Instruction(.size, total, list), span)
            return total
        }
        let walk = try walk()
        // What is wanted in a register cannot be read there before it has its value.
        let total = if let target { target } else { try register(try shape(expression.type)) }
        let (begin, end) = try ends(aggregate, expression)
        if let begin { move(total, begin, span) }
        if aggregate.operation == .list { emit(Instruction(.openList, total, list), span) }
        let found = assembler.label()
        let done = assembler.label()
        let first = aggregate.condition?.cost ?? aggregate.value?.cost ?? 0
        try loop(aggregate.local, walk, list, first, span) { (next) throws(LoweringProblem) in
            if let condition = aggregate.condition {
                switch aggregate.operation {
                case .any: try branch(condition.expression, on: true, to: found)
                case .every: try branch(condition.expression, on: false, to: found)
                default: try branch(condition.expression, on: false, to: next)
                }
            }
            try accumulate(aggregate, total, span)
        }
        if let end {
            jump(done, span)
            assembler.bind(found)
            move(total, end, span)
        }
        assembler.bind(done)
        return total
    }

    /// What the result begins with, and what ends the walk early.
    private func ends(
        _ aggregate: CheckedAggregate, _ expression: CheckedExpression
    ) throws(LoweringProblem) -> (Register?, Register?) {
        switch aggregate.operation {
        case .any:
            return (try constant(.boolean(false), .boolean), try constant(.boolean(true), .boolean))
        case .every:
            return (try constant(.boolean(true), .boolean), try constant(.boolean(false), .boolean))
        case .count: return (try constant(.integer(0), .integer), nil)
        case .sum:
            guard let zero = aggregate.zero else { throw .unsupported("a sum without a kind") }
            return (try constant(zero, expression.type), nil)
        case .largest, .smallest: return (try constant(.absent, expression.type), nil)
        case .list: return (nil, nil)
        }
    }

    /// A walk through a list: its test stands at the end, so that a round is one jump.
    ///
    /// `cost` is charged for each element, and `next` leads to the next one.
    func loop(
        _ local: Int, _ walk: Register, _ list: Register, _ cost: UInt64, _ span: Span, isOfLines: Bool = false,
        _ body: (_ next: Label) throws(LoweringProblem) -> Void
    ) throws(LoweringProblem) {
        guard let element = shape(of: list).elements else { throw .unsupported("a walk through this") }
        let slot = try declare(local, element)
        let next = assembler.label()
        assembler.emit(Instruction(.each, d: isOfLines ? 1 : 0, walk, list), span, to: next)
        let small = assembler.isMetering ? UInt8(exactly: cost) : 0
        // The fields of a record are taken by the instruction that takes the record.
        let isOne = small != nil && slot.map != nil
        if isOne { try copyFields(slot, span) }
        let copy = copies.count - 1
        let round = assembler.here()
        if small == nil { try assembler.charge(cost, span) }
        if !isOne { try copyFields(slot, span) }
        try body(next)
        assembler.bind(next)
        assembler.emit(Instruction(isOne ? .nextRecord : .next, d: small ?? 0, walk, slot.register), span, to: round)
        if isOne { copies[copy].next = assembler.last }
    }

    private func accumulate(
        _ aggregate: CheckedAggregate, _ total: Register, _ span: Span
    ) throws(LoweringProblem) {
        if aggregate.operation == .count {
            emit(Instruction(.addInteger, total, total, try constant(.integer(1), .integer)), span)
            return
        }
        guard let priced = aggregate.value else { return }
        // Without a condition the value is the first block of a round.
        if aggregate.condition != nil { try assembler.charge(priced.cost, span) }
        let found = try value(priced.expression)
        switch aggregate.operation {
        case .sum:
            guard let addition = aggregate.addition else { throw .unsupported("a sum without a kind") }
            try emitArithmetic(addition, total, total, found, span)
        case .largest, .smallest:
            if shape(of: found).canBeLeast { emit(Instruction(.guardLeast, found), span) }
            let take = assembler.label()
            let skip = assembler.label()
            assembler.emit(Instruction(.jumpIfAbsent, a: total, number: 0), span, to: take)
            // Taken only where it is strictly better; the kept one then stays.
            let isLargest = aggregate.operation == .largest
            try branch(
                .less, isLargest ? total : found, isLargest ? found : total, on: false, to: skip, span, isFree: true)
            assembler.bind(take)
            move(total, found, span)
            assembler.bind(skip)
        case .list:
            emit(Instruction(.build, number: 1), span)
            emit(Instruction(.append, total, found), span)
        case .count, .any, .every: break
        }
    }
}
