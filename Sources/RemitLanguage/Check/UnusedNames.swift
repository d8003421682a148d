/// The names that a text declares and that nothing in it can mean, not even a part that holds a mistake.
///
/// A mistake may hide the use of a name only where the word of the name stands, or one that is like it. So a name is
/// believed to be unused where the text has its word once, and no other finding proposes it.
struct UnusedNames {
    private let counts: [ArraySlice<UInt8>: Int]
    private let proposals: [String]
    private let source: SourceText

    init(_ source: SourceText, _ found: [Diagnostic]) {
        self.source = source
        let unused = found.filter { $0.code == .unusedName }
        guard !unused.isEmpty else {
            (counts, proposals) = ([:], [])
            return
        }
        var counts: [ArraySlice<UInt8>: Int] = [:]
        let bytes = source.bytes
        var start = 0
        for end in 0...bytes.count where end == bytes.count || !WordBytes.isOfWord(bytes[end]) {
            if start < end { counts[NamesOfNothing.visible(bytes[start..<end]), default: 0] += 1 }
            start = end + 1
        }
        self.counts = counts
        proposals = found.filter { $0.code != .unusedName }.compactMap(\.help).filter { $0.hasPrefix("did you mean") }
    }

    /// Whether a diagnostic speaks of such a name.
    func holds(_ diagnostic: Diagnostic) -> Bool {
        let span = diagnostic.primary.span
        guard diagnostic.code == .unusedName, span.end <= source.bytes.count,
            counts[source.bytes[span.start..<span.end]] == 1
        else { return false }
        let quoted = "`\(source.text(span))`"
        return !proposals.contains { $0.contains(quoted) }
    }
}
