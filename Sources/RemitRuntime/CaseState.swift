public import RemitLanguage
public import RemitValues

/// The worst that a group of checks found.
public enum Verdict: String, CaseIterable, Sendable {
    case deny, pend, note, clear
}

/// What a check found.
public struct Finding: Hashable, Sendable {
    public let code: String
    public let severity: CheckSyntax.Severity
    public let text: String
    /// The check's number in the program, from 0.
    public let clause: Int
    /// The line it speaks of, from 1; nil for the case as a whole.
    public let line: Int?
    /// The source that the policy cites.
    public let source: String?

    public init(
        code: String, severity: CheckSyntax.Severity, text: String, clause: Int, line: Int?, source: String?
    ) {
        self.code = code
        self.severity = severity
        self.text = text
        self.clause = clause
        self.line = line
        self.source = source
    }
}

/// The result of a group of checks, which the case keeps.
public struct CheckResult: Hashable, Sendable {
    public let verdict: Verdict
    /// The lines, from 0, that a check denied; sorted.
    public let deniedLines: [Int]
    public let findings: [Finding]

    public init(verdict: Verdict, deniedLines: [Int], findings: [Finding]) {
        self.verdict = verdict
        self.deniedLines = deniedLines
        self.findings = findings
    }
}

/// A case between two transitions.
public struct CaseState: Hashable, Sendable {
    /// The name of the case on the chain.
    public let reference: TextValue
    /// Index of the state.
    public var state: Int
    /// How many transitions the case has been through.
    public var revision: UInt64
    /// The fields in order of declaration; one that was never set is `.absent`.
    public var fields: [Value]
    /// The results of each group of checks; nil for one that has not run.
    public var checks: [CheckResult?]

    public init(reference: TextValue, state: Int, revision: UInt64, fields: [Value], checks: [CheckResult?]) {
        self.reference = reference
        self.state = state
        self.revision = revision
        self.fields = fields
        self.checks = checks
    }
}

/// What is asked of a contract: an action by somebody, on a case or opening one.
public struct Request: Sendable {
    /// Index of the action.
    public let action: Int
    /// The person who acts.
    public let actor: Party
    /// The organisation that the actor acts for.
    public let organisation: Party
    /// The time of the block.
    public let now: Instant
    /// The entered fields first, then the parameters.
    public let arguments: [Value]
    /// The case acted on; nil to open one.
    public let existing: CaseState?
    /// The name that a case opened now gets.
    public let newReference: TextValue

    public init(
        action: Int, actor: Party, organisation: Party, now: Instant, arguments: [Value], existing: CaseState?,
        newReference: TextValue
    ) {
        self.action = action
        self.actor = actor
        self.organisation = organisation
        self.now = now
        self.arguments = arguments
        self.existing = existing
        self.newReference = newReference
    }
}
