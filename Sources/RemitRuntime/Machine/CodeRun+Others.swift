import RemitLanguage
import RemitValues

/// Cases of other contracts: they are read, and nothing else.
extension CodeRun {
    /// A case of another contract as it stands before this transition.
    private func otherCase(_ reference: TextValue, _ contract: Int) throws(Stop) -> OtherReading {
        var found = otherCases[reference]
        if found == nil {
            do { found = try view.otherCase(reference, contract: contract) } catch { throw .fault(error) }
        }
        guard let found else { throw .refused(OtherReading.missing(reference, span)) }
        otherCases[reference] = found
        machine.pointee.isTouched = true
        return OtherReading(program: program, reference: reference, contract: contract, other: found, span: span)
    }

    /// Reads a field or the state of a case.
    func readOther(_ i: Instruction) throws(Stop) {
        let site = code.others[Int(i.c)]
        guard machine.pointee.bytes.top < 1 << 30 else { throw .foreign }
        let name = word(i.b)
        guard name >= 0 else { throw .refused(Self.misfit(span)) }
        let reference = TextValue(machine.pointee.bytes.string(name))
        let other = try otherCase(reference, site.contract)
        let value: Value
        do throws(Refusal) {
            value = site.field < 0 ? try other.state() : try other.value(of: site.field)
        } catch {
            throw .refused(error)
        }
        guard let word = coder.word(value, site.shape, &machine.pointee.words, &machine.pointee.bytes) else {
            throw .foreign
        }
        put(word, i.a)
        let field = site.field < 0 ? nil : site.field
        note(.otherRead(reference, contract: site.contract, field: field, value), at: span)
    }

    /// Makes sure that every case of another contract that a form names is there.
    func requireCases() throws(Stop) {
        for reference in request.arguments.flatMap(\.caseReferences) {
            guard machine.pointee.charge(Int(Cost.otherCase)) else { throw .refused(budget) }
            guard let index = OtherReading.contract(of: reference, in: program) else {
                throw .refused(OtherReading.missing(reference, span))
            }
            _ = try otherCase(reference, index)
        }
    }
}
