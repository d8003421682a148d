import RemitExchange
import RemitLanguage
import RemitNode
import RemitValues

/// The arguments of an action, read from the command line or from a JSON file.
struct ActionArguments {
    let program: CheckedProgram
    let action: ActionDeclaration
    /// The ledger, which knows who is a person and who an organisation.
    let node: LedgerNode

    /// More than any form holds.
    private static let inputLimit = Limits.transactionBytes

    func values(from words: [String], input: String?) throws -> [Value] {
        let targets = TargetBridge.arguments(of: action, in: program)
        let declared = action.enters.map { program.caseFields[$0].name } + action.parameters.map(\.name)
        let givable = targets.filter(\.type.isGivable).map { TextValue($0.name) }
        if let missing = declared.first(where: { !givable.contains(TextValue($0)) }) {
            throw CommandFailure.usage(
                "the argument \(missing) of \(action.name) is of a type that cannot be given from outside",
                hint: "let the contract work it out in the action")
        }
        var given: [TextValue: JSONValue] = [:]
        for member in try read(input) { given[TextValue(member.key)] = member.value }
        let fromFile = Set(given.keys)
        for word in words {
            guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")), equals != word.utf8.startIndex else {
                throw CommandFailure.usage("\"\(word)\" is no argument", hint: "write name=value")
            }
            let name = String(word[..<equals])
            let text = String(word[word.utf8.index(after: equals)...])
            guard given.updateValue(try json(text), forKey: TextValue(name)) == nil else {
                throw CommandFailure.usage("\(name) is given twice", hint: "give it once")
            }
        }
        for name in given.keys.sorted() where !declared.contains(where: { TextValue($0) == name }) {
            let near = Suggestion.hint(name.string, among: declared)
            throw CommandFailure.usage(
                "\(action.name) has no argument \(name)",
                hint: near + (declared.isEmpty ? "it takes none" : "it takes \(declared.joined(separator: ", "))"))
        }
        return try targets.map { name, type in
            if let value = given[TextValue(name)] {
                if case .optional = type, !fromFile.contains(TextValue(name)), Self.isNull(value) { return .absent }
                let plain = try named(value, type, name)
                return try ArgumentReading.value(
                    plain, for: type, name: name,
                    as: fromFile.contains(TextValue(name)) ? .strict : writing(value, type))
            }
            guard case .optional = type else {
                throw CommandFailure.usage(
                    "\(name) is missing", hint: "\(action.name) takes \(declared.joined(separator: ", "))")
            }
            return .absent
        }
    }

    /// Whether a word of the command line says that there is nothing.
    private static func isNull(_ word: JSONValue) -> Bool {
        if case .string(let text) = word { text.utf8.elementsEqual("null".utf8) } else { false }
    }

    /// How a word of the command line is written: a list or record in JSON, and a text as it is.
    private func writing(_ json: JSONValue, _ type: TargetType) -> Writing {
        switch (json, type) {
        case (.array, _), (.object, _), (_, .text): .strict
        default: .loose
        }
    }

    /// JSON where it begins like a list or record, else the text itself.
    private func json(_ text: String) throws -> JSONValue {
        guard let first = text.utf8.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else {
            return .string(NormalForm.of(text))
        }
        return try JSONValue.parse(Array(text.utf8), form: NormalForm.of)
    }

    /// The value with what only the ledger or a file can say: what kind of party a name is, what a document holds.
    private func named(_ json: JSONValue, _ type: TargetType, _ name: String) throws -> JSONValue {
        switch (type, json) {
        case (.optional(let wrapped), _): return try named(json, wrapped, name)
        case (.party, .string(let text)) where !text.utf8.contains(UInt8(ascii: ":")):
            if try node.hasOrganisation(TextValue(text)) { return .string("organisation:\(text)") }
            if try node.hasPerson(TextValue(text)) { return .string("person:\(text)") }
            throw CommandFailure.refused(
                "\(name): the chain knows no person or organisation \(text)",
                hint: "remit person list, remit organisation list")
        case (.document, .string(let text)) where text.utf8.first == UInt8(ascii: "@"):
            return try DocumentFile.json(String(text.unicodeScalars.dropFirst()))
        default: return json
        }
    }

    private func read(_ input: String?) throws -> [JSONValue.Member] {
        guard let input else { return [] }
        let bytes =
            input == "-"
            ? try Files.read(0, "standard input", limit: Self.inputLimit)
            : try Files.read(input, limit: Self.inputLimit)
        guard bytes.count <= Self.inputLimit else {
            throw CommandFailure.files("\(input) is too long", hint: "it may have \(Self.inputLimit) bytes")
        }
        let name = input == "-" ? "standard input" : input
        do throws(ExchangeError) {
            if let members = try JSONValue.parse(bytes, form: NormalForm.of).members { return members }
        } catch {
            throw CommandFailure(
                .finding, "input", "\(name): \(error.message)", hint: "write {\"name\": value, …}, once for each name")
        }
        throw CommandFailure.usage("\(name) holds no JSON object", hint: "write {\"name\": value, …}")
    }
}
