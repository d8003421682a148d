public import RemitValues

/// What the state row of a case says of it, as far as the format gives its members a meaning.
public struct CaseRow: Sendable {
    /// The digest of the contract text that the case follows.
    public let contract: Digest
    /// The name of its state.
    public let state: String
    /// How many decisions have changed it.
    public let revision: Int64
    /// Its fields, commitments in the place of private values.
    public let fields: [Value]

    /// The item of the row within the case's space.
    static let item = Array("state".utf8)

    /// Reads the value of the row; nil where it is none of a case.
    public init?(_ bytes: [UInt8]) {
        guard case .record(let members)? = try? ValueCoding.decode(bytes: bytes), members.count >= 6,
            case .text(let hex) = members[0], let contract = Digest(hex: hex.string),
            case .enumeration(let state) = members[2], case .integer(let revision) = members[3],
            case .record(let fields) = members[4]
        else { return nil }
        self.contract = contract
        self.state = state.string
        self.revision = revision
        self.fields = fields
    }
}

extension Receipt {
    /// The row of the case that it touched, as it wrote it; nil where it did not write it.
    var caseRow: (key: StateKey, value: [UInt8], row: CaseRow)? {
        guard let caseReference else { return nil }
        for change in changes {
            guard let value = change.value, change.key.isState(ofCase: caseReference), let row = CaseRow(value) else {
                continue
            }
            return (change.key, value, row)
        }
        return nil
    }

    /// The contract that takes over with this receipt of what fell due, as the row of its name says.
    public func contractTakingOver(_ findings: Findings) -> Digest? {
        guard caseReference == nil, let parts = findings.clauses.first?.parts(at: UInt8(ascii: ":")), parts.count == 2,
            parts[0] == "version"
        else { return nil }
        let written = changes.filter { $0.key.space == "contract/current" }
        guard written.count == 1, let value = written[0].value,
            case .text(let hex)? = try? ValueCoding.decode(bytes: value)
        else { return nil }
        return Digest(hex: hex.string)
    }
}

extension Receipt {
    /// The name and version, as in `Leave/2`, of the contract that brought a block's share of cases over; nil for
    /// another receipt.
    public func versionBringingOver(_ findings: Findings) -> String? {
        guard caseReference == nil, let parts = findings.clauses.first?.parts(at: UInt8(ascii: ":")), parts.count == 3,
            parts[0] == "migration"
        else { return nil }
        return parts[1]
    }
}

extension Findings {
    /// Whether they are those of a deadline, which the rules that the case follows decide.
    public var isOfDeadline: Bool {
        guard let parts = clauses.first?.parts(at: UInt8(ascii: ":")) else { return false }
        return parts.count == 2 && parts[0] == "timer"
    }
}

extension StateKey {
    /// Whether it is the row of the state of a case.
    func isState(ofCase reference: String) -> Bool {
        guard item == CaseRow.item, case .fields(let owner)? = PrivatePlace.owner(of: self) else { return false }
        return owner == TextValue(reference)
    }

    /// Whether it is the row of the state of some case.
    var isStateOfCase: Bool {
        guard item == CaseRow.item, case .fields? = PrivatePlace.owner(of: self) else { return false }
        return true
    }
}
