/// Whether to hand over the next row.
public enum Walk: Sendable {
    /// Go on.
    case next
    /// Stop here.
    case stop
}
