public import RemitLedger
import RemitStore
public import RemitValues

/// Where every kind of state row stands: the one place that spells out spaces and items.
public enum StateLayout {
    /// The name of the chain and its founding organisation.
    public static let chain = StateKey(space: "node", item: Array("chain".utf8))
    /// The key that signs blocks.
    public static let nodeKey = StateKey(space: "node", item: Array("key".utf8))

    /// A registered organisation.
    public static func organisation(_ identifier: TextValue) -> StateKey {
        StateKey(space: "organisation", item: identifier.utf8)
    }

    /// A registered person or machine account.
    public static func person(_ identifier: TextValue) -> StateKey {
        StateKey(space: "person", item: identifier.utf8)
    }

    /// A key of a person.
    public static func key(_ key: PublicKey) -> StateKey {
        StateKey(space: keySpace, item: key.bytes)
    }

    /// The space of the keys of all persons.
    public static let keySpace = "key"

    /// The first key that a person had: where there is one, a further key is a recovery.
    public static func firstKey(_ person: TextValue) -> StateKey {
        StateKey(space: "key/first", item: person.utf8)
    }

    /// The last sequence number that a key used.
    public static func sequence(_ key: PublicKey) -> StateKey {
        StateKey(space: "sequence", item: key.bytes)
    }

    /// The space of the roles that persons hold.
    public static let grantSpace = "grant"

    /// A role of a person in an organisation.
    public static func grant(role: TextValue, person: TextValue, organisation: TextValue) -> StateKey {
        StateKey(space: grantSpace, item: item([.text(organisation), .text(role), .text(person)]))
    }

    /// How many administrators the founding organisation has.
    public static let administrators = StateKey(space: "node", item: Array("administrators".utf8))

    /// How many administrators must agree to something.
    public static func quorum(_ subject: SystemCall.QuorumSubject) -> StateKey {
        StateKey(space: "node", item: Array("quorum/\(subject.rawValue)".utf8))
    }

    /// A call that is put to the vote, by the transaction that proposed it.
    public static func proposal(_ transaction: Digest) -> StateKey {
        StateKey(space: "proposal", item: transaction.bytes)
    }

    /// The space of those who hold roles.
    static let holderSpace = "grant/holders"

    /// What the items of all roles in an organisation begin with.
    static func holders(in organisation: TextValue) -> [UInt8] {
        Array(item([.text(organisation), .text("")]).dropLast(ValueCoding.encoded(.text("")).count))
    }

    /// Those who hold a role in an organisation, as a set of texts.
    public static func holders(role: TextValue, organisation: TextValue) -> StateKey {
        StateKey(space: holderSpace, item: item([.text(organisation), .text(role)]))
    }

    /// The space of those who stand in for others.
    static let delegationSpace = "grant/delegation"

    /// For whom a person stands in, in an organisation: a map from a person to the day on which it ends, or absent.
    public static func delegations(to delegate: TextValue, organisation: TextValue) -> StateKey {
        StateKey(space: delegationSpace, item: item([.text(organisation), .text(delegate)]))
    }

    /// What a fund of a contract holds: its currency, balance and reservations.
    public static func fund(contract: TextValue, fund: TextValue) -> StateKey {
        StateKey(space: "fund/\(contract.string)", item: fund.utf8)
    }

    /// The periods that were added to a contract's calendar.
    public static func calendar(contract: String, calendar: String) -> StateKey {
        StateKey(space: "calendar/\(contract)", item: Array(calendar.utf8))
    }

    /// The space of what falls due, whose items sort in the order in which it fires.
    public static let dueSpace = ChainStore.queueSpace

    /// A timer that faulted and is not tried again, by the item that it had among what falls due.
    public static func stalled(_ item: [UInt8]) -> StateKey { StateKey(space: "stalled", item: item) }

    /// A deployed version of a contract, by the digest of its source.
    public static func contract(_ digest: Digest) -> StateKey {
        StateKey(space: "contract", item: digest.bytes)
    }

    /// The version of a contract that new cases begin under.
    public static func currentContract(_ name: String) -> StateKey {
        StateKey(space: "contract/current", item: Array(name.utf8))
    }

    /// The digests of the contracts to which a deployed one refers, in the order of its head.
    public static func references(_ digest: Digest) -> StateKey {
        StateKey(space: "contract/refers", item: digest.bytes)
    }

    /// The version of a contract that was deployed last, whether or not it has taken over.
    public static func latestContract(_ name: String) -> StateKey {
        StateKey(space: "contract/latest", item: Array(name.utf8))
    }

    /// The text of a version of a contract.
    public static func contractVersion(_ name: String, _ version: Int64) -> StateKey {
        StateKey(space: "contract/version", item: item([.text(TextValue(name)), .integer(version)]))
    }

    /// The digest of the text that a version of a library has on this chain.
    public static func library(_ name: String, _ version: Int64) -> StateKey {
        StateKey(space: "contract/library", item: item([.text(TextValue(name)), .integer(version)]))
    }

    /// The number of the last case of a contract.
    public static func caseCounter(_ contract: String) -> StateKey {
        StateKey(space: "counter", item: Array(contract.utf8))
    }

    /// The space of all records of one case; numbers are padded so that they sort by number.
    public static func caseSpace(_ reference: CaseReference) -> String {
        let digits = String(reference.number)
        var space = caseSpacePrefix(reference.contract)
        for _ in 0..<max(0, 10 - digits.utf8.count) { space += "0" }
        space += digits
        return space
    }

    /// What the spaces of all cases of a contract begin with.
    public static func caseSpacePrefix(_ contract: String) -> String { "case/\(contract)/" }

    /// The case whose state a row is; nil for any other row.
    public static func caseReference(of key: StateKey) -> CaseReference? {
        guard key.item.elementsEqual("state".utf8), key.isWithin("case") else { return nil }
        let space = key.space.utf8
        // `case/`, the contract without a slash, a slash, the number.
        guard let slash = space.lastIndex(of: UInt8(ascii: "/")), let start = space.firstIndex(of: UInt8(ascii: "/")),
            start < slash, let number = Int64(key.space[space.index(after: slash)...])
        else { return nil }
        let contract = key.space[space.index(after: start)..<slash]
        guard !contract.utf8.contains(UInt8(ascii: "/")) else { return nil }
        return CaseReference(contract: String(contract), number: number)
    }

    /// The state of a case.
    public static func caseState(_ reference: CaseReference) -> StateKey {
        StateKey(space: caseSpace(reference), item: Array("state".utf8))
    }

    /// The space of a register's rows.
    public static func registerSpace(contract: String, register: String) -> String {
        "register/\(contract)/\(register)"
    }

    /// A row of a register.
    public static func row(contract: String, register: String, keys: [Value]) -> StateKey {
        StateKey(space: registerSpace(contract: contract, register: register), item: item(keys))
    }

    /// Who holds a key that is unique among the cases of a contract.
    public static func unique(contract: String, index: Int, key: [Value]) -> StateKey {
        StateKey(space: "unique/\(contract)/\(index)", item: item(key))
    }

    /// The commitment to the secret of a case that keeps something private.
    public static func caseSecret(_ reference: CaseReference) -> StateKey {
        StateKey(space: caseSpace(reference), item: Array("secret".utf8))
    }

    /// The keyed digest of a unique key that a case holds, where it has private fields.
    public static func caseUnique(_ reference: CaseReference, index: Int) -> StateKey {
        StateKey(space: caseSpace(reference), item: Array("unique/\(index)".utf8))
    }

    /// The commitment to the digest key of the chain.
    public static let digestKey = StateKey(space: "private", item: Array("key".utf8))

    /// The space of what was erased.
    public static let erasureSpace = "erasure"

    /// What a transaction erased.
    public static func erasure(_ transaction: Digest) -> StateKey {
        StateKey(space: erasureSpace, item: transaction.bytes)
    }

    static func item(_ values: [Value]) -> [UInt8] { ValueCoding.encoded(.list(values)) }
}

/// The name of a case: the contract and the case's number in it, such as `InsuranceClaim/17`.
public struct CaseReference: Hashable, Sendable, CustomStringConvertible {
    /// The contract's name.
    public let contract: String
    /// The number, counted from 1.
    public let number: Int64

    /// The case of a number.
    public init(contract: String, number: Int64) {
        self.contract = contract
        self.number = number
    }

    /// Reads `InsuranceClaim/17`; nil where it is not a name with a positive number in plain digits.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), slash > bytes.startIndex else { return nil }
        // Plain digits, the first of which is none: so no other text means the same number.
        let digits = text[bytes.index(after: slash)...]
        guard let first = digits.utf8.first, first > UInt8(ascii: "0"), first <= UInt8(ascii: "9"),
            let number = Int64(digits)
        else { return nil }
        contract = String(text[..<slash])
        self.number = number
    }

    public var description: String { "\(contract)/\(number)" }
}
