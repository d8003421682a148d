import RemitLanguage
import RemitValues

/// Money: what the contract says of it; the engine moves it.
extension Machine {
    func move(_ statement: CheckedStatement) throws(Stop) {
        let span = statement.span
        switch statement.kind {
        case .reserve(let fund, let expression, let refusal):
            let units = try units(expression)
            if let refusal, try !engine.has(units, in: fund, span) { throw try refuse(refusal, .funds, span) }
            try engine.reserve(units, in: fund, span)
        case .release(let fund, let expression):
            guard let expression else { return try engine.releaseAll(in: fund, span) }
            try engine.release(units(expression), in: fund, span)
        case .pay(let fund, let expression, let payee):
            let units = try units(expression)
            guard case .party(let party) = try evaluate(payee) else { throw misfit(span) }
            try engine.pay(units, from: fund, to: party, span)
        case .transfer(let fund, let expression, let target):
            try engine.transfer(units(expression), from: fund, to: target, span)
        default: throw misfit(span)
        }
    }

    private func units(_ expression: CheckedExpression) throws(Stop) -> Int64 {
        guard case .money(let money) = try evaluate(expression) else { throw misfit(expression.span) }
        return money.minorUnits
    }

    /// Divides an amount into parts that add up to it.
    func split(_ amount: Value, _ parts: Value, _ span: Span) throws(Stop) -> Value {
        guard case .money(let money) = amount else { throw misfit(span) }
        var weights: [Int64] = []
        switch parts {
        case .integer(let count) where count >= 1 && count <= Int64(Limits.collectionBound):
            weights = Array(repeating: 1, count: Int(count))
        case .list(let items):
            for item in items {
                guard case .integer(let weight) = item else { throw misfit(span) }
                guard weight >= 0 else {
                    throw .refused(Refusal(.bound, "a weight of `split` is less than nothing", at: span))
                }
                weights.append(weight)
            }
        default: throw misfit(span)
        }
        try charge(Cost.elements(weights.count))
        try build(weights.count)
        let units = try exact(span) { () throws(ArithmeticFault) in
            try MoneySplit.parts(money.minorUnits, weights: weights)
        }
        return .list(units.map { .money(Money(minorUnits: $0, currency: money.currency)) })
    }
}
