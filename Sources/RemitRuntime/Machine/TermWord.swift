import RemitValues

/// A term in one word: the lowest three bits are its unit, the rest how many units.
enum TermWord {
    /// The word of a term; nil where it has more units than a word holds.
    static func word(_ term: Term) -> Int64? {
        guard term.count < 1 << 59, let unit = Term.Unit.allCases.firstIndex(of: term.unit) else { return nil }
        return term.count << 3 | Int64(unit)
    }

    /// The term of a word.
    static func term(_ word: Int64) -> Term? { Term(count: word >> 3, unit: unit(word)) }

    private static func unit(_ word: Int64) -> Term.Unit { Term.Unit.allCases[Int(word & 7)] }

    /// The total order of terms: by the name of the unit, then by how many.
    static func order(_ left: Int64, _ right: Int64) -> Int {
        if left & 7 == right & 7 { return left == right ? 0 : left < right ? -1 : 1 }
        return TextValue(unit(left).rawValue) < TextValue(unit(right).rawValue) ? -1 : 1
    }
}
