import RemitExchange
import RemitLanguage

/// What outcomes tell of private values, as `remit check` shows it.
struct DisclosureText {
    let source: SourceText

    /// A row for each: when, what shows, of what, and where it is decided.
    func lines(_ disclosures: [Disclosure]) -> [String] {
        var table = TextTable([("when", .left), ("what shows", .left), ("tells of", .left), ("line", .right)])
        for disclosure in disclosures {
            let line = source.position(at: disclosure.span.start).line
            table.add([
                Self.occasion(disclosure.occasion), Self.outcome(disclosure.outcome),
                disclosure.sources.joined(separator: ", "), String(line),
            ])
        }
        return table.lines
    }

    /// The same for programs.
    func json(_ disclosures: [Disclosure]) -> JSONValue {
        .array(
            disclosures.map { disclosure in
                let place = source.position(at: disclosure.span.start)
                return .object([
                    .init("when", .string(Self.occasion(disclosure.occasion))),
                    .init("kind", .string(Self.kind(disclosure.outcome))),
                    .init("shows", .string(Self.outcome(disclosure.outcome))),
                    .init("of", .array(disclosure.sources.map { .string($0) })),
                    .init("line", .integer(Int64(place.line))), .init("column", .integer(Int64(place.column))),
                ])
            })
    }

    private static func occasion(_ occasion: Disclosure.Occasion) -> String {
        switch occasion {
        case .action(let name): name
        case .opening(let name): "\(name) opens"
        case .round(let name, let outcome): "\(name) \(outcome.rawValue)"
        case .deadline(let states): "deadline in \(states.joined(separator: ", "))"
        case .migration(let version): "migration from \(version)"
        }
    }

    private static func kind(_ outcome: Disclosure.Outcome) -> String {
        switch outcome {
        case .refusal: "refusal"
        case .finding: "finding"
        case .branch: "branch"
        case .reveal: "reveal"
        case .sameCase: "sameCase"
        case .sameRow: "sameRow"
        case .invariant: "invariant"
        case .fault: "fault"
        case .cost: "cost"
        }
    }

    private static func outcome(_ outcome: Disclosure.Outcome) -> String {
        switch outcome {
        case .refusal(let code, let text): "whether refused: \(named(code, text))"
        case .finding(let code, let text): "whether found: \(named(code, text))"
        case .branch(let effects): "whether \(effects.map { effect($0) }.joined(separator: ", or "))"
        case .reveal: "the value, by reveal"
        case .sameCase(let code, let text): "whether another case has the same key: \(named(code, text))"
        case .sameRow(let register): "whether another case writes the same row of \(register)"
        case .invariant(let text): "whether refused by the invariant \"\(text)\""
        case .fault: "whether refused for a value out of range, or a row or money that is missing"
        case .cost: "the number of steps"
        }
    }

    private static func named(_ code: String?, _ text: String) -> String {
        (code.map { "\($0) " } ?? "") + "\"\(text)\""
    }

    private static func effect(_ effect: Disclosure.Effect) -> String {
        switch effect {
        case .state(let name): "the case becomes \(name)"
        case .field(let name): "\(name) is written"
        case .row(let name): "a row of \(name) is written"
        case .fund(let name): "money of \(name) moves"
        case .checks(let name): "\(name) is run"
        case .notice: "a notice goes out"
        case .migration: "the case is brought over"
        }
    }
}
