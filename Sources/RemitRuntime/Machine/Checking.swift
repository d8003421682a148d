import RemitLanguage
import RemitValues

/// A run of a group of checks.
enum Checking {
    /// Keeps a finding; false where it would be one value too many.
    @inline(__always)
    static func find(
        _ words: UnsafeMutablePointer<Int64>, _ i: InstructionPointer, _ machine: MachinePointer
    ) -> Bool {
        if i.d & 2 != 0, !machine.pointee.build(1) { return false }
        if !machine.pointee.build(Cost.told(TextWord.count(words[Int(i.a)]))) { return false }
        let line = i.d & 1 != 0 ? words[Int(i.b)] &- words[Int(i.b) &+ 2] : 0
        let place = machine.pointee.findings.reserve(3)
        let finding = machine.pointee.findings.base + place
        finding[0] = Int64(i.c)
        finding[1] = line
        finding[2] = words[Int(i.a)]
        if line > 0, machine.pointee.checks[Int(i.c)].isDeny {
            machine.pointee.deny(Int(machine.pointee.checks[Int(i.c)].group), Int(line) - 1)
        }
        return true
    }

    /// Keeps the result of a run, or refuses if a check could not be evaluated.
    static func end(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        machine.pointee.settled = machine.pointee.findings.top
        guard machine.pointee.faults.top == 0 else { return .refused }
        let place = machine.pointee.runs.reserve(3)
        machine.pointee.runs.base[place] = Int64(i.c)
        machine.pointee.runs.base[place + 1] = Int64(machine.pointee.runStart)
        machine.pointee.runs.base[place + 2] = Int64(machine.pointee.findings.top)
        machine.pointee.registers[Int(i.a)] = verdict(Int(i.c), machine)
        return .proceed
    }

    /// The worst finding on the case, or deny if every line is denied, else what is open on lines that are not.
    private static func verdict(_ group: Int, _ machine: MachinePointer) -> Int64 {
        let findings = machine.pointee.findings
        let denied = machine.pointee.denied(group)
        var onCase = Verdict.clear.word
        var open = Verdict.clear.word
        var place = machine.pointee.runStart
        while place < findings.top {
            let severity = Int64(machine.pointee.checks[Int(findings.base[place])].severity)
            let line = Int(findings.base[place + 1]) - 1
            if line < 0 {
                onCase = min(onCase, severity)
            } else if severity == Verdict.note.word {
                open = min(open, severity)
            } else if severity == Verdict.pend.word, line < MachineState.lineLimit,
                denied[line >> 6] >> UInt64(line & 63) & 1 == 0
            {
                open = min(open, severity)
            }
            place += 3
        }
        if onCase == Verdict.deny.word { return onCase }
        if machine.pointee.lines > 0, machine.pointee.deniedCount(group) == machine.pointee.lines {
            return Verdict.deny.word
        }
        return min(onCase, open)
    }
}

/// A check as the run needs it.
struct FlatCheck {
    let group: UInt16
    /// The word of the verdict that its finding calls for.
    let severity: UInt8
    let isDeny: Bool
}

extension Verdict {
    /// The position among the verdicts, worst first.
    var word: Int64 {
        switch self {
        case .deny: 0
        case .pend: 1
        case .note: 2
        case .clear: 3
        }
    }
}

extension MachineState {
    @inline(__always)
    func clearDenied(_ group: Int) {
        let end = deniedEnds[group]
        guard end > 0 else { return }
        denied(group).update(repeating: 0, count: end)
        deniedEnds[group] = 0
    }

    @inline(__always)
    func deny(_ group: Int, _ line: Int) {
        guard line >= 0, line < MachineState.lineLimit else { return }
        deniedEnds[group] = max(deniedEnds[group], line >> 6 &+ 1)
        denied(group)[line >> 6] |= 1 << UInt64(line & 63)
    }

    @inline(__always)
    func deniedCount(_ group: Int) -> Int {
        guard deniedEnds[group] > 0 else { return 0 }
        let bits = denied(group)
        var count = 0
        for index in 0..<min(Self.deniedWords, (lines + 63) / 64) { count += bits[index].nonzeroBitCount }
        return count
    }

    func deniedLines(_ group: Int) -> [Int] {
        guard deniedEnds[group] > 0 else { return [] }
        let bits = denied(group)
        var lines: [Int] = []
        for index in 0..<Self.deniedWords where bits[index] != 0 {
            for bit in 0..<64 where bits[index] >> UInt64(bit) & 1 == 1 { lines.append(index * 64 + bit) }
        }
        return lines
    }
}
