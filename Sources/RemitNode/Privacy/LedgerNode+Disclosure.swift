import RemitLanguage
public import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

extension LedgerNode {
    /// The same proof with single private values disclosed: those of the fields named.
    ///
    /// A name is that of a field of the case or row, or of an argument, in what is proved; `lines.2.code` is a part of
    /// one, positions counted from 1. Throws `disclosure` where one of them cannot be disclosed.
    public func disclose(_ names: [String], in proof: ChainProof) throws(NodeError) -> ChainProof {
        guard !names.isEmpty else { return proof }
        let key = try nodeKey()
        let parts = try DisclosureParts(of: try Self.checked(proof, key), catalogue, state)
        var openings: [PrivateOpening] = []
        for name in names {
            for part in try parts.named(name) { openings.append(try opening(part)) }
        }
        let disclosing = ChainProof(checkpoint: proof.checkpoint, content: proof.content, openings: openings)
        _ = try Self.checked(disclosing, key)
        return disclosing
    }

    private func opening(_ part: DisclosureParts.Part) throws(NodeError) -> PrivateOpening {
        switch try StoredVault(store: store).find(part.commitment) {
        case .open(.opening(let opening)): return opening
        case .erased(let height): throw .disclosure(.erased(part.path.words, height))
        case .open(.secret), .unknown: throw .disclosure(.commitmentOnly(part.path.words))
        }
    }

    private static func checked(_ proof: ChainProof, _ key: PublicKey) throws(NodeError) -> ProvenFacts {
        do throws(ProofFault) {
            return try proof.check(.bare(key))
        } catch {
            throw .broken([ChainProblem(height: nil, position: nil, text: "the proof does not hold: \(error)")])
        }
    }
}

/// What stands in a proof under which names, as far as a contract of the chain says it.
struct DisclosureParts {
    /// A private value in what is proved.
    struct Part {
        /// The field or argument.
        let name: TextValue
        let path: PrivatePath
        /// How many parts of the path lead to the field; the others lead on inside it.
        let depth: Int
        let commitment: Digest
    }

    private(set) var parts: [Part] = []
    /// The names of all fields in what is proved, and whether each has something private, in order.
    private var names: [(name: TextValue, isPrivate: Bool)] = []

    init(of facts: ProvenFacts, _ catalogue: ContractCatalogue, _ state: WorkingState) throws(NodeError) {
        if let transaction = facts.transaction { try add(transaction.body, catalogue, state) }
        if let receipt = facts.receipt {
            for change in receipt.changes {
                if let value = change.value { try add(change.key, value, catalogue, state) }
            }
        }
        switch facts.claim {
        case .present(let key, let value)?: try add(key, value, catalogue, state)
        case .all(let space, let rows)?, .matching(let space, _, let rows, _)?:
            for row in rows { try add(StateKey(space: space, item: row.item), row.value, catalogue, state) }
        case .absent?, nil: break
        }
    }

    /// The private values that a name means.
    func named(_ text: String) throws(NodeError) -> [Part] {
        let steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let wanted = TextValue(steps[0])
        guard let found = names.first(where: { $0.name == wanted }) else {
            var known: [String] = []
            for (name, isPrivate) in names where isPrivate && !known.contains(name.string) { known.append(name.string) }
            throw .disclosure(.unknownField(steps[0], known: known))
        }
        let inside = steps.dropFirst().map { step -> Value in
            if let position = Int64(step), position > 0 { return .integer(position - 1) }
            return .text(TextValue(step))
        }
        let chosen = parts.filter { part in
            part.name == wanted && part.path.parts.dropFirst(part.depth).starts(with: inside)
        }
        guard !chosen.isEmpty else {
            let isPrivate = names.contains { $0.name == wanted && $0.isPrivate } || found.isPrivate
            throw .disclosure(isPrivate ? .nothingThere(text) : .notPrivate(text))
        }
        return chosen
    }

    // MARK: Finding them

    private mutating func note(_ field: FieldDeclaration, _ layout: PrivacyLayout) {
        names.append((TextValue(field.name), layout.concerns(field)))
    }

    private mutating func add(
        _ value: Value, of field: FieldDeclaration, at path: PrivatePath, _ layout: PrivacyLayout
    ) throws(NodeError) {
        let (name, depth) = (TextValue(field.name), path.parts.count)
        var found: [Part] = []
        _ = try layout.map(value, of: field, at: path) { value, path throws(NodeError) in
            if let commitment = value.commitment {
                found.append(Part(name: name, path: path, depth: depth, commitment: commitment))
            }
            return value
        }
        parts += found
    }

    /// The arguments of an action, or the rows of a load.
    private mutating func add(
        _ body: TransactionBody, _ catalogue: ContractCatalogue, _ state: WorkingState
    ) throws(NodeError) {
        if body.contract == .zero {
            guard
                case .loadRegister(let contract, let register, let rows) = SystemCall(
                    name: body.call, arguments: body.arguments),
                let layout = try catalogue.current(contract.string, in: state)?.privacy,
                let declared = layout.program.registers.first(where: { TextValue($0.name) == register })
            else { return }
            let columns = layout.columns(of: declared)
            for column in columns { note(column, layout) }
            for (number, row) in rows.enumerated() {
                guard case .record(let values) = row, values.count == columns.count else { continue }
                for (column, value) in zip(columns, values) {
                    let path = PrivatePath.argument(2).appending(number).appending(.text(TextValue(column.name)))
                    try add(value, of: column, at: path, layout)
                }
            }
            return
        }
        guard let layout = try catalogue.contract(body.contract, in: state)?.privacy else { return }
        for (position, field) in layout.arguments(of: body.call).enumerated() {
            note(field, layout)
            guard body.arguments.indices.contains(position) else { continue }
            try add(body.arguments[position], of: field, at: .argument(position), layout)
        }
    }

    /// A row of a case or register.
    private mutating func add(
        _ key: StateKey, _ bytes: [UInt8], _ catalogue: ContractCatalogue, _ state: WorkingState
    ) throws(NodeError) {
        guard case .record(let members)? = try? ValueCoding.decode(bytes: bytes) else { return }
        if let reference = StateLayout.caseReference(of: key) {
            guard let digest = CaseCoding.contract(of: .record(members)), members.count > 4,
                case .record(let fields) = members[4],
                let contract = try catalogue.contract(digest, in: state)
            else { return }
            let name = TextValue(reference.description)
            for (field, value) in zip(contract.program.caseFields, fields) {
                guard let layout = contract.privacy else {
                    names.append((TextValue(field.name), false))
                    continue
                }
                note(field, layout)
                try add(value, of: field, at: .caseField(name, field.name), layout)
            }
            return
        }
        let names = key.space.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 3, names[0].utf8.elementsEqual("register".utf8),
            case .list(let item)? = try? ValueCoding.decode(bytes: key.item),
            let contract = try catalogue.current(names[1], in: state), let layout = contract.privacy,
            let register = layout.program.registers.first(where: { TextValue($0.name) == TextValue(names[2]) })
        else { return }
        for (field, value) in zip(layout.program.records[register.row].fields, members) {
            note(field, layout)
            let path = PrivatePath.row(
                contract: names[1], register: register.name, item: item, field: field.name)
            try add(value, of: field, at: path, layout)
        }
    }
}
