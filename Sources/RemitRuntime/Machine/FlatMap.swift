/// A field map without references.
struct FlatMap {
    /// How many fields a record must have.
    let needed: Int
    /// The first register of a map that takes all fields in their order; -1 for others.
    let firstOfBlock: Int
    /// Which of all pairs are the map's.
    let pairs: Range<Int>

    static func list(_ maps: [Code.FieldMap]) -> [FlatMap] {
        var start = 0
        return maps.map { map in
            defer { start += map.pairs.count }
            return FlatMap(
                needed: map.pairs.map { Int($0.field) + 1 }.max() ?? 0, firstOfBlock: map.firstOfBlock,
                pairs: start..<start + map.pairs.count)
        }
    }
}
