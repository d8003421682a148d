public import RemitLedger
public import RemitValues

/// What the ledger itself can be asked to do, by signed transactions whose contract digest is all zero.
public enum SystemCall: Sendable {
    /// Block 0: names the chain, its founding organisation, the first administrator and the node's key.
    case found(Founding)
    case registerOrganisation(identifier: TextValue, name: TextValue)
    case registerPerson(identifier: TextValue, name: TextValue)
    case addKey(person: TextValue, key: PublicKey)
    case grantRole(person: TextValue, role: TextValue, organisation: TextValue)
    case deployContract(source: TextValue, home: TextValue)
    /// Ends a role of a person in an organisation.
    case revokeRole(person: TextValue, role: TextValue, organisation: TextValue)
    /// Ends a key from the next block on: by its owner, or by an administrator.
    case revokeKey(PublicKey)
    /// Puts a new key in the place of the sender's own, from the next block on.
    case rotateKey(PublicKey)
    /// How many administrators must agree before something is done that needs a quorum.
    case setQuorum(QuorumSubject, count: Int64)
    /// Puts a call to the vote; the proposer's own vote counts.
    case propose(name: TextValue, arguments: [Value])
    /// Votes for a proposal, named by the transaction that made it; the vote that fills the quorum carries it out.
    case endorse(Digest)
    /// Takes a proposal back: by its proposer, or by an administrator once it has expired.
    case withdraw(Digest)
    /// An account of a machine, which acts like a person and fills no seat.
    case registerMachine(identifier: TextValue, name: TextValue)
    /// The sender lets another stand in for them, in the organisation acted for, up to, not including, a day.
    case delegate(to: TextValue, until: CalendarDate)
    /// Ends a delegation of the sender at once.
    case endDelegation(to: TextValue)
    /// Ends at once what the sender does for somebody who delegated to them; they take up no new delegation by that
    /// person until they say so.
    case renounce(delegationOf: TextValue)
    /// Lets somebody delegate to the sender again who was renounced.
    case endRenunciation(of: TextValue)
    /// Puts money into a fund, by those who keep it.
    case deposit(contract: TextValue, fund: TextValue, amount: Money)
    /// Adds days to come to the calendar of a contract: first day, end, holidays, make-up days.
    case extendCalendar(contract: TextValue, calendar: TextValue, period: Value)
    /// Rows as `.record` of keys, then fields.
    case loadRegister(contract: TextValue, register: TextValue, rows: [Value])
    /// Erases private values, with their salts and seeds, where they are kept; their commitments stay.
    case erase(ErasureScope)

    /// What a chain begins with.
    public struct Founding: Sendable {
        public let chain: TextValue
        public let organisation: TextValue
        public let organisationName: TextValue
        public let administrator: TextValue
        public let administratorName: TextValue
        public let administratorKey: PublicKey
        public let nodeKey: PublicKey

        /// The first facts of a chain.
        public init(
            chain: TextValue, organisation: TextValue, organisationName: TextValue, administrator: TextValue,
            administratorName: TextValue, administratorKey: PublicKey, nodeKey: PublicKey
        ) {
            self.chain = chain
            self.organisation = organisation
            self.organisationName = organisationName
            self.administrator = administrator
            self.administratorName = administratorName
            self.administratorKey = administratorKey
            self.nodeKey = nodeKey
        }
    }

    /// What a quorum of administrators may be asked for.
    public enum QuorumSubject: String, CaseIterable, Sendable {
        /// Deploying a version of a contract.
        case deploy
        /// A further key for somebody who has one, which is how a lost key is recovered.
        case recovery
        /// Quorums themselves, and who is an administrator of the founding organisation.
        case administration
        /// Erasing private values.
        case erasure
    }

    /// The role, held in the founding organisation, that admits others and deploys contracts.
    public static let administratorRole: TextValue = "Administrator"

    /// Days to come for a calendar, as the call takes them.
    public static func extending(
        _ calendar: TextValue, of contract: TextValue, by period: WorkCalendar.Period
    ) -> SystemCall {
        .extendCalendar(contract: contract, calendar: calendar, period: PeriodCoding.value(period))
    }

    /// The name of the call.
    public var name: String {
        switch self {
        case .found: "found"
        case .registerOrganisation: "registerOrganisation"
        case .registerPerson: "registerPerson"
        case .addKey: "addKey"
        case .grantRole: "grantRole"
        case .deployContract: "deployContract"
        case .revokeRole: "revokeRole"
        case .revokeKey: "revokeKey"
        case .rotateKey: "rotateKey"
        case .setQuorum: "setQuorum"
        case .propose: "propose"
        case .endorse: "endorse"
        case .withdraw: "withdraw"
        case .registerMachine: "registerMachine"
        case .delegate: "delegate"
        case .endDelegation: "endDelegation"
        case .renounce: "renounce"
        case .endRenunciation: "endRenunciation"
        case .deposit: "deposit"
        case .extendCalendar: "extendCalendar"
        case .loadRegister: "loadRegister"
        case .erase: "erase"
        }
    }

    /// The arguments as they are signed.
    public var arguments: [Value] {
        switch self {
        case .found(let founding):
            [
                .text(founding.chain), .text(founding.organisation), .text(founding.organisationName),
                .text(founding.administrator), .text(founding.administratorName),
                .text(TextValue(founding.administratorKey.hex)), .text(TextValue(founding.nodeKey.hex)),
            ]
        case .registerOrganisation(let identifier, let name), .registerPerson(let identifier, let name),
            .registerMachine(let identifier, let name):
            [.text(identifier), .text(name)]
        case .addKey(let person, let key): [.text(person), .text(TextValue(key.hex))]
        case .grantRole(let person, let role, let organisation), .revokeRole(let person, let role, let organisation):
            [.text(person), .text(role), .text(organisation)]
        case .revokeKey(let key), .rotateKey(let key): [.text(TextValue(key.hex))]
        case .setQuorum(let subject, let count): [.text(TextValue(subject.rawValue)), .integer(count)]
        case .propose(let name, let arguments): [.text(name), .list(arguments)]
        case .endorse(let proposal), .withdraw(let proposal): [.text(TextValue(proposal.hex))]
        case .deployContract(let source, let home): [.text(source), .text(home)]
        case .delegate(let person, let until): [.text(person), .date(until)]
        case .endDelegation(let person), .renounce(let person), .endRenunciation(let person): [.text(person)]
        case .deposit(let contract, let fund, let amount): [.text(contract), .text(fund), .money(amount)]
        case .extendCalendar(let contract, let calendar, let period): [.text(contract), .text(calendar), period]
        case .loadRegister(let contract, let register, let rows): [.text(contract), .text(register), .list(rows)]
        case .erase(let scope): scope.arguments
        }
    }
}
