public import RemitLanguage

/// Where a contract reads or works out values that are made of private things.
public struct PrivatePlaces: Sendable {
    private let program: CheckedProgram
    private let sources: [Span: Set<String>]

    /// The places of a program; none where it keeps nothing private.
    public init(_ program: CheckedProgram) {
        self.program = program
        var analysis = DisclosureAnalysis(program)
        analysis.gather()
        sources = analysis.places ?? [:]
    }

    /// The places that hold something which the person whom a case is about does not know by that: rows of registers.
    public var closedToSubject: Set<Span> {
        let registers = Set(program.registers.map { program.records[$0.row].name })
        return closed { source in
            let parts = source.split(separator: ".", maxSplits: 1)
            return parts.count < 2 || !registers.contains(String(parts[0]))
        }
    }

    /// The places that hold something beside these fields of the case and parameters, by their names.
    public func closed(toWhoeverGave names: Set<String>) -> Set<Span> { closed { names.contains($0) } }

    /// The fields of the case (by index) that are private or have something private in them.
    public var fields: Set<Int> {
        Set(program.caseFields.indices.filter { holdsPrivate(program.caseFields[$0]) })
    }

    /// Where the parameters of actions are declared that are private or have something private in them.
    public var parameters: Set<Span> {
        Set(program.actions.flatMap(\.parameters).filter { holdsPrivate($0) }.map(\.span))
    }

    private func closed(_ isKnown: (String) -> Bool) -> Set<Span> {
        Set(sources.filter { !$0.value.allSatisfy(isKnown) }.keys)
    }

    private func holdsPrivate(_ field: FieldDeclaration) -> Bool {
        field.isPrivate || program.holdsPrivate(field.type)
    }
}
