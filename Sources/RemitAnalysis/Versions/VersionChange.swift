public import RemitLanguage

/// Something that a new version of a contract would do to what is on the chain.
public struct VersionChange: Sendable, Equatable {
    /// How grave it is.
    public enum Gravity: String, Sendable {
        /// The version cannot be deployed.
        case breaking
        /// It can, and somebody should know.
        case warning
    }

    public let gravity: Gravity
    /// A word for programs, such as `registerFieldRemoved`.
    public let code: String
    /// One line.
    public let text: String
    /// What to do about it.
    public let advice: String
    /// Where in the new version, if anywhere.
    public let span: Span?

    init(_ gravity: Gravity, _ code: String, _ text: String, advice: String, at span: Span? = nil) {
        self.gravity = gravity
        self.code = code
        self.text = text
        self.advice = advice
        self.span = span
    }
}

/// What a new version would break: registers and funds outlive versions, and running cases finish under theirs.
public struct VersionComparison {
    let old: CheckedProgram
    let new: CheckedProgram
    let keeping: TypeKeeping
    /// What of the new version the old one can read.
    let keepingBack: TypeKeeping
    private(set) var changes: [VersionChange] = []

    private init(_ old: CheckedProgram, _ new: CheckedProgram) {
        self.old = old
        self.new = new
        keeping = TypeKeeping(from: old, to: new)
        keepingBack = TypeKeeping(from: new, to: old)
    }

    /// What the version after `old` would change, the grave things first, each kind in order of the contract.
    public static func changes(from old: CheckedProgram, to new: CheckedProgram) -> [VersionChange] {
        var comparison = VersionComparison(old, new)
        comparison.compareHeads()
        comparison.compareRegisters()
        comparison.compareFunds()
        comparison.compareKeys()
        comparison.compareCalls()
        comparison.compareStates()
        if let migration = new.migrations.first(where: { $0.from == old.version }) {
            comparison.compare(migration)
        }
        let changes = comparison.changes
        return changes.filter { $0.gravity == .breaking } + changes.filter { $0.gravity == .warning }
    }

    /// What is wrong with the migration of cases of `old`; it need not be the version just before.
    public static func migrationProblems(from old: CheckedProgram, to new: CheckedProgram) -> [VersionChange] {
        var comparison = VersionComparison(old, new)
        if let migration = new.migrations.first(where: { $0.from == old.version }) {
            comparison.compare(migration)
        }
        return comparison.changes.filter { $0.gravity == .breaking }
    }

    mutating func breaks(_ code: String, _ text: String, at span: Span? = nil, _ advice: String) {
        changes.append(VersionChange(.breaking, code, text, advice: advice, at: span))
    }

    mutating func warn(_ code: String, _ text: String, at span: Span? = nil, _ advice: String) {
        changes.append(VersionChange(.warning, code, text, advice: advice, at: span))
    }
}
