import RemitLanguage
import RemitValues

/// A check that could not be evaluated, and the words for such checks, the same from every evaluator.
struct CheckFault {
    /// Which one: `B on line 2`.
    let place: String
    /// Which one and why.
    let text: String

    /// A fault of a check by its code, nil where it is of a value that several read; on a line, from 1.
    init(code: String?, line: Int?, _ reason: String) {
        switch (code, line) {
        case (let code?, let line?): self.init(place: "\(code) on line \(line)", reason)
        case (let code?, nil): self.init(place: code, reason)
        case (nil, let line?): self.init(place: "line \(line)", reason)
        case (nil, nil):
            self.init(place: "a value that checks read", text: reason)
        }
    }

    private init(place: String, _ reason: String) {
        self.place = place
        text = "\(place): \(reason)"
    }

    init(place: String, text: String) {
        self.place = place
        self.text = text
    }
}

extension Refusal {
    /// The refusal for checks that could not be evaluated; the last ones are only counted where they are very many.
    static func unevaluated(_ faults: [CheckFault], at span: Span) -> Refusal {
        Refusal(
            .requirement, unevaluated(faults.map(\.text)), at: span, openText: unevaluated(faults.map(\.place)))
    }

    private static func unevaluated(_ faults: [String]) -> String {
        let told = faults.prefix(Limits.toldFaults).joined(separator: "; ")
        let more = faults.count - Limits.toldFaults
        return "a check could not be evaluated: \(told)" + (more > 0 ? ", and \(more) more" : "")
    }
}
