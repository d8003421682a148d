import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Which private values a proof shows to whoever has the file.
struct DisclosureOptions: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Disclose these private fields, such as diagnosis or lines.2.code; may be repeated.",
            valueName: "field,…"))
    var disclose: [String] = []

    func validate() throws {
        if names.contains(where: \.isEmpty) { throw ValidationError("--disclose has a field without a name") }
    }

    private var names: [String] {
        disclose.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The proof with what it is to disclose.
    func disclosing(_ proof: ChainProof, _ node: LedgerNode) throws(NodeError) -> ChainProof {
        try node.disclose(names, in: proof)
    }
}

/// Says what a proof discloses, and what it does not.
enum OpeningText {
    /// A line for each private value.
    static func lines(_ facts: ProvenFacts) -> [(String, String)] {
        facts.disclosed.map { ("disclosed", "\($0.path.words): \(ValueWords.text($0.value))") }
            + facts.undisclosed.map { ("private", "\($0.words), not disclosed") }
    }

    /// The same for programs; nothing where there is nothing private.
    static func members(_ facts: ProvenFacts) -> [JSONValue.Member] {
        guard !facts.disclosed.isEmpty || !facts.undisclosed.isEmpty else { return [] }
        let disclosed = facts.disclosed.map { opening in
            JSONValue.object([
                .init("place", .string(opening.path.words)), .init("path", json(.list(opening.path.parts))),
                .init("value", json(opening.value)), .init("text", .string(ValueWords.text(opening.value))),
                .init("salt", .string(opening.salt.hex)), .init("commitment", .string(opening.commitment.hex)),
            ])
        }
        let undisclosed = facts.undisclosed.map { place in
            JSONValue.object([
                .init("place", .string(place.words)), .init("commitment", .string(place.commitment.hex)),
            ])
        }
        return [.init("disclosed", .array(disclosed)), .init("undisclosed", .array(undisclosed))]
    }

    /// A value without its type: records are arrays, since their names stand in the contract.
    private static func json(_ value: Value) -> JSONValue {
        switch value {
        case .absent: .null
        case .boolean(let flag): .boolean(flag)
        case .integer(let number): .integer(number)
        case .money(let money): ValueText.money(money)
        case .text(let text), .enumeration(let text), .caseReference(let text): .string(text.string)
        case .record(let members), .list(let members), .set(let members): .array(members.map(json))
        case .map(let entries): .array(entries.map { .array([json($0.key), json($0.value)]) })
        default: .string(ValueWords.text(value))
        }
    }
}
