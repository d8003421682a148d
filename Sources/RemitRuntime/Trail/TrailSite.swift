import RemitLanguage
import RemitValues

/// A place in the code where something happens that a trace tells: what one record of the trail stands for.
///
/// A class, since the reader looks at one for each record.
final class TrailSite: Sendable {
    enum Kind: Sendable {
        /// The actor or whoever they stand in for, and the actor.
        case admitted(CheckedAuthority)
        /// What the call gives to the parameters of an action, by its index.
        case arguments(Int)
        /// The form's fields, by index.
        case form([Int])
        case fieldSet(Int)
        /// The value that was added.
        case fieldGrown(Int)
        case localSet(Int)
        /// The keys, then the value.
        case rowSet(register: Int, field: Int)
        /// The keys, then the row.
        case rowRead(Int)
        /// The day, where there is one.
        case parameterRead(Int)
        /// The inputs and the day; and the table among those of the code where all its outputs are fixed, else the row
        /// and the result behind the inputs.
        case tableRead(Int, fixed: UInt16?)
        /// The arguments, then the result.
        case functionCalled(Int)
        /// A part of a condition, read only if what stands before it left the condition open.
        case part
        case requirement(holds: Bool)
        case check(Trace.Item, group: Int, walk: UInt16?, holds: Bool)
        /// The next element of a walk: its position and the first one.
        case line(walk: UInt16)
        case verdict(Int)
        /// What the condition of a statement read, or the subject of a match.
        case branch(Int, condition: Span?)
        case notice
        /// What the run records itself: a state; an invariant and whether it holds; likewise one of a register; the
        /// start of a handler, the line and the text of a fault.
        case stateEntered, invariant, rowInvariant, fault
    }

    let kind: Kind
    /// The registers whose words stand in the record.
    let registers: [UInt16]
    /// Where the contract reads what stands in the registers; for the sites of conditions.
    let places: [Span]
    let span: Span

    /// How many words a record has behind its site.
    let count: Int

    init(kind: Kind, registers: [UInt16], places: [Span], span: Span) {
        self.kind = kind
        self.registers = registers
        self.places = places
        self.span = span
        count =
            switch kind {
            case .stateEntered: 1
            case .invariant: 2
            case .rowInvariant, .fault: 3
            default: registers.count
            }
    }

    /// The sites of what the run records itself, which every map begins with.
    enum Fixed {
        static let stateEntered: Int64 = 0
        static let invariant: Int64 = 1
        static let rowInvariant: Int64 = 2
        static let fault: Int64 = 3

        static let sites: [TrailSite] = [Kind.stateEntered, .invariant, .rowInvariant, .fault].map {
            TrailSite(kind: $0, registers: [], places: [], span: Span(0, 0))
        }
    }
}

/// What the records of a trail stand for.
struct TrailMap: Sendable {
    /// A check, or a binding or list among checks, whose faults are kept.
    struct Fault: Sendable {
        /// The clause of the check; -1 for others.
        let clause: Int
        let span: Span
    }

    let sites: [TrailSite]
    /// By where their handlers begin.
    let faults: [Int32: Fault]
}

/// Code that leaves a trail, and what the trail's records stand for.
final class TracedCode: Sendable {
    let program: CheckedProgram
    let code: Code
    let map: TrailMap
    /// By table of the program.
    let tables: [Table]

    /// What the reader wants to know of a table, without the many parts of its declaration.
    struct Table: Sendable {
        let inputs: Int
        let outputs: Int
        let isDated: Bool
        /// What each row gives, counted through all sections, where that is fixed.
        let fixedRows: [[Value]]

        init(_ table: TableDeclaration, isFixed: Bool) {
            inputs = table.inputs.count
            outputs = table.outputs.count
            isDated = table.isDated
            guard isFixed else {
                fixedRows = []
                return
            }
            fixedRows = table.sections.flatMap(\.rows).map { row in
                row.outputs.map { Lowering.constant($0.expression) ?? .absent }
            }
        }
    }

    /// Lowers a program for tracing; throws the reason why a trace needs the reference evaluator.
    init(_ program: CheckedProgram) throws(LoweringProblem) {
        let (code, map) = try Lowering.lowerTraced(program)
        self.code = try Code.verified(code)
        self.map = map
        self.program = program
        var fixed: Set<Int> = []
        for site in map.sites {
            if case .tableRead(let index, .some) = site.kind { fixed.insert(index) }
        }
        tables = program.tables.indices.map { Table(program.tables[$0], isFixed: fixed.contains($0)) }
    }
}
