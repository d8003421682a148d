import RemitValues

/// Decimal steps: in line where a word holds what is needed, else through exact numbers of 38 digits.
enum Exact {
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

    // MARK: What the loop leaves

    static func perform(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        do throws(ArithmeticFault) {
            switch i.operation {
            case .multiplyWidened, .multiplyThenAdd:
                let left = try ExactDecimal(coefficient: Int128(words[i.b]), scale: Int(i.d))
                let right = DecimalWord.number(words[i.c], machine)
                words[i.a] = DecimalWord.word(try left.multiplied(by: right), machine)
            case .widen:
                let number = try ExactDecimal(coefficient: Int128(words[i.b]), scale: Int(i.d))
                words[i.a] = DecimalWord.word(number, machine)
            default: words[i.a] = DecimalWord.word(try combined(i, machine), machine)
            }
            return .proceed
        } catch {
            machine.pointee.fault = error
            return .fault
        }
    }

    private static func combined(
        _ i: InstructionPointer, _ machine: MachinePointer
    ) throws(ArithmeticFault) -> ExactDecimal {
        let left = DecimalWord.number(machine.pointee.registers[i.b], machine)
        let right = DecimalWord.number(machine.pointee.registers[i.c], machine)
        switch i.operation {
        case .addDecimal: return try left.adding(right)
        case .subtractDecimal: return try left.subtracting(right)
        default: return try left.multiplied(by: right)
        }
    }

    /// The jumps by two decimals of which one is not in line, or that differ in their places.
    static func jump(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let order = order(machine.pointee.registers[i.a], machine.pointee.registers[i.b], machine)
        let holds =
            switch i.operation {
            case .jumpEqualDecimal: order == 0
            case .jumpUnequalDecimal: order != 0
            case .jumpLessDecimal: order < 0
            default: order <= 0
            }
        if holds { machine.pointee.next += i.distance } else { machine.pointee.steps &-= Int64(i.d) }
        return .proceed
    }

    static func round(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let word = machine.pointee.registers[i.b]
        let places = Int64(RoundingCode.places(i.d))
        if let result = DecimalWord.rounded(word, mode: i.d & 3, places: places) {
            guard RoundingCode.isMoney(i.d) else {
                machine.pointee.registers[i.a] = result
                return .proceed
            }
            if let units = DecimalWord.minorUnits(result, digits: places) {
                machine.pointee.registers[i.a] = units
                return .proceed
            }
        }
        do throws(ArithmeticFault) {
            let rounded = try DecimalWord.number(word, machine)
                .rounded(places: RoundingCode.places(i.d), mode: RoundingMode(position: i.d & 3))
            machine.pointee.registers[i.a] = try settled(rounded, i.d, machine)
            return .proceed
        } catch {
            machine.pointee.fault = error
            return .fault
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

    static func quotient(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
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
