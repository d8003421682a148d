public import RemitValues

/// What others may know of a contract: the fields and states of its cases, the types that they are made of, its funds.
public struct ContractInterface: Sendable {
    public let name: String
    public let version: Int64
    let enumerations: [EnumerationType]
    let records: [RecordType]
    let fields: [FieldDeclaration]
    let states: [String]
    let funds: [FundDeclaration]
    /// The contracts that it refers to itself, as its types number them.
    let others: [String]

    private init(_ program: CheckedProgram) {
        name = program.name
        version = program.version
        enumerations = program.enumerations
        records = program.records
        fields = program.caseFields
        states = program.states.map(\.name)
        funds = program.funds
        others = program.others.map(\.name)
    }

    /// What others may know of a contract, from its declarations alone; nil where these have mistakes.
    ///
    /// Contracts that it refers to itself are not looked at, so that references cannot lead in a circle.
    public init?(reading source: SourceText) {
        guard let program = Compiler.declarations(of: source) else { return nil }
        self.init(program)
    }
}

/// The version of another contract that a head names.
public struct ContractReference: Hashable, Sendable {
    public let name: TextValue
    public let version: Int64
    public init(name: TextValue, version: Int64) {
        self.name = name
        self.version = version
    }
}

/// What a search for another contract came to.
public enum FoundContract: Sendable {
    case found(ContractInterface)
    /// There is none of this name.
    case missing
    /// There is one of this name, in other versions.
    case otherVersions([Int64])
    /// There is one, and its declarations have mistakes.
    case faulty
}
