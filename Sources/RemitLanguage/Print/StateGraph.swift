import RemitValues

/// The states of a case and the ways between them, as a contract draws them.
struct StateGraph: Sendable {
    struct Node: Sendable {
        let name: Name
        let isFinal: Bool
    }

    /// What leads from one state to another; `from` is nil for what opens a case.
    struct Edge: Sendable {
        enum Cause: Sendable {
            case action(Name)
            case granted(Name), declined(Name), overdue(Name)
            case deadline(Expression, past: Name?)
        }

        let from: Int?
        let to: Int
        let cause: Cause
    }

    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []
    /// What stands on each edge.
    var labels: [String] = []
    /// What stands in each node.
    var titles: [String] = []

    init(_ contract: ContractSyntax) {
        for declaration in contract.declarations {
            guard case .states(let names, let isFinal) = declaration.kind else { continue }
            for name in names where index(of: name) == nil { nodes.append(Node(name: name, isFinal: isFinal)) }
        }
        for declaration in contract.declarations {
            switch declaration.kind {
            case .action(let action):
                let found = Self.becomes(action.body)
                let targets = found.isEmpty ? action.opens : found
                if action.states.isEmpty || !action.opens.isEmpty { connect([], targets, .action(action.name)) }
                if !action.states.isEmpty { connect(action.states, found, .action(action.name)) }
            case .approval(let approval):
                connect(approval.states, approval.granted.map(Self.becomes) ?? [], .granted(approval.name))
                connect(approval.states, approval.declined.map(Self.becomes) ?? [], .declined(approval.name))
                connect(approval.states, approval.overdue.map(Self.becomes) ?? [], .overdue(approval.name))
            case .deadline(let deadline):
                connect(
                    deadline.states, Self.becomes(deadline.body), .deadline(deadline.term, past: deadline.past))
            default: break
            }
        }
    }

    private func index(of name: Name) -> Int? { nodes.firstIndex { $0.name.bytes == name.bytes } }

    private mutating func connect(_ from: [Name], _ to: [Name], _ cause: Edge.Cause) {
        let targets = to.compactMap { index(of: $0) }
        let sources: [Int?] = from.isEmpty ? [nil] : from.compactMap { index(of: $0) }
        for source in sources {
            for target in targets
            where !edges.contains(where: { $0.from == source && $0.to == target && same($0, cause) }) {
                edges.append(Edge(from: source, to: target, cause: cause))
            }
        }
    }

    private func same(_ edge: Edge, _ cause: Edge.Cause) -> Bool {
        switch (edge.cause, cause) {
        case (.action(let left), .action(let right)), (.granted(let left), .granted(let right)),
            (.declined(let left), .declined(let right)), (.overdue(let left), .overdue(let right)):
            left.span == right.span
        case (.deadline(let left, _), .deadline(let right, _)): left.span == right.span
        default: false
        }
    }

    /// The states that a block may lead to, in order of writing, each once.
    static func becomes(_ block: Block) -> [Name] {
        var found: [Name] = []
        for statement in block.statements {
            let inner: [Name] =
                switch statement.kind {
                case .become(let state): [state]
                case .choose(_, let then, let otherwise): becomes(then) + (otherwise.map(becomes) ?? [])
                case .match(_, let arms): arms.flatMap { becomes($0.body) }
                case .each(_, _, let body): becomes(body)
                default: []
                }
            for state in inner where !found.contains(where: { $0.bytes == state.bytes }) { found.append(state) }
        }
        return found
    }
}
