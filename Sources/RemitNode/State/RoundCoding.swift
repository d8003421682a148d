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
        let choices: [Value] = vote.choices.map { .record([.party($0.person), names($0.roles)]) }
        return .record(
            [.party(vote.signer), .party(vote.by), names(vote.roles), vote.reason.map { .text($0) } ?? .absent]
                + (choices.isEmpty ? [] : [.list(choices)]))
    }

    private static func names(_ roles: [TextValue]) -> Value { .list(roles.map { .enumeration($0) }) }

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
            guard case .record(let parts) = value, parts.count == 4 || parts.count == 5,
                case .party(let signer) = parts[0], case .party(let by) = parts[1], let roles = roles(parts[2])
            else { return nil }
            var reason: TextValue?
            if case .text(let text) = parts[3] { reason = text }
            var choices: [RoundState.Candidate] = []
            if parts.count == 5 {
                guard let found = candidates(parts[4]),
                    found.contains(RoundState.Candidate(person: signer, roles: roles))
                else { return nil }
                choices = found
            }
            votes.append(RoundState.Vote(signer: signer, by: by, roles: roles, reason: reason, choices: choices))
        }
        return votes
    }

    private static func candidates(_ value: Value) -> [RoundState.Candidate]? {
        guard case .list(let entries) = value, entries.count > 1 else { return nil }
        var candidates: [RoundState.Candidate] = []
        for entry in entries {
            guard case .record(let parts) = entry, parts.count == 2, case .party(let person) = parts[0],
                let roles = roles(parts[1])
            else { return nil }
            candidates.append(RoundState.Candidate(person: person, roles: roles))
        }
        return candidates
    }

    private static func roles(_ value: Value) -> [TextValue]? {
        guard case .list(let names) = value else { return nil }
        var roles: [TextValue] = []
        for name in names {
            guard case .enumeration(let role) = name else { return nil }
            roles.append(role)
        }
        return roles
    }
}
