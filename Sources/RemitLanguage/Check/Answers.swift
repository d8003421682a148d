import RemitValues

/// What a contract answers of warnings: each `accept` goes for what arises in its own declaration.
public struct Answers {
    private var answers: [(accept: AcceptSyntax, owner: String, range: Span)] = []

    /// The answers of a contract and of the libraries behind it.
    public init(_ contract: ContractSyntax) {
        for unit in [contract] + contract.libraries {
            let head = Span(unit.span.start, unit.declarations.first?.span.start ?? unit.span.end)
            add(unit.accepts, unit.name.text, head)
            for declaration in unit.declarations {
                switch declaration.kind {
                case .action(let action): add(action.accepts, declaration.title, declaration.span)
                case .approval(let approval): add(approval.accepts, declaration.title, declaration.span)
                default: add(declaration.accepts, declaration.title, declaration.span)
                }
            }
        }
    }

    private mutating func add(_ accepts: [AcceptSyntax], _ owner: String, _ range: Span) {
        for accept in accepts { answers.append((accept, owner, range)) }
    }

    private func answers(_ diagnostic: Diagnostic, _ accept: AcceptSyntax, _ range: Span) -> Bool {
        let place = diagnostic.primary.span.start
        return diagnostic.severity == .warning && range.start <= place && place < range.end
            && diagnostic.code.answerName.map { TextValue($0) } == accept.warning.bytes
    }

    /// What is left of a list when the warnings are gone that were answered.
    public func open(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.filter { diagnostic in !answers.contains { answers(diagnostic, $0.accept, $0.range) } }
    }

    /// A warning for each answer to what does not arise: of those that the analysis of tables gives, or of the others.
    ///
    /// `besides` tells the places of answers to what is reported elsewhere.
    public func idle(_ diagnostics: [Diagnostic], ofTables: Bool, besides: Set<Int> = []) -> [Diagnostic] {
        answers.compactMap { accept, owner, range in
            guard let known = DiagnosticCode.answerable.first(where: { TextValue($0.name) == accept.warning.bytes }),
                DiagnosticCode.ofTables.contains(known.code) == ofTables,
                !besides.contains(accept.warning.span.start),
                !diagnostics.contains(where: { answers($0, accept, range) })
            else { return nil }
            return Diagnostic(
                .acceptsNothing, "`\(owner)` gives no cause for `\(accept.warning.text)`",
                at: Label(accept.warning.span, "nothing to accept"), help: "leave the `accept` out")
        }
    }
}

extension Declaration {
    /// What the declaration is called: its name, or the words that it begins with.
    var title: String {
        switch kind {
        case .roles(let names), .states(let names, _): names.map(\.text).joined(separator: ", ")
        case .enumeration(let syntax): syntax.name.text
        case .record(let syntax): syntax.name.text
        case .fund(let syntax): syntax.name.text
        case .calendar(let syntax): syntax.name.text
        case .register(let syntax): syntax.name.text
        case .parameter(let syntax): syntax.name.text
        case .table(let syntax): syntax.name.text
        case .checks(let syntax): syntax.name.text
        case .function(let syntax): syntax.name.text
        case .action(let syntax): syntax.name.text
        case .approval(let syntax): syntax.name.text
        case .caseFields: "case"
        case .unique(let syntax): "unique by " + syntax.fields.map(\.text).joined(separator: ", ")
        case .deadline(let syntax): "deadline in " + syntax.states.map(\.text).joined(separator: ", ")
        case .entering(let state, _): "entering \(state.text)"
        case .invariant(let syntax): syntax.text.plain ?? "invariant"
        case .migrate(let syntax): "migrate from \(syntax.from)"
        case .given: "given"
        case .scenario(let syntax): syntax.title.plain ?? "scenario"
        }
    }
}
