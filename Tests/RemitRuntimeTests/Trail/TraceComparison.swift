import RemitLanguage
import RemitRuntime
import RemitValues

/// Compares traces item by item.
enum TraceComparison {
    /// The first difference in words; nil where there is none.
    static func difference(_ reference: Trace?, _ machine: Trace?) -> String? {
        guard let reference, let machine else { return reference == nil && machine == nil ? nil : "one has no trace" }
        for (index, (one, other)) in zip(reference.entries, machine.entries).enumerated() {
            let (wanted, got) = (words(one), words(other))
            if wanted != got { return "item \(index) is \(got), and should be \(wanted)" }
        }
        if reference.entries.count != machine.entries.count || reference.omitted != machine.omitted {
            return "\(machine.entries.count) items and \(machine.omitted) left out, "
                + "and should be \(reference.entries.count) and \(reference.omitted)"
        }
        return nil
    }

    /// An item with everything in it; of a check its code stands for what it is.
    static func words(_ entry: Trace.Entry) -> String {
        let place = "\(entry.span.start)-\(entry.span.end)"
        if case .check(let clause, let group, let item, let line, let holds, let reads) = entry.event {
            let check = item.check
            return "\(place) check \(clause) \(group) \(check.code) \(check.span) \(line ?? 0) \(holds) \(reads)"
        }
        return "\(place) \(entry.event)"
    }
}
