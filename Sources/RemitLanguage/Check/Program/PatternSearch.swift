/// A text pattern without references, as the register machine asks it again and again. Whoever makes one frees it.
public struct PatternSearch {
    /// Where the pattern has a kind of element, a bit for each position.
    private let anyRun: UInt64
    private let anyOne: UInt64
    private let digit: UInt64
    private let letter: UInt64
    private let exact: UnsafeMutablePointer<TextPattern.Exact>
    private let exactCount: Int
    /// What is reached before the first scalar.
    private let start: UInt64
    /// The position behind the last element, and that of a run at the end, by which everything fits that comes.
    private let end: UInt64
    private let lastRun: UInt64
    /// How many bytes the pattern has as it is written.
    public let writtenBytes: Int
    /// Whether a word has a bit for each position; a longer pattern cannot be asked here.
    public let isShort: Bool

    /// The search for a pattern.
    public init(_ pattern: TextPattern) {
        let sets = pattern.sets
        isShort = pattern.isShort
        anyRun = sets.anyRun
        anyOne = sets.anyOne
        digit = sets.digit
        letter = sets.letter
        exact = .allocate(capacity: max(1, sets.exact.count))
        exact.initialize(from: sets.exact, count: sets.exact.count)
        exactCount = sets.exact.count
        // A shift by more bits than there are leaves none.
        end = 1 << UInt64(pattern.elements.count)
        lastRun = sets.anyRun & end >> 1
        writtenBytes = pattern.written.utf8.count
        start = Self.spread(1, sets.anyRun)
    }

    /// Gives back its memory.
    public func free() { exact.deallocate() }

    /// Whether the whole of a text fits, which is given as valid UTF-8.
    public func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var reached = start
        var place = 0
        while place < bytes.count {
            if reached & lastRun != 0 { return true }
            let scalar = TextPattern.scalar(bytes, &place)
            var accepting = anyOne
            if TextPattern.isDigit(scalar) { accepting |= digit }
            if TextPattern.isLetter(scalar) { accepting |= letter }
            var index = 0
            while index < exactCount {
                if exact[index].scalar == scalar { accepting |= exact[index].places }
                index &+= 1
            }
            reached = Self.spread((reached & anyRun) | (reached & accepting) << 1, anyRun)
            if reached == 0 { return false }
        }
        return reached & end != 0
    }

    /// What is reached behind runs that may be empty.
    @inline(__always)
    private static func spread(_ reached: UInt64, _ anyRun: UInt64) -> UInt64 {
        var all = reached
        while true {
            let next = all | (all & anyRun) << 1
            if next == all { return all }
            all = next
        }
    }
}
