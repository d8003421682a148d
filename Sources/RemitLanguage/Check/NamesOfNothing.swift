/// The names that a text uses and declares nowhere, not even in parts that could not be read.
///
/// A part that could not be read may declare a name, and then holds it as a word. So a name is believed to be unknown
/// where each place at which the text has this word is one that was found to be unknown.
struct NamesOfNothing {
    private let names: Set<ArraySlice<UInt8>>
    private let source: SourceText

    init(_ source: SourceText, _ found: [Diagnostic]) {
        self.source = source
        let unknown = Set(found.filter { $0.code == .unknownName }.map(\.primary.span.start))
        guard !unknown.isEmpty else {
            names = []
            return
        }
        var isUnknownAlone: [ArraySlice<UInt8>: Bool] = [:]
        var start = 0
        let bytes = source.bytes
        for end in 0...bytes.count where end == bytes.count || !WordBytes.isOfWord(bytes[end]) {
            if start < end {
                let word = Self.visible(bytes[start..<end])
                isUnknownAlone[word] = unknown.contains(start) && isUnknownAlone[word] ?? true
            }
            start = end + 1
        }
        names = Set(isUnknownAlone.filter(\.value).keys)
    }

    /// A word without hidden characters, which are reported where they stand.
    static func visible(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard word.contains(where: { $0 >= 0x80 }) else { return word }
        let scalars = String(decoding: word, as: UTF8.self).unicodeScalars.filter { !Lexer.isHidden($0) }
        return ArraySlice(String(String.UnicodeScalarView(scalars)).utf8)
    }

    /// Whether a diagnostic speaks of such a name.
    func holds(_ diagnostic: Diagnostic) -> Bool {
        let span = diagnostic.primary.span
        return span.end <= source.bytes.count && names.contains(source.bytes[span.start..<span.end])
    }
}
