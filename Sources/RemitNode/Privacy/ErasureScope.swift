public import RemitLedger
import RemitValues

/// What an erasure takes away.
public enum ErasureScope: Hashable, Sendable {
    /// What a case keeps private: the fields named, or all of it if none are.
    case ofCase(CaseReference, fields: [String])
    /// Everything about one subject, by the keyed digest that names it.
    case subject(Digest)
    /// The private arguments of one transaction, by the commitment to its seed.
    case transaction(Digest)

    /// The arguments of the call.
    var arguments: [Value] {
        switch self {
        case .ofCase(let reference, let fields):
            [.text("case"), .text(TextValue(reference.description)), .list(fields.map { .text(TextValue($0)) })]
        case .subject(let subject): [.text("subject"), .text(TextValue(subject.hex)), .list([])]
        case .transaction(let seed): [.text("transaction"), .text(TextValue(seed.hex)), .list([])]
        }
    }

    /// Reads the arguments of the call; nil where they have another form.
    init?(_ arguments: some Collection<Value>) {
        let arguments = Array(arguments)
        guard arguments.count == 3, case .text(let kind) = arguments[0], case .text(let name) = arguments[1],
            case .list(let items) = arguments[2]
        else { return nil }
        var fields: [String] = []
        for item in items {
            guard case .text(let field) = item else { return nil }
            fields.append(field.string)
        }
        switch kind {
        case "case":
            guard let reference = CaseReference(name.string) else { return nil }
            self = .ofCase(reference, fields: fields)
        case "subject":
            guard fields.isEmpty, let subject = Digest(hex: name.string) else { return nil }
            self = .subject(subject)
        case "transaction":
            guard fields.isEmpty, let seed = Digest(hex: name.string) else { return nil }
            self = .transaction(seed)
        default: return nil
        }
    }
}

/// What the choice of what to erase depends on.
struct VaultRow {
    let identifier: Digest
    let subject: Digest
    let owner: String
    let source: Digest?
    /// The path of a value; nil for a secret.
    let path: PrivatePath?
}

extension VaultRow {
    init(_ item: VaultItem) {
        var path: PrivatePath?
        if case .opening(let opening)? = item.content { path = opening.path }
        self.init(
            identifier: item.identifier, subject: item.subject, owner: item.owner, source: item.source, path: path)
    }
}

extension ErasureScope {
    /// Whether a row is one of those named. Arguments of a case go with any of its fields, since the field may have
    /// come from them.
    func names(_ row: VaultRow) -> Bool {
        switch self {
        case .ofCase(let reference, let fields):
            guard row.owner.utf8.elementsEqual(reference.description.utf8) else { return false }
            if fields.isEmpty { return true }
            guard let path = row.path else { return false }
            return path.isArgument
                || path.caseField.map { found in fields.contains { TextValue($0) == found.field } } ?? false
        case .subject(let subject): return row.subject == subject
        case .transaction(let seed):
            return row.identifier == seed || (row.source == seed && row.path?.isArgument ?? false)
        }
    }
}
