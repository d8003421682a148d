public import RemitLanguage
public import RemitLedger
import RemitRuntime
public import RemitValues

/// A version of a contract on the chain.
public struct DeployedContract: Sendable {
    /// The digest of its source text.
    public let digest: Digest
    /// The organisation that deployed it, in which its roles are held.
    public let home: Party
    /// The height from which it could be called.
    public let since: UInt64
    /// The source text as signed.
    public let source: SourceText
    /// What the checker made of it.
    public let program: CheckedProgram
    /// Which parts of its values are private; nil where none are.
    let privacy: PrivacyLayout?

    /// Whether its transactions must be signed with a seed.
    public var keepsPrivate: Bool { privacy != nil }
}

/// The contracts of the state, each compiled once.
public final class ContractCatalogue {
    private var compiled: [Digest: (SourceText, CheckedProgram)] = [:]
    private var evaluators: [Digest: Evaluator] = [:]
    private var layouts: [Digest: PrivacyLayout?] = [:]

    /// Nothing compiled yet.
    public init() {}

    /// The digest by which a contract is called: over its source bytes, labelled.
    public static func digest(of source: [UInt8]) -> Digest { Hashing.digest(.contract, source) }

    /// The contract of a digest, where the state has it.
    func contract(_ digest: Digest, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        guard case .record(let fields) = try state.value(StateLayout.contract(digest)), fields.count == 6,
            case .text(let name) = fields[0], case .text(let home) = fields[2], case .integer(let since) = fields[4],
            case .text(let source) = fields[5]
        else { return nil }
        let (text, program) = try compile(name: name.string, bytes: source.utf8, digest: digest)
        return DeployedContract(
            digest: digest, home: Party(.organisation, home), since: UInt64(max(0, since)), source: text,
            program: program, privacy: layout(of: program, digest))
    }

    private func layout(of program: CheckedProgram, _ digest: Digest) -> PrivacyLayout? {
        if let known = layouts[digest] { return known }
        let layout = PrivacyLayout(program)
        layouts[digest] = .some(layout)
        return layout
    }

    /// The version of a contract that new cases begin under.
    func current(_ name: String, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        guard case .text(let hex) = try state.value(StateLayout.currentContract(name)),
            let digest = Digest(hex: hex.string)
        else { return nil }
        return try contract(digest, in: state)
    }

    /// Compiles a source once; throws its diagnostics where it has errors.
    func compile(name: String, bytes: [UInt8], digest: Digest) throws(NodeError) -> (SourceText, CheckedProgram) {
        if let known = compiled[digest] { return known }
        let source = SourceText(name: "\(name).remit", bytes: bytes)
        let compilation = Compiler.compile(source)
        guard let program = compilation.program else { throw .contract(compilation.diagnostics, source) }
        compiled[digest] = (source, program)
        return (source, program)
    }

    /// The evaluator of a contract; its code is lowered once.
    func evaluator(of contract: DeployedContract) -> Evaluator {
        if let known = evaluators[contract.digest] { return known }
        let evaluator = Evaluator(ExecutableProgram(contract.program))
        evaluators[contract.digest] = evaluator
        return evaluator
    }

    /// The state row of a contract.
    static func row(program: CheckedProgram, home: TextValue, height: UInt64, source: String) -> Value {
        .record([
            .text(TextValue(program.name)), .integer(program.version), .text(home),
            .integer(CheckedProgram.languageVersion), .integer(Int64(clamping: height)), .text(TextValue(source)),
        ])
    }
}
