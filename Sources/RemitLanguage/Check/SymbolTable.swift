import RemitValues

/// The declared names: those of the contract, and of each library those that it can see.
///
/// A library sees its own names and those of the libraries that it uses, so that it means the same wherever it is used.
struct SymbolTable {
    private var own: [[TextValue: Declared]]
    /// For each unit, the libraries whose names it sees.
    private let used: [[Int]]
    /// The unit whose names are looked up now.
    var unit: Int

    init(_ units: Units) {
        own = Array(repeating: [:], count: units.list.count)
        used = units.used
        unit = units.main
    }

    /// What a name stands for in the present unit; setting it declares the name there.
    subscript(name: TextValue) -> Declared? {
        get {
            if let declared = own[unit][name] { return declared }
            for library in used[unit] {
                if let declared = own[library][name] { return declared }
            }
            return nil
        }
        set { own[unit][name] = newValue }
    }

    /// The names that a unit declares itself.
    func names(of unit: Int) -> [TextValue: Declared] { own[unit] }
}

/// The names that something uses; those that libraries use among themselves are not counted.
struct UsedNames {
    private var names: Set<TextValue> = []
    var isCounting = true

    mutating func insert(_ name: TextValue) {
        if isCounting { names.insert(name) }
    }

    func contains(_ name: TextValue) -> Bool { names.contains(name) }
}

/// The contract and its libraries, each behind those that it uses; the contract is the last.
struct Units {
    private(set) var list: [ContractSyntax] = []
    /// For each unit, the units of the libraries that it uses, in order of writing.
    private(set) var used: [[Int]] = []
    /// What is wrong with the libraries.
    private(set) var diagnostics: [Diagnostic] = []

    var main: Int { list.count - 1 }

    /// Why a unit is not put in the list.
    private enum Mark {
        case open, done(Int)
    }

    private let texts: [ContractSyntax]
    private var marks: [TextValue: Mark] = [:]
    private var wanted: [TextValue: (version: Int64, span: Span)] = [:]

    init(_ syntax: ContractSyntax) {
        texts = syntax.libraries
        reportRepeated()
        if syntax.isLibrary { marks[syntax.name.bytes] = .open }
        // Libraries hardly nest, and the stack that the text could ask for is limited with them.
        add(syntax, depth: 0)
        reportUnused()
    }

    /// Adds a unit behind those that it uses; gives its place.
    @discardableResult
    private mutating func add(_ unit: ContractSyntax, depth: Int) -> Int {
        var places: [Int] = []
        for use in unit.uses {
            if let first = wanted[use.name.bytes], first.version != use.version {
                report(
                    .libraryClash, "`\(use.name.text)` is used in two versions, \(first.version) and \(use.version)",
                    use.span, labels: [Label(first.span, "version \(first.version)")],
                    help: "let both use the same version")
                continue
            }
            if unit.uses.contains(where: { $0.name.bytes == use.name.bytes && $0.span.start < use.span.start }) {
                report(
                    .libraryClash, "`\(use.name.text)` is used twice in one head", use.span,
                    help: "leave one of the two lines out")
                continue
            }
            wanted[use.name.bytes] = (use.version, use.span)
            if let place = place(of: use, depth: depth) { places.append(place) }
        }
        list.append(unit)
        used.append(places)
        return list.count - 1
    }

    private mutating func place(of use: (name: Name, version: Int64, span: Span), depth: Int) -> Int? {
        switch marks[use.name.bytes] {
        case .done(let place): return place
        case .open:
            report(
                .libraryCycle, "`\(use.name.text)` uses itself\(depth > 1 ? " through others" : "")", use.span,
                "leads back", help: "put what both need into a library of its own")
            return nil
        case nil: break
        }
        guard let library = texts.first(where: { $0.name.bytes == use.name.bytes && $0.version == use.version }) else {
            let others = texts.filter { $0.name.bytes == use.name.bytes }.map { "version \($0.version)" }
            report(
                .libraryMissing, "there is no library `\(use.name.text)` version \(use.version) here", use.span,
                "not at hand",
                help: others.first.map { "\($0) is here: write that number, or add the version that is meant" }
                    ?? "put its file into the folder of this one, or name its folder with `--library`")
            return nil
        }
        guard depth < Limits.libraryDepth else {
            report(
                .libraryCycle, "libraries use each other more than \(Limits.libraryDepth) deep", use.span,
                help: "join some of them")
            return nil
        }
        marks[use.name.bytes] = .open
        let place = add(library, depth: depth + 1)
        marks[use.name.bytes] = .done(place)
        return place
    }

    private mutating func reportRepeated() {
        for (index, library) in texts.enumerated() {
            guard let first = texts[..<index].first(where: { $0.name.bytes == library.name.bytes }) else { continue }
            report(
                .libraryClash, "the library `\(library.name.text)` stands here twice", library.name.span, "again here",
                labels: [Label(first.name.span, "first here")], help: "leave one of the two out")
        }
    }

    private mutating func reportUnused() {
        for library in texts where !list.contains(where: { $0.span.start == library.span.start }) {
            if texts.contains(where: { $0.name.bytes == library.name.bytes && $0.span.start < library.span.start }) {
                continue
            }
            if wanted[library.name.bytes] != nil { continue }
            report(
                .libraryClash, "nothing here uses the library `\(library.name.text)`", library.name.span,
                help: "write `use \(library.name.text) version \(library.version)` in the head, or leave it out")
        }
    }

    private mutating func report(
        _ code: DiagnosticCode, _ message: String, _ span: Span, _ label: String = "", labels: [Label] = [],
        help: String
    ) {
        diagnostics.append(Diagnostic(code, message, at: Label(span, label), labels: labels, help: help))
    }

    /// The unit that holds an offset of the text.
    func unit(at offset: Int) -> Int {
        list.firstIndex { $0.span.start <= offset && offset < $0.span.end } ?? main
    }
}
