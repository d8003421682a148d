import RemitLanguage
import RemitValues

extension Lowering {
    func calculate(_ expression: CheckedExpression, into target: Register?) throws(LoweringProblem) -> Register {
        let span = expression.span
        switch expression.kind {
        case .arithmetic(.multiplyDecimal, let left, let right):
            return try multiply(left, right, expression, target)
        case .arithmetic(let operation, let left, let right):
            let first = try value(left)
            let second = try value(right)
            let result = try result(expression, target)
            try emitArithmetic(operation, result, first, second, span)
            return result
        case .negated(let inner):
            let number = try value(inner)
            let result = try result(expression, target)
            let isDecimal = shape(of: number).kind == .decimal
            emit(Instruction(isDecimal ? .negateDecimal : .negateInteger, result, number), span)
            return result
        case .widened(let inner): return try widen(inner, expression, target)
        case .rounded(let inner, let mode, let places):
            let number = try value(inner)
            let result = try result(expression, target)
            emit(
                Instruction(.round, d: try rounding(mode, places, expression.type), result, number), span)
            return result
        case .quotient(let left, let right, let mode, let places):
            let first = try value(left)
            let second = try value(right)
            let result = try result(expression, target)
            emit(
                Instruction(.quotient, d: try rounding(mode, places, expression.type), result, first, second), span)
            return result
        case .builtin(let builtin, let operands): return try self.builtin(builtin, operands, expression, target)
        default: throw .unsupported("an expression of this version")
        }
    }

    private func rounding(_ mode: RoundingMode, _ places: Int, _ type: ValueType) throws(LoweringProblem) -> UInt8 {
        guard (0...ExactDecimal.maximumScale).contains(places) else {
            throw .unsupported("rounding to \(places) places")
        }
        guard case .money(let currency) = type else {
            return RoundingCode.pack(mode: mode.position, places: places, isMoney: false)
        }
        guard currency.minorDigits == places else { throw .unsupported("money of \(places) places") }
        return RoundingCode.pack(mode: mode.position, places: places, isMoney: true)
    }

    private func widen(
        _ inner: CheckedExpression, _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        if case .constant(let constant) = inner.kind {
            switch constant {
            case .integer(let number):
                return try moved(self.constant(.decimal(ExactDecimal(number)), .decimal), target, expression.span)
            case .money(let money):
                return try moved(self.constant(.decimal(money.amount), .decimal), target, expression.span)
            default: break
            }
        }
        let number = try value(inner)
        var places: UInt8 = 0
        switch shape(of: number).kind {
        case .integer: break
        case .money(let currency): places = UInt8(currency.minorDigits)
        default: return try moved(number, target, expression.span)
        }
        let result = try result(expression, target)
        emit(Instruction(.widen, d: places, result, number), expression.span)
        return result
    }

    /// A product of decimals; where a factor is a whole number or amount, it is widened by the same instruction.
    private func multiply(
        _ left: CheckedExpression, _ right: CheckedExpression, _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        let first = try unwidened(left)
        let second = first == nil ? try unwidened(right) : nil
        let one = try value(first?.inner ?? left)
        let other = try value(second?.inner ?? right)
        let result = try result(expression, target)
        if let places = first?.places ?? second?.places {
            let (whole, factor) = first == nil ? (other, one) : (one, other)
            emit(Instruction(.multiplyWidened, d: places, result, whole, factor), expression.span)
        } else {
            emit(Instruction(.multiplyDecimal, result, one, other), expression.span)
        }
        return result
    }

    /// What a widening widens and to how many places; nil where there is none, or of a constant.
    private func unwidened(
        _ expression: CheckedExpression
    ) throws(LoweringProblem) -> (inner: CheckedExpression, places: UInt8)? {
        guard case .widened(let inner) = expression.kind else { return nil }
        if case .constant = inner.kind { return nil }
        // The shape may be a new one, so it is asked for before the shapes are.
        let kind = try shape(inner.type)
        switch shapes.shapes[kind].kind {
        case .integer: return (inner, 0)
        case .money(let currency): return (inner, UInt8(currency.minorDigits))
        default: return nil
        }
    }

    private func moved(_ register: Register, _ target: Register?, _ span: Span) throws(LoweringProblem) -> Register {
        guard let target else { return register }
        move(target, register, span)
        return target
    }

    func emitArithmetic(
        _ operation: TypedArithmetic, _ result: Register, _ left: Register, _ right: Register, _ span: Span
    ) throws(LoweringProblem) {
        let instruction: Instruction
        switch operation {
        case .addInteger, .addMoney, .addDuration: instruction = Instruction(.addInteger, result, left, right)
        case .subtractInteger, .subtractMoney, .subtractDuration, .instantsBetween:
            instruction = Instruction(.subtractInteger, result, left, right)
        case .multiplyInteger, .multiplyMoney: instruction = Instruction(.multiplyInteger, result, left, right)
        case .addDecimal: instruction = Instruction(.addDecimal, result, left, right)
        case .subtractDecimal: instruction = Instruction(.subtractDecimal, result, left, right)
        case .multiplyDecimal: instruction = Instruction(.multiplyDecimal, result, left, right)
        case .addDays: instruction = Instruction(.addDays, result, left, right)
        case .subtractDays: instruction = Instruction(.addDays, d: 1, result, left, right)
        case .daysBetween: instruction = Instruction(.daysBetween, result, left, right)
        case .addToInstant: instruction = Instruction(.addToInstant, result, left, right)
        case .subtractFromInstant: instruction = Instruction(.addToInstant, d: 1, result, left, right)
        case .addMonths, .addMonthsRoundedUp:
            let isDate = shape(of: left).kind == .date
            instruction = Instruction(
                isDate ? .addDays : .addToInstant, d: operation == .addMonths ? 2 : 3, result, left, right)
        }
        emit(instruction, span)
    }

    private func builtin(
        _ builtin: Builtin, _ operands: [CheckedExpression], _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        let span = expression.span
        if builtin == .date {
            let first = try values(operands).first ?? 0
            let result = try result(expression, target)
            emit(Instruction(.makeDate, result, first), span)
            return result
        }
        if builtin == .days, case .arithmetic(.daysBetween, let left, let right)? = operands.first?.kind {
            // The days of a length that two days make are their difference.
            let (one, other) = (try value(left), try value(right))
            let result = try result(expression, target)
            emit(Instruction(.subtractInteger, result, one, other), span)
            return result
        }
        var registers: [Register] = []
        for operand in operands { registers.append(try value(operand)) }
        guard let first = registers.first, let second = registers.last else { throw .unsupported("this function") }
        let result = try result(expression, target)
        let kind = shape(of: first).kind
        let instruction: Instruction
        switch builtin {
        case .split:
            instruction = Instruction(.split, d: shape(of: second).kind == .integer ? 1 : 0, result, first, second)
        case .largest:
            instruction = Instruction(
                kind == .decimal ? .greatestDecimal : kind == .text ? .greatestText : .greatestInteger, result, first,
                second)
        case .smallest:
            instruction = Instruction(
                kind == .decimal ? .leastDecimal : kind == .text ? .leastText : .leastInteger, result, first, second)
        case .year: instruction = Instruction(.datePart, d: 0, result, first)
        case .month: instruction = Instruction(.datePart, d: 1, result, first)
        case .day: instruction = Instruction(.datePart, d: 2, result, first)
        case .startOfYear: instruction = Instruction(.datePart, d: 3, result, first)
        case .dateOf: instruction = Instruction(.dateOf, result, first)
        case .years: instruction = Instruction(.years, result, first, second)
        case .days: instruction = Instruction(.days, result, first)
        case .size: instruction = Instruction(.size, result, first)
        case .magnitude:
            instruction = Instruction(kind == .decimal ? .magnitudeDecimal : .magnitudeInteger, result, first)
        default: throw .unsupported("this function")
        }
        emit(instruction, span)
        return result
    }
}
