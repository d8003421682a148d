public import RemitValues

/// Where a commitment to a private value stands in what a proof shows.
public struct PrivatePlace: Hashable, Sendable {
    /// What it stands in.
    public enum Owner: Hashable, Sendable {
        /// The arguments of the transaction.
        case arguments
        /// The fields of a case.
        case fields(TextValue)
        /// A row of a register, by contract, register and keys.
        case row(TextValue, TextValue, [Value])
    }

    /// A step into a value.
    public struct Step: Hashable, Sendable {
        /// The position from 0.
        public let position: Int
        /// Whether it leads to a member of a record, which paths name, and not to an element of a list.
        public let isMember: Bool

        /// A step.
        public init(position: Int, isMember: Bool) {
            self.position = position
            self.isMember = isMember
        }
    }

    /// What it stands in.
    public let owner: Owner
    /// The way to it from there.
    public let steps: [Step]
    /// The commitment.
    public let commitment: Digest

    /// A place of these parts.
    public init(owner: Owner, steps: [Step], commitment: Digest) {
        self.owner = owner
        self.steps = steps
        self.commitment = commitment
    }

    /// The place in a few words, by positions from 1: the names of fields stand in the contract.
    public var words: String {
        let way = steps.map { String($0.position + 1) }.joined(separator: ".")
        return switch owner {
        case .arguments: "argument \(way)"
        case .fields(let reference): "field \(way) of \(reference)"
        case .row(let contract, let register, let keys):
            "field \(way) of \(contract)/\(register) \(ValueWords.text(.list(keys)))"
        }
    }
}

// MARK: Places

extension PrivatePlace {
    /// The places in the arguments of a transaction, in order.
    public static func places(in arguments: [Value]) -> [PrivatePlace] {
        var found: [PrivatePlace] = []
        gather(.list(arguments), .arguments, [], &found)
        return found
    }

    /// The places in a state row, in order; none in rows that are not those of a case or register.
    public static func places(in key: StateKey, value: [UInt8]) -> [PrivatePlace] {
        guard let owner = owner(of: key), case .record(let members)? = try? ValueCoding.decode(bytes: value) else {
            return []
        }
        var found: [PrivatePlace] = []
        if case .fields = owner {
            guard members.count > fieldsMember + 1, case .record = members[fieldsMember] else { return [] }
            gather(members[fieldsMember], owner, [], &found)
        } else {
            gather(.record(members), owner, [], &found)
        }
        return found
    }

    /// The member of a case's row that has the fields; at least one follows it.
    private static let fieldsMember = 4

    private static func gather(_ value: Value, _ owner: Owner, _ steps: [Step], _ found: inout [PrivatePlace]) {
        let (members, isRecord): ([Value], Bool)
        switch value {
        case .sealed:
            if let commitment = value.commitment {
                found.append(PrivatePlace(owner: owner, steps: steps, commitment: commitment))
            }
            return
        case .record(let inner): (members, isRecord) = (inner, true)
        case .list(let inner): (members, isRecord) = (inner, false)
        default: return
        }
        for (position, member) in members.enumerated() {
            gather(member, owner, steps + [Step(position: position, isMember: isRecord)], &found)
        }
    }

    /// Whose row it is, by its space and item.
    static func owner(of key: StateKey) -> Owner? {
        let parts = key.space.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let rest = String(parts[1]) else { return nil }
        if parts[0].elementsEqual("case".utf8) {
            guard key.item.elementsEqual("state".utf8) else { return nil }
            return reference(rest).map { .fields(TextValue($0)) }
        }
        guard parts[0].elementsEqual("register".utf8),
            case .list(let keys)? = try? ValueCoding.decode(bytes: key.item)
        else { return nil }
        let names = rest.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard names.count == 2, let contract = String(names[0]), let register = String(names[1]) else { return nil }
        return .row(TextValue(contract), TextValue(register), keys)
    }

    /// How many digits the number of a case has at least in its space.
    private static let digits = 10

    /// The reference of a case, without the zeros that its space has before the number.
    private static func reference(_ rest: String) -> String? {
        guard let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let number = rest.utf8[rest.utf8.index(after: slash)...]
        guard number.count >= digits, number.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            number.count == digits || number.first != UInt8(ascii: "0")
        else { return nil }
        let plain = number.drop { $0 == UInt8(ascii: "0") }
        return "\(rest[...slash])\(plain.isEmpty ? "0" : String(Substring(plain)))"
    }
}

// MARK: Openings

extension PrivatePlace {
    /// Whether an opening with this path, which opens the commitment, is about this place.
    func isMeant(by path: PrivatePath) -> Bool {
        let rest: ArraySlice<Value>
        switch (owner, path.parts.first) {
        case (.arguments, .text("argument")): rest = path.parts.dropFirst()
        case (.fields(let reference), .text("case")):
            guard path.parts.count > 2, path.parts[1] == .text(reference) else { return false }
            rest = path.parts.dropFirst(2)
        case (.row(let contract, let register, let keys), .text("register")):
            guard path.parts.count > 4, path.parts[1] == .text(contract), path.parts[2] == .text(register),
                path.parts[3] == .list(keys)
            else { return false }
            rest = path.parts.dropFirst(4)
        default: return false
        }
        guard rest.count == steps.count else { return false }
        return zip(rest, steps).allSatisfy { part, step in
            if step.isMember, case .text = part { return true }
            return !step.isMember && part == .integer(Int64(step.position))
        }
    }
}

extension PrivatePath {
    /// The place in a few words, for an opening that was found to be about one; positions are counted from 1.
    public var words: String {
        switch parts.first {
        case .text("argument"): "argument \(Self.way(parts.dropFirst()))"
        case .text("case") where parts.count > 2: "\(Self.way(parts.dropFirst(2))) of \(Self.word(parts[1]))"
        case .text("register") where parts.count > 4:
            "\(Self.way(parts.dropFirst(4))) of \(Self.word(parts[1]))/\(Self.word(parts[2])) "
                + ValueWords.text(parts[3])
        default: ValueWords.text(.list(parts))
        }
    }

    private static func way(_ parts: ArraySlice<Value>) -> String { parts.map(word).joined(separator: ".") }

    private static func word(_ part: Value) -> String {
        switch part {
        case .text(let text): text.string
        case .integer(let position): String(Int128(position) + 1)
        default: ValueWords.text(part)
        }
    }
}
