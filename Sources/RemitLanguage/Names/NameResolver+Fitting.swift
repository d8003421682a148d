import RemitValues

/// What fits where an editor asks.
extension NameResolver {
    /// What the probe found where it stands.
    struct Place {
        var candidates: [NameProbe.Candidate]
        /// The values of the language that fit.
        var values: [String] = []
        /// What stands there.
        var expects: Expects

        enum Expects: Equatable {
            case name, type, value, currency
            /// Nothing but what was found.
            case only
            /// The test of an input of a table, which may be yes or no.
            case cell(ofTruth: Bool)
        }
    }

    /// Whether a name is the probe; what fits there is noted at the first place that asks.
    mutating func isProbe(_ name: Name, _ fitting: (NameResolver) -> Place) -> Bool {
        guard let probe, name.bytes == probe else { return false }
        if place == nil { place = fitting(self) }
        return true
    }

    private func candidate(_ index: Int, isExpected: Bool) -> NameProbe.Candidate {
        let declaration = declarations[index]
        return NameProbe.Candidate(
            name: declaration.name.text, kind: declaration.kind, type: declaration.type, isExpected: isExpected)
    }

    private func candidates(_ indices: some Sequence<Int>, isExpected: Bool = true) -> [NameProbe.Candidate] {
        indices.sorted().map { candidate($0, isExpected: isExpected) }.filter { !isProbeName($0.name) }
    }

    private func isProbeName(_ name: String) -> Bool { probe.map { TextValue(name) == $0 } ?? false }

    func fittingStates() -> Place { Place(candidates: candidates(states.values), expects: .name) }

    func fittingTypes() -> Place {
        let types = fitting([.enumeration, .record, .register])
        return Place(candidates: types.candidates, expects: .type)
    }

    func fitting(_ kinds: [NameIndex.Kind]) -> Place {
        Place(candidates: candidates(top.values.filter { kinds.contains(declarations[$0].kind) }), expects: .name)
    }

    /// Records and rows, the one of another contract first that is wanted.
    func fittingRecords(_ want: Known) -> Place {
        let own = fitting([.record, .register])
        return Place(candidates: wanted(want).outside + own.candidates, expects: .name)
    }

    func fittingFields(_ known: Known) -> Place {
        switch known {
        case .other(let contract, let inner):
            Place(candidates: others[contract]?.names.fieldsForOthers(inner) ?? [], expects: .name)
        case .record(let owner):
            Place(candidates: candidates((parts[owner] ?? [:]).values.map(\.declaration)), expects: .name)
        case .thisCase: Place(candidates: candidates(caseFields.values.map(\.declaration)), expects: .name)
        default: Place(candidates: [], expects: .name)
        }
    }

    /// What the form of an action may be given.
    func fittingArguments(_ parameters: Parts) -> Place {
        let all = (Array(parameters.values) + Array(caseFields.values)).map(\.declaration)
        return Place(candidates: candidates(all), expects: .name)
    }

    /// Who may act: roles, and the fields of the case that name a party.
    func fittingAuthorities() -> Place {
        let roles = top.values.filter { declarations[$0].kind == .role }
        let parties = caseFields.values.filter { if case .party = $0.known { true } else { false } }
        return Place(
            candidates: candidates(roles) + candidates(parties.map(\.declaration), isExpected: false), expects: .name)
    }

    func fittingParties() -> Place {
        let parties = globals.values.map(\.declaration).filter { declarations[$0].kind == .party }
        return Place(candidates: candidates(parties), expects: .name)
    }

    func fittingGlobals() -> Place {
        Place(candidates: candidates(globals.values.map(\.declaration)), expects: .name)
    }

    /// The public fields of a case, or the fields of a record, as another contract reads them.
    private func fieldsForOthers(_ known: Known) -> [NameProbe.Candidate] {
        guard case .thisCase = known else { return fittingFields(known).candidates.map(\.withoutType) }
        let open = caseFields.values.filter { !privateFields.contains($0.declaration) && !holdsPrivate($0.known) }
        return candidates(open.map(\.declaration)).map(\.withoutType)
    }

    func fittingFunds(of contract: TextValue) -> Place {
        let funds = others[contract]?.names.fitting([.fund]).candidates ?? []
        return Place(candidates: funds.map(\.withoutType), expects: .name)
    }

    /// What an arm of a `match` may name: a state, a value of an enumeration or a verdict that no arm has yet.
    func fittingPatterns(_ known: Known, besides written: [Name] = []) -> Place {
        let found = wanted(known)
        let all = found.own.isEmpty ? found.outside : candidates(found.own)
        let names = Set(written.map(\.bytes))
        return Place(
            candidates: all.filter { !names.contains(TextValue($0.name)) },
            values: Self.words(known).filter { !names.contains(TextValue($0)) }, expects: .only)
    }

    /// The values that the language has of a kind.
    static func words(_ known: Known) -> [String] {
        switch known {
        case .verdict: ReservedNames.verdicts
        case .outcome: RoundOutcome.allCases.map(\.rawValue)
        default: []
        }
    }

    /// What the input of a table may be compared with.
    func fittingCells(_ known: Known) -> Place {
        let isTruth = if case .truth = known { true } else { false }
        return Place(candidates: candidates(wanted(known).own), expects: .cell(ofTruth: isTruth))
    }

    /// The columns of a table, for its header.
    func fittingColumns(_ columns: [FieldSyntax], of parts: Parts) -> Place {
        let declared = columns.compactMap { parts[$0.name.bytes]?.declaration }
        return Place(candidates: candidates(declared), expects: .only)
    }

    /// Whether a value is the probe, and nothing but certain names may stand there.
    mutating func isProbe(_ value: Expression, only kinds: [NameIndex.Kind]) -> Bool {
        guard case .name(let name) = value.kind else { return false }
        return isProbe(name) { Place(candidates: $0.fitting(kinds).candidates, expects: .only) }
    }

    /// The declarations that are values of the wanted kind, and those of another contract.
    private func wanted(_ want: Known) -> (own: [Int], outside: [NameProbe.Candidate]) {
        switch want {
        case .enumeration(let owner):
            return (enumValues.values.flatMap { $0 }.filter { declarations[$0].owner == owner }, [])
        case .state: return (Array(states.values), [])
        case .party: return (globals.values.map(\.declaration).filter { declarations[$0].kind == .party }, [])
        case .other(let contract, let inner):
            guard let other = others[contract]?.names else { return ([], []) }
            if case .record(let owner) = inner { return ([], other.candidates([owner]).map(\.withoutType)) }
            let known: Known = if case .thisCase = inner { .state } else { inner }
            return ([], other.candidates(other.wanted(known).own).map(\.withoutType))
        default: return ([], [])
        }
    }

    /// Everything that has a value, the values of the wanted enumeration first.
    func fittingValues(_ want: Known) -> Place {
        let (expected, outside) = wanted(want)
        let bare: [NameIndex.Kind] = [
            .caseField, .parameter, .table, .function, .register, .record, .checks, .role, .approval,
        ]
        let others =
            locals.map(\.declaration) + globals.values.map(\.declaration)
            + top.values.filter { bare.contains(declarations[$0].kind) }
        var seen = Set(expected)
        let unique = others.filter { seen.insert($0).inserted }
        return Place(
            candidates: candidates(expected) + outside + candidates(unique, isExpected: false),
            values: Self.words(want), expects: .value)
    }
}

extension NameProbe.Candidate {
    /// The candidate without its type, which stands in another text.
    fileprivate var withoutType: NameProbe.Candidate {
        NameProbe.Candidate(name: name, kind: kind, type: nil, isExpected: isExpected)
    }
}
