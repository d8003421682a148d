import RemitLanguage
import RemitValues

/// Puts values into a text as people read them, in bytes.
enum TextWriter {
    /// Makes a text of the registers of a list, one behind another.
    static func compose(_ target: Int, _ list: Int, _ machine: MachinePointer) -> Exit {
        let begin = machine.pointee.bytes.top
        var index = machine.pointee.listStarts[list]
        let end = machine.pointee.listStarts[list &+ 1]
        while index < end {
            let register = Int(machine.pointee.listFields[index])
            let exit = append(machine.pointee.registers[register], machine.pointee.shape(register), machine)
            guard exit == .proceed else { return exit }
            index &+= 1
        }
        machine.pointee.registers[target] = TextWord.word(start: begin, count: machine.pointee.bytes.top &- begin)
        return .proceed
    }

    @inline(__always)
    private static func append(_ word: Int64, _ shape: Int, _ machine: MachinePointer) -> Exit {
        guard machine.pointee.bytes.top < 1 << 30 else { return .foreign }
        let flat = machine.pointee.shapes[shape]
        if word != absentWord || !flat.isOptional {
            switch flat.kind {
            case .text, .party, .label, .reference:
                machine.pointee.bytes.repeatText(word & ~1)
                return .proceed
            case .integer:
                integer(word, &machine.pointee.bytes)
                return .proceed
            case .boolean:
                let word: StaticString = word != 0 ? "yes" : "no"
                machine.pointee.bytes.append(
                    UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
                return .proceed
            case .named:
                let name = machine.pointee.nameWord(Int(flat.element), word)
                guard name != absentWord else { break }
                machine.pointee.bytes.repeatText(name)
                return .proceed
            default: break
            }
        }
        return appendValue(word, shape, machine)
    }

    @inline(never)
    private static func appendValue(_ word: Int64, _ shape: Int, _ machine: MachinePointer) -> Exit {
        let code = machine.pointee.code._withUnsafeGuaranteedRef { $0 }
        let value = ValueCoder(code: code).value(word, shape, machine)
        switch value {
        case .instant(let instant): machine.pointee.bytes.append(instant.text(offset: machine.pointee.timezone))
        // Of all that has parts, only a quorum can stand in a text.
        default: machine.pointee.bytes.append(Quorum(value)?.description ?? value.description)
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
