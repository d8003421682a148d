/// What generated contracts do with maps, with cases of other contracts, and with seats that are worked out.
extension ContractGenerator {
    /// What is read of the maps of the case; each stands for itself in brackets.
    static let mapFields: [(text: String, type: GeneratedType)] = [
        ("(tally[label] otherwise 3)", .integer), ("size(tally)", .integer), ("(label in tally)", .boolean),
        ("(tally is marks)", .boolean), ("(fees is empty)", .boolean), ("(fees[hue] otherwise 2 CNY)", .yuan),
        ("(fees[hue] is present and fees[hue] > 1 CNY)", .boolean), ("(hue not in fees)", .boolean),
        ("(sum of entry.value for entry in marks)", .integer),
        ("(count of entry in tally where entry.key is label)", .integer),
        ("(any entry in fees where entry.value > asked)", .boolean),
        ("(worth[rate] is present and worth[rate].units > 1)", .boolean),
        ("(every entry in worth where entry.key < 3.0)", .boolean),
        ("((largest of entry.value for entry in tally) otherwise 4)", .integer),
        ("(tally is [label: 2, \"A1\": count])", .boolean), ("(days[start] otherwise span)", .duration),
    ]

    /// What is read of cases of other contracts, wherever registers are read.
    static let otherReads: [(text: String, type: GeneratedType)] = [
        ("link.mark", .integer), ("(link.since otherwise start)", .date), ("link.word", .text),
        ("(link.tint is pale)", .boolean), ("(link is sent)", .boolean), ("(link in links)", .boolean),
        ("(any tie in links where tie is paid)", .boolean), ("(far is absent)", .boolean),
        ("(sum of tie.mark for tie in links)", .integer), ("(link.prices[label] otherwise 1 CNY)", .yuan),
        ("(far is present and far.mark > 2)", .boolean), ("(link is link)", .boolean),
        ("board", .board), ("boards", .boards), ("board.story", .story), ("(board.seats is seats)", .boolean),
        ("(any other in boards where other is board)", .boolean), ("board.hue", .colour),
    ]

    static let mapCaseFields = """
        tally: map of Text(8) to Integer (4) fees: map of Colour to CNY (3) starts []
          marks: map of Text(8) to Integer (4) starts [] worth: map of Decimal to Line (2) starts []
          days: map of Date to Duration (2) starts [2026-03-02: 1 day]
        """

    static let linkCaseFields =
        "link: case of Other far: optional case of Gone links: list of case of Other (3)"
        + " board: Board boards: list of Board (2)"

    /// Another contract, whose cases generated ones read.
    static func otherContract(_ name: String) -> String {
        """
        contract \(name) version 1
          title "\(name)"
        role Clerk
        enum Tint { pale, deep }
        fund Till in CNY kept by Clerk
        case { payee: Party mark: Integer starts 0 since: optional Date word: Text(8) starts "" tint: Tint starts pale
          prices: map of Text(8) to CNY (3) starts [] }
        state sent
        final state paid
        action open opens sent by Clerk enters payee, since { set mark to 1 }
        action give(amount: CNY) in sent by Clerk { pay amount from Till to payee become paid }
        """
    }

    /// A quorum with seats in organisations that are worked out.
    mutating func workedOutQuorum() -> String {
        expressions.chance.pick([
            "(1 of Clerk of clinic and 1 of Boss)", "(2 of (Boss or Clerk) of clinic)",
            "(1 of Boss of any organisation and 1 of Clerk of clinic)", "(1 of Auditor of clinic)",
        ])
    }

    /// A statement that changes or goes through maps, or reads cases of other contracts.
    mutating func mapStatement(_ names: [(text: String, type: GeneratedType)]) -> String {
        func read(_ type: GeneratedType, _ depth: Int) -> String {
            scoped(names) { $0.expression(type, depth) }
        }
        let name = expressions.fresh("e")
        let choice = expressions.chance.below(17)
        switch isForLines && [8, 12, 13, 16].contains(choice) ? 0 : choice {
        case 0, 1: return "set tally[\(read(.text, 1))] to \(read(.integer, 2))"
        case 2: return "add \(read(.integer, 2)) to tally[\(read(.text, 1))]"
        case 3: return "remove \(read(.text, 1)) from tally"
        case 4: return "set fees[\(read(.colour, 1))] to \(read(.yuan, 2))"
        case 5: return "if hue in fees { add \(read(.yuan, 2)) to fees[hue] }"
        case 6: return "set marks to tally"
        case 7: return "set marks to [\(read(.text, 1)): \(read(.integer, 1)), \"B2\": steps, label: 3]"
        case 8: return "let \(name) = tally[label] else \"T-\(name)\" \"no {label} of {link}\""
        case 9: return "for \(name) in tally { if \(name).key is not label { add \(name).value to steps } }"
        case 10: return "remove hue from fees"
        case 11: return "for \(name) in items { set worth[\(name).share] to \(name) }"
        case 12: return "for \(name) in links { add \(name).mark to steps }"
        case 13: return "match link { sent { add 1 to steps } paid { set days[start] to 2 days } }"
        case 14: return "set seats to \(workedOutQuorum())"
        case 15: return "add \(read(.duration, 1)) to days[\(read(.date, 1))]"
        default: return "require link is sent or count < 40 else \"O-\(name)\" \"{link} of {label}\""
        }
    }
}
