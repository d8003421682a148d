import RemitLanguage

extension Suggestion {
    /// The beginning of a hint on a word that is not known: `did you mean X? `, or nothing where nothing is near.
    static func hint(_ word: String, among candidates: [String], verb: String = "") -> String {
        nearest(to: word, among: candidates).map { "did you mean \(verb)\($0)? " } ?? ""
    }
}
