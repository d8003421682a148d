import RemitValues

/// Names that another contract declares: the fields and states of its cases, what stands in these, and its funds.
extension NameResolver {
    /// Where a name is declared.
    enum Target {
        case own(Int)
        /// By the contract of this name.
        case other(TextValue, Int)
    }

    mutating func refer(_ name: Name, to target: Target) {
        switch target {
        case .own(let declaration): refer(name, declaration)
        case .other(let contract, let declaration):
            guard let other = others[contract] else { return }
            outside.append(NameIndex.Outside(span: name.span, other: other.index, declaration: declaration))
        }
    }

    /// Whether a name is that of another contract, and of nothing nearer.
    func isOther(_ name: Name) -> Bool {
        guard let index = top[name.bytes], declarations[index].kind == .otherContract else { return false }
        return globals[name.bytes] == nil && !locals.contains { $0.name == name.bytes }
    }

    /// The field of a case of another contract, or of a record that it declares.
    mutating func field(_ name: Name, of contract: TextValue, _ known: Known) -> Known {
        if isProbe(name, { $0.fittingFields(.other(contract, known)) }) { return .unknown }
        guard let other = others[contract]?.names else { return .unknown }
        let part: (declaration: Int, known: Known)? =
            switch known {
            case .thisCase: other.caseFields[name.bytes]
            case .record(let owner): other.parts[owner]?[name.bytes]
            default: nil
            }
        guard let part else { return .unknown }
        refer(name, to: .other(contract, part.declaration))
        return Self.seen(part.known, from: contract)
    }

    /// What another contract knows of a value, as one that reads it knows it.
    private static func seen(_ known: Known, from contract: TextValue) -> Known {
        switch known {
        case .unknown, .party, .truth, .verdict, .outcome, .other: known
        case .list(let inner): .list(seen(inner, from: contract))
        case .map(let key, let value): .map(seen(key, from: contract), seen(value, from: contract))
        case .entry(let key, let value): .entry(seen(key, from: contract), seen(value, from: contract))
        case .state, .enumeration, .record, .thisCase: .other(contract, known)
        }
    }

    /// A state of another contract where one of its cases is asked, or a value of one of its enumerations.
    func value(_ name: Name, of contract: TextValue, _ known: Known) -> Target? {
        let wanted: Known = if case .thisCase = known { .state } else { known }
        guard case .own(let declaration)? = others[contract]?.names.value(name, wanted) else { return nil }
        return .other(contract, declaration)
    }

    /// The record of another contract that is wanted, where a name is the one that it has there.
    func outsideRecord(_ name: Name, of contract: TextValue, _ known: Known) -> Target? {
        guard case .record(let owner) = known, let other = others[contract]?.names,
            other.declarations[owner].name.bytes == name.bytes
        else { return nil }
        return .other(contract, owner)
    }

    /// Whether a value has a part that only its own contract reads.
    func holdsPrivate(_ known: Known, in seen: Set<Int> = []) -> Bool {
        switch known {
        case .record(let owner):
            !seen.contains(owner)
                && (parts[owner] ?? [:]).values.contains {
                    privateFields.contains($0.declaration) || holdsPrivate($0.known, in: seen.union([owner]))
                }
        case .list(let inner): holdsPrivate(inner, in: seen)
        case .map(let key, let value), .entry(let key, let value):
            holdsPrivate(key, in: seen) || holdsPrivate(value, in: seen)
        default: false
        }
    }

    /// `Relief.Pool`: a fund of another contract.
    mutating func referFund(_ name: Name, of owner: Name) {
        refer(owner, kinds: [.otherContract])
        if isProbe(name, { $0.fittingFunds(of: owner.bytes) }) { return }
        guard let other = others[owner.bytes]?.names, let index = other.top[name.bytes],
            other.declarations[index].kind == .fund
        else { return }
        refer(name, to: .other(owner.bytes, index))
    }
}

extension TypeSyntax {
    /// Whether others than the contract itself cannot read a value of the type.
    var isPrivate: Bool {
        switch kind {
        case .privately: true
        case .optional(let inner): inner.isPrivate
        default: false
        }
    }
}
