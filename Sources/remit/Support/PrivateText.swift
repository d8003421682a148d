import RemitExchange
import RemitLanguage
import RemitNode
import RemitRuntime
import RemitValues

/// Shows how the fields of a case stand with the vault.
struct PrivateText {
    let view: CaseView
    /// The values to show, in the order of the fields.
    let values: [Value]

    /// As the vault has them, or as a stranger sees them.
    init(view: CaseView, isPublic: Bool) {
        self.view = view
        values = isPublic ? view.committed : view.stored.state.fields
    }

    /// A field on one line, private ones marked.
    func text(_ index: Int, _ values: ValueText) -> String {
        let value = self.values[index]
        let shown = values.text(value, view.program.caseFields[index].type)
        guard view.privacy.indices.contains(index), view.privacy[index].isPrivate else { return shown }
        switch view.privacy[index] {
        case .erased(let height) where value.isSealed: return "(erased in block \(height))"
        case _ where value.isSealed: return "(private)"
        case .erased(let height): return "\(shown)  (private, partly erased in block \(height))"
        default: return "\(shown)  (private)"
        }
    }

    /// The private fields by name, each with how it stands.
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        for (field, privacy) in zip(view.program.caseFields, view.privacy) {
            switch privacy {
            case .open: break
            case .kept: members.append(.init(field.name, .string("kept")))
            case .erased(let height):
                members.append(.init(field.name, .object([.init("erased", .integer(height))])))
            case .unknown: members.append(.init(field.name, .string("unknown")))
            }
        }
        return .object(members)
    }
}
