import RemitValues

/// Dividing an amount into parts that add up to it.
enum MoneySplit {
    /// The parts of an amount in minor units, as near to the weights as whole units allow; what is left over goes to
    /// the largest remainders, of equal ones to the first. Throws where the weights come to nothing.
    ///
    /// No weight is below zero, and there are at most `Limits.collectionBound` of them: their sum, and a product with
    /// an amount, fit 128 bits.
    static func parts(_ amount: Int64, weights: [Int64]) throws(ArithmeticFault) -> [Int64] {
        let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
        guard total > 0 else { throw .divisionByZero }
        let isNegative = amount < 0
        let whole = Int128(amount.magnitude)
        var shares = weights.map { (units: whole * Int128($0) / total, rest: whole * Int128($0) % total) }
        let left = Int(whole - shares.reduce(Int128(0)) { $0 + $1.units })
        let order = shares.indices.sorted { (shares[$1].rest, $0) < (shares[$0].rest, $1) }
        for index in order.prefix(left) { shares[index].units += 1 }
        return shares.map { Int64(clamping: isNegative ? -$0.units : $0.units) }
    }
}
