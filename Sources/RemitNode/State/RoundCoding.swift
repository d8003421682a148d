import RemitLanguage
import RemitRuntime
import RemitValues

/// Turns a round of signatures into a value and back.
enum RoundCoding {
    static func value(_ round: RoundState?) -> Value {
        guard let round else { return .absent }
        return .record([
            .enumeration(TextValue(round.outcome.rawValue)), .instant(round.opened), .instant(round.due), round.quorum,
            round.declineQuorum ?? .absent, .list(round.excluded.map { .party($0) }),
            .list(round.signatures.map(value)), .list(round.declines.map(value)),
        ])
    }

    private static func value(_ vote: RoundState.Vote) -> Value {
        .record([
            .party(vote.signer), .party(vote.by), .list(vote.roles.map { .enumeration($0) }),
            vote.reason.map { .text($0) } ?? .absent,
        ])
    }

    /// The round of a value, which may be absent; nil where it is neither.
    static func decode(_ value: Value) -> RoundState?? {
        if case .absent = value { return .some(nil) }
        guard case .record(let parts) = value, parts.count == 8, case .enumeration(let word) = parts[0],
            let outcome = RoundOutcome(rawValue: word.string), case .instant(let opened) = parts[1],
            case .instant(let due) = parts[2], Quorum(parts[3]) != nil, case .list(let excluded) = parts[5],
            case .list(let signatures) = parts[6], case .list(let declines) = parts[7]
        else { return nil }
        var declineQuorum: Value?
        if parts[4] != .absent {
            guard Quorum(parts[4]) != nil else { return nil }
            declineQuorum = parts[4]
        }
        guard let parties = parties(excluded), let signed = votes(signatures), let declined = votes(declines) else {
            return nil
        }
        return RoundState(
            outcome: outcome, opened: opened, due: due, quorum: parts[3], declineQuorum: declineQuorum,
            excluded: parties, signatures: signed, declines: declined)
    }

    private static func parties(_ values: [Value]) -> [Party]? {
        var parties: [Party] = []
        for value in values {
            guard case .party(let party) = value else { return nil }
            parties.append(party)
        }
        return parties
    }

    private static func votes(_ values: [Value]) -> [RoundState.Vote]? {
        var votes: [RoundState.Vote] = []
        for value in values {
            guard case .record(let parts) = value, parts.count == 4, case .party(let signer) = parts[0],
                case .party(let by) = parts[1], case .list(let names) = parts[2]
            else { return nil }
            var roles: [TextValue] = []
            for name in names {
                guard case .enumeration(let role) = name else { return nil }
                roles.append(role)
            }
            var reason: TextValue?
            if case .text(let text) = parts[3] { reason = text }
            votes.append(RoundState.Vote(signer: signer, by: by, roles: roles, reason: reason))
        }
        return votes
    }
}
