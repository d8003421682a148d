/// A JSON value whose numbers keep their text and whose objects keep their order.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// The digits as written: no number is ever a binary float here.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        public let key: String
        public let value: JSONValue

        /// A member.
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a member; nil where this is no object or has no such member.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The string, where it is one.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements, where it is an array.
    public var array: [JSONValue]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// The members, where it is an object.
    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// A whole number.
    public static func integer(_ number: some BinaryInteger) -> JSONValue { .number(String(number)) }
}
