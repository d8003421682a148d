import RemitLanguage
import RemitValues

extension Machine {
    func collect(_ expression: CheckedExpression) throws(Stop) -> Value {
        let span = expression.span
        switch expression.kind {
        case .record(_, let fields):
            try build(fields.count)
            return .record(try evaluate(fields))
        case .list(let items):
            try build(items.count)
            return .list(try evaluate(items))
        case .set(let items):
            try build(items.count)
            return Value.makeSet(try evaluate(items))
        case .map(let written):
            try build(2 * written.count)
            var entries: [Value.MapEntry] = []
            for entry in written {
                entries.append(Value.MapEntry(key: try evaluate(entry.key), value: try evaluate(entry.value)))
            }
            return Value.makeMap(entries)
        case .wrapped(let value): return try evaluate(value)
        case .isPresent(let value):
            if case .absent = try evaluate(value) { return .boolean(false) }
            return .boolean(true)
        case .isEmpty(let value): return .boolean(try size(evaluate(value), span) == 0)
        case .matches(let value, let pattern):
            guard case .text(let text) = try evaluate(value) else { throw misfit(span) }
            try charge(Cost.text(text.string.utf8.count) * UInt64(pattern.written.utf8.count + 1))
            return .boolean(pattern.matches(text))
        case .otherwise(let value, let fallback):
            let found = try evaluate(value)
            if case .absent = found { return try evaluate(fallback) }
            return found
        case .isIn(let value, let list):
            let wanted = try known(evaluate(value), span)
            let found = try known(evaluate(list), span)
            if case .map(let entries) = found { return .boolean(try place(of: wanted, in: entries).isThere) }
            let members = try elements(found, span)
            try charge(Cost.elements(members.count))
            return .boolean(members.contains(wanted))
        case .isOneOf(let value, let choices):
            let wanted = try known(evaluate(value), span)
            return .boolean(try elements(known(.list(evaluate(choices)), span), span).contains(wanted))
        case .anyTwoShare(let list, let fields): return .boolean(try anyTwoShare(list, fields, span))
        case .passing(let list, let checks): return try passing(list, checks, span)
        case .aggregate(let aggregate): return try self.aggregate(aggregate, span)
        default: throw misfit(span)
        }
    }

    func elements(_ value: Value, _ span: Span) throws(Stop) -> [Value] {
        switch value {
        case .list(let items), .set(let items): return items
        case .map(let entries): return entries.map { .record([$0.key, $0.value]) }
        default: throw misfit(span)
        }
    }

    func size(_ value: Value, _ span: Span) throws(Stop) -> Int {
        switch value {
        case .list(let items), .set(let items): return items.count
        case .map(let entries): return entries.count
        case .text(let text): return text.scalarCount
        default: throw misfit(span)
        }
    }

    private func anyTwoShare(_ list: CheckedExpression, _ fields: [Int], _ span: Span) throws(Stop) -> Bool {
        let items = try elements(evaluate(list), span)
        try charge(Cost.elements(items.count))
        var seen: Set<[Value]> = []
        for item in items {
            guard case .record(let record) = item else { throw misfit(span) }
            var key: [Value] = []
            for field in fields {
                guard record.indices.contains(field) else { throw misfit(span) }
                key.append(try known(record[field], span))
            }
            if !seen.insert(key).inserted { return true }
        }
        return false
    }

    private func passing(_ list: CheckedExpression, _ checks: Int, _ span: Span) throws(Stop) -> Value {
        let items = try elements(evaluate(list), span)
        guard caseState.checks.indices.contains(checks) else { throw misfit(span) }
        guard let result = caseState.checks[checks] else {
            throw .refused(
                Refusal(.notRun, "the checks `\(program.checks[checks].name)` have not run on this case", at: span))
        }
        try charge(Cost.elements(items.count))
        var denied = result.deniedLines[...]
        var kept: [Value] = []
        for (index, item) in items.enumerated() {
            if denied.first == index { denied.removeFirst() } else { kept.append(item) }
        }
        try build(kept.count)
        return .list(kept)
    }

    private func aggregate(_ aggregate: CheckedAggregate, _ span: Span) throws(Stop) -> Value {
        let items = try elements(evaluate(aggregate.source), span)
        try charge(Cost.elements(items.count))
        // The reads of single elements would drown what a condition as a whole depends on.
        let outerReads = reads
        reads = nil
        defer { reads = outerReads }
        var total = aggregate.zero
        var count: Int64 = 0
        var best: Value?
        var gathered: [Value] = []
        for item in items {
            try setLocal(aggregate.local, item, span)
            if let condition = aggregate.condition {
                let holds = try test(condition)
                if aggregate.operation == .any, holds { return .boolean(true) }
                if aggregate.operation == .every, !holds { return .boolean(false) }
                guard holds else { continue }
            }
            count += 1
            guard let value = aggregate.value else { continue }
            let found = try evaluate(value)
            switch aggregate.operation {
            case .sum:
                guard let addition = aggregate.addition, let sum = total else { throw misfit(span) }
                total = try arithmetic(addition, sum, found, span)
            case .largest: if best.map({ $0 < found }) ?? true { best = found }
            case .smallest: if best.map({ found < $0 }) ?? true { best = found }
            case .list:
                try build(1)
                gathered.append(found)
            case .count, .any, .every: break
            }
        }
        switch aggregate.operation {
        case .sum: return total ?? .absent
        case .count: return .integer(count)
        case .any: return .boolean(false)
        case .every: return .boolean(true)
        case .largest, .smallest: return best ?? .absent
        case .list: return .list(gathered)
        }
    }
}
