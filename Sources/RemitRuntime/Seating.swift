import RemitLanguage
import RemitValues

/// Seating: the most votes that can be counted, each for one person and that person on one seat, by augmenting paths.
///
/// A vote may be open between several people; those that stand already move to another person or seat where that makes
/// room for the next. This is a flow from votes through people to seats, each of which takes one unit.
struct Seating {
    /// The roles that each seat is for.
    private let seats: [[TextValue]]
    /// Whom each seat holds, by the position among the people.
    private var holders: [Int?]
    /// What each person may be seated for.
    private var roles: [[TextValue]] = []
    /// People who have a name, by position; those of whom only a role is known have none.
    private var named: [Party: Int] = [:]
    /// The vote that each person is counted for.
    private var voteOfPerson: [Int?] = []
    /// The people whom each vote may be counted for, the first one preferred.
    private var votes: [[Int]] = []
    /// Whom each vote is counted for.
    private var personOfVote: [Int?] = []

    /// What a search for a way has looked at.
    private struct Seen {
        var votes: [Bool]
        /// People to be counted, and people to be seated elsewhere.
        var people: [Bool]
        var seated: [Bool]
        var seats: [Bool]
    }

    init(_ quorum: Quorum) {
        seats = quorum.seats
        holders = Array(repeating: nil, count: seats.count)
    }

    /// How many seats are filled.
    var filled: Int { holders.count { $0 != nil } }

    var isFull: Bool { filled == seats.count }

    /// How many of some seats that stand beside each other nobody holds.
    func open(from first: Int, count: Int) -> Int { holders[first..<(first + count)].count { $0 == nil } }

    /// Seats a person with these roles; false where they add no seat, and then nothing changes.
    mutating func seat(_ roles: [TextValue]) -> Bool { add([newPerson(roles)]) }

    /// Counts a vote for one of some people, who are seated with the roles given at their first naming; false where it
    /// adds no seat, and then nothing changes.
    mutating func seat(_ candidates: [RoundState.Candidate]) -> Bool {
        add(
            candidates.map { candidate in
                if let known = named[candidate.person] { return known }
                let person = newPerson(candidate.roles)
                named[candidate.person] = person
                return person
            })
    }

    /// The position, among its candidates, of the one that a vote is counted for; votes are numbered as they came.
    func choice(of vote: Int) -> Int? {
        guard votes.indices.contains(vote), let person = personOfVote[vote] else { return nil }
        return votes[vote].firstIndex(of: person)
    }

    private mutating func newPerson(_ roles: [TextValue]) -> Int {
        self.roles.append(roles)
        voteOfPerson.append(nil)
        return self.roles.count - 1
    }

    private mutating func add(_ people: [Int]) -> Bool {
        votes.append(people)
        personOfVote.append(nil)
        var seen = Seen(
            votes: Array(repeating: false, count: votes.count), people: Array(repeating: false, count: roles.count),
            seated: Array(repeating: false, count: roles.count), seats: Array(repeating: false, count: seats.count))
        if count(votes.count - 1, &seen) { return true }
        votes.removeLast()
        personOfVote.removeLast()
        return false
    }

    // Each vote, person and seat is looked at once: the depth is at most the number of votes and of people seated.

    /// Counts a vote for somebody else than now.
    private mutating func count(_ vote: Int, _ seen: inout Seen) -> Bool {
        seen.votes[vote] = true
        for person in votes[vote] where !seen.people[person] && personOfVote[vote] != person {
            seen.people[person] = true
            if let other = voteOfPerson[person] {
                // The seat stays with the person, for whom this vote is counted from now on.
                guard !seen.votes[other], count(other, &seen) else { continue }
            } else {
                guard place(person, &seen) else { continue }
            }
            voteOfPerson[person] = vote
            personOfVote[vote] = person
            return true
        }
        return false
    }

    /// Finds a seat for a person, beside the one that they hold.
    private mutating func place(_ person: Int, _ seen: inout Seen) -> Bool {
        seen.seated[person] = true
        for seat in seats.indices where !seen.seats[seat] && seats[seat].contains(where: { roles[person].contains($0) })
        {
            seen.seats[seat] = true
            guard let holder = holders[seat] else {
                holders[seat] = person
                return true
            }
            if !seen.seated[holder], place(holder, &seen) || giveUp(holder, &seen) {
                holders[seat] = person
                return true
            }
        }
        return false
    }

    /// Counts the vote of a person for somebody else, so that their seat is free.
    private mutating func giveUp(_ person: Int, _ seen: inout Seen) -> Bool {
        guard let vote = voteOfPerson[person], !seen.votes[vote], !seen.people[person] else { return false }
        seen.people[person] = true
        guard count(vote, &seen) else { return false }
        voteOfPerson[person] = nil
        return true
    }
}
