/// What both versions come to on the cases that scenarios speak of: many questions ask about the same ones.
final class SeedPlays {
    typealias Seed = (wish: CaseWish, before: Played, after: Played)

    private struct Place: Hashable {
        let play: Play
        let number: Int
    }

    /// Nil for a case that is none in one of the versions.
    private var known: [Place: Seed?] = [:]

    /// What became of a case; nil where there is no such case, or nothing may be spent on it any more.
    func played(_ play: Play, _ number: Int, _ wish: CaseWish, by search: CaseSearch) -> Seed? {
        let place = Place(play: play, number: number)
        if let seed = known[place] { return seed }
        // All questions pay for it together, and not the one that comes first.
        let seed: Seed? = search.shared { search.both(play, wish) }.map { (wish, $0.before, $0.after) }
        guard seed != nil || search.mayGoOn else { return nil }
        known[place] = .some(seed)
        return seed
    }
}
