import RemitLedger
import Testing

@Suite("Keys of state rows")
struct StateKeyTests {
    /// Keys that often begin alike: spaces of few letters, some of two bytes, and items of few bytes.
    private func key(_ random: inout SplitMix64) -> StateKey {
        let letters: [Character] = ["a", "b", "/", "é", "\u{0}", "c"]
        var space = random.below(2) == 0 ? "" : "case/Claim/"
        for _ in 0..<random.below(14) { space.append(letters[random.below(random.below(3) == 0 ? 6 : 2)]) }
        return StateKey(space: space, item: (0..<random.below(20)).map { _ in UInt8(random.below(2)) * 0xff })
    }

    @Test("keys are in the order of the bytes of the space, then of the item")
    func order() {
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        for _ in 0..<3000 {
            let (left, right) = (key(&random), key(&random))
            let (first, second) = (Array(left.space.utf8), Array(right.space.utf8))
            let isSame = first == second
            let precedes =
                isSame
                ? left.item.lexicographicallyPrecedes(right.item) : first.lexicographicallyPrecedes(second)
            #expect((left < right) == precedes, "seed \(seed): \(left) and \(right)")
            #expect((left == right) == (isSame && left.item == right.item), "seed \(seed): \(left) and \(right)")
        }
    }

    @Test("a space is within what stands before its first slash")
    func within() {
        let spaces = ["", "/", "key", "key/first", "keys", "ke", "key ", "/key", "grant/key", "kéy"]
        #expect(spaces.filter { StateKey(space: $0, item: []).isWithin("key") } == ["key", "key/first"])
        #expect(spaces.filter { StateKey(space: $0, item: []).isRule } == [])
        #expect(
            ["contract", "contract/current", "contracts"].map { StateKey(space: $0, item: []).isRule } == [
                true, true, false,
            ])
    }

    @Test("changes are sorted by their keys")
    func sorted() {
        var random = SplitMix64(seed: 12)
        var changes: [StateKey: StateChange] = [:]
        for number in 0..<200 {
            let key = key(&random)
            changes[key] = StateChange(key: key, value: [UInt8(number)])
        }
        let sorted = StateChange.sorted(Array(changes.values))
        #expect(sorted.map(\.key) == changes.keys.sorted())
        #expect(sorted.allSatisfy { changes[$0.key]?.value == $0.value })
        #expect(StateChange.sorted([]).isEmpty)
    }
}
