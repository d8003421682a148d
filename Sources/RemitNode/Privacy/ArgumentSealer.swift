import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

/// Puts commitments in the place of private arguments, and what they commit to into a side-car.
struct ArgumentSealer {
    /// The contracts that keep something private, by their digests.
    private var layouts: [Digest: PrivacyLayout] = [:]
    /// The versions that registers are loaded under, by the contracts' names.
    private var current: [TextValue: PrivacyLayout] = [:]
    /// Whether the chain has its digest key.
    private let hasKey: Bool
    /// The calls of open proposals, while the chain has no digest key.
    private var proposals: [Digest: SystemCall] = [:]

    init(_ node: LedgerNode) throws(NodeError) {
        let state = node.state
        hasKey = try state.bytes(StateLayout.digestKey) != nil
        guard hasKey else {
            for proposal in try node.proposals() {
                if let call = proposal.call { proposals[proposal.identifier] = call }
            }
            return
        }
        let rows = try storing { () throws(StoreError) in
            try node.store.stateRows(space: "contract", after: nil, limit: Limits.declarations)
        }
        for row in rows {
            guard let digest = Digest(bytes: row.item), let contract = try node.catalogue.contract(digest, in: state),
                let layout = contract.privacy
            else { continue }
            layouts[digest] = layout
        }
        for name in try node.contractNames() {
            if let layout = try node.catalogue.current(name, in: state)?.privacy { current[TextValue(name)] = layout }
        }
    }

    /// The layout of a contract; nil where it keeps nothing private.
    func layout(_ contract: Digest) -> PrivacyLayout? { layouts[contract] }

    /// Whether a call of the ledger's own must be signed with a seed.
    func needsSeed(_ call: SystemCall) -> Bool {
        switch call {
        case .loadRegister(let contract, let register, _): self.register(register, of: contract) != nil
        case .deployContract: !hasKey && Self.deploysPrivate(call)
        case .endorse(let proposal): proposals[proposal].map(Self.deploysPrivate) ?? false
        default: false
        }
    }

    private static func deploysPrivate(_ call: SystemCall) -> Bool {
        guard case .deployContract(let source, _) = call else { return false }
        let text = SourceText(name: "contract", bytes: source.utf8)
        if let program = Compiler.compile(text).program { return PrivacyLayout(program) != nil }
        // Contracts that it refers to are not at hand here; its declarations say enough.
        guard let declared = Compiler.declarations(of: text) else { return false }
        return PrivacyLayout(declared) != nil || (parse(text).contract.map(hasPrivateParameter) ?? false)
    }

    private static func hasPrivateParameter(_ contract: ContractSyntax) -> Bool {
        contract.declarations.contains { declaration in
            guard case .action(let action) = declaration.kind else { return false }
            return action.parameters.contains { if case .privately = $0.type.kind { true } else { false } }
        }
    }

    private func register(
        _ name: TextValue, of contract: TextValue
    ) -> (layout: PrivacyLayout, register: RegisterDeclaration)? {
        guard let layout = current[contract],
            let register = layout.program.registers.first(where: { TextValue($0.name) == name }),
            layout.concerns(register)
        else { return nil }
        return (layout, register)
    }

    /// The arguments of a call of the ledger's own as they are signed, and what goes beside them.
    func seal(
        _ call: SystemCall, _ seed: PrivateSecret
    ) throws(NodeError) -> (arguments: [Value], sideCar: SideCar) {
        guard case .loadRegister(let contract, let register, let rows) = call,
            let (layout, declared) = self.register(register, of: contract)
        else { return (call.arguments, SideCar(seed: seed, values: [])) }
        var values: [Value] = []
        let sealed = try layout.mapRows(rows, of: declared) { value, path, _ throws(NodeError) in
            values.append(value)
            return seed.opening(value, at: path).sealed
        }
        let committed = SystemCall.loadRegister(contract: contract, register: register, rows: sealed)
        return (committed.arguments, SideCar(seed: seed, values: values))
    }

    /// The same for an action of a contract.
    static func seal(
        _ arguments: [Value], of action: String, _ layout: PrivacyLayout, _ seed: PrivateSecret
    ) throws(NodeError) -> (arguments: [Value], sideCar: SideCar) {
        var values: [Value] = []
        let sealed = try layout.mapArguments(arguments, layout.arguments(of: action)) {
            value, path throws(NodeError) in
            values.append(value)
            return seed.opening(value, at: path).sealed
        }
        return (sealed, SideCar(seed: seed, values: values))
    }
}
