public import RemitLedger
import RemitStore
public import RemitValues

/// An organisation or a person as the chain registered it.
public struct DirectoryEntry: Sendable {
    /// The name by which transactions know it.
    public let identifier: TextValue
    /// The full name.
    public let name: TextValue
}

extension LedgerNode {
    /// The person that a key belongs to now.
    public func owner(of key: PublicKey) throws(NodeError) -> Party? {
        try Identities(state: state).owner(of: key, at: head.height &+ 1)
    }

    /// Whether a person has ever had a key, so that a further one is a recovery.
    public func hasKey(_ person: TextValue) throws(NodeError) -> Bool { try Identities(state: state).hasKey(person) }

    /// Whether a person or machine account is registered.
    public func hasPerson(_ identifier: TextValue) throws(NodeError) -> Bool {
        try Identities(state: state).personExists(identifier)
    }

    /// Whether an organisation is registered.
    public func hasOrganisation(_ identifier: TextValue) throws(NodeError) -> Bool {
        try Identities(state: state).organisationExists(identifier)
    }

    /// Whether a person holds a role in an organisation.
    public func holds(role: TextValue, person: TextValue, organisation: TextValue) throws(NodeError) -> Bool {
        try Identities(state: state).holds(role: role, person: person, organisation: organisation)
    }

    /// The chain's name and founding organisation.
    public func facts() throws(NodeError) -> ChainFacts {
        guard let facts = try Identities(state: state).chain() else {
            throw .broken([ChainProblem(height: 0, position: nil, text: "the chain has no founder")])
        }
        return facts
    }

    /// The registered organisations, in order of their identifiers' bytes.
    public func organisations() throws(NodeError) -> [DirectoryEntry] { try entries(of: "organisation") }

    /// The registered persons and machine accounts, in order of their identifiers' bytes.
    public func persons() throws(NodeError) -> [DirectoryEntry] { try entries(of: "person") }

    /// The organisations in which a person holds any role, in order of their identifiers' bytes.
    public func organisations(of person: TextValue) throws(NodeError) -> [TextValue] {
        var found: [TextValue] = []
        try forEachRow(of: "grant") { item, _ in
            guard case .list(let parts)? = try? ValueCoding.decode(bytes: item), parts.count == 3,
                case .text(let organisation) = parts[0], case .text(let holder) = parts[2], holder == person
            else { return }
            if !found.contains(organisation) { found.append(organisation) }
        }
        return found.sorted()
    }

    /// The calls that are put to the vote and neither carried out nor withdrawn, in order of their identifiers; those
    /// that have expired are among them.
    public func proposals() throws(NodeError) -> [Proposal] {
        var found: [Proposal] = []
        try forEachRow(of: "proposal") { item, value in
            guard let identifier = Digest(bytes: item), let proposal = Proposal(row: value, identifier: identifier)
            else { return }
            found.append(proposal)
        }
        return found
    }

    /// How many administrators must agree to something.
    public func quorum(_ subject: SystemCall.QuorumSubject) throws(NodeError) -> Int64 {
        try Identities(state: state).quorum(subject)
    }

    private func entries(of space: String) throws(NodeError) -> [DirectoryEntry] {
        var found: [DirectoryEntry] = []
        try forEachRow(of: space) { item, value in
            guard let identifier = TextValue(utf8: item), case .record(let fields) = value,
                case .text(let name)? = fields.first
            else { return }
            found.append(DirectoryEntry(identifier: identifier, name: name))
        }
        return found
    }

    /// Hands over the rows of a space in order, a page at a time.
    private func forEachRow(of space: String, _ body: ([UInt8], Value) -> Void) throws(NodeError) {
        var last: [UInt8]?
        while true {
            let rows = try storing { () throws(StoreError) in
                try store.stateRows(space: space, after: last, limit: Self.page)
            }
            for row in rows {
                let value = try encoding { () throws(LedgerFault) in try ValueCoding.decode(bytes: row.value) }
                body(row.item, value)
            }
            guard rows.count == Self.page, let end = rows.last else { return }
            last = end.item
        }
    }

    private static let page = 1000
}
