/// The engine's words for why something is refused, as scenarios expect them and receipts give them.
public enum RefusalWords {
    /// All of them, those first that scenarios expect most.
    public static let all = [
        "role", "excluded", "state", "alreadySigned", "funds", "noSeat", "noRule", "invariant", "unique", "overflow",
        "dateRange", "bound", "argument", "changed", "requirement", "refused", "missing", "precision",
        "divisionByZero", "noRow", "notRun", "noCase", "unreadable", "erased", "budget", "internal",
    ]
}
