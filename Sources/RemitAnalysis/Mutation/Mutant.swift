public import RemitLanguage
import RemitRuntime

/// A contract with one rule, row, guard or constant changed.
public struct Mutant: Sendable {
    /// A piece of the text and what stands there instead.
    public struct Edit: Sendable {
        public let span: Span
        public let text: String
    }

    /// In order of place; they do not overlap.
    public let edits: [Edit]
    /// What was changed, in words that stay the same while the rule does: the declaration, then the change.
    public let words: String
    /// Where.
    public var span: Span { edits.first?.span ?? Span(0, 0) }

    /// The changed text.
    public func text(of source: SourceText) -> [UInt8] {
        var changed: [UInt8] = []
        var place = 0
        for edit in edits {
            changed += source.bytes[place..<edit.span.start]
            changed += Array(edit.text.utf8)
            place = edit.span.end
        }
        return changed + source.bytes[place...]
    }

    /// What became of it.
    public enum Fate: Sendable {
        /// The checker or the analysis refuses it, so that it could never be deployed.
        case rejected
        /// The first scenario, by its title, that does not come out as it says.
        case noticed(by: String)
        /// Every scenario comes out as it says.
        case unnoticed
    }

    /// Checks the changed contract and runs its scenarios until one fails.
    public func fate(
        in source: SourceText, find: (ContractReference) -> FoundContract = { _ in .missing }
    ) -> Fate {
        let compilation = Compiler.compile(SourceText(name: source.name, bytes: text(of: source)), find: find)
        guard let program = compilation.program, !analyse(compilation).contains(where: { $0.severity == .error })
        else { return .rejected }
        let failed = ScenarioRunner(program: program).firstFailure()
        return failed.map { .noticed(by: $0.title) } ?? .unnoticed
    }
}
