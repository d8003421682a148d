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
    /// The revision at which the state or a field last changed, where there are approvals; votes do not change it.
    public var changed: UInt64
    /// What the case has reserved in each fund, in minor units.
    public var reserved: [Int64]
    /// When each deadline falls due; nil where it does not run.
    public var due: [Instant?]
    /// The last round of each approval; nil where none was opened.
    public var rounds: [RoundState?]
    /// What has fired at the moment at which more falls due: each timer fires once at a moment by the doing of others.
    public var fired: Fired?

    /// The timers (indices into the program's) that have fired at an instant, one after another; sorted.
    public struct Fired: Hashable, Sendable {
        public let at: Instant
        public let timers: [Int]

        public init(at: Instant, timers: [Int]) {
            self.at = at
            self.timers = timers
        }
    }

    public init(
        reference: TextValue, state: Int, revision: UInt64, fields: [Value], checks: [CheckResult?],
        changed: UInt64 = 0, reserved: [Int64] = [], due: [Instant?] = [], rounds: [RoundState?] = []
    ) {
        self.reference = reference
        self.state = state
        self.revision = revision
        self.fields = fields
        self.checks = checks
        self.changed = changed
        self.reserved = reserved
        self.due = due
        self.rounds = rounds
    }

    /// The timers (indices into the program's) that run, in order of writing, and when each falls due.
    public func timers(of program: CheckedProgram) -> [(timer: Int, due: Instant)] {
        program.timers.enumerated().compactMap { index, timer in
            switch timer {
            case .deadline(let deadline):
                guard due.indices.contains(deadline), let instant = due[deadline] else { return nil }
                return (index, instant)
            case .overdue(let round):
                guard rounds.indices.contains(round), let state = rounds[round], state.outcome == .open else {
                    return nil
                }
                return (index, state.due)
            }
        }
    }
}

/// What is to be done to a case, or to open one.
public enum Call: Hashable, Sendable {
    /// An action (index).
    case action(Int)
    /// A signature in the round of an approval (index); it has no arguments.
    case approve(Int)
    /// A vote against; its one argument is the reason, a text.
    case decline(Int)
    /// A timer (index) of the program, by the engine itself, at its due time.
    case timer(Int)
    /// A migration (index) of the program, by the engine itself, on a case of an earlier version.
    case migration(Int)
}

/// What is asked of a contract: an action or a vote by somebody, or the work of a timer.
public struct Request: Sendable {
    public let call: Call
    /// The person who acts; for a timer nobody, which is a person without a name.
    public let actor: Party
    /// The organisation that the actor acts for.
    public let organisation: Party
    /// The time of the block; for a timer its due time.
    public let now: Instant
    /// An action's entered fields first, then its parameters.
    public let arguments: [Value]
    /// The case acted on; nil to open one.
    public let existing: CaseState?
    /// The revision of the case that the sender saw; nil: the present one.
    public let seen: UInt64?
    /// The name that a case opened now gets.
    public let newReference: TextValue
    /// For a migration, what comes over with the case.
    var carried: CarriedCase?

    /// Index of the action; -1 where no action is asked for.
    public var action: Int { if case .action(let index) = call { index } else { -1 } }

    public init(
        call: Call, actor: Party, organisation: Party, now: Instant, arguments: [Value], existing: CaseState?,
        seen: UInt64? = nil, newReference: TextValue
    ) {
        self.call = call
        self.actor = actor
        self.organisation = organisation
        self.now = now
        self.arguments = arguments
        self.existing = existing
        self.seen = seen
        self.newReference = newReference
    }

    /// An action.
    public init(
        action: Int, actor: Party, organisation: Party, now: Instant, arguments: [Value], existing: CaseState?,
        newReference: TextValue
    ) {
        self.init(
            call: .action(action), actor: actor, organisation: organisation, now: now, arguments: arguments,
            existing: existing, newReference: newReference)
    }

    /// A migration of a case, at a time, by nobody.
    public init(migration: CaseMigration, of carried: CarriedCase, at now: Instant, organisation: Party) {
        self.init(
            call: .migration(migration.index), actor: Party(.person, ""), organisation: organisation, now: now,
            arguments: [], existing: carried.state, newReference: carried.state.reference)
        self.carried = carried
    }

    /// The work of a timer on a case.
    public init(timer: Int, of existing: CaseState, at due: Instant, organisation: Party) {
        self.init(
            call: .timer(timer), actor: Party(.person, ""), organisation: organisation, now: due, arguments: [],
            existing: existing, newReference: existing.reference)
    }
}
