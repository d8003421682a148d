import RemitLanguage
import RemitValues

extension TableColumn {
    /// One value of a set of atoms, as the contract writes it.
    func example(_ atoms: [AtomRange]) -> String {
        guard let atom = atoms.first?.low else { return "none" }
        switch kind {
        case .values(let values, _):
            if atom < values.count { return values[atom].description }
            return values.isEmpty ? "any" : "other than \(values.map(\.description).joined(separator: ", "))"
        case .discrete(let starts):
            // The first of the values, or, where these go down without end, the last.
            if atom == 0, starts.count > 1 { return text(step: starts[1] - 1) }
            return text(step: starts[atom])
        case .continuous(let points):
            if atom % 2 == 1 { return points[atom / 2].description }
            return between(atom == 0 ? nil : points[atom / 2 - 1], atom / 2 < points.count ? points[atom / 2] : nil)
        }
    }

    private func text(step: Int64) -> String {
        switch type {
        case .money(let currency): Money(minorUnits: step, currency: currency).description
        case .date: CalendarDate(dayNumber: step)?.description ?? String(step)
        case .dateTime: Instant(seconds: step)?.text(offset: timezone) ?? String(step)
        case .duration: Duration(seconds: step).description
        default: String(step)
        }
    }

    private func between(_ low: Value?, _ high: Value?) -> String {
        switch (low, high) {
        case (.decimal(let low)?, .decimal(let high)?):
            let half = (try? low.adding(high)).flatMap { sum in
                (try? ExactDecimal(coefficient: 5, scale: 1)).flatMap { try? sum.multiplied(by: $0) }
            }
            return half?.description ?? "between \(low) and \(high)"
        case (nil, .decimal(let high)?): return (try? high.subtracting(.one))?.description ?? "< \(high)"
        case (.decimal(let low)?, nil): return (try? low.adding(.one))?.description ?? "> \(low)"
        default: return "0"
        }
    }
}
