import RemitLedger
public import RemitValues

extension SystemCall {
    /// Reads a call; nil where there is no such call or its arguments have another shape.
    public init?(name: String, arguments: [Value]) {
        guard let call = Self.withLists(name, arguments) ?? Self.withTexts(name, arguments) else { return nil }
        self = call
    }

    /// The calls whose arguments are not texts alone.
    private static func withLists(_ name: String, _ arguments: [Value]) -> SystemCall? {
        switch (name, arguments.count) {
        case ("loadRegister", 3):
            guard case .text(let contract) = arguments[0], case .text(let register) = arguments[1],
                case .list(let rows) = arguments[2]
            else { return nil }
            return .loadRegister(contract: contract, register: register, rows: rows)
        case ("delegate", 2):
            guard case .text(let person) = arguments[0], case .date(let until) = arguments[1] else { return nil }
            return .delegate(to: person, until: until)
        case ("deposit", 3):
            guard case .text(let contract) = arguments[0], case .text(let fund) = arguments[1],
                case .money(let amount) = arguments[2]
            else { return nil }
            return .deposit(contract: contract, fund: fund, amount: amount)
        case ("extendCalendar", 3):
            guard case .text(let contract) = arguments[0], case .text(let calendar) = arguments[1],
                case .record = arguments[2]
            else { return nil }
            return .extendCalendar(contract: contract, calendar: calendar, period: arguments[2])
        case ("setQuorum", 2):
            guard case .text(let word) = arguments[0], let subject = QuorumSubject(rawValue: word.string),
                case .integer(let count) = arguments[1]
            else { return nil }
            return .setQuorum(subject, count: count)
        case ("erase", 3): return ErasureScope(arguments).map(SystemCall.erase)
        case ("propose", 2):
            guard case .text(let name) = arguments[0], case .list(let inner) = arguments[1] else { return nil }
            return .propose(name: name, arguments: inner)
        default: return nil
        }
    }

    private static func withTexts(_ name: String, _ arguments: [Value]) -> SystemCall? {
        var texts: [TextValue] = []
        for argument in arguments {
            guard case .text(let text) = argument else { return nil }
            texts.append(text)
        }
        switch (name, texts.count) {
        case ("found", 7): return founding(texts).map(SystemCall.found)
        case ("registerOrganisation", 2): return .registerOrganisation(identifier: texts[0], name: texts[1])
        case ("registerMachine", 2): return .registerMachine(identifier: texts[0], name: texts[1])
        case ("endDelegation", 1): return .endDelegation(to: texts[0])
        case ("renounce", 1): return .renounce(delegationOf: texts[0])
        case ("endRenunciation", 1): return .endRenunciation(of: texts[0])
        case ("registerPerson", 2): return .registerPerson(identifier: texts[0], name: texts[1])
        case ("addKey", 2): return PublicKey(hex: texts[1].string).map { .addKey(person: texts[0], key: $0) }
        case ("grantRole", 3): return .grantRole(person: texts[0], role: texts[1], organisation: texts[2])
        case ("revokeRole", 3): return .revokeRole(person: texts[0], role: texts[1], organisation: texts[2])
        case ("revokeKey", 1): return PublicKey(hex: texts[0].string).map(SystemCall.revokeKey)
        case ("rotateKey", 1): return PublicKey(hex: texts[0].string).map(SystemCall.rotateKey)
        case ("endorse", 1): return Digest(hex: texts[0].string).map(SystemCall.endorse)
        case ("withdraw", 1): return Digest(hex: texts[0].string).map(SystemCall.withdraw)
        case ("deployContract", 2): return .deployContract(source: texts[0], home: texts[1])
        default: return nil
        }
    }

    private static func founding(_ texts: [TextValue]) -> Founding? {
        guard let key = PublicKey(hex: texts[5].string), let node = PublicKey(hex: texts[6].string) else { return nil }
        return Founding(
            chain: texts[0], organisation: texts[1], organisationName: texts[2], administrator: texts[3],
            administratorName: texts[4], administratorKey: key, nodeKey: node)
    }
}
