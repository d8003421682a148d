import RemitLanguage
import RemitValues

/// Dividing an amount into parts that add up to it.
enum Splitting {
    static func perform(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let parts = words[Int(i.c)]
        var weights: [Int64] = []
        if i.d == 1 {
            guard parts >= 1, parts <= Int64(Limits.collectionBound) else { return .misfit }
            weights = Array(repeating: 1, count: Int(parts))
        } else {
            guard parts >= 0 else { return .misfit }
            weights = Lists.elements(parts, machine).map { machine.pointee.words.base[$0] }
            if weights.contains(where: { $0 < 0 }) { return .bound }
        }
        guard machine.pointee.charge(weights.count) else { return .steps }
        guard machine.pointee.build(weights.count) else { return .built }
        let shares: [Int64]
        do throws(ArithmeticFault) {
            shares = try MoneySplit.parts(words[Int(i.b)], weights: weights)
        } catch {
            machine.pointee.fault = error
            return .fault
        }
        let place = machine.pointee.words.reserve(shares.count + 1)
        machine.pointee.words.base[place] = Int64(shares.count)
        for (index, share) in shares.enumerated() { machine.pointee.words.base[place + 1 + index] = share }
        words[Int(i.a)] = Int64(place)
        return .proceed
    }
}
