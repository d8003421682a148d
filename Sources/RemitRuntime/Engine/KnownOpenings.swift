/// Rounds that new cases open, of one actor and time: what such a round begins with is worked out once, and goes into
/// the engine only where that is asked for anything else.
struct KnownOpenings {
    /// What a round comes from: the approval, and the words of its quorums and its term.
    struct Key: Equatable {
        let approval: Int
        let quorum: Int64
        let declines: Int64
        let term: Int64
    }

    struct Opening {
        let round: RoundState?
        let isUnfillable: Bool
    }

    /// No more are kept than can be looked through.
    private static let most = 32

    private var keys: [(key: Key, steps: Int)] = []
    private var openings: [Opening] = []
    /// Those that the transition has opened and the engine does not know of.
    private(set) var waiting: [Int] = []

    /// The steps that opening a round takes, which waits then to be opened; nil where none like it was opened before.
    mutating func open(_ key: Key) -> Int? {
        guard let index = keys.firstIndex(where: { $0.key == key }) else { return nil }
        waiting.append(index)
        return keys[index].steps
    }

    mutating func keep(_ opening: Opening, _ key: Key, steps: Int) {
        guard keys.count < Self.most else { return }
        keys.append((key, steps))
        openings.append(opening)
    }

    /// Hands over what waits.
    mutating func take(_ body: (Int, Opening) -> Void) {
        for index in waiting { body(keys[index].key.approval, openings[index]) }
        forget()
    }

    mutating func forget() { waiting.removeAll(keepingCapacity: true) }
}
