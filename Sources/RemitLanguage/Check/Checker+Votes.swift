import RemitValues

/// Votes and delegations in scenarios.
extension Checker {
    /// `wang does approve funding on r`, `wang does decline funding(reason: "…") on r`.
    mutating func checkVote(_ perform: PerformSyntax, _ vote: Name) -> CheckedPerform? {
        let actor = known(perform.actor, .person)
        let organisation = perform.organisation.flatMap { known($0, .organisation) }
        let isDecline = vote.text == "decline"
        guard case .approval(let round) = symbols[perform.action.bytes]?.symbol else {
            report(
                .unknownName, "there is no approval `\(perform.action.text)`", at: perform.action.span,
                "not an approval",
                help: suggestion(perform.action.text, among: program.approvals.map(\.name))
                    ?? "name an approval of this contract")
            return nil
        }
        if let label = perform.label {
            report(
                .arguments, "a vote opens no case that could be labelled", at: label.span,
                help: "leave out `as \(label.text)`")
        }
        guard let on = perform.on else {
            report(
                .arguments, "a vote is about a case, and none is named", at: perform.action.span,
                help: "write `on` and the label of a case behind it")
            return nil
        }
        let label = checkLabel(on)
        guard let arguments = voteArguments(perform, isDecline), let actor, let label,
            perform.organisation == nil || organisation != nil
        else { return nil }
        return CheckedPerform(
            actor: actor, organisation: organisation, call: isDecline ? .decline(round) : .approve(round),
            arguments: arguments, on: label, label: nil, refusal: perform.refusal.map { expected($0) })
    }

    private mutating func voteArguments(_ perform: PerformSyntax, _ isDecline: Bool) -> [Value]? {
        var reason: Value?
        for argument in perform.arguments {
            guard isDecline, argument.name.text == "reason" else {
                report(
                    .arguments,
                    isDecline ? "a decline has a `reason` and nothing else" : "a signature has no arguments",
                    at: argument.name.span, help: "leave `\(argument.name.text)` out")
                return nil
            }
            let want = Expectation(.text(Limits.reasonLength), because: "a reason is a text")
            reason = constant(argument.value, want, "a reason")
            if reason == nil { return nil }
        }
        guard isDecline else { return [] }
        guard let reason else {
            report(
                .arguments, "a decline gives its reason", at: perform.action.span,
                help: "write `decline \(perform.action.text)(reason: \"…\")`")
            return nil
        }
        return [reason]
    }

    /// `wang acts for zhao until 2026-05-01`.
    mutating func givenDelegation(
        _ delegate: Name, _ principal: Name, _ until: Expression?, _ span: Span
    ) -> CheckedStep? {
        let first = known(delegate, .person)
        let second = known(principal, .person)
        var day: CalendarDate?
        if let until {
            let want = Expectation(.date, because: "a delegation ends with a day")
            guard case .date(let date) = constant(until, want, "the end of a delegation") else { return nil }
            day = date
        }
        guard let first, let second else { return nil }
        guard first != second else {
            report(
                .arguments, "nobody stands in for themselves", at: delegate.span, help: "name another person")
            return nil
        }
        return CheckedStep(.delegation(first, for: second, until: day), span)
    }
}
