import RemitValues

/// Names in what is given and in scenarios.
extension NameResolver {
    mutating func walk(_ items: [GivenItem]) {
        for item in items {
            switch item.kind {
            case .organisation(let name): introduce(.party, name, .unknown)
            case .person(let name, let role, let organisation):
                introduce(.party, name, .unknown)
                refer(role, kinds: [.role])
                if let organisation { referGlobal(organisation) }
            case .fund(let fund, let amount):
                walk(fund)
                walk(amount)
            case .otherCase(let name, let contract, let fields, let state):
                let known = Known.other(contract.bytes, .thisCase)
                introduce(.label, name, known)
                refer(contract, kinds: [.otherContract])
                for item in fields { walk(item.value, field(item.name, of: contract.bytes, .thisCase)) }
                if isProbe(state, { $0.fittingPatterns(known) }) { continue }
                if let target = value(state, known) { refer(state, to: target) }
            case .row(let register, let keys, let value):
                refer(register, kinds: [.register])
                walk(keys, as: top[register.bytes].flatMap { ordered[$0] } ?? [])
                walk(value)
            case .delegation(let name, let principal, let until):
                introduce(.party, name, .unknown)
                referGlobal(principal)
                if let until { walk(until) }
            }
        }
    }

    /// Declares a party or label where it first stands; later on the name means the same.
    private mutating func introduce(_ kind: NameIndex.Kind, _ name: Name, _ known: Known) {
        if globals[name.bytes] != nil {
            referGlobal(name)
        } else {
            globals[name.bytes] = (declare(kind, name), known)
        }
    }

    private mutating func referGlobal(_ name: Name) {
        if isProbe(name, { $0.fittingGlobals() }) { return }
        if let global = globals[name.bytes] { refer(name, global.declaration) }
    }

    mutating func walk(_ scenario: ScenarioSyntax) {
        let common = globals
        for step in scenario.steps {
            switch step.kind {
            case .given(let items): walk(items)
            case .at(let time), .after(let time): walk(time)
            case .perform(let perform): walk(perform)
            case .renounce(let delegate, let principal):
                referGlobal(delegate)
                referGlobal(principal)
            case .expect(let condition): walk(condition)
            case .expectFinding(let label, _, _, _): referGlobal(label)
            case .expectPosting(let fund, let posting):
                walk(fund)
                guard let posting else { continue }
                walk(posting.amount)
                walk(posting.from)
                walk(posting.to)
            }
        }
        globals = common
    }

    /// An account of money: a fund, of this contract or of another one, or a party.
    private mutating func walk(_ account: AccountName) {
        if let owner = account.owner {
            referFund(account.name, of: owner)
        } else if globals[account.name.bytes] != nil {
            referGlobal(account.name)
        } else {
            refer(account.name, kinds: [.fund])
        }
    }

    private mutating func walk(_ perform: PerformSyntax) {
        for party in [perform.actor] + (perform.organisation.map { [$0] } ?? []) {
            if !isProbe(party, { $0.fittingParties() }) { referGlobal(party) }
        }
        refer(perform.action, kinds: [.action, .approval])
        let parameters = top[perform.action.bytes].flatMap { parts[$0] } ?? [:]
        for (name, value) in perform.arguments {
            if isProbe(name, { $0.fittingArguments(parameters) }) { continue }
            // What a vote is given is a matter of the language, not of the contract.
            let part = perform.vote == nil ? parameters[name.bytes] ?? caseFields[name.bytes] : nil
            if let part { refer(name, part.declaration) }
            walk(value, part?.known ?? .unknown)
        }
        if let on = perform.on { referGlobal(on) }
        if let label = perform.label { introduce(.label, label, .state) }
    }
}
