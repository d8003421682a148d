import RemitLanguage
import RemitValues

/// Cases of other contracts: they are read, and nothing else.
extension Machine {
    /// A case of another contract as it stands before this transition.
    private func otherCase(_ reference: TextValue, _ contract: Int, _ span: Span) throws(Stop) -> OtherCase {
        guard program.others.indices.contains(contract) else { throw misfit(span) }
        if let known = otherCases[reference] { return known }
        let found: OtherCase?
        do { found = try view.otherCase(reference, contract: contract) } catch { throw .fault(error) }
        guard let found else { throw .refused(Refusal(.noCase, "there is no case \(reference)", at: span)) }
        otherCases[reference] = found
        return found
    }

    func readOther(_ base: Value, _ contract: Int, _ field: Int, _ span: Span) throws(Stop) -> Value {
        guard case .caseReference(let reference) = base else { throw misfit(span) }
        let other = try otherCase(reference, contract, span)
        let declared = program.others[contract]
        guard declared.fields.indices.contains(field) else { throw misfit(span) }
        let name = declared.fields[field].name
        guard other.fields.indices.contains(field), let value = other.fields[field] else {
            throw unreadable("`\(name)`", reference, other, declared, span)
        }
        // A later version may allow longer texts and lists, and further values of enumerations.
        let conformance = ValueConformance(program: program)
        if conformance.problem(value, declared.fields[field].type, path: name) != nil {
            throw unreadable("such a value of `\(name)`", reference, other, declared, span)
        }
        note(.otherRead(reference, contract: contract, field: field, value), at: span)
        return value
    }

    func stateOfOther(_ base: Value, _ contract: Int, _ span: Span) throws(Stop) -> Value {
        guard case .caseReference(let reference) = base else { throw misfit(span) }
        let other = try otherCase(reference, contract, span)
        let declared = program.others[contract]
        guard declared.states.contains(where: { TextValue($0) == other.state }) else {
            throw unreadable("the state \(other.state)", reference, other, declared, span)
        }
        note(.otherRead(reference, contract: contract, field: nil, .enumeration(other.state)), at: span)
        return .enumeration(other.state)
    }

    private func unreadable(
        _ what: String, _ reference: TextValue, _ other: OtherCase, _ declared: OtherContract, _ span: Span
    ) -> Stop {
        .refused(
            Refusal(
                .unreadable,
                "\(reference) follows version \(other.version) of \(declared.name), and \(what) is not known from "
                    + "version \(declared.version)", at: span))
    }

    /// Makes sure that every case of another contract that a form names is there.
    func requireCases(_ values: [Value], _ span: Span) throws(Stop) {
        guard !program.others.isEmpty else { return }
        for reference in values.flatMap(\.caseReferences) {
            try charge(Cost.otherCase)
            let name = TextValue(String(reference.string.split(separator: "/", maxSplits: 1).first ?? ""))
            guard let index = program.others.firstIndex(where: { TextValue($0.name) == name }) else {
                throw .refused(Refusal(.noCase, "there is no case \(reference)", at: span))
            }
            _ = try otherCase(reference, index, span)
        }
    }
}
