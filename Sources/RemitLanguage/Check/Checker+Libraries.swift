import RemitValues

/// The head's version, and what comes from libraries.
extension Checker {
    /// Checks the version and the day from which it holds.
    mutating func checkVersion() {
        if syntax.version > Limits.version {
            report(
                .beyondLimit, "a version is a number up to \(Limits.version)", at: syntax.name.span,
                help: "count versions from 1")
        }
        guard let begins = syntax.begins else { return }
        scope = .constant
        let want = Expectation(.date, because: "a version begins on a day")
        if case .date(let day) = constant(begins, want, "the day from which a version holds") { program.begins = day }
    }

    /// Checks which libraries are at hand, and their heads.
    mutating func checkLibraries() {
        for diagnostic in units.diagnostics { add(diagnostic) }
        for unit in units.list where unit.isLibrary {
            var title: String?
            for item in unit.header {
                switch item {
                case .title(let text): title = plain(text, in: "the title")
                case .purpose(let text): _ = plain(text, in: "the purpose")
                case .use: break
                case .refers(_, _, let span): reportNotInLibrary("a reference to another contract", unit, span)
                case .timezone(_, let span): reportNotInLibrary("a time zone", unit, span)
                case .calendar(let name): reportNotInLibrary("a calendar of its own", unit, name.span)
                }
            }
            if let begins = unit.begins { reportNotInLibrary("a day from which it holds", unit, begins.span) }
            guard unit.span.start != syntax.span.start else { continue }
            program.libraries.append(
                LibraryUse(
                    name: unit.name.text, version: unit.version, title: title, span: unit.name.span,
                    text: unit.span))
        }
    }

    private mutating func reportNotInLibrary(_ what: String, _ unit: ContractSyntax, _ span: Span) {
        report(
            .notInLibrary, "the library `\(unit.name.text)` has \(what)", at: span, "not in a library",
            help: "leave it out: that is said by the contract which uses the library")
    }

    /// Whether a library may hold a declaration; reports it where not.
    mutating func isForLibraries(_ declaration: Declaration) -> Bool {
        if Self.mayStandInLibraries(declaration) { return true }
        report(
            .notInLibrary, "the library `\(units.list[symbols.unit].name.text)` declares what belongs to a contract",
            at: firstWord(declaration.span), "not in a library",
            help: "a library holds enums, records, tables, functions and calendars; move this into the contract")
        return false
    }

    /// Whether libraries hold declarations of this kind.
    static func mayStandInLibraries(_ declaration: Declaration) -> Bool {
        switch declaration.kind {
        case .enumeration, .record, .table, .function, .calendar: true
        // Scenarios try a library by itself; what it gives to a contract is not tried again.
        case .given, .scenario: true
        default: false
        }
    }

    /// Reports names that two libraries give to the same user.
    mutating func checkSharedNames() {
        for (unit, syntax) in units.list.enumerated() {
            var seen: [TextValue: (library: String, name: Name)] = [:]
            for library in units.used[unit] {
                let name = units.list[library].name.text
                let place = syntax.uses.first { $0.name.bytes == TextValue(name) }?.span ?? syntax.name.span
                for (key, declared) in symbols.names(of: library).sorted(by: { $0.key < $1.key }) {
                    guard let first = seen[key] else {
                        seen[key] = (name, declared.name)
                        continue
                    }
                    report(
                        .libraryClash, "the libraries `\(first.library)` and `\(name)` both declare `\(key.string)`",
                        at: place, "both are used here",
                        labels: [
                            Label(first.name.span, "in `\(first.library)`"), Label(declared.name.span, "in `\(name)`"),
                        ],
                        help: "use one of the two, or give one of the declarations another name")
                }
            }
        }
    }

    /// Reports a name that is declared where the place at hand does not see it; false where it is not.
    mutating func reportOutOfSight(_ name: Name) -> Bool {
        for unit in units.list.indices where unit != symbols.unit {
            guard let declared = symbols.names(of: unit)[name.bytes] else { continue }
            let syntax = units.list[unit]
            let help =
                !syntax.isLibrary
                ? "a function of a library reads its arguments alone: hand it in as one"
                : "write `use \(syntax.name.text) version \(syntax.version)` in the head"
            let place = syntax.isLibrary ? "the library `\(syntax.name.text)`" : "the contract"
            report(
                .unknownName, "`\(name.text)` is declared in \(place), and not seen from here", at: name.span,
                "not seen here", labels: [Label(declared.name.span, declared.symbol.kind)], help: help)
            return true
        }
        return false
    }

    /// Reports libraries of which nothing is used.
    mutating func reportUnusedLibraries() {
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return }
        for (library, use) in zip(units.used[units.main], syntax.uses) {
            let names = symbols.names(of: library).keys
            if names.contains(where: { used.contains($0) }) { continue }
            report(
                .unusedName, "nothing of the library `\(use.name.text)` is used", at: use.span,
                help: "leave the line out, or use what the library declares")
        }
    }
}
