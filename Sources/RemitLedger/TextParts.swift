extension String {
    /// The parts between the places of an ASCII character, by bytes: a combining mark after one hides none.
    func parts(at separator: UInt8, maxSplits: Int = .max) -> [String] {
        utf8.split(separator: separator, maxSplits: maxSplits, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
