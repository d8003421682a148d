import RemitLanguage
import RemitRuntime
import RemitValues
import Testing

@testable import RemitNode

/// A round is kept as a value, and read from it as it was.
@Suite struct RoundCodingTests {
    private static let ann = RoundState.Candidate(person: Party(.person, "ann"), roles: ["A"])
    private static let bo = RoundState.Candidate(person: Party(.person, "bo"), roles: ["B", "C"])

    private static func round(_ votes: [RoundState.Vote]) throws -> RoundState {
        RoundState(
            outcome: .open, opened: try #require(Instant(seconds: 0)), due: try #require(Instant(seconds: 90)),
            quorum: Quorum(groups: [Quorum.Group(count: 2, roles: ["A", "B"])]).value, declineQuorum: nil,
            excluded: [Party(.person, "cy")], signatures: votes, declines: [])
    }

    private static let single = RoundState.Vote(signer: ann.person, by: ann.person, roles: ["A"], reason: "No")
    private static let open = RoundState.Vote(
        signer: ann.person, by: bo.person, roles: ["A"], reason: nil, choices: [bo, ann])

    @Test func votesAreReadAsTheyWere() throws {
        let round = try Self.round([Self.single, Self.open])
        #expect(RoundCoding.decode(RoundCoding.value(round)) == .some(round))
        #expect(RoundCoding.decode(.absent) == .some(nil))
    }

    /// The parts of the vote of a round with one signature.
    private static func parts(_ vote: RoundState.Vote) throws -> [Value] {
        guard case .record(let parts) = RoundCoding.value(try round([vote])), case .list(let votes) = parts[6],
            case .record(let vote) = votes[0]
        else { return [] }
        return vote
    }

    @Test func onlyAVoteWithAChoiceHasAFifthPart() throws {
        #expect(try Self.parts(Self.single).count == 4)
        let parts = try Self.parts(Self.open)
        #expect(parts.count == 5)
        #expect(
            parts.last
                == .list([
                    .record([.party(Self.bo.person), .list([.enumeration("B"), .enumeration("C")])]),
                    .record([.party(Self.ann.person), .list([.enumeration("A")])]),
                ]))
    }

    @Test func aChoiceOfAnotherMakeIsNotRead() throws {
        let parts = try Self.parts(Self.open)
        let choice = Value.record([.party(Self.bo.person), .list([.enumeration("B")])])
        for last in [Value.list([]), .list([choice]), .list([choice, choice]), .absent, .list([.absent, .absent])] {
            guard case .record(var whole) = RoundCoding.value(try Self.round([])) else { return }
            whole[6] = .list([.record(parts.dropLast() + [last])])
            #expect(RoundCoding.decode(.record(whole)) == nil, "\(last)")
        }
    }
}
