import RemitValues

/// The names and the texts for people that a contract holds, as a word list may speak of them.
struct ContractWords {
    private(set) var names: Set<TextValue> = []
    /// Names that stand beside each other and so must read differently.
    private(set) var groups: [[TextValue]] = []
    /// Each text with the paths that it fills in.
    private(set) var texts: [TextValue: [TextValue]] = [:]
    private var topLevel: [TextValue] = []
    private var states: [TextValue] = []

    init(_ contract: ContractSyntax) {
        let contract = contract.joined
        names.insert(contract.name.bytes)
        for item in contract.header {
            switch item {
            case .title(let text), .purpose(let text): add(text)
            case .use(let name, _, _), .refers(let name, _, _), .calendar(let name): names.insert(name.bytes)
            case .timezone: break
            }
        }
        for library in contract.libraries {
            names.insert(library.name.bytes)
            for use in library.uses { names.insert(use.name.bytes) }
            for case .title(let text) in library.header { add(text) }
            for case .purpose(let text) in library.header { add(text) }
        }
        add(contract.accepts)
        for declaration in contract.declarations {
            add(declaration.kind)
            add(declaration.accepts)
        }
        groups += [topLevel, states]
    }

    private mutating func add(_ text: TextSyntax?) {
        guard let text else { return }
        texts[TextValue(BraceText.written(text))] = BraceText.paths(text.parts)
    }

    private mutating func top(_ name: Name) {
        names.insert(name.bytes)
        topLevel.append(name.bytes)
    }

    private mutating func group(_ group: [Name]) {
        group.forEach { names.insert($0.bytes) }
        groups.append(group.map(\.bytes))
    }

    private mutating func add(_ refusal: RefusalSyntax?) { add(refusal?.text) }

    private mutating func add(_ invariant: InvariantSyntax) {
        add(invariant.text)
        add(invariant.source)
    }

    private mutating func add(_ accepts: [AcceptSyntax]) {
        for accept in accepts { add(accept.reason) }
    }

    private mutating func add(_ kind: Declaration.Kind) {
        switch kind {
        case .roles(let roles): roles.forEach { top($0) }
        case .enumeration(let syntax):
            top(syntax.name)
            group(syntax.cases)
        case .record(let syntax):
            top(syntax.name)
            group(syntax.fields.map(\.name))
        case .fund(let syntax): top(syntax.name)
        case .calendar(let syntax): top(syntax.name)
        case .register(let syntax):
            top(syntax.name)
            group((syntax.keys + syntax.fields).map(\.name))
            for invariant in syntax.invariants { add(invariant) }
        case .parameter(let syntax):
            top(syntax.name)
            add(syntax.source)
        case .table(let syntax):
            top(syntax.name)
            group((syntax.inputs + syntax.outputs).map(\.name))
            add(syntax.source)
            for row in syntax.sections.flatMap(\.rows) { add(row.source) }
        case .caseFields(let syntax): syntax.fields.forEach { top($0.name) }
        case .unique(let syntax):
            add(syntax.refusal)
            add(syntax.source)
        case .states(let names, _):
            names.forEach { self.names.insert($0.bytes) }
            states += names.map(\.bytes)
        case .checks, .function, .action, .approval, .deadline, .entering, .migrate: addRule(kind)
        case .invariant(let syntax): add(syntax)
        case .given(let items): add(items)
        case .scenario(let syntax):
            add(syntax.title)
            for step in syntax.steps { add(step) }
        }
    }

    private mutating func addRule(_ kind: Declaration.Kind) {
        switch kind {
        case .checks(let syntax):
            top(syntax.name)
            group(syntax.parameters.map(\.name))
            add(syntax.items)
        case .function(let syntax):
            top(syntax.name)
            group(syntax.parameters.map(\.name) + syntax.bindings.map(\.name))
            add(syntax.source)
        case .action(let syntax):
            top(syntax.name)
            group(syntax.parameters.map(\.name))
            add(syntax.source)
            add(syntax.accepts)
            add(syntax.body)
        case .approval(let syntax):
            top(syntax.name)
            add(syntax.source)
            add(syntax.accepts)
            for block in [syntax.granted, syntax.declined, syntax.overdue] { if let block { add(block) } }
        case .deadline(let syntax):
            add(syntax.source)
            add(syntax.body)
        case .entering(_, let body): add(body)
        case .migrate(let syntax): add(syntax.body)
        default: break
        }
    }

    private mutating func add(_ items: [CheckItem]) {
        for item in items {
            switch item {
            case .check(let check):
                add(check.text)
                add(check.source)
            case .binding(let name, _, _): names.insert(name.bytes)
            case .each(let name, _, let inner, _):
                names.insert(name.bytes)
                add(inner)
            }
        }
    }

    private mutating func add(_ block: Block) {
        for statement in block.statements {
            switch statement.kind {
            case .binding(let name, _, let refusal):
                names.insert(name.bytes)
                add(refusal)
            case .require(_, let refusal), .refuse(let refusal): add(refusal)
            case .reserve(_, _, let refusal): add(refusal)
            case .notify(_, let text): add(text)
            case .choose(_, let then, let otherwise):
                add(then)
                if let otherwise { add(otherwise) }
            case .match(_, let arms): arms.forEach { add($0.body) }
            case .each(let name, _, let body):
                names.insert(name.bytes)
                add(body)
            default: break
            }
        }
    }

    private mutating func add(_ items: [GivenItem]) {
        for item in items {
            switch item.kind {
            case .organisation(let name), .person(let name, _, _), .otherCase(let name, _, _, _):
                names.insert(name.bytes)
            case .fund, .row, .delegation: break
            }
        }
    }

    private mutating func add(_ step: ScenarioStep) {
        switch step.kind {
        case .given(let items): add(items)
        case .perform(let perform):
            if let label = perform.label { names.insert(label.bytes) }
            if case .text(let first, let second) = perform.refusal {
                add(first)
                add(second)
            }
        default: break
        }
    }
}
