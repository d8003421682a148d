import RemitLanguage
import RemitValues

/// What a case of another contract shows of itself, as both evaluators read it.
struct OtherReading {
    let program: CheckedProgram
    let reference: TextValue
    let contract: Int
    let other: OtherCase
    let span: Span

    /// A public field (index) of the case, judged by what the reading contract knows of it.
    func value(of field: Int) throws(Refusal) -> Value {
        let declared = program.others[contract].fields[field]
        guard other.fields.indices.contains(field), let value = other.fields[field] else {
            throw unreadable("`\(declared.name)`")
        }
        // A later version may allow longer texts and lists, and further values of enumerations.
        let conformance = ValueConformance(program: program)
        if conformance.problem(value, declared.type, path: declared.name) != nil {
            throw unreadable("such a value of `\(declared.name)`")
        }
        return value
    }

    /// The state of the case, one of those that the reading contract knows.
    func state() throws(Refusal) -> Value {
        guard program.others[contract].states.contains(where: { TextValue($0) == other.state }) else {
            throw unreadable("the state \(other.state)")
        }
        return .enumeration(other.state)
    }

    private func unreadable(_ what: String) -> Refusal {
        let declared = program.others[contract]
        return Refusal(
            .unreadable,
            "\(reference) follows version \(other.version) of \(declared.name), and \(what) is not known from version "
                + "\(declared.version)", at: span)
    }

    /// The refusal of a case that is not there.
    static func missing(_ reference: TextValue, _ span: Span) -> Refusal {
        Refusal(.noCase, "there is no case \(reference)", at: span)
    }

    /// The contract (index) whose case a name is; nil where the program refers to none of this name.
    static func contract(of reference: TextValue, in program: CheckedProgram) -> Int? {
        let name = TextValue(String(reference.string.split(separator: "/", maxSplits: 1).first ?? ""))
        return program.others.firstIndex { TextValue($0.name) == name }
    }
}
