/// What one outcome tells a stranger about private values: somebody who sees receipts and open fields, and no more.
///
/// The values themselves stay private; what shows is which way a rule went on them.
public struct Disclosure: Hashable, Sendable {
    /// When it shows.
    public enum Occasion: Hashable, Sendable {
        /// An action, by its name.
        case action(String)
        /// A round of an approval is opened.
        case opening(String)
        /// What follows a round that came to this.
        case round(String, RoundOutcome)
        /// A deadline, by the states that it runs in.
        case deadline([String])
        /// A running case of an earlier version is brought over.
        case migration(from: Int64)
    }

    /// What shows.
    public enum Outcome: Hashable, Sendable {
        /// Whether a rule refuses with this code, if it has one, and text.
        case refusal(code: String?, text: String)
        /// Whether a finding with this code and text is made.
        case finding(code: String, text: String)
        /// Which way a branch goes, by what happens on some of its ways and not on all.
        case branch([Effect])
        /// A value that `reveal` makes public.
        case reveal
        /// Whether another case has the same key, by the refusal of a `unique by`.
        case sameCase(code: String?, text: String)
        /// Whether another case wrote the same row of a register.
        case sameRow(register: String)
        /// Whether an invariant of this text refuses.
        case invariant(String)
        /// Whether a value is out of range, or a row or money is missing, since the engine then refuses.
        case fault
        /// How many steps it took, which the receipt tells.
        case cost
    }

    /// Something that can be seen to happen.
    public enum Effect: Hashable, Sendable {
        /// The case becomes this.
        case state(String)
        /// An open field of the case is written.
        case field(String)
        /// A row of a register is written.
        case row(String)
        /// Money of a fund moves.
        case fund(String)
        /// Checks of this name run.
        case checks(String)
        /// Somebody is notified.
        case notice
        /// The case comes under this version.
        case migration
    }

    public let occasion: Occasion
    public let outcome: Outcome
    /// The private things that it tells of: fields of the case, keys and fields of registers, and parameters, sorted.
    public let sources: [String]
    /// The condition, or the value, that shows.
    public let span: Span
    public init(occasion: Occasion, outcome: Outcome, sources: [String], span: Span) {
        self.occasion = occasion
        self.outcome = outcome
        self.sources = sources
        self.span = span
    }
}
