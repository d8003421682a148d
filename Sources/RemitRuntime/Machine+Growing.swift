import RemitLanguage
import RemitValues

/// Additions to lists and sets of the case: the first one copies, and the next ones do not, until the field is read.
extension Machine {
    /// Adds a value to the list or set in a field; false where the field holds none.
    func grow(_ field: Int, by value: Value, _ span: Span) throws(Stop) -> Bool {
        let declared = program.caseFields[field]
        let element: ValueType
        let bound: Int
        switch declared.type {
        case .list(let type, let most), .set(let type, let most): (element, bound) = (type, most)
        default: return false
        }
        let isGrown = grownFields.contains(field)
        let place = try place(of: value, in: field, isGrown: isGrown, span)
        try build(1)
        if let place {
            let judge = ValueConformance(program: program, allowsSealed: true)
            if isGrown, place.count < bound, judge.problem(value, element, path: declared.name) == nil {
                insert(value, at: place.index, of: field)
            } else {
                // Copied, it is looked at as a whole.
                var copy = try elements(caseState.fields[field], span)
                copy.insert(value, at: place.index)
                var whole = Value.list(copy)
                if case .set = declared.type { whole = .set(copy) }
                try fit(whole, declared, span)
                caseState.fields[field] = whole
                grownFields.insert(field)
            }
        }
        writtenFields.insert(field)
        note(.fieldGrown(field, value), at: span)
        return true
    }

    /// Where a value goes, and among how many; nil where a set has it already. Charges for the way there.
    private func place(
        of value: Value, in field: Int, isGrown: Bool, _ span: Span
    ) throws(Stop) -> (index: Int, count: Int)? {
        let held = try knownItself(caseState.fields[field], program.caseFields[field].name, span)
        let items = try elements(held, span)
        guard case .set = held else {
            try charge(isGrown ? work(value) : Cost.elements(items.count))
            return (items.count, items.count)
        }
        let search = Cost.halvings(items.count) &* (1 &+ work(value)) &+ UInt64(Cost.moved(items.count))
        try charge(isGrown ? search : Cost.elements(items.count))
        var (lower, upper) = (0, items.count)
        while lower < upper {
            let middle = lower + (upper - lower) / 2
            if items[middle] == value { return nil }
            if items[middle] < value { lower = middle + 1 } else { upper = middle }
        }
        return (lower, items.count)
    }

    /// Puts a value into a list or set that nobody but the field holds.
    private func insert(_ value: Value, at index: Int, of field: Int) {
        switch caseState.fields[field] {
        case .list(var items):
            caseState.fields[field] = .absent
            items.insert(value, at: index)
            caseState.fields[field] = .list(items)
        case .set(var items):
            caseState.fields[field] = .absent
            items.insert(value, at: index)
            caseState.fields[field] = .set(items)
        default: break
        }
    }
}
