public import RemitValues

/// What a value must become, as the caller's contract declares it.
public indirect enum TargetType: Sendable {
    case boolean, integer, decimal
    case money(Currency)
    case date, dateTime
    /// A whole number of seconds.
    case duration
    case text(maxScalars: Int)
    case enumeration([String])
    case optional(TargetType)
    case list(of: TargetType, max: Int)
    case record([(name: String, type: TargetType)])
    case set(of: TargetType, max: Int)
    case person, organisation
    /// Either of them, written `person:li` or `organisation:supplier`.
    case party
    /// An object by key, or a list of pairs.
    case map(of: TargetType, to: TargetType, max: Int)
    /// A case of a contract, by the contract's name, written `Referral/17`.
    case caseReference(String)
    /// The digest, media type and size of evidence.
    case document
    /// A type, by its name, of which no value comes from outside: what holds it is left out, or empty.
    case withheld(String)

    /// Whether anything at all can be given, such as an empty list.
    public var isGivable: Bool {
        switch self {
        case .withheld: false
        case .record(let fields): fields.allSatisfy(\.type.isGivable)
        default: true
        }
    }
}

/// A remark on a record: what could not be used, or was left out, and why.
public struct MappingReport: Sendable {
    /// `error`: the record is not used; `note`: a part of it is left out.
    public enum Severity: String, Sendable {
        case error, note
    }

    /// The line of the file, from 1.
    public let line: Int
    /// What names the record, if it says so.
    public let identifier: String?
    public let severity: Severity
    /// A word for the kind of remark, such as `notBillable`.
    public let code: String
    public let text: String

    public init(line: Int, identifier: String?, severity: Severity, code: String, text: String) {
        self.line = line
        self.identifier = identifier
        self.severity = severity
        self.code = code
        self.text = text
    }
}

/// A record turned into the arguments of a contract's action.
public struct MappedCall: Sendable {
    /// The line of the file on which the record begins, from 1.
    public let line: Int
    /// What names the record.
    public let identifier: String
    /// The organisation that the record comes from.
    public let organisation: String
    /// The organisation's name, where the data has it.
    public let organisationName: String?
    /// In the order of the targets.
    public let arguments: [Value]
    /// What was left out.
    public let reports: [MappingReport]
}
