/// A name as written, with its place; compare `key`, never the string.
public struct Name: Sendable {
    /// The name as written.
    public let text: String
    /// Where it stands.
    public let span: Span

    /// A name at a place.
    public init(_ text: String, _ span: Span) {
        self.text = text
        self.span = span
    }
}

/// A text literal with its interpolated parts (`"holds {amount}"`).
public struct TextSyntax: Sendable {
    /// A run of plain text, or a path such as `a.field` between braces.
    public enum Part: Sendable {
        case plain(String)
        case path([Name])
    }

    public let parts: [Part]
    public let span: Span

    /// The text, where nothing is interpolated.
    public var plain: String? {
        if parts.isEmpty { return "" }
        guard parts.count == 1, case .plain(let text) = parts[0] else { return nil }
        return text
    }

    public init(parts: [Part], span: Span) {
        self.parts = parts
        self.span = span
    }
}

/// A whole contract or library as written, mistakes left out.
public struct ContractSyntax: Sendable {
    public var name: Name
    public var version: Int64
    /// Whether it is a library, which holds only what others use.
    public var isLibrary: Bool
    /// The day from which the version opens cases; nil: from its deployment.
    public var begins: Expression?
    public var header: [HeaderItem]
    /// What the head answers of warnings that arise in it.
    public var accepts: [AcceptSyntax]
    public var declarations: [Declaration]
    /// The libraries that the same text holds behind it, in order of writing; empty in each of them.
    public var libraries: [ContractSyntax]
    public let span: Span

    public init(
        name: Name, version: Int64, isLibrary: Bool = false, begins: Expression? = nil, header: [HeaderItem],
        accepts: [AcceptSyntax] = [], declarations: [Declaration], libraries: [ContractSyntax] = [], span: Span
    ) {
        self.name = name
        self.version = version
        self.isLibrary = isLibrary
        self.begins = begins
        self.header = header
        self.accepts = accepts
        self.declarations = declarations
        self.libraries = libraries
        self.span = span
    }

    /// The libraries that the head uses, with the version that it asks for, in order of writing.
    public var uses: [(name: Name, version: Int64, span: Span)] {
        header.compactMap { if case .use(let name, let version, let span) = $0 { (name, version, span) } else { nil } }
    }
}

/// A line of the contract's head.
public enum HeaderItem: Sendable {
    case title(TextSyntax)
    case purpose(TextSyntax)
    /// Seconds east of UTC.
    case timezone(seconds: Int, Span)
    case use(Name, version: Int64, Span)
    /// `refers to Referral version 1`: a contract whose cases are read and whose funds are paid into.
    case refers(Name, version: Int64, Span)
    case calendar(Name)
}

/// A declaration of the contract, with the span of all of it.
public struct Declaration: Sendable {
    public let kind: Kind
    /// Warnings answered behind it; those of an action or approval are answered in its head.
    public let accepts: [AcceptSyntax]
    public let span: Span

    public init(_ kind: Kind, accepts: [AcceptSyntax] = [], _ span: Span) {
        self.kind = kind
        self.accepts = accepts
        self.span = span
    }

    public enum Kind: Sendable {
        case roles([Name])
        case enumeration(EnumerationSyntax)
        case record(RecordSyntax)
        case fund(FundSyntax)
        case calendar(CalendarSyntax)
        case register(RegisterSyntax)
        case parameter(ParameterSyntax)
        case table(TableSyntax)
        case caseFields(CaseSyntax)
        case unique(UniqueSyntax)
        case states([Name], isFinal: Bool)
        case checks(ChecksSyntax)
        case function(FunctionSyntax)
        case action(ActionSyntax)
        case approval(ApprovalSyntax)
        case deadline(DeadlineSyntax)
        case entering(Name, Block)
        case invariant(InvariantSyntax)
        case migrate(MigrateSyntax)
        case given([GivenItem])
        case scenario(ScenarioSyntax)
    }
}

/// `enum Tier { primary, secondary }`.
public struct EnumerationSyntax: Sendable {
    public let name: Name
    public let cases: [Name]
    public init(name: Name, cases: [Name]) {
        self.name = name
        self.cases = cases
    }
}

/// `amount : CNY starts 0 CNY`, a field of a record, register or case; also a key or parameter (without `starts`).
public struct FieldSyntax: Sendable {
    public let name: Name
    public let type: TypeSyntax
    public let starts: Expression?
    public init(name: Name, type: TypeSyntax, starts: Expression?) {
        self.name = name
        self.type = type
        self.starts = starts
    }
}

/// `record Line { … }`.
public struct RecordSyntax: Sendable {
    public let name: Name
    public let fields: [FieldSyntax]
    public init(name: Name, fields: [FieldSyntax]) {
        self.name = name
        self.fields = fields
    }
}

/// `fund PooledFund in CNY kept by Treasurer`.
public struct FundSyntax: Sendable {
    public let name: Name
    public let currency: Name
    public let keepers: [Name]
    public init(name: Name, currency: Name, keepers: [Name]) {
        self.name = name
        self.currency = currency
        self.keepers = keepers
    }
}

/// `register Member by id: Text(32) kept by RegistryClerk { … }`.
public struct RegisterSyntax: Sendable {
    public let name: Name
    public let keys: [FieldSyntax]
    public let keepers: [Name]
    public let fields: [FieldSyntax]
    public let invariants: [InvariantSyntax]
    public init(
        name: Name, keys: [FieldSyntax], keepers: [Name], fields: [FieldSyntax], invariants: [InvariantSyntax]
    ) {
        self.name = name
        self.keys = keys
        self.keepers = keepers
        self.fields = fields
        self.invariants = invariants
    }
}

/// A type as written.
public struct TypeSyntax: Sendable {
    public indirect enum Kind: Sendable {
        /// A name that stands alone: `Boolean`, `CNY`, `Tier`.
        case named(Name)
        /// `Text(64)`.
        case text(Int64)
        case optional(TypeSyntax)
        case list(TypeSyntax, bound: Int64)
        case set(TypeSyntax, bound: Int64)
        case map(TypeSyntax, TypeSyntax, bound: Int64)
        case privately(TypeSyntax)
        case caseOf(Name)
    }

    /// The bound of a type that does not say its own, which the parser has reported.
    static let missingBound: Int64 = -1

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// A period of a dated parameter or table: `from 2026-01-01` and, optionally, `until 2027-01-01` (excluded).
public struct PeriodSyntax: Sendable {
    public let from: Expression?
    public let until: Expression?
    public let span: Span
    public init(from: Expression?, until: Expression?, span: Span) {
        self.from = from
        self.until = until
        self.span = span
    }
}

/// `parameter cap: CNY { from 2025-01-01: 250_000 CNY }`, or `parameter cap: CNY = 250_000 CNY` (one value, no `from`).
public struct ParameterSyntax: Sendable {
    public let name: Name
    public let type: TypeSyntax
    public let source: TextSyntax?
    public let values: [(period: PeriodSyntax, value: Expression)]
    public init(
        name: Name, type: TypeSyntax, source: TextSyntax?, values: [(period: PeriodSyntax, value: Expression)]
    ) {
        self.name = name
        self.type = type
        self.source = source
        self.values = values
    }
}

/// A decision table.
public struct TableSyntax: Sendable {
    public enum HitPolicy: String, Sendable {
        case unique, first, collect
    }

    public let name: Name
    public let policy: HitPolicy
    public let inputs: [FieldSyntax]
    public let outputs: [FieldSyntax]
    public let source: TextSyntax?
    /// One section without a date, or several with `from`.
    public let sections: [TableSection]
    public init(
        name: Name, policy: HitPolicy, inputs: [FieldSyntax], outputs: [FieldSyntax], source: TextSyntax?,
        sections: [TableSection]
    ) {
        self.name = name
        self.policy = policy
        self.inputs = inputs
        self.outputs = outputs
        self.source = source
        self.sections = sections
    }
}

/// The rows of a table for one period, under their header row.
public struct TableSection: Sendable {
    public let period: PeriodSyntax
    /// The names of the header row, inputs then outputs.
    public let headerInputs: [Name]
    public let headerOutputs: [Name]
    public let rows: [TableRow]
    public init(period: PeriodSyntax, headerInputs: [Name], headerOutputs: [Name], rows: [TableRow]) {
        self.period = period
        self.headerInputs = headerInputs
        self.headerOutputs = headerOutputs
        self.rows = rows
    }
}

/// A row: `| > 10 CNY and <= 20 CNY | urgent || 5% |`, with an optional source behind it (`per "Rule 3"`).
public struct TableRow: Sendable {
    public let cells: [CellSyntax]
    public let outputs: [Expression]
    public let source: TextSyntax?
    public let span: Span
    public init(cells: [CellSyntax], outputs: [Expression], source: TextSyntax?, span: Span) {
        self.cells = cells
        self.outputs = outputs
        self.source = source
        self.span = span
    }
}

/// The test of an input cell.
public struct CellSyntax: Sendable {
    public indirect enum Kind: Sendable {
        case any
        /// Any of several tests: values, ranges, comparisons, separated by commas.
        case oneOf([CellSyntax])
        case value(Expression)
        case not(CellSyntax)
        case compare(ComparisonOperator, Expression)
        /// Comparisons joined by `and`.
        case all([CellSyntax])
        /// `a to b`, both ends included.
        case range(Expression, Expression)
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// `case about patient { … }`.
public struct CaseSyntax: Sendable {
    public let about: Name?
    public let fields: [FieldSyntax]
    public init(about: Name?, fields: [FieldSyntax]) {
        self.about = about
        self.fields = fields
    }
}

/// `unique by a, b except denied else "CO-18" "Exact duplicate claim"`.
public struct UniqueSyntax: Sendable {
    public let fields: [Name]
    public let except: [Name]
    public let refusal: RefusalSyntax?
    public let source: TextSyntax?
    public init(fields: [Name], except: [Name], refusal: RefusalSyntax?, source: TextSyntax?) {
        self.fields = fields
        self.except = except
        self.refusal = refusal
        self.source = source
    }
}

/// `"CO-18" "Exact duplicate claim"`: the code may be left out.
public struct RefusalSyntax: Sendable {
    public let code: TextSyntax?
    public let text: TextSyntax
    public let span: Span
    public init(code: TextSyntax?, text: TextSyntax, span: Span) {
        self.code = code
        self.text = text
        self.span = span
    }
}

/// `invariant "Denied claims pay nothing" : …`.
public struct InvariantSyntax: Sendable {
    public let text: TextSyntax
    public let condition: Expression
    public let source: TextSyntax?
    public let span: Span
    public init(text: TextSyntax, condition: Expression, source: TextSyntax?, span: Span) {
        self.text = text
        self.condition = condition
        self.source = source
        self.span = span
    }
}
