import RemitLanguage
import RemitValues

/// The votes of one kind in a round, and how they are counted when another one is given.
struct Ballot {
    /// What came of a vote.
    enum Result {
        /// It fills a seat.
        case seated
        /// It adds no seat, whomever the votes are counted for.
        case noSeat
        /// Everybody whom it may count for is counted for another vote.
        case nobodyLeft
    }

    private let round: RoundState
    /// The votes of the other kind.
    private let others: [RoundState.Vote]
    /// The votes, each counted for whom it counts now; the one given last stands last.
    private(set) var votes: [RoundState.Vote]
    /// Earlier votes that count for somebody else than before.
    private(set) var moved: [RoundState.Vote] = []
    private(set) var isFull = false

    /// The votes for, or where declines are counted the votes against.
    init(_ round: RoundState, isCountingDeclines: Bool) {
        self.round = round
        votes = isCountingDeclines ? round.declines : round.signatures
        others = isCountingDeclines ? round.signatures : round.declines
    }

    /// How many people the votes, and one more, may count for beside one each.
    func furtherChoices(with vote: RoundState.Vote) -> Int {
        (votes + [vote]).reduce(0) { $0 + max(0, $1.choices.count - 1) }
    }

    /// Takes a vote, and works out whom each vote is counted for so that all fill a seat.
    mutating func take(_ vote: RoundState.Vote, _ quorum: Quorum) -> Result {
        let all = votes + [vote]
        let candidates = round.candidates(of: all, beside: others)
        var seating = Seating(quorum)
        guard candidates.allSatisfy({ seating.seat($0) }) else {
            return Self.haveEachAPerson(candidates) ? .noSeat : .nobodyLeft
        }
        var counted: [RoundState.Vote] = []
        for (index, vote) in all.enumerated() {
            guard let choice = seating.choice(of: index), !vote.choices.isEmpty else {
                counted.append(vote)
                continue
            }
            let now = vote.counting(for: candidates[index][choice])
            if index < votes.count, now.signer != vote.signer { moved.append(now) }
            counted.append(now)
        }
        votes = counted
        isFull = seating.isFull
        return .seated
    }

    /// Whether there would be a person for each vote if there were seats enough.
    private static func haveEachAPerson(_ votes: [[RoundState.Candidate]]) -> Bool {
        var people = Seating(Quorum(groups: [Quorum.Group(count: votes.count, roles: [""])]))
        return votes.allSatisfy { candidates in
            people.seat(candidates.map { RoundState.Candidate(person: $0.person, roles: [""]) })
        }
    }
}
