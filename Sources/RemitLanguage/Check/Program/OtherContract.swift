public import RemitValues

/// What a contract knows of another one that it refers to: the public side of its cases, and its funds.
public struct OtherContract: Sendable {
    public let name: String
    /// The version whose text says what the fields and states are; cases of other versions are read by name.
    public let version: Int64
    public let fields: [OtherField]
    public let states: [String]
    public let funds: [OtherFund]
    public let span: Span
    public init(
        name: String, version: Int64, fields: [OtherField], states: [String], funds: [OtherFund], span: Span
    ) {
        self.name = name
        self.version = version
        self.fields = fields
        self.states = states
        self.funds = funds
        self.span = span
    }
}

/// A field of a case of another contract.
public struct OtherField: Sendable {
    /// Who may read it.
    public enum Access: Hashable, Sendable {
        case open
        case isPrivate
        /// Its values have a part that is private, such as `Line.code`: nobody else is given such a value.
        case holdsPrivate(String)
        /// It holds cases of a contract to which the reader does not refer.
        case needs(String)
    }

    public let name: String
    /// In terms of the program that reads it.
    public let type: ValueType
    public let access: Access
    public init(name: String, type: ValueType, access: Access) {
        self.name = name
        self.type = type
        self.access = access
    }
}

/// A fund of another contract, into which money can be transferred.
public struct OtherFund: Hashable, Sendable {
    public let name: String
    public let currency: Currency
    public init(name: String, currency: Currency) {
        self.name = name
        self.currency = currency
    }
}

extension CheckedProgram {
    /// Where the fields of another contract (index), as this program knows them, stand among the fields of a version
    /// of it; nil for a field that this version does not have, keeps private, or gives a type of another make.
    ///
    /// Enumerations and bounds are judged when a value is read, since a later version may allow more.
    public func places(of contract: Int, in version: CheckedProgram) -> [Int?] {
        others[contract].fields.map { field in
            guard field.access == .open,
                let place = version.caseFields.firstIndex(where: { TextValue($0.name) == TextValue(field.name) }),
                !version.caseFields[place].isPrivate,
                hasMake(field.type, of: version.caseFields[place].type, in: version, depth: 0)
            else { return nil }
            return place
        }
    }

    /// Whether a type of this program is made like one of another: records by the names of their fields.
    private func hasMake(_ mine: ValueType, of other: ValueType, in version: CheckedProgram, depth: Int) -> Bool {
        // What is nested deeper is no value that could be stored.
        guard depth < Limits.encodedDepth else { return false }
        func same(_ first: ValueType, _ second: ValueType) -> Bool {
            hasMake(first, of: second, in: version, depth: depth + 1)
        }
        switch (mine, other) {
        case (.text, .text), (.enumeration, .enumeration): return true
        case (.caseOf(let first), .caseOf(let second)):
            return TextValue(others[first].name) == TextValue(version.others[second].name)
        case (.optional(let first), .optional(let second)), (.list(let first, _), .list(let second, _)),
            (.set(let first, _), .set(let second, _)):
            return same(first, second)
        // What has become required is still there.
        case (.optional(let first), _): return same(first, other)
        case (.map(let key, let value, _), .map(let otherKey, let otherValue, _)):
            return same(key, otherKey) && same(value, otherValue)
        case (.record(let first), .record(let second)):
            return records[first].fields.count == version.records[second].fields.count
                && zip(records[first].fields, version.records[second].fields).allSatisfy { one, two in
                    TextValue(one.name) == TextValue(two.name) && one.isPrivate == two.isPrivate
                        && same(one.type, two.type)
                }
        default: return mine == other
        }
    }
}
