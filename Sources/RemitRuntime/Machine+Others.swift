import RemitLanguage
import RemitValues

/// Cases of other contracts: they are read, and nothing else.
extension Machine {
    /// A case of another contract as it stands before this transition.
    private func otherCase(_ reference: TextValue, _ contract: Int, _ span: Span) throws(Stop) -> OtherReading {
        guard program.others.indices.contains(contract) else { throw misfit(span) }
        var found = otherCases[reference]
        if found == nil {
            do { found = try view.otherCase(reference, contract: contract) } catch { throw .fault(error) }
        }
        guard let found else { throw .refused(OtherReading.missing(reference, span)) }
        otherCases[reference] = found
        return OtherReading(program: program, reference: reference, contract: contract, other: found, span: span)
    }

    func readOther(_ base: Value, _ contract: Int, _ field: Int, _ span: Span) throws(Stop) -> Value {
        guard case .caseReference(let reference) = base else { throw misfit(span) }
        let other = try otherCase(reference, contract, span)
        guard program.others[contract].fields.indices.contains(field) else { throw misfit(span) }
        let value: Value
        do throws(Refusal) { value = try other.value(of: field) } catch { throw .refused(error) }
        note(.otherRead(reference, contract: contract, field: field, value), at: span)
        return value
    }

    func stateOfOther(_ base: Value, _ contract: Int, _ span: Span) throws(Stop) -> Value {
        guard case .caseReference(let reference) = base else { throw misfit(span) }
        let other = try otherCase(reference, contract, span)
        let state: Value
        do throws(Refusal) { state = try other.state() } catch { throw .refused(error) }
        note(.otherRead(reference, contract: contract, field: nil, state), at: span)
        return state
    }

    /// Makes sure that every case of another contract that a form names is there.
    func requireCases(_ values: [Value], _ span: Span) throws(Stop) {
        guard !program.others.isEmpty else { return }
        for reference in values.flatMap(\.caseReferences) {
            try charge(Cost.otherCase)
            guard let index = OtherReading.contract(of: reference, in: program) else {
                throw .refused(OtherReading.missing(reference, span))
            }
            _ = try otherCase(reference, index, span)
        }
    }
}
