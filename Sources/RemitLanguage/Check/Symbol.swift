import RemitValues

/// What a declared name stands for; indices point into the program.
enum Symbol: Equatable {
    case role(Int)
    case enumeration(Int)
    case record(Int)
    case register(Int)
    case fund(Int)
    case approval(Int)
    case calendar
    case parameter(Int)
    case table(Int)
    case function(Int)
    case checks(Int)
    case action(Int)
    case caseField(Int)
    /// A second declaration of a name, which is reported there and checked no further by name.
    case repeated

    /// The kind in words, for messages.
    var kind: String {
        switch self {
        case .role: "a role"
        case .enumeration: "an enum"
        case .record: "a record"
        case .register: "a register"
        case .fund: "a fund"
        case .approval: "an approval"
        case .calendar: "a calendar"
        case .parameter: "a parameter"
        case .table: "a table"
        case .function: "a function"
        case .checks: "a group of checks"
        case .action: "an action"
        case .caseField: "a field of the case"
        case .repeated: "a repeated name"
        }
    }

    var isType: Bool {
        switch self {
        case .enumeration, .record, .register: true
        default: false
        }
    }
}

/// A symbol with the place of its name.
struct Declared {
    let symbol: Symbol
    let name: Name
}

extension Name {
    /// What names are compared by.
    var bytes: TextValue { TextValue(text) }
}

/// The words of the language that no declaration may take.
enum ReservedNames {
    static let types = [
        "Boolean", "Integer", "Decimal", "Date", "DateTime", "Duration", "Term", "Text", "Person", "Organisation",
        "Party", "Document", "Quorum",
    ]
    static let functions = ["date", "years", "days", "size", "largest", "smallest", "magnitude", "available", "split"]
    static let verdicts = ["deny", "pend", "note", "clear"]
}
