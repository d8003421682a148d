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
    /// Rows as `.record` of keys, then fields.
    case loadRegister(contract: TextValue, register: TextValue, rows: [Value])

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

    /// The role, held in the founding organisation, that admits others and deploys contracts.
    public static let administratorRole: TextValue = "Administrator"

    /// The name of the call.
    public var name: String {
        switch self {
        case .found: "found"
        case .registerOrganisation: "registerOrganisation"
        case .registerPerson: "registerPerson"
        case .addKey: "addKey"
        case .grantRole: "grantRole"
        case .deployContract: "deployContract"
        case .loadRegister: "loadRegister"
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
        case .registerOrganisation(let identifier, let name), .registerPerson(let identifier, let name):
            [.text(identifier), .text(name)]
        case .addKey(let person, let key): [.text(person), .text(TextValue(key.hex))]
        case .grantRole(let person, let role, let organisation): [.text(person), .text(role), .text(organisation)]
        case .deployContract(let source, let home): [.text(source), .text(home)]
        case .loadRegister(let contract, let register, let rows): [.text(contract), .text(register), .list(rows)]
        }
    }

    /// Reads a call; nil where there is no such call or its arguments have another shape.
    public init?(name: String, arguments: [Value]) {
        if name == "loadRegister", arguments.count == 3, case .text(let contract) = arguments[0],
            case .text(let register) = arguments[1], case .list(let rows) = arguments[2]
        {
            self = .loadRegister(contract: contract, register: register, rows: rows)
            return
        }
        var texts: [TextValue] = []
        for argument in arguments {
            guard case .text(let text) = argument else { return nil }
            texts.append(text)
        }
        switch (name, texts.count) {
        case ("found", 7):
            guard let key = PublicKey(hex: texts[5].string), let node = PublicKey(hex: texts[6].string) else {
                return nil
            }
            self = .found(
                Founding(
                    chain: texts[0], organisation: texts[1], organisationName: texts[2], administrator: texts[3],
                    administratorName: texts[4], administratorKey: key, nodeKey: node))
        case ("registerOrganisation", 2): self = .registerOrganisation(identifier: texts[0], name: texts[1])
        case ("registerPerson", 2): self = .registerPerson(identifier: texts[0], name: texts[1])
        case ("addKey", 2):
            guard let key = PublicKey(hex: texts[1].string) else { return nil }
            self = .addKey(person: texts[0], key: key)
        case ("grantRole", 3): self = .grantRole(person: texts[0], role: texts[1], organisation: texts[2])
        case ("deployContract", 2): self = .deployContract(source: texts[0], home: texts[1])
        default: return nil
        }
    }
}
