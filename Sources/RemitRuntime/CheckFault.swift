import RemitValues

/// The words for checks that could not be evaluated, the same from every evaluator.
enum CheckFaults {
    /// One of them: by its code, where it is no value that several read, and the line that it speaks of, from 1.
    static func one(code: String?, line: Int?, _ text: String) -> String {
        switch (code, line) {
        case (let code?, let line?): "\(code) on line \(line): \(text)"
        case (let code?, nil): "\(code): \(text)"
        case (nil, let line?): "line \(line): \(text)"
        case (nil, nil): text
        }
    }

    /// All of them in one refusal, the last ones only counted where they are very many.
    static func all(_ faults: [String]) -> String {
        let told = faults.prefix(Limits.toldFaults).joined(separator: "; ")
        let more = faults.count - Limits.toldFaults
        return "a check could not be evaluated: \(told)" + (more > 0 ? ", and \(more) more" : "")
    }
}
