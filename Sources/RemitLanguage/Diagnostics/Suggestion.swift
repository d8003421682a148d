/// Guesses at what somebody meant to write.
public enum Suggestion {
    /// The candidate nearest to `word`, by insertions, deletions, replacements and swaps of neighbours.
    ///
    /// Nil where nothing is near: a word of up to three letters allows one edit, a longer one a third of its length.
    /// Ties go to the candidate that is first by its bytes, so that the answer never depends on the order given.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let wanted = lowered(word)
        guard !wanted.isEmpty, wanted.count <= 128 else { return nil }
        let allowed = wanted.count <= 3 ? 1 : min(wanted.count / 3, 4)
        var best: (distance: Int, text: String)?
        for candidate in candidates {
            let scalars = lowered(candidate)
            guard !scalars.isEmpty, abs(scalars.count - wanted.count) <= allowed else { continue }
            let distance = distance(wanted, scalars)
            guard distance <= allowed, distance < max(wanted.count, scalars.count) else { continue }
            if let known = best {
                let isBetter =
                    distance < known.distance
                    || (distance == known.distance && candidate.utf8.lexicographicallyPrecedes(known.text.utf8))
                if !isBetter { continue }
            }
            best = (distance, candidate)
        }
        return best?.text
    }

    private static func lowered(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.map { scalar in
            let isCapital = ("A"..."Z").contains(scalar)
            return isCapital ? Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value &+ 32)) : scalar
        }
    }

    /// The number of edits between two words, a swap of neighbours counting one.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            current.reserveCapacity(right.count + 1)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var value = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                let isSwap =
                    row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1]
                if isSwap { value = min(value, beforeLast[column - 2] + 1) }
                current.append(value)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
