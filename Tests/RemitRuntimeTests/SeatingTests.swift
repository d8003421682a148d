import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Votes that may count for several people are seated as well as trying everything out would seat them.
@Suite struct SeatingTests {
    private static let roles: [TextValue] = ["A", "B", "C"]

    private struct Draw {
        var chance: Chance

        mutating func some(_ choices: [TextValue], atMost most: Int) -> [TextValue] {
            var left = choices
            return (0..<1 + chance.below(most)).map { _ in left.remove(at: chance.below(left.count)) }
        }

        mutating func quorum() -> Quorum {
            Quorum(
                groups: (0..<1 + chance.below(3)).map { _ in
                    Quorum.Group(count: 1 + chance.below(2), roles: some(SeatingTests.roles, atMost: 2))
                })
        }

        /// A person always has the same roles.
        mutating func candidates(_ people: [RoundState.Candidate]) -> [RoundState.Candidate] {
            var left = people
            return (0..<1 + chance.below(3)).map { _ in left.remove(at: chance.below(left.count)) }
        }
    }

    /// Whether every vote can be counted for a person of its own on a seat of its own, by trying out all ways.
    private static func canSeat(
        _ votes: ArraySlice<[RoundState.Candidate]>, _ seats: [[TextValue]], _ taken: Set<Party> = []
    ) -> Bool {
        guard let first = votes.first else { return true }
        return first.contains { candidate in
            guard !taken.contains(candidate.person) else { return false }
            return seats.indices.contains { seat in
                guard candidate.roles.contains(where: { seats[seat].contains($0) }) else { return false }
                var left = seats
                left.remove(at: seat)
                return canSeat(votes.dropFirst(), left, taken.union([candidate.person]))
            }
        }
    }

    @Test func noSeatIsLeftThatCouldBeFilled() {
        var (seated, refused, moved) = (0, 0, 0)
        for seed in 0..<2_000 as Range<UInt64> {
            var draw = Draw(chance: Chance(seed: seed))
            let quorum = draw.quorum()
            let people = (0..<5).map { number in
                RoundState.Candidate(
                    person: Party(.person, TextValue("p\(number)")), roles: draw.some(Self.roles, atMost: 2))
            }
            var seating = Seating(quorum)
            var votes: [[RoundState.Candidate]] = []
            var choices: [Int?] = []
            for _ in 0..<5 {
                let candidates = draw.candidates(people)
                let isSeated = seating.seat(candidates)
                let expected = Self.canSeat((votes + [candidates])[...], quorum.seats)
                #expect(isSeated == expected, "seed \(seed), vote \(votes.count)")
                if isSeated { votes.append(candidates) } else { refused += 1 }
                let now = votes.indices.map { seating.choice(of: $0) }
                if Array(now.prefix(choices.count)) != choices { moved += 1 }
                choices = now
                let counted = zip(votes, now).compactMap { vote, choice in choice.map { vote[$0] } }
                #expect(counted.count == votes.count, "seed \(seed)")
                #expect(Set(counted.map(\.person)).count == counted.count, "seed \(seed)")
                #expect(Self.canSeat(counted.map { [$0] }[...], quorum.seats), "seed \(seed)")
                #expect(seating.filled == votes.count)
            }
            seated += votes.count
        }
        // The draw shows each case often enough.
        #expect(
            seated > 2_000 && refused > 2_000 && moved > 100, "\(seated) seated, \(refused) refused, \(moved) moved")
    }

    @Test func anAccountSaysForWhomAVoteMayCount() throws {
        let text = """
            contract Small version 1
              title "Small"
            role A, B
            case { note : Text(9) }
            state asked
            final state done, gone
            action ask opens asked by A enters note {}
            approval consent in asked needs 1 of A and 1 of B within 3 days {
              granted { become done } declined { become gone } overdue { become gone }
            }
            """
        let compilation = Compiler.compile(SourceText(name: "small.remit", text))
        let program = try #require(compilation.program)
        let narrator = TraceNarrator(program: program, source: Array(text.utf8))
        let (ann, bo) = (Party(.person, "ann"), Party(.person, "bo"))
        let choices = [RoundState.Candidate(person: bo, roles: ["B"]), .init(person: ann, roles: ["A"])]
        let own = RoundState.Vote(signer: bo, by: bo, roles: ["B"], reason: nil, choices: choices)
        #expect(
            narrator.engine(.voted(0, own))
                == "bo signs `consent` in their own name as B; it may come to count in the name of ann as A.")
        #expect(
            narrator.engine(.counted(0, own.counting(for: choices[1])))
                == "The signature of bo in `consent` counts in the name of ann as A from now on.")
        let against = RoundState.Vote(signer: bo, by: bo, roles: ["B"], reason: "No")
        #expect(narrator.engine(.voted(0, against)) == "bo declines `consent` as B: No")
    }
}
