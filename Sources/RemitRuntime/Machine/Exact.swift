import RemitValues

/// Decimal steps: in line where a word holds what is needed, else through exact numbers of 38 digits.
enum Exact {
    typealias Registers = UnsafeMutablePointer<Int64>

    @inline(__always)
    static func order(_ left: Int64, _ right: Int64, _ machine: MachinePointer) -> Int {
        DecimalWord.order(left, right) ?? wideOrder(left, right, machine)
    }

    @inline(never)
    private static func wideOrder(_ left: Int64, _ right: Int64, _ machine: MachinePointer) -> Int {
        if left == absentWord || right == absentWord { return left == right ? 0 : left == absentWord ? -1 : 1 }
        let first = DecimalWord.number(left, machine)
        let second = DecimalWord.number(right, machine)
        return first == second ? 0 : first < second ? -1 : 1
    }

    @inline(__always)
    static func add(_ words: Registers, _ a: Int, _ b: Int, _ c: Int, _ machine: MachinePointer) -> Bool {
        guard let sum = DecimalWord.sum(words[b], words[c]) else { return wide(.addDecimal, words, a, b, c, machine) }
        words[a] = sum
        return true
    }

    @inline(__always)
    static func subtract(_ words: Registers, _ a: Int, _ b: Int, _ c: Int, _ machine: MachinePointer) -> Bool {
        guard let difference = DecimalWord.difference(words[b], words[c]) else {
            return wide(.subtractDecimal, words, a, b, c, machine)
        }
        words[a] = difference
        return true
    }

    @inline(__always)
    static func multiply(_ words: Registers, _ a: Int, _ b: Int, _ c: Int, _ machine: MachinePointer) -> Bool {
        guard let product = DecimalWord.product(words[b], words[c]) else {
            return wide(.multiplyDecimal, words, a, b, c, machine)
        }
        words[a] = product
        return true
    }

    @inline(__always)
    static func multiplyWidened(_ words: Registers, _ i: Instruction, _ machine: MachinePointer) -> Bool {
        let (whole, factor) = (words[Int(i.b)], words[Int(i.c)])
        guard let product = DecimalWord.product(whole: whole, places: Int64(i.d), factor) else {
            return wideMultiply(words, i, machine)
        }
        words[Int(i.a)] = product
        return true
    }

    @inline(never)
    private static func wideMultiply(_ words: Registers, _ i: Instruction, _ machine: MachinePointer) -> Bool {
        do throws(ArithmeticFault) {
            let left = try ExactDecimal(coefficient: Int128(words[Int(i.b)]), scale: Int(i.d))
            let right = DecimalWord.number(words[Int(i.c)], machine)
            words[Int(i.a)] = DecimalWord.word(try left.multiplied(by: right), machine)
            return true
        } catch {
            machine.pointee.fault = error
            return false
        }
    }

    @inline(never)
    private static func wide(
        _ operation: Operation, _ words: Registers, _ a: Int, _ b: Int, _ c: Int, _ machine: MachinePointer
    ) -> Bool {
        let left = DecimalWord.number(words[b], machine)
        let right = DecimalWord.number(words[c], machine)
        do throws(ArithmeticFault) {
            let result: ExactDecimal
            switch operation {
            case .addDecimal: result = try left.adding(right)
            case .subtractDecimal: result = try left.subtracting(right)
            default: result = try left.multiplied(by: right)
            }
            words[a] = DecimalWord.word(result, machine)
            return true
        } catch {
            machine.pointee.fault = error
            return false
        }
    }

    @inline(__always)
    static func widen(_ words: Registers, _ a: Int, _ b: Int, _ d: UInt8, _ machine: MachinePointer) {
        words[a] = DecimalWord.inline(words[b], places: Int64(d)) ?? wideWiden(words[b], d, machine)
    }

    @inline(never)
    private static func wideWiden(_ word: Int64, _ d: UInt8, _ machine: MachinePointer) -> Int64 {
        DecimalWord.word((try? ExactDecimal(coefficient: Int128(word), scale: Int(d))) ?? .zero, machine)
    }

    @inline(__always)
    static func round(_ words: Registers, _ a: Int, _ b: Int, _ d: UInt8, _ machine: MachinePointer) -> Bool {
        let places = Int64(RoundingCode.places(d))
        if let result = DecimalWord.rounded(words[b], mode: d & 3, places: places) {
            guard RoundingCode.isMoney(d) else {
                words[a] = result
                return true
            }
            if let units = DecimalWord.minorUnits(result, digits: places) {
                words[a] = units
                return true
            }
        }
        return wideRound(words, a, b, d, machine)
    }

    @inline(never)
    private static func wideRound(
        _ words: Registers, _ a: Int, _ b: Int, _ d: UInt8, _ machine: MachinePointer
    ) -> Bool {
        do throws(ArithmeticFault) {
            let rounded = try DecimalWord.number(words[b], machine)
                .rounded(places: RoundingCode.places(d), mode: RoundingMode(position: d & 3))
            words[a] = try settled(rounded, d, machine)
            return true
        } catch {
            machine.pointee.fault = error
            return false
        }
    }

    /// The word of a rounded number: minor units where money is wanted.
    private static func settled(
        _ number: ExactDecimal, _ d: UInt8, _ machine: MachinePointer
    ) throws(ArithmeticFault) -> Int64 {
        guard RoundingCode.isMoney(d) else { return DecimalWord.word(number, machine) }
        let shift = RoundingCode.places(d) - number.scale
        guard shift >= 0, let factor = Int128(exactly: DecimalWord.powers[min(shift, 18)]) else { throw .overflow }
        let (units, overflow) = number.coefficient.multipliedReportingOverflow(by: factor)
        guard !overflow, let small = Int64(exactly: units) else { throw .overflow }
        return small
    }

    static func quotient(_ i: Instruction, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let left = words[Int(i.b)]
        let right = words[Int(i.c)]
        let places = RoundingCode.places(i.d)
        if let result = DecimalWord.quotient(left, right, mode: i.d & 3, places: Int64(places)) {
            if !RoundingCode.isMoney(i.d) {
                words[Int(i.a)] = result
                return .proceed
            }
            if let units = DecimalWord.minorUnits(result, digits: Int64(places)) {
                words[Int(i.a)] = units
                return .proceed
            }
        }
        do throws(ArithmeticFault) {
            let quotient = try DecimalWord.number(left, machine).divided(
                by: DecimalWord.number(right, machine), places: places, mode: RoundingMode(position: i.d & 3))
            words[Int(i.a)] = try settled(quotient, i.d, machine)
            return .proceed
        } catch {
            machine.pointee.fault = error
            return .fault
        }
    }

    static func negate(_ word: Int64, _ machine: MachinePointer) -> Int64 {
        if DecimalWord.places(word) != DecimalWord.boxed {
            return (0 &- (word >> 5)) &<< 5 | DecimalWord.places(word)
        }
        return DecimalWord.word(DecimalWord.number(word, machine).negated, machine)
    }
}
