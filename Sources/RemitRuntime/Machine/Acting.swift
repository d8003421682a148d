/// Questions about who acts.
enum Acting {
    /// Whether a party, or one of a list or set, is the actor, the organisation acted for, or the one in whose name the
    /// actor was let in.
    static func isActor(_ word: Int64, _ shape: Int, _ machine: MachinePointer) -> Bool {
        guard word != absentWord else { return false }
        let flat = machine.pointee.shapes[shape]
        switch flat.kind {
        case .party:
            let words = machine.pointee.registers
            return areSame(word, words[machine.pointee.actor], machine)
                || areSame(word, words[machine.pointee.organisation], machine)
                || areSame(word, words[machine.pointee.principal], machine)
        case .list, .set:
            for place in Lists.elements(word, machine)
            where isActor(machine.pointee.words.base[place], Int(flat.element), machine) {
                return true
            }
            return false
        default: return false
        }
    }

    /// Whether a party is a candidate or the organisation acted for.
    static func isParty(_ word: Int64, _ candidate: Int64, _ machine: MachinePointer) -> Bool {
        areSame(word, candidate, machine)
            || areSame(word, machine.pointee.registers[machine.pointee.organisation], machine)
    }

    /// Whether the actor holds a role, where they hold every one; else that is asked outside.
    static func holds(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        guard machine.pointee.holdsEveryRole else { return .outside }
        machine.pointee.registers[i.a] = isHeld(i, machine) ? 1 : 0
        return .proceed
    }

    /// Whether a role is asked for where the actor acts, who holds every role.
    private static func isHeld(_ i: InstructionPointer, _ machine: MachinePointer) -> Bool {
        switch i.d {
        case 0: machine.pointee.isAtHome
        case 1: true
        default:
            areSame(
                machine.pointee.registers[Int(i.b)], machine.pointee.registers[machine.pointee.organisation], machine)
        }
    }

    private static func areSame(_ one: Int64, _ other: Int64, _ machine: MachinePointer) -> Bool {
        one != absentWord && other != absentWord && (one ^ other) & 1 == 0
            && machine.pointee.bytes.areSame(one & ~1, other & ~1)
    }
}
