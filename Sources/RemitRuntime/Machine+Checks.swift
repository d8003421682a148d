import RemitLanguage
import RemitValues

/// What one run of a group of checks has come to so far.
private struct CheckRun {
    var findings: [Finding] = []
    var denied: Set<Int> = []
    var lines = 0
    var faults: [CheckFault] = []
}

extension Machine {
    /// Runs a group of checks: all of them, even if one faults; the case keeps the result.
    func runChecks(_ index: Int, _ arguments: [Value], _ span: Span) throws(Stop) {
        guard program.checks.indices.contains(index) else { throw misfit(span) }
        let group = program.checks[index]
        var run = CheckRun()
        try inFrame(arguments, count: group.localCount) { () throws(Stop) in
            try runItems(group.items, group: index, line: nil, &run)
        }
        findings += run.findings
        guard run.faults.isEmpty else {
            throw .refused(.unevaluated(run.faults, at: span))
        }
        let verdict = verdict(run)
        caseState.checks[index] = CheckResult(
            verdict: verdict, deniedLines: run.denied.sorted(), findings: run.findings)
        note(.verdict(checks: index, verdict), at: span)
    }

    /// The worst finding on the case, or `deny` if every line is denied, else `clear`.
    private func verdict(_ run: CheckRun) -> Verdict {
        let onCase = run.findings.filter { $0.line == nil }
        if onCase.contains(where: { $0.severity == .deny }) { return .deny }
        if run.lines > 0, run.denied.count == run.lines { return .deny }
        if onCase.contains(where: { $0.severity == .pend }) { return .pend }
        // What is to be looked at on a line that will be paid holds the case up; on a denied line it does not.
        let open = run.findings.filter { finding in finding.line.map { !run.denied.contains($0 - 1) } ?? false }
        if open.contains(where: { $0.severity == .pend }) { return .pend }
        return run.findings.contains { $0.severity == .note } ? .note : .clear
    }

    /// Runs items in order; behind a binding that could not be evaluated nothing is left that could be, since it may
    /// read what is not there.
    private func runItems(
        _ items: [CheckedItem], group: Int, line: Int?, _ run: inout CheckRun
    ) throws(Stop) {
        for (position, item) in items.enumerated() {
            try charge(items.entryCost(at: position))
            guard try runItem(item, group: group, line: line, &run) else { return }
        }
    }

    /// Runs an item; false where it is a binding that could not be evaluated.
    private func runItem(
        _ item: CheckedItem, group: Int, line: Int?, _ run: inout CheckRun
    ) throws(Stop) -> Bool {
        switch item {
        case .binding(let local, let priced):
            do {
                let value = try evaluate(priced.expression)
                try setLocal(local, value, priced.expression.span)
            } catch {
                try keep(error, check: nil, line: line, priced.expression.span, &run)
                return false
            }
        case .check(let check):
            do {
                try runCheck(check, group: group, line: line, &run)
            } catch {
                try keep(error, check: check, line: line, check.span, &run)
            }
        case .each(let local, let list, let items, let span):
            let elements: [Value]
            do {
                elements = try self.elements(evaluate(list.expression), span)
            } catch {
                try keep(error, check: nil, line: line, span, &run)
                return true
            }
            try charge(Cost.elements(elements.count))
            run.lines = max(run.lines, elements.count)
            for (number, element) in elements.enumerated() {
                try setLocal(local, element, span)
                try runItems(items, group: group, line: number, &run)
            }
        }
        return true
    }

    private func runCheck(_ check: CheckedCheck, group: Int, line: Int?, _ run: inout CheckRun) throws(Stop) {
        let (holds, read) = try testCollecting(check.condition.expression)
        note(
            .check(
                clause: check.index, group: group, item: Trace.Item(check), line: line.map { $0 + 1 }, holds: holds,
                reads: read),
            at: check.span)
        guard holds else { return }
        try build(1)
        let text = try render(check.text)
        try build(Cost.told(text.utf8.count))
        let finding = Finding(
            code: check.code, severity: check.severity, text: text, clause: check.index,
            line: line.map { $0 + 1 }, source: check.source)
        run.findings.append(finding)
        if let line, check.severity == .deny { run.denied.insert(line) }
    }

    /// Keeps a fault so that the other checks still run; a budget that is gone, or a value that is, ends them all.
    private func keep(
        _ stop: Stop, check: CheckedCheck?, line: Int?, _ span: Span, _ run: inout CheckRun
    ) throws(Stop) {
        guard case .refused(let refusal) = stop, ![.budget, .erased, .internalFault].contains(refusal.reason) else {
            throw stop
        }
        run.faults.append(CheckFault(code: check?.code, line: line.map { $0 + 1 }, refusal.text))
        note(.checkFaulted(clause: check?.index ?? -1, line: line.map { $0 + 1 }, text: refusal.text), at: span)
    }
}
