import RemitExchange
import RemitLanguage
import RemitRuntime
import RemitValues

/// Shows how the rounds of signatures of a case stand.
struct RoundText {
    let program: CheckedProgram
    let state: CaseState
    /// The approvals whose present rounds nobody could fill when they opened.
    let unfillable: [String]

    /// The rounds that have been opened, by the positions of their approvals.
    private var rounds: [(approval: ApprovalDeclaration, round: RoundState)] {
        zip(program.approvals, state.rounds).compactMap { approval, round in round.map { (approval, $0) } }
    }

    /// Lines for people: of each round, or of those only that wait for signatures.
    func lines(onlyOpen: Bool = false) -> [String] {
        rounds.filter { !onlyOpen || $0.round.outcome == .open }.flatMap { lines($0.approval, $0.round) }
    }

    private func lines(_ approval: ApprovalDeclaration, _ round: RoundState) -> [String] {
        let seats = round.seats
        let due = round.due.zonedText(offset: program.timezone)
        let isOpen = round.outcome == .open
        var lines = [
            "round \(approval.name): \(round.outcome.rawValue)" + (isOpen ? ", overdue at \(due)" : "")
                + ", \(seats.filled) of \(seats.all) \(seats.all == 1 ? "seat" : "seats") signed"
        ]
        for vote in round.signatures { lines.append("  signed: \(text(vote))") }
        for vote in round.declines { lines.append("  declined: \(text(vote))") }
        guard isOpen else { return lines }
        lines.append(
            "  open: " + (round.openSeats?.description ?? "\(seats.all - seats.filled), for \(claims(seats.open))"))
        if let declines = round.declineSeats {
            lines.append("  \(declines.filled) of \(declines.all) declines that end it")
        }
        if !round.excluded.isEmpty {
            lines.append("  may not sign: \(round.excluded.map(\.identifier.string).joined(separator: ", "))")
        }
        if unfillable.contains(approval.name) {
            lines.append("  nobody could fill it when it opened: it ends overdue unless roles are granted")
        }
        return lines
    }

    private func text(_ vote: RoundState.Vote) -> String {
        let roles = vote.roles.map(\.string).joined(separator: ", ")
        let inName = vote.by == vote.signer ? "" : " in the name of \(vote.signer.identifier)"
        let reason = vote.reason.map { ": \($0)" } ?? ""
        let others = vote.choices.filter { $0.person != vote.signer }.map { choice in
            let name = choice.person == vote.by ? "their own name" : "the name of \(choice.person.identifier)"
            return ", or in \(name) as \(choice.roles.map(\.string).joined(separator: ", "))"
        }
        return "\(vote.by.identifier)\(inName) as \(roles)\(others.joined())\(reason)"
    }

    /// For whom a vote may count, where there is a choice.
    static func choices(of vote: RoundState.Vote) -> [JSONValue.Member] {
        if vote.choices.isEmpty { return [] }
        return [
            .init(
                "choices",
                .array(
                    vote.choices.map { choice in
                        .object([
                            .init("person", .string(choice.person.identifier.string)),
                            .init("roles", .array(choice.roles.map { .string($0.string) })),
                        ])
                    }))
        ]
    }

    private func claims(_ claims: [SeatClaim]) -> String {
        claims.isEmpty ? "nobody who could sign" : claims.map(\.text.string).joined(separator: " or ")
    }

    /// All rounds as the envelope holds them.
    var json: JSONValue { .array(rounds.map { json($0.approval, $0.round) }) }

    private func json(_ approval: ApprovalDeclaration, _ round: RoundState) -> JSONValue {
        let seats = round.seats
        return .object([
            .init("approval", .string(approval.name)), .init("outcome", .string(round.outcome.rawValue)),
            .init("opened", .string(round.opened.utcText)), .init("due", .string(round.due.utcText)),
            .init("seats", .integer(Int64(seats.all))), .init("filled", .integer(Int64(seats.filled))),
            .init("open", .array(seats.open.map { .string($0.text.string) })),
            .init("signatures", .array(round.signatures.map(json))),
            .init("declines", .array(round.declines.map(json))),
            .init("declinesNeeded", .integer(Int64(round.declineSeats?.all ?? 1))),
            .init("excluded", .array(round.excluded.map { .string($0.identifier.string) })),
            .init("unfillable", .boolean(round.outcome == .open && unfillable.contains(approval.name))),
        ])
    }

    private func json(_ vote: RoundState.Vote) -> JSONValue {
        .object(
            [
                .init("signer", .string(vote.signer.identifier.string)),
                .init("by", .string(vote.by.identifier.string)),
                .init("roles", .array(vote.roles.map { .string($0.string) })),
                .init("reason", vote.reason.map { .string($0.string) } ?? .null),
            ] + Self.choices(of: vote))
    }
}
