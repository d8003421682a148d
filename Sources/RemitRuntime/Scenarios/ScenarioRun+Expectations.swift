import RemitLanguage
import RemitValues

/// What scenarios expect of cases, and both sides of what does not hold.
extension ScenarioRun {
    mutating func expect(_ expectation: CheckedExpectation, _ span: Span) {
        var locals = [Value](repeating: .absent, count: expectation.localCount)
        for (label, reference) in labels where locals.indices.contains(label) {
            guard let state = world.cases[reference], program.states.indices.contains(state.state) else { continue }
            let outcomes = program.approvals.indices.map { round in
                let outcome = state.rounds.indices.contains(round) ? state.rounds[round]?.outcome : nil
                return Value.enumeration(TextValue((outcome ?? .none).rawValue))
            }
            locals[label] = .record(
                state.fields + [.enumeration(TextValue(program.states[state.state].name))] + outcomes)
        }
        let request = Request(
            action: 0, actor: Party(.person, "nobody"), organisation: world.home, now: now, arguments: [],
            existing: nil, newReference: "")
        let machine = Machine(
            program: program, view: world, request: request, stepLimit: Limits.steps, tracing: true)
        machine.locals = locals
        // What it calls is tried by it, as a library is that has no actions.
        defer { reached.add(itself: machine.trace) }
        do throws(Stop) {
            if try machine.test(expectation.condition) { return }
            let failing = try failing(expectation.condition, machine)
            let sides = try alternatives(failing).map { part throws(Stop) in try self.sides(part, machine) }
            fail(
                span, "the expectation does not hold",
                part: failing.span == expectation.condition.span ? nil : failing.span,
                expected: Self.told(sides.map(\.expected)), actual: Self.told(sides.map(\.actual)),
                transition: subject(of: failing))
        } catch {
            switch error {
            case .refused(let refusal) where refusal.reason == .internalFault:
                fail(span, "the expectation speaks of a case that was never opened")
            case .refused(let refusal): fail(span, "the expectation cannot be evaluated: \(refusal.text)")
            case .fault(let fault): fail(span, fault.message)
            }
        }
    }

    // MARK: Both sides

    /// The part for which a condition does not hold: of `and` the first side that does not, of `implies` the right one.
    private func failing(
        _ condition: CheckedExpression, _ machine: Machine<ScenarioWorld>
    ) throws(Stop) -> CheckedExpression {
        switch condition.kind {
        case .and(let left, let right):
            let isLeft = try !machine.test(left)
            return try failing(isLeft ? left : right.expression, machine)
        case .implies(_, let right): return try failing(right.expression, machine)
        default: return condition
        }
    }

    /// The sides of `or`, each of which would do; anything else alone.
    private func alternatives(_ condition: CheckedExpression) -> [CheckedExpression] {
        guard case .or(let left, let right) = condition.kind else { return [condition] }
        return alternatives(left) + alternatives(right.expression)
    }

    /// Several alternatives in a line, each once.
    private static func told(_ sides: [String]) -> String {
        var told: [String] = []
        for side in sides where !told.contains(where: { TextValue($0) == TextValue(side) }) { told.append(side) }
        return told.joined(separator: " or ")
    }

    /// What a condition that does not hold wants, and what it met.
    private func sides(
        _ condition: CheckedExpression, _ machine: Machine<ScenarioWorld>
    ) throws(Stop) -> (expected: String, actual: String) {
        func shown(_ expression: CheckedExpression) throws(Stop) -> String {
            program.writingQuorums(in: try machine.evaluate(expression), expression.type).description
        }
        switch condition.kind {
        case .comparison(let comparison, let left, let right):
            let actual = try shown(left)
            return (try (comparison == .equal ? "" : comparison.rawValue + " ") + shown(right), actual)
        case .within(let value, let low, let high):
            return ("in \(try shown(low)) to \(try shown(high))", try shown(value))
        case .isIn(let value, let list): return ("in \(try shown(list))", try shown(value))
        case .isOneOf(let value, let values):
            return (Self.told(try values.map { value throws(Stop) in try shown(value) }), try shown(value))
        case .matches(let text, let pattern): return ("like \"\(pattern.written)\"", try shown(text))
        case .isPresent: return ("present", "absent")
        case .isEmpty(let value): return ("empty", try shown(value))
        case .not(let inner): return try denied(inner, shown)
        case .revealed(let inner): return try sides(inner, machine)
        default: return ("yes", "no")
        }
    }

    /// The sides of `not` before a condition that holds.
    private func denied(
        _ condition: CheckedExpression, _ shown: (CheckedExpression) throws(Stop) -> String
    ) throws(Stop) -> (expected: String, actual: String) {
        switch condition.kind {
        case .isPresent(let value): ("absent", try shown(value))
        case .isEmpty(let value): ("not empty", try shown(value))
        case .comparison(.equal, let left, let right): ("not \(try shown(right))", try shown(left))
        case .isIn(let value, let list): ("not in \(try shown(list))", try shown(value))
        case .matches(let text, let pattern): ("not like \"\(pattern.written)\"", try shown(text))
        default: ("no", "yes")
        }
    }

    /// The last transition of the case that a condition speaks of.
    private func subject(of condition: CheckedExpression) -> Transition? {
        switch condition.kind {
        case .comparison(_, let left, _): return subject(of: left)
        case .field(let base, _), .not(let base), .isPresent(let base), .isEmpty(let base), .within(let base, _, _),
            .isIn(let base, _), .isOneOf(let base, _), .matches(let base, _), .and(let base, _), .or(let base, _):
            return subject(of: base)
        case .local(let label): return labels[label].flatMap { transitions[$0] }
        default: return nil
        }
    }

    // MARK: Findings

    mutating func expectFinding(_ label: Int, _ code: String?, _ line: Int?, _ isNot: Bool, _ span: Span) {
        guard let reference = labels[label], let state = world.cases[reference] else {
            fail(span, "the case was never opened")
            return
        }
        let findings = state.checks.compactMap(\.self).flatMap(\.findings)
        let shown = findings.isEmpty ? "nothing" : findings.map(Self.text).joined(separator: ", ")
        guard let code else {
            if !findings.isEmpty {
                fail(
                    span, "the checks found something", expected: "nothing", actual: shown,
                    transition: transitions[reference])
            }
            return
        }
        let isFound = findings.contains { finding in
            TextValue(finding.code) == TextValue(code) && (line.map { finding.line == $0 } ?? true)
        }
        guard isFound == isNot else { return }
        let place = line.map { " on line \($0)" } ?? ""
        fail(
            span, isNot ? "the checks found it" : "the checks did not find it",
            expected: (isNot ? "no " : "") + "\"\(code)\"\(place)", actual: shown, transition: transitions[reference])
    }

    private static func text(_ finding: Finding) -> String {
        "\(finding.severity.rawValue) \"\(finding.code)\"" + (finding.line.map { " on line \($0)" } ?? "")
    }
}
