import RemitLanguage
import RemitLedger
import RemitRuntime

/// Turns the runtime's findings into the ledger's.
enum FindingsCoding {
    /// All findings, and the clauses that decided: the refusal's, or those of the gravest severity.
    static func findings(_ transition: Transition) -> Findings {
        let findings = transition.findings.map { finding in
            Findings.Finding(
                code: finding.code, severity: severity(finding.severity), text: finding.text,
                clause: clause(finding.clause), line: finding.line.map(Int64.init), source: finding.source)
        }
        return Findings(findings: findings, clauses: deciding(transition))
    }

    private static func deciding(_ transition: Transition) -> [String] {
        if case .refused(let refusal) = transition.outcome { return ["refusal:\(refusal.reason.word)"] }
        let gravest = transition.findings.map { severity($0.severity).rawValue }.max()
        var clauses: [String] = []
        for finding in transition.findings where severity(finding.severity).rawValue == gravest {
            let name = clause(finding.clause)
            if clauses.last != name, !clauses.contains(name) { clauses.append(name) }
        }
        return clauses
    }

    /// Checks are numbered through the program in order of writing, from 1.
    private static func clause(_ index: Int) -> String { "check:\(index + 1)" }

    private static func severity(_ severity: CheckSyntax.Severity) -> Findings.Severity {
        switch severity {
        case .deny: .deny
        case .pend: .pend
        case .note: .note
        }
    }
}
