import RemitValues

/// Puts values into a text as people read them, in bytes.
enum TextWriter {
    static func append(_ word: Int64, _ shape: Int, _ machine: MachinePointer) -> Exit {
        guard machine.pointee.bytes.top < 1 << 30 else { return .foreign }
        let flat = machine.pointee.shapes[shape]
        if word != absentWord || !flat.isOptional {
            switch flat.kind {
            case .text, .party:
                machine.pointee.bytes.repeatText(word & ~1)
                return .proceed
            case .integer:
                integer(word, &machine.pointee.bytes)
                return .proceed
            case .boolean:
                machine.pointee.bytes.append(word != 0 ? "yes" : "no")
                return .proceed
            case .named:
                let name = machine.pointee.nameWord(Int(flat.element), word)
                guard name != absentWord else { break }
                machine.pointee.bytes.repeatText(name)
                return .proceed
            default: break
            }
        }
        let code = machine.pointee.code._withUnsafeGuaranteedRef { $0 }
        let value = ValueCoder(code: code).value(word, shape, machine)
        switch value {
        case .instant(let instant): machine.pointee.bytes.append(instant.text(offset: machine.pointee.timezone))
        default: machine.pointee.bytes.append(value.description)
        }
        return .proceed
    }

    /// A whole number in decimal digits.
    static func integer(_ number: Int64, _ bytes: inout ByteArena) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var count = 1
        var power = rest / 10
        while power > 0 {
            count += 1
            power /= 10
        }
        let place = bytes.reserve(count)
        while count > 0 {
            count -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.base[place + count] = UInt8(ascii: "0") + UInt8(digit)
            rest = quotient
        }
    }
}
