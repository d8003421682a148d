import RemitValues

extension Checker {
    mutating func checkHeader() {
        var references = 0
        for item in syntax.header {
            switch item {
            case .title(let text): program.title = plain(text, in: "the title")
            case .purpose(let text): program.purpose = plain(text, in: "the purpose")
            case .timezone(let seconds, _): program.timezone = seconds
            case .use(_, _, let span): reportLater("`use`", at: span)
            case .calendar: break
            case .refers(let name, let version, let span):
                refer(
                    to: name, version: version, span, found.indices.contains(references) ? found[references] : .missing)
                references += 1
            }
        }
    }

    /// Gives every declared name its index, so that declarations may stand in any order.
    mutating func collectDeclarations() {
        var counts = Counts()
        for declaration in syntax.declarations { collect(declaration, &counts) }
        for (count, kind) in counts.all where count > Limits.declarations {
            report(
                .beyondLimit, "the contract has \(count) \(kind); \(Limits.declarations) are allowed",
                at: syntax.name.span, help: "keep long lists in a register, which is data on the chain")
        }
    }

    /// How many declarations there are of each kind.
    struct Counts {
        var roles = 0
        var enumerations = 0
        var records = 0
        var registers = 0
        var parameters = 0
        var tables = 0
        var functions = 0
        var checks = 0
        var actions = 0
        var funds = 0
        var approvals = 0
        var fields = 0

        var all: [(Int, String)] {
            [
                (roles, "roles"), (enumerations, "enums"), (records, "records"), (registers, "registers"),
                (parameters, "parameters"), (tables, "tables"), (functions, "functions"), (checks, "groups of checks"),
                (actions, "actions"), (funds, "funds"), (approvals, "approvals"), (fields, "fields of the case"),
            ]
        }
    }

    private mutating func collect(_ declaration: Declaration, _ counts: inout Counts) {
        switch declaration.kind {
        case .roles(let roles):
            for role in roles where declare(role, .role(counts.roles)) {
                program.roles.append(role.text)
                counts.roles += 1
            }
        case .enumeration(let syntax): declare(syntax.name, .enumeration(counts.enumerations), &counts.enumerations)
        case .record(let syntax): declare(syntax.name, .record(counts.records), &counts.records)
        case .register(let syntax): declare(syntax.name, .register(counts.registers), &counts.registers)
        case .parameter(let syntax): declare(syntax.name, .parameter(counts.parameters), &counts.parameters)
        case .table(let syntax): declare(syntax.name, .table(counts.tables), &counts.tables)
        case .function(let syntax): declare(syntax.name, .function(counts.functions), &counts.functions)
        case .checks(let syntax): declare(syntax.name, .checks(counts.checks), &counts.checks)
        case .action(let syntax): declare(syntax.name, .action(counts.actions), &counts.actions)
        case .caseFields(let syntax):
            for field in syntax.fields { declare(field.name, .caseField(counts.fields), &counts.fields) }
        case .states(let names, let isFinal): collectStates(names, isFinal)
        case .fund(let syntax): declare(syntax.name, .fund(index(of: syntax)), &counts.funds)
        case .approval(let syntax): declare(syntax.name, .approval(counts.approvals), &counts.approvals)
        case .calendar(let syntax): declare(syntax.name, .calendar)
        case .migrate: reportLater("`migrate`", at: firstWord(declaration.span))
        case .deadline, .unique, .entering, .invariant, .given, .scenario: break
        }
    }

    /// A short span for a whole declaration, so that its picture is one line.
    private func firstWord(_ span: Span) -> Span { Span(span.start, min(span.end, span.start + 5)) }

    private mutating func collectStates(_ names: [Name], _ isFinal: Bool) {
        for name in names {
            if let first = states[name.bytes] {
                report(
                    .duplicateName, "state `\(name.text)` is declared twice", at: name.span, "again here",
                    labels: [Label(program.states[first].span, "first declared here")],
                    help: "keep one of the two; a state is either final or not")
                continue
            }
            states[name.bytes] = program.states.count
            program.states.append(StateDeclaration(name: name.text, isFinal: isFinal, span: name.span))
        }
    }

    private mutating func declare(_ name: Name, _ symbol: Symbol, _ count: inout Int) {
        // A repeated declaration keeps its place among those of its kind and is checked, but cannot be reached by name.
        declare(name, symbol)
        count += 1
    }

    /// Enters a name; false, and reported, where it is taken.
    @discardableResult
    private mutating func declare(_ name: Name, _ symbol: Symbol) -> Bool {
        if let first = symbols[name.bytes] {
            report(
                .duplicateName, "`\(name.text)` is declared twice", at: name.span, "again here, as \(symbol.kind)",
                labels: [Label(first.name.span, "first declared here, as \(first.symbol.kind)")],
                help: "give one of the two another name")
            return false
        }
        if isReserved(name, symbol) {
            report(
                .reservedName, "`\(name.text)` is a name of the language itself", at: name.span,
                help: "choose another name for \(symbol.kind.dropArticle)")
        }
        symbols[name.bytes] = Declared(symbol: symbol, name: name)
        names.append(name)
        return true
    }

    private func isReserved(_ name: Name, _ symbol: Symbol) -> Bool {
        if ReservedNames.types.contains(name.text) || Currency(code: name.text) != nil { return true }
        switch symbol {
        case .function, .table: return ReservedNames.functions.contains(name.text)
        default: return false
        }
    }
}

extension String {
    /// The kind without its article: `a role` as `role`.
    var dropArticle: String {
        for article in ["an ", "a "] where hasPrefix(article) { return String(dropFirst(article.utf8.count)) }
        return self
    }
}
