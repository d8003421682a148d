import RemitLanguage
import RemitValues

/// What a transition tells people: notices and findings.
extension CodeRun {
    var notices: [Effects.Notice] {
        let notices = machine.pointee.notices
        return stride(from: 0, to: notices.top, by: 2).map { place in
            Effects.Notice(
                recipient: machine.pointee.bytes.string(notices.base[place] & ~1),
                text: machine.pointee.bytes.string(notices.base[place + 1]))
        }
    }

    var findings: [Finding] { findings(0..<machine.pointee.settled) }

    func findings(_ places: Range<Int>) -> [Finding] {
        let findings = machine.pointee.findings
        return stride(from: places.lowerBound, to: places.upperBound, by: 3).map { place in
            let check = code.checks[Int(findings.base[place])].check
            let line = Int(findings.base[place + 1])
            return Finding(
                code: check.code, severity: check.severity,
                text: machine.pointee.bytes.string(findings.base[place + 2]), clause: check.index,
                line: line == 0 ? nil : line, source: check.source)
        }
    }
}
