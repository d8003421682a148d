/// How many there are of something, in words: `1 block`, `2 blocks`.
enum Counted {
    /// The number and the noun; `many` is the noun for more than one, where an `s` would not do.
    static func text(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? "\(one)s")"
    }
}
