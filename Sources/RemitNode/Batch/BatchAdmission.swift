import RemitLanguage
public import RemitLedger
public import RemitValues

/// Sees to it that whoever submits a batch may do so for the organisations found in the data.
///
/// An organisation that the chain does not know is registered, and the sender is granted there the role by which the
/// action is open to any organisation: by the administrator's key, on the chain like everything else.
public struct BatchAdmission {
    /// An organisation found in the data.
    public struct Found: Sendable {
        public let identifier: TextValue
        /// What the data calls it, where it does.
        public let name: TextValue?

        /// An organisation of the data.
        public init(identifier: TextValue, name: TextValue?) {
            self.identifier = identifier
            self.name = name
        }
    }

    /// What was registered and granted so far.
    public private(set) var registered = 0
    public private(set) var granted = 0
    private let node: LedgerNode
    private let administrator: (any Signer)?
    private let sender: TextValue
    private let role: TextValue?
    /// Organisations that were looked at, with what stands against them, if anything does.
    private var known: [TextValue: String?] = [:]

    /// An admission for the batches of one sender; without the administrator's key nobody is registered.
    public init(
        node: LedgerNode, contract: DeployedContract, action: String, sender: PublicKey,
        administrator: (any Signer)?
    ) throws(NodeError) {
        self.node = node
        self.administrator = administrator
        guard let person = try node.owner(of: sender) else {
            throw .invalid(
                "the key that submits belongs to nobody on the chain",
                hint: "let an administrator register its person and add the key")
        }
        self.sender = person.identifier
        let declared = contract.program.actions.first { TextValue($0.name) == TextValue(action) }
        var role: TextValue?
        for authority in declared?.authorities ?? [] {
            if role == nil, case .role(let index, .any) = authority.who {
                role = TextValue(contract.program.roles[index])
            }
        }
        self.role = role
    }

    /// Whether anything must be done before these organisations are acted for.
    public func isNews(_ organisations: [Found]) -> Bool {
        administrator != nil && organisations.contains { known[$0.identifier] == nil }
    }

    /// Registers and grants what is missing, in one block.
    public mutating func admit(_ organisations: [Found]) throws(NodeError) {
        var calls: [SystemCall] = []
        var places: [TextValue] = []
        for found in organisations where known[found.identifier] == nil {
            known[found.identifier] = .some(nil)
            let isThere = try node.hasOrganisation(found.identifier)
            guard administrator != nil else {
                if !isThere {
                    known[found.identifier] = "the organisation \(found.identifier) is not registered on the chain"
                }
                continue
            }
            if !isThere {
                calls.append(
                    .registerOrganisation(identifier: found.identifier, name: found.name ?? found.identifier))
                places.append(found.identifier)
            }
            if let role, try !node.holds(role: role, person: sender, organisation: found.identifier) {
                calls.append(.grantRole(person: sender, role: role, organisation: found.identifier))
                places.append(found.identifier)
            }
        }
        try perform(calls, places)
    }

    /// What stands against acting for an organisation; nil where nothing does.
    public func objection(to organisation: TextValue) -> String? { known[organisation] ?? nil }

    private mutating func perform(_ calls: [SystemCall], _ places: [TextValue]) throws(NodeError) {
        guard let administrator, !calls.isEmpty else { return }
        let founder = try node.facts().founder
        var start = 0
        while start < calls.count {
            let end = min(calls.count, start + Limits.blockTransactions)
            var writer = try TransactionWriter(node: node, signer: administrator)
            var transactions: [Transaction] = []
            for call in calls[start..<end] { transactions.append(try writer.sign(call, organisation: founder)) }
            let executions = try node.commit(transactions).executions
            for (offset, execution) in executions.enumerated() {
                count(calls[start + offset], at: places[start + offset], execution.receipt.outcome)
            }
            start = end
        }
    }

    private mutating func count(_ call: SystemCall, at place: TextValue, _ outcome: Receipt.Outcome) {
        if case .refused(_, let text) = outcome {
            // A grant that follows a refused registration says less than the registration did.
            if known[place] == .some(nil) { known[place] = "\(call.name) was refused: \(text)" }
            return
        }
        if case .registerOrganisation = call { registered += 1 } else { granted += 1 }
    }
}
