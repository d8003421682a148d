import RemitLanguage
public import RemitLedger
public import RemitRuntime
import RemitValues

/// A case as the state keeps it: which contract text it began under, and what the runtime knows of it.
public struct StoredCase: Sendable {
    /// The contract text that the case follows.
    public let contract: Digest
    /// The height at which it was opened.
    public let opened: UInt64
    /// State, revision, fields and results of checks.
    public let state: CaseState

    /// A case of a contract text.
    public init(contract: Digest, opened: UInt64, state: CaseState) {
        self.contract = contract
        self.opened = opened
        self.state = state
    }
}

/// Turns a case into a state row and back.
enum CaseCoding {
    /// The bytes of the row of a case whose fields hold these values; some of them may be encoded already.
    static func encoded(
        _ stored: StoredCase, fields: [Value], entered: EnteredFields? = nil, program: CheckedProgram
    ) -> [UInt8] {
        let state = stored.state
        var out = CBORWriter(capacity: 1024)
        out.record(!keepsMore(program) ? 6 : state.fired == nil ? 10 : 11)
        out.text(stored.contract.hex)
        out.integer(Int64(clamping: stored.opened))
        out.enumeration(program.states[state.state].name)
        out.integer(Int64(clamping: state.revision))
        out.record(fields.count)
        for (index, value) in fields.enumerated() {
            if let bytes = entered?.bytes(ofField: index) { out.encoded(bytes) } else { out.value(value) }
        }
        out.array(state.checks.count)
        for result in state.checks {
            if let result { write(result, to: &out) } else { out.null() }
        }
        // A contract without money, time and signatures keeps nothing of them.
        if keepsMore(program) {
            out.integer(Int64(clamping: state.changed))
            out.value(.list(state.reserved.map { .integer($0) }))
            out.value(.list(state.due.map { $0.map { .instant($0) } ?? .absent }))
            out.value(.list(state.rounds.map(RoundCoding.value)))
            if let fired = state.fired {
                out.value(.record([.instant(fired.at), .list(fired.timers.map { .integer(Int64($0)) })]))
            }
        }
        return out.bytes
    }

    private static func keepsMore(_ program: CheckedProgram) -> Bool {
        !program.funds.isEmpty || !program.deadlines.isEmpty || !program.approvals.isEmpty
    }

    private static func write(_ result: CheckResult, to out: inout CBORWriter) {
        out.record(3)
        out.enumeration(result.verdict.rawValue)
        out.array(result.deniedLines.count)
        for line in result.deniedLines { out.integer(Int64(line)) }
        out.array(result.findings.count)
        for finding in result.findings { write(finding, to: &out) }
    }

    private static func write(_ finding: Finding, to out: inout CBORWriter) {
        out.record(6)
        out.text(finding.code)
        out.enumeration(finding.severity.rawValue)
        out.text(finding.text)
        out.integer(Int64(finding.clause))
        if let line = finding.line { out.integer(Int64(line)) } else { out.null() }
        if let source = finding.source { out.text(source) } else { out.null() }
    }

    /// The contract digest of a row, so that its program can be found before the rest is read.
    static func contract(of row: Value) -> Digest? {
        guard case .record(let parts) = row, [6, 10, 11].contains(parts.count), case .text(let hex) = parts[0]
        else { return nil }
        return Digest(hex: hex.string)
    }

    static func decode(_ row: Value, reference: CaseReference, program: CheckedProgram) -> StoredCase? {
        guard let contract = contract(of: row), case .record(let parts) = row, case .integer(let opened) = parts[1],
            case .enumeration(let name) = parts[2], case .integer(let revision) = parts[3],
            case .record(let fields) = parts[4], case .list(let checks) = parts[5], opened >= 0, revision >= 0,
            fields.count == program.caseFields.count, checks.count == program.checks.count,
            let state = program.states.firstIndex(where: { TextValue($0.name) == name })
        else { return nil }
        var results: [CheckResult?] = []
        for check in checks {
            if case .absent = check {
                results.append(nil)
            } else if let result = result(check) {
                results.append(result)
            } else {
                return nil
            }
        }
        var decoded = CaseState(
            reference: TextValue(reference.description), state: state, revision: UInt64(revision), fields: fields,
            checks: results)
        if keepsMore(program), !decodeMore(parts, program, into: &decoded) { return nil }
        return StoredCase(contract: contract, opened: UInt64(opened), state: decoded)
    }

    /// Reads reservations, due times, rounds, and what has fired.
    private static func decodeMore(_ parts: [Value], _ program: CheckedProgram, into state: inout CaseState) -> Bool {
        guard parts.count >= 10, case .integer(let changed) = parts[6], changed >= 0,
            case .list(let reserved) = parts[7], case .list(let due) = parts[8], case .list(let rounds) = parts[9],
            reserved.count == program.funds.count, due.count == program.deadlines.count,
            rounds.count == program.approvals.count
        else { return false }
        state.changed = UInt64(changed)
        for value in reserved {
            guard case .integer(let units) = value, units >= 0 else { return false }
            state.reserved.append(units)
        }
        for value in due {
            switch value {
            case .absent: state.due.append(nil)
            case .instant(let instant): state.due.append(instant)
            default: return false
            }
        }
        for value in rounds {
            guard let round = RoundCoding.decode(value) else { return false }
            state.rounds.append(round)
        }
        guard parts.count == 11 else { return true }
        state.fired = fired(parts[10], program)
        return state.fired != nil
    }

    private static func fired(_ value: Value, _ program: CheckedProgram) -> CaseState.Fired? {
        guard case .record(let parts) = value, parts.count == 2, case .instant(let at) = parts[0],
            case .list(let numbers) = parts[1]
        else { return nil }
        var timers: [Int] = []
        for number in numbers {
            guard case .integer(let number) = number, let timer = Int(exactly: number),
                program.timers.indices.contains(timer), timers.last.map({ $0 < timer }) ?? true
            else { return nil }
            timers.append(timer)
        }
        return CaseState.Fired(at: at, timers: timers)
    }

    private static func result(_ row: Value) -> CheckResult? {
        guard case .record(let parts) = row, parts.count == 3, case .enumeration(let name) = parts[0],
            let verdict = Verdict(rawValue: name.string), case .list(let lines) = parts[1],
            case .list(let rows) = parts[2]
        else { return nil }
        var denied: [Int] = []
        for line in lines {
            guard case .integer(let number) = line, let index = Int(exactly: number) else { return nil }
            denied.append(index)
        }
        var findings: [Finding] = []
        for row in rows {
            guard let finding = finding(row) else { return nil }
            findings.append(finding)
        }
        return CheckResult(verdict: verdict, deniedLines: denied, findings: findings)
    }

    private static func finding(_ row: Value) -> Finding? {
        guard case .record(let parts) = row, parts.count == 6, case .text(let code) = parts[0],
            case .enumeration(let word) = parts[1], let severity = CheckSyntax.Severity(rawValue: word.string),
            case .text(let text) = parts[2], case .integer(let clause) = parts[3], let index = Int(exactly: clause)
        else { return nil }
        var line: Int?
        if case .integer(let number) = parts[4] { line = Int(exactly: number) }
        var source: String?
        if case .text(let cited) = parts[5] { source = cited.string }
        return Finding(
            code: code.string, severity: severity, text: text.string, clause: index, line: line, source: source)
    }
}
