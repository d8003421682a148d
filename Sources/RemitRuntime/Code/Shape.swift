import RemitLanguage
import RemitValues

/// How the words of a type are read: the machine's registers have no tags.
struct Shape: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case boolean, integer, decimal, date, instant, duration, term, document, text
        case money(Currency)
        /// One of a list of names (index, see `NameLists`).
        case named(Int)
        /// A name that no list holds, in one word with a text: who fills a seat may be worked out.
        case label
        /// The name of a case of another contract (index), in one word with a text.
        case reference(Int)
        /// Any party; a person; an organisation.
        case party(Party.Kind?)
        /// A list of groups of seats, of this shape.
        case quorum(Int)
        /// The shapes of the fields; index of the record, or -1.
        case record([Int], Int)
        case list(Int), set(Int)
        /// Entries in the order of their keys: records of a key and a value, of this shape.
        case map(Int)
        /// A place of the machine itself, such as a walk through a list.
        case place
    }

    let kind: Kind
    let isOptional: Bool
    /// The greatest number of elements or scalars, where there is one.
    let bound: Int

    /// Whether a word of this shape is one that orders and compares as it stands.
    var isPlain: Bool {
        switch kind {
        case .boolean, .integer, .date, .instant, .duration, .money, .named, .place: true
        default: false
        }
    }

    /// Whether a list of its elements can be gone through: their shape; nil for others.
    var elements: Int? {
        switch kind {
        case .list(let element), .set(let element), .map(let element): element
        default: nil
        }
    }

    /// Whether its values can stand at the least 64-bit number, which means absent in an optional.
    var canBeLeast: Bool {
        switch kind {
        case .integer, .money, .duration: true
        default: false
        }
    }
}

/// The lists of names: those that every program has, then its enumerations, then the states of each other contract.
enum NameLists {
    static let states = 0
    static let verdicts = 1
    static let outcomes = 2
    /// The first that a program declares.
    static let declared = 3
}

/// The shapes of a program, each once.
struct ShapeTable: Sendable {
    private(set) var shapes: [Shape] = []
    private var known: [ValueType: Int] = [:]
    private let program: CheckedProgram

    init(program: CheckedProgram) { self.program = program }

    /// The number of a type's shape; throws where the machine has no words for the type.
    mutating func shape(_ type: ValueType) throws(LoweringProblem) -> Int {
        if let index = known[type] { return index }
        let shape = try build(type)
        let index = add(shape)
        known[type] = index
        return index
    }

    /// The shape of the machine's own places.
    mutating func place() -> Int { add(Shape(kind: .place, isOptional: false, bound: 0)) }

    private mutating func add(_ shape: Shape) -> Int {
        if let index = shapes.firstIndex(of: shape) { return index }
        shapes.append(shape)
        return shapes.count - 1
    }

    private mutating func build(_ type: ValueType) throws(LoweringProblem) -> Shape {
        func plain(_ kind: Shape.Kind, bound: Int = 0) -> Shape { Shape(kind: kind, isOptional: false, bound: bound) }
        switch type {
        case .boolean: return plain(.boolean)
        case .integer: return plain(.integer)
        case .decimal, .unrounded: return plain(.decimal)
        case .money(let currency): return plain(.money(currency))
        case .date: return plain(.date)
        case .term: return plain(.term)
        case .document: return plain(.document)
        case .dateTime: return plain(.instant)
        case .duration: return plain(.duration)
        case .text(let bound): return plain(.text, bound: bound)
        case .enumeration(let index): return plain(.named(NameLists.declared + index))
        case .state: return plain(.named(NameLists.states))
        case .verdict: return plain(.named(NameLists.verdicts))
        case .roundOutcome: return plain(.named(NameLists.outcomes))
        case .quorum:
            let names = add(plain(.list(add(plain(.label))), bound: Limits.declarations))
            let group = add(plain(.record([try shape(.integer), names], -1)))
            return plain(.quorum(group), bound: Limits.quorumSeats)
        case .person: return plain(.party(.person))
        case .organisation: return plain(.party(.organisation))
        case .party: return plain(.party(nil))
        case .record(let index):
            var fields: [Int] = []
            for field in program.records[index].fields { fields.append(try shape(field.type)) }
            return plain(.record(fields, index))
        case .list(let element, let bound): return plain(.list(try shape(element)), bound: bound)
        case .set(let element, let bound): return plain(.set(try shape(element)), bound: bound)
        case .optional(let wrapped):
            let place = try shape(wrapped)
            let inner = shapes[place]
            return Shape(kind: inner.kind, isOptional: true, bound: inner.bound)
        case .map(let key, let element, let bound):
            return plain(.map(try shape(.entry(key, element))), bound: bound)
        case .entry(let key, let element): return plain(.record([try shape(key), try shape(element)], -1))
        case .caseOf(let contract): return plain(.reference(contract))
        case .otherState(let contract):
            return plain(.named(NameLists.declared + program.enumerations.count + contract))
        // Whatever the language gains before the machine does.
        case .unknown: throw .unsupported("values of type \(TypeNames.name(type, in: program))")
        }
    }
}

/// Why a program is left to the reference evaluator; decided once, when it is lowered.
enum LoweringProblem: Error, Equatable {
    /// The machine has no instructions for a construct.
    case unsupported(String)
    /// The code would pass a limit of its encoding.
    case tooLarge(String)
    /// The verifier found the code wrong, which is a defect of the lowering.
    case malformed(String)

    /// The reason in words.
    var text: String {
        switch self {
        case .unsupported(let what): "the machine has no instructions for \(what)"
        case .tooLarge(let what): "the code would have too many \(what)"
        case .malformed(let what): "the code is not sound: \(what)"
        }
    }
}
