public import RemitLanguage
public import RemitLedger
import RemitRuntime
public import RemitValues

/// A version of a contract on the chain; a reference, since it is handed from one part of a decision to the next.
public final class DeployedContract: Sendable {
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

    /// A version of these parts.
    init(
        digest: Digest, home: Party, since: UInt64, source: SourceText, program: CheckedProgram,
        privacy: PrivacyLayout?
    ) {
        self.digest = digest
        self.home = home
        self.since = since
        self.source = source
        self.program = program
        self.privacy = privacy
    }
}

/// The contracts of the state, each compiled once.
public final class ContractCatalogue {
    private var compiled: [Digest: (SourceText, CheckedProgram)] = [:]
    private var evaluators: [Digest: Evaluator] = [:]
    /// The evaluator that was asked for last: mostly the next transaction calls the same contract.
    private var latest: (contract: DeployedContract, evaluator: Evaluator)?
    private var layouts: [Digest: PrivacyLayout?] = [:]
    private var interfaces: [Digest: FoundContract] = [:]
    private var places: [Reading: [Int?]] = [:]
    private var grown: [Growth: Set<Int>] = [:]
    /// What was last found of a policy that is only tried out, which has no digest of its own.
    private var grownUntried: (contract: DeployedContract, latest: Digest, registers: Set<Int>)?

    /// A contract that reads cases of another one (index), and the text that those follow.
    private struct Reading: Hashable {
        let reader: Digest
        let contract: Int
        let text: Digest
    }

    /// A version of a contract, and the one deployed last.
    private struct Growth: Hashable {
        let version: Digest
        let latest: Digest
    }

    /// Nothing compiled yet.
    public init() {}

    /// The digest by which a contract is called: over its source bytes, labelled.
    public static func digest(of source: [UInt8]) -> Digest { Hashing.digest(.contract, source) }

    /// The contract of a digest, where the state has it.
    func contract(_ digest: Digest, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        try state.contract(digest) { () throws(NodeError) in try read(digest, in: state) }
    }

    private func read(_ digest: Digest, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        guard case .record(let fields) = try state.value(StateLayout.contract(digest)), fields.count == 6,
            case .text(let name) = fields[0], case .text(let home) = fields[2], case .integer(let since) = fields[4],
            case .text(let source) = fields[5]
        else { return nil }
        let (text, program) = try compile(name: name.string, bytes: source.utf8, digest: digest, in: state)
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
        try named(StateLayout.currentContract(name), in: state)
    }

    /// The version of a contract that was deployed last.
    func latest(_ name: String, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        if let latest = try named(StateLayout.latestContract(name), in: state) { return latest }
        // Before versions could wait for their day, the one in force was the last.
        return try current(name, in: state)
    }

    /// The version by which registers, funds and calendars are kept: the one in force, or the first that waits.
    func kept(_ name: String, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        if let current = try current(name, in: state) { return current }
        return try latest(name, in: state)
    }

    /// A version of a contract by its number.
    func version(_ version: Int64, of name: String, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        try named(StateLayout.contractVersion(name, version), in: state)
    }

    private func named(_ key: StateKey, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        guard case .text(let hex) = try state.value(key), let digest = Digest(hex: hex.string) else { return nil }
        return try contract(digest, in: state)
    }

    /// Compiles a source once; throws its diagnostics where it has errors.
    ///
    /// Contracts that it refers to are the texts that it was deployed with, or, before that, the current ones.
    func compile(
        name: String, bytes: [UInt8], digest: Digest, in state: WorkingState
    ) throws(NodeError) -> (SourceText, CheckedProgram) {
        if let known = compiled[digest] { return known }
        let source = SourceText(name: "\(name).remit", bytes: bytes)
        let references = try self.references(of: digest, in: state)
        var fault: NodeError?
        let compilation = Compiler.compile(source) { reference in
            do throws(NodeError) {
                return try find(reference, among: references, in: state)
            } catch {
                fault = error
                return .missing
            }
        }
        if let fault { throw fault }
        guard let program = compilation.program else { throw .contract(compilation.diagnostics, source) }
        // What a text that was never deployed refers to may still change.
        if program.others.isEmpty || references != nil { compiled[digest] = (source, program) }
        return (source, program)
    }

    /// The texts to which a deployed contract refers; nil for one that is not deployed or refers to none.
    private func references(of digest: Digest, in state: WorkingState) throws(NodeError) -> [Digest]? {
        guard case .list(let values) = try state.value(StateLayout.references(digest)) else { return nil }
        return values.compactMap { if case .text(let hex) = $0 { Digest(hex: hex.string) } else { nil } }
    }

    /// What contracts may know of another one.
    private func find(
        _ reference: ContractReference, among references: [Digest]?, in state: WorkingState
    ) throws(NodeError) -> FoundContract {
        var candidates = references ?? []
        if references == nil, case .text(let hex) = try state.value(StateLayout.currentContract(reference.name.string)),
            let current = Digest(hex: hex.string)
        {
            candidates = [current]
        }
        for digest in candidates {
            guard case .record(let fields) = try state.value(StateLayout.contract(digest)), fields.count == 6,
                case .text(let name) = fields[0], name == reference.name, case .integer(let version) = fields[1],
                case .text(let text) = fields[5]
            else { continue }
            guard version == reference.version else { return .otherVersions([version]) }
            if let known = interfaces[digest] { return known }
            let source = SourceText(name: "\(reference.name).remit", bytes: text.utf8)
            let found = ContractInterface(reading: source).map { FoundContract.found($0) } ?? .faulty
            interfaces[digest] = found
            return found
        }
        return .missing
    }

    /// A case of another contract (index) as a contract reads it; nil where there is none.
    func otherCase(
        _ text: TextValue, contract: Int, of reader: DeployedContract, in state: WorkingState
    ) throws(NodeError) -> OtherCase? {
        guard reader.program.others.indices.contains(contract), let reference = CaseReference(text.string),
            TextValue(reference.contract) == TextValue(reader.program.others[contract].name),
            let row = try state.value(StateLayout.caseState(reference))
        else { return nil }
        guard let digest = CaseCoding.contract(of: row), let other = try self.contract(digest, in: state),
            let stored = CaseCoding.decode(row, reference: reference, program: other.program)
        else {
            throw .broken([ChainProblem(height: nil, position: nil, text: "the row of case \(reference) is damaged")])
        }
        let reading = Reading(reader: reader.digest, contract: contract, text: digest)
        let places = self.places[reading] ?? reader.program.places(of: contract, in: other.program)
        // A policy that is only tried out has no digest of its own.
        if reader.digest != .zero { self.places[reading] = places }
        return OtherCase(
            version: other.program.version, state: TextValue(other.program.states[stored.state.state].name),
            fields: places.map { place in place.map { stored.state.fields[$0] } })
    }

    /// The registers (indices) of a version in which rows of a later one may hold more than it knows: longer texts,
    /// more values of an enumeration, nothing at all.
    func grownRegisters(of contract: DeployedContract, in state: WorkingState) throws(NodeError) -> Set<Int> {
        guard let latest = try self.latest(contract.program.name, in: state), latest.digest != contract.digest else {
            return []
        }
        let growth = Growth(version: contract.digest, latest: latest.digest)
        if contract.digest != .zero {
            if let known = grown[growth] { return known }
        } else if let known = grownUntried, known.contract === contract, known.latest == latest.digest {
            return known.registers
        }
        let found = TypeKeeping(from: latest.program, to: contract.program).unkeptRegisters
        if contract.digest != .zero {
            grown[growth] = found
        } else {
            grownUntried = (contract, latest.digest, found)
        }
        return found
    }

    /// The evaluator of a contract; its code is lowered once.
    func evaluator(of contract: DeployedContract) -> Evaluator {
        if let latest, latest.contract === contract { return latest.evaluator }
        let evaluator = knownEvaluator(of: contract)
        latest = (contract, evaluator)
        return evaluator
    }

    private func knownEvaluator(of contract: DeployedContract) -> Evaluator {
        if let known = evaluators[contract.digest] { return known }
        let evaluator = Evaluator(ExecutableProgram(contract.program))
        evaluators[contract.digest] = evaluator
        return evaluator
    }

    /// Evaluates a contract on the state; a fault there is damage, and says so.
    func evaluate<Result>(
        _ contract: DeployedContract, in state: WorkingState,
        _ body: (Evaluator, ContractStateView) throws(StateFault) -> Result
    ) throws(NodeError) -> Result {
        do throws(StateFault) {
            return try body(
                evaluator(of: contract), ContractStateView(contract: contract, state: state, catalogue: self))
        } catch {
            throw .invalid(error.message, hint: "run `remit verify` on the ledger")
        }
    }

    /// The state row of a contract.
    static func row(program: CheckedProgram, home: TextValue, height: UInt64, source: String) -> Value {
        .record([
            .text(TextValue(program.name)), .integer(program.version), .text(home),
            .integer(CheckedProgram.languageVersion), .integer(Int64(clamping: height)), .text(TextValue(source)),
        ])
    }
}
