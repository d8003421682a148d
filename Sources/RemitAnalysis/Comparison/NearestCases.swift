import RemitLanguage
import RemitValues

/// The cases that came nearest to what is looked for, of each play.
struct NearestCases {
    typealias Best = (score: CaseFitness.Score, wish: CaseWish)

    private(set) var any: [Play: Best] = [:]
    /// Those that scenarios speak of, in the order in which they were tried.
    private var seeded: [Play: [Best]] = [:]
    private var known: [Play: CaseFitness] = [:]
    private var begun: [Play: [CaseWish]] = [:]

    /// What measures the cases of a play.
    mutating func fitness(_ play: Play, _ question: CaseSearch.Question, _ search: CaseSearch) -> CaseFitness {
        if let fitness = known[play] { return fitness }
        let fitness = CaseFitness(play, question, search)
        known[play] = fitness
        return fitness
    }

    /// Whether nothing was worked back from a case before.
    mutating func begin(_ wish: CaseWish, _ play: Play) -> Bool {
        guard begun[play]?.contains(wish) != true else { return false }
        begun[play, default: []].append(wish)
        return true
    }

    mutating func note(_ score: CaseFitness.Score, _ wish: CaseWish, _ play: Play, isSeed: Bool) {
        func isBetter(_ known: Best?) -> Bool { known.map { $0.score < score } ?? true }
        if isBetter(any[play]) { any[play] = (score, wish) }
        if isSeed { seeded[play, default: []].append((score, wish)) }
    }

    /// The cases that scenarios speak of, the nearest first.
    func seeds(of play: Play) -> [CaseWish] {
        (seeded[play] ?? []).enumerated().sorted { first, second in
            let (one, other) = (first.element.score, second.element.score)
            return one == other ? first.offset < second.offset : other < one
        }.map(\.element.wish)
    }

    /// Of some plays those that came near; if none did, those that there are at all.
    func plays(of all: [Play]) -> [Play] {
        guard all.count > Limits.triedPlays else { return all }
        let reached = all.filter { (any[$0]?.score.reached ?? 0) > 0 }
        return reached.isEmpty ? all.filter { any[$0] != nil } : reached
    }

    /// Plays by how near they came, the nearest first.
    func ordered(_ plays: [Play]) -> [Play] {
        let known = plays.compactMap { play in any[play].map { (play, $0.score) } }
        return known.enumerated().sorted { first, second in
            let (one, other) = (first.element.1, second.element.1)
            return one == other ? first.offset < second.offset : other < one
        }.map(\.element.0)
    }
}
