/// Contracts of which nothing but one statement costs anything, so that its bound is near.
extension ContractGenerator {
    static let pricedFields: [(text: String, type: GeneratedType)] = [
        ("story", .story), ("tale", .story), ("items", .lines), ("numbers", .integers), ("board", .board),
        ("boards", .boards), ("label", .text), ("count", .integer), ("hue", .colour), ("asked", .yuan),
        ("rate", .decimal), ("start", .date),
    ]

    /// A contract with actions that each come to one condition, over values that may be large.
    mutating func pricedContract() -> String {
        lines = [
            "contract Priced version 1", "  title \"Priced\"", "  timezone +08:00", "role Clerk, Boss, Auditor",
            "enum Colour { red, green, blue }",
            "record Line { code: Text(8) units: Integer price: CNY share: Decimal day: Date flag: Boolean hue: Colour"
                + " extra: optional Integer remark: optional Text(8) }",
            "record Board { seats: Quorum story: Text(90) note: optional Text(40) hue: Colour }",
            "case { story: Text(90) tale: Text(150) items: list of Line (5) numbers: list of Integer (4) board: Board"
                + " boards: list of Board (3) label: Text(8) count: Integer hue: Colour asked: CNY rate: Decimal"
                + " start: Date seats: Quorum mark: Text(40) tally: map of Text(40) to Board (3)"
                + " holds: Boolean starts no }",
            "final state done",
        ]
        expressions.readsRegisters = false
        for index in 0..<8 {
            let condition = scoped(Self.pricedFields, registers: false) { Self.pricedCondition(&$0) }
            let statement = expressions.chance.pick([
                "set holds to \(condition)", "require \(condition) or count < 0 else \"no\"",
                "for number in numbers { set holds to \(condition) }", "if \(condition) { set holds to yes }",
                "for entry in tally { if \(condition) { set holds to (entry.value.hue is hue) } }",
            ])
            lines.append(
                "action priced\(index) opens done by Clerk enters story, tale, items, numbers, board, boards, label,"
                    + " count, hue, asked, rate, start, seats, mark, tally { \(statement) }")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func pricedCondition(_ expressions: inout ExpressionGenerator) -> String {
        let quorums = ["seats", "board.seats", "(2 of Boss and 1 of (Clerk or Auditor))"]
        let pattern = "*" + String(repeating: "a", count: expressions.chance.below(50)) + "*"
        switch expressions.chance.below(9) {
        case 0: return "(\(expressions.chance.pick(["story", "tale", "board.story"])) is like \"\(pattern)\")"
        case 1: return "(\(expressions.chance.pick(quorums)) is \(expressions.chance.pick(quorums)))"
        case 2:
            let maps = ["tally", "[mark: board]", "[\"b\": board, mark: board]"]
            return "(tally is \(expressions.chance.pick(maps)))"
        case 3: return "(\(expressions.chance.pick(["mark", "\"b\"", "label"])) in tally)"
        case 4, 5: return expressions.whole(3)
        case 6:
            let lists = ["items share code, day", "boards share story, hue"]
            return "(any two of \(expressions.chance.pick(lists)))"
        default: return expressions.boolean(3)
        }
    }
}
