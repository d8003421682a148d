/// What generated contracts leave to the engine: money, deadlines, rounds of signatures, terms and calendars.
extension ContractGenerator {
    /// What is read of the case beside plain fields; each stands for itself in brackets.
    static let engineFields: [(text: String, type: GeneratedType)] = [
        ("(consent is granted)", .boolean), ("(council is not open)", .boolean), ("(owner in friends)", .boolean),
        ("(owner in signers of consent)", .boolean), ("(hue in hues)", .boolean), ("(friends is empty)", .boolean),
        ("(proof is present)", .boolean), ("(wish is patience)", .boolean), ("(seats is not usual)", .boolean),
        ("(visit is present and visit > moment)", .boolean), ("(hues is shades)", .boolean),
        ("(signers of consent is friends)", .boolean), ("(0 CNY in parts)", .boolean),
        ("size(friends)", .integer), ("size(hues)", .integer), ("size(signers of council)", .integer),
        ("(count of friend in friends where friend is owner)", .integer), ("(sum of part for part in parts)", .yuan),
    ]

    static let engineCaseFields = """
        friends: set of Person (6) hues: set of Colour (3) shades: set of Colour (2) starts [] wish: Term
          proof: optional Document visit: optional DateTime seats: Quorum parts: list of CNY (6)
        """

    private static let quorums = [
        "1 of Boss", "2 of Clerk", "1 of (Boss or Auditor) and 1 of Clerk", "2 of (Clerk or Boss)", "3 of Auditor",
    ]
    private static let terms = [
        "90 minutes", "2 hours", "0 days", "3 days", "1 month", "1 year", "2 weeks", "1 working day", "3 working days",
        "5 working hours",
    ]
    private static let longTerms = ["400 working days", "9_000 years"]

    private mutating func writtenTerm() -> String {
        expressions.chance.pick(Self.terms + (expressions.isCalm ? [] : Self.longTerms))
    }

    /// Calendar, funds, and rules that give quorums and terms.
    mutating func engineRules() {
        lines.append(
            """
            calendar Office {
              days monday to friday
              shifts 08:00 to 12:00, 13:00 to 17:30
              from 2026-01-01 until 2027-01-01 { closed 2026-02-16 to 2026-02-20 open 2026-02-14 }
            }
            fund Pool in CNY kept by Clerk
            fund Side in CNY kept by Boss
            fund Abroad in JPY kept by Boss
            parameter usual: Quorum = \(quorum())
            parameter lately: Quorum { from 2026-01-01: \(quorum()) from 2026-02-10: \(quorum()) }
            parameter patience: Term = \(writtenTerm())
            table seating(asked: CNY, urgent: Boolean) gives needs: Quorum, answer: Term first {
              | asked | urgent || needs | answer |
              | <= 100 CNY | any || \(quorum()) | \(writtenTerm()) |
              | any | yes || \(quorum()) | \(writtenTerm()) |
              | any | any || \(quorum()) | \(writtenTerm()) |
            }
            """)
    }

    private mutating func quorum() -> String { expressions.chance.pick(Self.quorums) }

    private mutating func needs() -> String {
        switch expressions.chance.below(7) {
        case 6: return workedOutQuorum()
        case 0: return "seats"
        case 1: return "usual"
        case 2: return "seating(asked, urgent).needs"
        case 3: return "lately on start"
        case 4: return "(if \(scoped(Self.caseFields) { $0.boolean(2) }) then seats else usual)"
        default: return quorum()
        }
    }

    private mutating func term() -> String {
        switch expressions.chance.below(6) {
        case 0: return "wish"
        case 1: return "patience"
        case 2: return "seating(asked, urgent).answer"
        case 3: return "(if \(scoped(Self.caseFields) { $0.boolean(2) }) then wish else patience)"
        default: return writtenTerm()
        }
    }

    /// Rounds and deadlines.
    mutating func engineParts() {
        for (name, states) in [("consent", "judged"), ("council", "open, judged")] {
            let other = name == "consent" ? "council" : "consent"
            let bars = ["owner", "holder", "friends", "clinic", "signers of \(other)"]
            let except = expressions.chance.once(in: 3) ? "" : " except \(expressions.chance.pick(bars)), owner"
            let declined = expressions.chance.once(in: 2) ? "" : " declined by \(needs())"
            lines.append(
                """
                approval \(name) in \(states) needs \(needs())\(except)\(declined) within \(term()) {
                  granted { \(outcome(["done", "open", "judged"])) }
                  declined { \(outcome(["held", "lapsed"])) }
                  overdue { \(outcome(["lapsed", "open"])) }
                }
                """)
        }
        for (past, states) in [
            ("", "held"), (" past until", "open, judged"), (" past visit", "held, open"), ("", "open"),
        ] {
            lines.append("after \(term())\(past) in \(states) { \(outcome(["open", "held", "lapsed", "judged"])) }")
        }
    }

    private mutating func outcome(_ targets: [String]) -> String {
        let body = statements(1 + expressions.chance.below(2), 1).joined(separator: "\n  ")
        return body + (expressions.chance.once(in: 4) ? "" : "\n  become \(expressions.chance.pick(targets))")
    }

    /// An amount that may move: most of the time a small one.
    private mutating func amount(_ names: [(text: String, type: GeneratedType)]) -> String {
        switch expressions.chance.below(8) {
        case 0: return scoped(names) { $0.expression(.yuan, 2) }
        case 1: return "asked"
        case 2: return "available(Pool)"
        case 3: return "0 CNY"
        default: return expressions.chance.pick(["0.01 CNY", "3 CNY", "250.05 CNY", "magnitude(asked)"])
        }
    }

    /// A statement that moves money, or writes a field of a type that only the engine gives a meaning.
    mutating func engineStatement(_ names: [(text: String, type: GeneratedType)]) -> String {
        let fund = expressions.chance.pick(["Pool", "Pool", "Side"])
        switch expressions.chance.below(18) {
        case 0, 1: return "reserve \(amount(names)) from \(fund)"
        case 2: return "reserve \(amount(names)) from \(fund) else \"M-1\" \"no {asked} of {wish} for {seats}\""
        case 3: return "release from \(fund)"
        case 4: return "if \(scoped(names) { $0.boolean(1) }) { release \(amount(names)) from \(fund) }"
        case 5, 6: return "pay \(amount(names)) from \(fund) to \(expressions.chance.pick(["owner", "clinic"]))"
        case 7:
            let target = fund == "Pool" ? expressions.chance.pick(["Side", "Other.Till"]) : "Pool"
            return "transfer \(amount(names)) from \(fund) to \(target)"
        case 8: return "if \(scoped(names) { $0.boolean(1) }) { transfer 1 CNY from Pool to Gone.Till }"
        case 9: return "pay 1 JPY from Abroad to clinic"
        case 10: return "set wish to \(term())"
        case 11: return "set seats to \(needs())"
        case 12: return "\(expressions.chance.pick(["add owner to", "remove owner from"])) friends"
        case 13: return "\(expressions.chance.pick(["add hue to", "remove red from", "add green to"])) hues"
        case 14: return "set visit to \(scoped(names) { $0.expression(.time, 2) })"
        case 15: return "set parts to split(\(scoped(names) { $0.expression(.yuan, 2) }), numbers)"
        case 16: return "set until to \(scoped(names) { $0.expression(.date, 2) })"
        default: return "notify owner \"{case} of {owner} for {asked} after {wish}\""
        }
    }
}
