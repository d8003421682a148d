import RemitValues

/// The diagnostics of one run in the order and number in which they are shown.
public struct DiagnosticList: Sendable {
    /// By place, then code; at most `Limits.diagnostics`, of which warnings give way to errors.
    public let shown: [Diagnostic]
    /// How many are left out.
    public let hidden: Int
    /// All errors, shown or not.
    public let errors: Int
    /// All warnings, shown or not.
    public let warnings: Int

    /// Puts diagnostics in order.
    public init(_ diagnostics: [Diagnostic]) {
        let sorted = sortedByPlace(diagnostics)
        errors = sorted.count { $0.severity == .error }
        warnings = sorted.count { $0.severity == .warning }
        if sorted.count <= Limits.diagnostics {
            shown = sorted
        } else {
            let grave = sorted.filter { $0.severity == .error }.prefix(Limits.diagnostics)
            let others = sorted.filter { $0.severity != .error }.prefix(Limits.diagnostics - grave.count)
            shown = sortedByPlace(Array(grave + others))
        }
        hidden = sorted.count - shown.count
    }

    /// The line at the end: `2 errors, 1 warning`; empty where there are neither.
    public var countLine: String {
        var parts: [String] = []
        if errors > 0 { parts.append("\(errors) error\(errors == 1 ? "" : "s")") }
        if warnings > 0 { parts.append("\(warnings) warning\(warnings == 1 ? "" : "s")") }
        return parts.joined(separator: ", ")
    }
}
