/// Every name of a contract with the place of its declaration, for editors.
///
/// It is made from the contract as written, so that it is there while mistakes are: a name that cannot be told is left
/// out. No name hides another in this language, so that where a name stands and what is expected there settle it.
public struct NameIndex: Sendable {
    /// What a declaration introduces.
    public enum Kind: String, Sendable {
        case contract, otherContract, role, enumeration, enumValue, record, field, fund, calendar, register, key,
            parameter, table,
            input, output
        case caseField, state, checks, function, action, approval, local, argument, party, label
    }

    /// A name at the place that introduces it.
    public struct Declaration: Sendable {
        public let kind: Kind
        public let name: Name
        /// The type as the contract writes it, or the expression that gives a `let` its value; may be empty.
        public let type: Span?
        /// Index of the declaration that this one is a part of, such as the enum of a value.
        public let owner: Int?
        /// What the policy cites for it.
        public let source: String?
        /// All of the declaration that has this name, where it has one of its own.
        public let whole: Span?
    }

    /// A place that means a declaration.
    public struct Reference: Sendable {
        public let span: Span
        /// Index into `declarations`.
        public let declaration: Int
    }

    /// A place that means what another contract declares, to which the head refers.
    public struct Outside: Sendable {
        public let span: Span
        /// Index into the other contracts that the index was made with.
        public let other: Int
        /// Index into the declarations of that contract.
        public let declaration: Int
    }

    public internal(set) var declarations: [Declaration] = []
    /// In order of place; the place of each declaration's own name is among them.
    public internal(set) var references: [Reference] = []

    /// What other contracts declare, in order of place.
    public internal(set) var outside: [Outside] = []

    /// The names of a contract, and of others to which it refers, as far as it reads them.
    public init(_ contract: ContractSyntax, others: [ContractSyntax] = []) {
        var resolver = NameResolver(contract, others: others)
        resolver.run()
        declarations = resolver.declarations
        references = resolver.references.sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
        outside = resolver.outside.sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
    }

    /// The reference whose name holds an offset, its end included; nil where there is none.
    public func reference(at offset: Int) -> Reference? {
        references.first { $0.span.start <= offset && offset <= $0.span.end }
    }

    /// The place of another contract's name that holds an offset, its end included; nil where there is none.
    public func outside(at offset: Int) -> Outside? {
        outside.first { $0.span.start <= offset && offset <= $0.span.end }
    }

    /// Every place that means a declaration, its own name first among equals by place.
    public func places(of declaration: Int) -> [Span] {
        references.filter { $0.declaration == declaration }.map(\.span)
    }
}
