import Foundation
import RemitLanguage
import RemitRuntime
import RemitValues

/// A case made of nothing but what an example tells, to be played on a version.
final class ToldCase: StateView {
    let program: CheckedProgram
    /// The program with actions behind its own: one that runs the checks, and one that enters each state.
    private let staged: CheckedProgram
    private let told: [(input: String, value: String)]
    let home = Party(.organisation, "home")
    private var rows: [[Value]: [Value]] = [:]
    private var funds: [TextValue: FundState] = [:]
    private var actor = Party(.person, "anna")
    private var letsEverybody = false

    init(_ program: CheckedProgram, _ told: [(input: String, value: String)]) {
        self.program = program
        self.told = told
        staged = Self.staged(program)
    }

    private static func staged(_ program: CheckedProgram) -> CheckedProgram {
        var staged = program
        let nowhere = Span(0, 0)
        let groups = program.checks.indices.filter { program.checks[$0].parameters.isEmpty }
        let bodies: [[CheckedStatement.Kind]] =
            [groups.map { .run(checks: $0, []) }] + program.states.indices.map { [.become($0)] }
        for body in bodies {
            staged.actions.append(
                ActionDeclaration(
                    name: "", states: Array(program.states.indices), opens: [],
                    authorities: [CheckedAuthority(who: .role(0, .any), span: nowhere)], except: [], enters: [],
                    parameters: [], source: nil,
                    body: CheckedBlock(statements: body.map { CheckedStatement($0, nowhere) }), localCount: 0,
                    headCost: 0, span: nowhere))
        }
        return staged
    }

    private subscript(input: String) -> String? { told.first { TextValue($0.input) == TextValue(input) }?.value }

    // MARK: The chain

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        if let written = rows[[.integer(Int64(register))] + keys] { return written }
        let declared = program.registers[register]
        let fields = program.records[declared.row].fields
        var found = false
        var row = fields.map { $0.starts ?? .absent }
        for (input, value) in told where input.hasPrefix("\(declared.name)[") {
            guard let end = input.range(of: "]", options: .backwards) else { continue }
            let text = String(input[input.index(input.startIndex, offsetBy: declared.name.count + 1)..<end.lowerBound])
            let name = String(input[end.upperBound...].dropFirst())
            guard ToldValue.read(keys: text, declared.keys.map(\.type), program) == keys,
                let place = fields.firstIndex(where: { TextValue($0.name) == TextValue(name) }),
                let read = ToldValue.read(value, fields[place].type, program)
            else { continue }
            row[place] = read
            found = true
        }
        return found ? row : nil
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        guard let words = self["another case"]?.split(separator: " ", maxSplits: 3).map(String.init), words.count == 4
        else { return nil }
        let rule = program.uniqueKeys[unique]
        if rule.except.contains(where: { program.states[$0].name == words[1] }) { return nil }
        let shared = words[3].components(separatedBy: ", ")
        return rule.fields.allSatisfy { shared.contains("the same \(program.caseFields[$0].name)") } ? "Case/2" : nil
    }

    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        guard !letsEverybody, person == actor, let only = self["only role of actor"] else { return true }
        return TextValue(program.roles[role]) == TextValue(only)
    }

    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
        ["anna", "ben", "carl", "dora", "emil"].map { Party(.person, TextValue($0)) }
    }

    func fund(_ fund: Int) throws(StateFault) -> FundState {
        let declared = program.funds[fund]
        if let written = funds[TextValue(declared.name)] { return written }
        let reserved = reservation(of: declared)
        return FundState(
            balance: self["available(\(declared.name))"] == nil ? 1_000_000_000_000 : reserved, reserved: reserved)
    }

    private func reservation(of fund: FundDeclaration) -> Int64 {
        guard let text = self["reserved in \(fund.name)"],
            case .money(let money)? = ToldValue.read(text, .money(fund.currency), program)
        else { return 0 }
        return money.minorUnits
    }

    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        let other = program.others.first { TextValue($0.name) == contract }
        return other?.funds.first { TextValue($0.name) == fund }.map { ($0.currency, .empty) }
    }

    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? {
        let other = program.others[contract]
        let fields = other.fields.map { field in
            self["\(reference).\(field.name)"].flatMap { ToldValue.read($0, field.type, program) }
        }
        return OtherCase(
            version: other.version, state: TextValue(self["\(reference).state"] ?? other.states[0]), fields: fields)
    }

    private func apply(_ effects: Effects) {
        for write in effects.rows { rows[[.integer(Int64(write.register))] + write.keys] = write.row }
        for write in effects.funds where write.contract == nil { funds[write.fund] = write.state }
    }

    // MARK: Playing

    /// What the version decides, in words; nil where what is told makes no case of it.
    func decision(comparedWith other: CheckedProgram) throws -> [String]? {
        guard let first = try first() else { return nil }
        let evaluator = Evaluator(program: staged)
        let transition = try evaluator.perform(first, view: self)
        var words = Self.words(transition, program, other)
        guard self["the state entered"] != nil, let then = self["then"], case .done(let effects) = transition.outcome
        else { return words }
        apply(effects)
        letsEverybody = true
        for make in requests(then, effects.caseState, first.now) {
            guard let request = make(current) else { return nil }
            let transition = try evaluator.perform(request, view: self)
            words += Self.words(transition, program, other)
            guard case .done(let effects) = transition.outcome else { break }
            apply(effects)
            current = effects.caseState
        }
        return words
    }

    private var current = CaseState(reference: "Case/1", state: 0, revision: 1, fields: [], checks: [])

    private func first() throws -> Request? {
        actor = Party(.person, TextValue(self["actor"] ?? "anna"))
        let organisation = Party(.organisation, TextValue(self["organisation of actor"] ?? "home"))
        let now = self["now"] ?? "\(self["today"] ?? "2026-01-01") 09:00:00"
        guard case .instant(let instant)? = ToldValue.read(now, .dateTime, program) else { return nil }
        func request(_ action: Int, _ arguments: [Value], _ existing: CaseState?) -> Request {
            Request(
                action: action, actor: actor, organisation: organisation, now: instant, arguments: arguments,
                existing: existing, newReference: "Case/1")
        }
        if let entered = self["the state entered"] {
            guard let state = state(entered), let existing = try existing(state, instant) else { return nil }
            letsEverybody = true
            return request(program.actions.count + 1 + state, [], existing)
        }
        guard let name = self["the action"],
            let index = program.actions.firstIndex(where: { TextValue($0.name) == TextValue(name) })
        else { return nil }
        let action = program.actions[index]
        var arguments: [Value] = []
        for field in action.enters.map({ program.caseFields[$0] }) + action.parameters {
            guard let text = self[field.name], let value = ToldValue.read(text, field.type, program) else { return nil }
            arguments.append(value)
        }
        guard let told = self["case"], told != "none yet" else { return request(index, arguments, nil) }
        guard let state = state(told), let existing = try existing(state, instant) else { return nil }
        return request(index, arguments, existing)
    }

    private func state(_ name: String) -> Int? {
        program.states.firstIndex { TextValue($0.name) == TextValue(name) }
    }

    /// The case that is there; of fields that are not told nothing is asked.
    private func existing(_ state: Int, _ now: Instant) throws -> CaseState? {
        var fields: [Value] = []
        for field in program.caseFields {
            guard let text = self[field.name] else {
                fields.append(field.starts ?? .absent)
                continue
            }
            guard let value = ToldValue.read(text, field.type, program) else { return nil }
            fields.append(value)
        }
        let rounds: [RoundState?] = program.approvals.map { approval in
            guard let words = self[approval.name], let name = words.split(separator: " ").last,
                let role = program.roles.first
            else { return nil }
            let signer = Party(.person, TextValue(String(name)))
            let quorum = Quorum(groups: [.init(count: 1, roles: [TextValue(role)])]).value
            return RoundState(
                outcome: .granted, opened: now, due: now, quorum: quorum, declineQuorum: nil, excluded: [],
                signatures: [.init(signer: signer, by: signer, roles: [TextValue(role)], reason: nil)], declines: [])
        }
        var made = CaseState(
            reference: "Case/1", state: state, revision: 1, fields: fields,
            checks: program.checks.map { group in
                group.parameters.isEmpty
                    ? nil : CheckResult(verdict: .clear, deniedLines: [], findings: [])
            }, reserved: program.funds.map { reservation(of: $0) },
            rounds: rounds)
        guard program.checks.contains(where: { self[$0.name] != nil }) else { return made }
        letsEverybody = true
        let transition = try Evaluator(program: staged).perform(
            Request(
                action: program.actions.count, actor: Party(.person, "anna"), organisation: home, now: now,
                arguments: [], existing: made, newReference: "Case/1"), view: self)
        letsEverybody = false
        guard case .done(let effects) = transition.outcome else { return nil }
        made.checks = effects.caseState.checks
        return made
    }

    /// What follows an entry, as it is told.
    private func requests(
        _ then: String, _ entered: CaseState, _ now: Instant
    ) -> [(CaseState) -> Request?] {
        current = entered
        let words = then.split(separator: " ").map(String.init)
        let approval = program.approvals.firstIndex { TextValue($0.name) == TextValue(words[0]) }
        func timer(_ declaration: TimerDeclaration?) -> [(CaseState) -> Request?] {
            [
                { [program, home] state in
                    guard let declaration, let index = program.timers.firstIndex(of: declaration),
                        let due = state.timers(of: program).first(where: { $0.timer == index })?.due
                    else { return nil }
                    return Request(timer: index, of: state, at: due, organisation: home)
                }
            ]
        }
        if words[0] == "deadline", words.count > 1, let number = Int(words[1]) {
            let own = program.deadlines.indices.filter { program.deadlines[$0].states.contains(entered.state) }
            return timer(own.indices.contains(number - 1) ? .deadline(own[number - 1]) : nil)
        }
        guard let approval else { return timer(nil) }
        if words.last == "overdue" { return timer(.overdue(approval)) }
        let isDecline = words[1] == "declined"
        return words.dropFirst(3).map { name in
            let signer = Party(.person, TextValue(name.replacing(",", with: "")))
            return { [home] state in
                Request(
                    call: isDecline ? .decline(approval) : .approve(approval), actor: signer, organisation: home,
                    now: now, arguments: isDecline ? [.text("no")] : [], existing: state, newReference: "Case/1")
            }
        }
    }

    // MARK: Words

    private static func words(_ transition: Transition, _ program: CheckedProgram, _ other: CheckedProgram) -> [String]
    {
        var words = transition.findings.map { "\($0.severity) \($0.code) \($0.line ?? 0) \($0.text)" }
        switch transition.outcome {
        case .refused(let refusal):
            words.append("refused \(refusal.reason) \(refusal.code ?? "") \(refusal.text)")
        case .done(let effects):
            let state = effects.caseState
            words.append("is \(program.states[state.state].name)")
            for (field, value) in zip(program.caseFields, state.fields)
            where other.caseFields.contains(where: { TextValue($0.name) == TextValue(field.name) }) {
                words.append("\(field.name) is \(value)")
            }
            words += effects.postings.map { "\($0)" } + effects.notices.map { "\($0.recipient): \($0.text)" }
            words += effects.rows.map { "\(program.registers[$0.register].name)\($0.keys) \($0.row)" }
            words += state.timers(of: program).map { "due \($0.due)" }
            words += zip(program.approvals, state.rounds).map { approval, round in
                "\(approval.name) \(round.map { "\($0)" } ?? "")"
            }
        }
        return words
    }
}
