import RemitLanguage

/// Writes random contracts that use the whole of the language that evaluators run.
struct ContractGenerator {
    var expressions: ExpressionGenerator
    var lines: [String] = []
    private let depth: Int
    /// Whether the first action enters only what can stand in a line of JSON; cases of other contracts cannot.
    let isForLines: Bool

    /// A generator of one contract; the same seed gives the same text.
    init(seed: UInt64, isForLines: Bool = false) {
        self.isForLines = isForLines
        expressions = ExpressionGenerator(seed: seed)
        expressions.isCalm = seed % 2 == 0
        depth = 2 + expressions.chance.below(3)
    }

    /// What every part of a contract may read of its case.
    static let caseFields: [(text: String, type: GeneratedType)] =
        [
            ("count", .integer), ("rate", .decimal), ("asked", .yuan), ("fee", .yen), ("start", .date),
            ("label", .text),
            ("hue", .colour), ("urgent", .boolean), ("extra", .optionalInteger), ("factor", .optionalDecimal),
            ("until", .optionalDate), ("items", .lines), ("numbers", .integers), ("paid", .yuan), ("score", .decimal),
            ("steps", .integer), ("span", .duration), ("moment", .time), ("story", .story),
        ] + engineFields + mapFields + otherReads

    private static let names: [GeneratedType: String] = [
        .boolean: "Boolean", .integer: "Integer", .decimal: "Decimal", .yuan: "CNY", .yen: "JPY", .date: "Date",
        .time: "DateTime", .duration: "Duration", .text: "Text(8)", .colour: "Colour",
        .optionalInteger: "optional Integer", .line: "Line",
    ]

    /// What is known of the contracts that a generated one refers to; at run time one of them is not there.
    static func find(_ reference: ContractReference) -> FoundContract {
        ContractSearch { [other("Other"), other("Gone")] }.find(reference)
    }

    private static func other(_ name: String) -> SourceText {
        SourceText(name: "\(name).remit", otherContract(name))
    }

    mutating func contract() -> String {
        lines = [
            "contract Generated version 1", "  title \"Generated\"", "  timezone +08:00", "  calendar Office",
            "  refers to Other version 1", "  refers to Gone version 1",
            "role Clerk, Boss, Auditor",
            "enum Colour { red, green, blue }",
            "record Line { code: Text(8) units: Integer price: CNY share: Decimal day: Date flag: Boolean hue: Colour"
                + " extra: optional Integer remark: optional Text(8) }",
            "record Board { seats: Quorum story: Text(90) note: optional Text(40) hue: Colour }",
            "register Stock by id: Text(8) kept by Clerk {"
                + " amount: CNY rate: Decimal size: Integer until: optional Date }",
        ]
        parameters()
        tables()
        engineRules()
        expressions.readsRegisters = true
        let rows = bounded(.boolean, [("spent", .yuan), ("times", .integer), ("year", .integer)])
        lines.append(
            "register Total by hue: Colour, year: Integer { spent: CNY starts 0 CNY times: Integer starts 0"
                + " invariant \"rows\" : spent >= 0 CNY or \(rows) }")
        lines.append(
            """
            case { count: Integer rate: Decimal asked: CNY fee: JPY start: Date label: Text(8) hue: Colour
              urgent: Boolean extra: optional Integer factor: optional Decimal until: optional Date
              items: list of Line (5) numbers: list of Integer (4) paid: CNY starts 0 CNY score: Decimal starts 0.5
              steps: Integer starts 0 span: Duration starts 3 days moment: DateTime starts 2026-01-01 00:00
              story: Text(90) owner: Person clinic: Organisation holder: optional Party
              \(Self.engineCaseFields)
              \(Self.mapCaseFields)
              \(isForLines ? "" : Self.linkCaseFields) }
            state held, open, judged
            final state done, lapsed
            """)
        lines.append(
            expressions.chance.once(in: 2)
                ? "unique by label, hue except done else \"U-1\" \"taken {label} for {count}\""
                : "unique by label")
        functions()
        checks()
        actions()
        lines.append("entering open { \(statements(2, 1).joined(separator: "\n")) }")
        let invariant = scoped(Self.caseFields, registers: false) { $0.boolean(2) }
        engineParts()
        lines.append("invariant \"paid stays small\" : paid < 1_000_000_000 CNY or \(invariant)")
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Scopes

    /// An expression over some names alone.
    mutating func scoped<Result>(
        _ names: [(text: String, type: GeneratedType)], registers: Bool = true,
        _ body: (inout ExpressionGenerator) -> Result
    ) -> Result {
        let outer = (expressions.names, expressions.readsRegisters)
        expressions.names = names.filter { name in
            registers && !isForLines || !Self.otherReads.contains { $0.text == name.text }
        }
        expressions.readsRegisters = registers
        let result = body(&expressions)
        (expressions.names, expressions.readsRegisters) = outer
        return result
    }

    private mutating func bounded(_ type: GeneratedType, _ names: [(text: String, type: GeneratedType)]) -> String {
        let (functions, tables) = (expressions.functions, expressions.tables)
        expressions.functions = []
        let text = scoped(names, registers: false) { $0.expression(type, 2) }
        (expressions.functions, expressions.tables) = (functions, tables)
        return text
    }

    // MARK: Rules

    private mutating func parameters() {
        for (index, type) in [GeneratedType.integer, .decimal, .yuan, .yuan].enumerated() {
            let name = "limit\(index)"
            let isDated = expressions.chance.once(in: 2)
            if isDated {
                lines.append(
                    "parameter \(name): \(Self.names[type] ?? "") { from 2025-01-01: \(expressions.literal(type))"
                        + "\n from 2026-02-01: \(expressions.literal(type)) }")
            } else {
                lines.append("parameter \(name): \(Self.names[type] ?? "") = \(expressions.literal(type))")
            }
            expressions.parameters.append((name, type, isDated))
        }
    }

    private mutating func cell(_ type: GeneratedType) -> String {
        if expressions.chance.once(in: 3) { return "any" }
        let value = expressions.literal(type)
        switch type {
        case .integer, .decimal, .yuan, .date:
            switch expressions.chance.below(5) {
            case 0: return value
            case 1: return "\(expressions.chance.pick(["<", "<=", ">", ">="])) \(value)"
            case 2: return "\(value), \(expressions.literal(type))"
            case 3: return "not \(value)"
            default: return type == .integer ? "-3 to 40" : ">= \(value)"
            }
        default: return expressions.chance.once(in: 3) ? "not \(value)" : value
        }
    }

    private mutating func tables() {
        let outputs: [GeneratedType] = [.yuan, .decimal, .integer, .colour, .date]
        for index in 0..<3 {
            let inputs = (0..<1 + expressions.chance.below(3)).map { _ in
                expressions.chance.pick([GeneratedType.colour, .integer, .decimal, .yuan, .text, .boolean, .date])
            }
            let results = (0..<1 + expressions.chance.below(2)).map { _ in expressions.chance.pick(outputs) }
            let inputNames = inputs.indices.map { "in\($0)" }
            let outputNames = results.indices.map { "out\($0)" }
            let heads = zip(inputNames, inputs).map { "\($0): \(Self.names[$1] ?? "")" }.joined(separator: ", ")
            let ends = zip(outputNames, results).map { "\($0): \(Self.names[$1] ?? "")" }.joined(separator: ", ")
            let policy = expressions.chance.once(in: 3) ? " first" : ""
            let isDated = expressions.chance.once(in: 4)
            var text = "table rule\(index)(\(heads)) gives \(ends)\(policy) {\n"
            for section in 0..<(isDated ? 2 : 1) {
                if isDated { text += "  from 202\(5 + section)-03-01 {\n" }
                text += "  | \(inputNames.joined(separator: " | ")) || \(outputNames.joined(separator: " | ")) |\n"
                let isFixed = expressions.chance.once(in: 2)
                for _ in 0..<1 + expressions.chance.below(6) {
                    let cells = inputs.map { cell($0) }.joined(separator: " | ")
                    let scope = zip(inputNames, inputs).map { (text: $0, type: $1) }
                    let values = results.map { isFixed ? expressions.literal($0) : bounded($0, scope) }
                    text += "  | \(cells) || \(values.joined(separator: " | ")) |\n"
                }
                if isDated { text += "  }\n" }
            }
            lines.append(text + "}")
            expressions.tables.append(
                ("rule\(index)", inputs, Array(zip(outputNames, results)), isDated))
        }
        var text = "table many(in0: Colour, in1: Integer) gives out0: Integer collect {\n  | in0 | in1 || out0 |\n"
        for _ in 0..<5 {
            let value = expressions.chance.once(in: 2) ? "in1 + 1" : expressions.literal(.integer)
            text += "  | \(cell(.colour)) | \(cell(.integer)) || \(value) |\n"
        }
        lines.append(text + "}")
    }

    private mutating func functions() {
        for index in 0..<3 {
            let result = expressions.chance.pick([GeneratedType.integer, .decimal, .yuan, .boolean, .date])
            let parameters = (0..<expressions.chance.below(3)).map { _ in
                expressions.chance.pick([GeneratedType.integer, .decimal, .yuan, .line, .optionalInteger])
            }
            let heads = parameters.enumerated().map { "p\($0.offset): \(Self.names[$0.element] ?? "")" }
            var names = Self.caseFields
            for (position, type) in parameters.enumerated() {
                names += type == .line ? ExpressionGenerator.lineFields("p\(position)") : [("p\(position)", type)]
            }
            let letType = expressions.chance.pick([GeneratedType.integer, .yuan])
            let (first, value) = scoped(names) { generator in
                let first = generator.expression(letType, 2)
                generator.names.append(("early", letType))
                return (first, generator.expression(result, 3))
            }
            lines.append(
                "function part\(index)(\(heads.joined(separator: ", "))) gives \(Self.names[result] ?? "") {"
                    + " let early = \(first)\n return \(value) }")
            guard !parameters.contains(.line) else { continue }
            expressions.functions.append(("part\(index)", parameters, result))
        }
    }

    private mutating func checks() {
        var text = "checks screen(base: Integer) {\n"
        let names = Self.caseFields + [("base", .integer)]
        text += "  let stock = Stock[label]\n"
        text += "  let sum = \(scoped(names) { $0.expression(.yuan, 2) })\n"
        let severities = ["deny", "pend", "note"]
        for index in 0..<3 {
            let severity = expressions.chance.pick(severities)
            let condition = scoped(names + [("sum", .yuan)]) { $0.boolean(3) }
            text +=
                "  \(severity) \"C\(index)\" \"base {base} of {sum} on {start}\" when \(condition)"
                + " per \"Book \(index)\"\n"
        }
        text += "  pend \"C9\" \"low {label}\" when stock is present and stock.amount < asked\n"
        text += "  for line in items {\n"
        let inner = names + ExpressionGenerator.lineFields("line") + [("half", .decimal)]
        text +=
            "    let half = \(scoped(names + ExpressionGenerator.lineFields("line")) { $0.expression(.decimal, 2) })\n"
        for index in 0..<3 {
            let severity = expressions.chance.pick(severities)
            let condition = scoped(inner) { $0.boolean(3) }
            text +=
                "    \(severity) \"L\(index)\" \"{line.code}: {line.price} {half} {line.hue} {urgent}\""
                + " when \(condition)\n"
        }
        text += "  }\n}"
        lines.append(text)
    }

    // MARK: Actions

    mutating func statements(_ count: Int, _ depth: Int, _ extra: [(text: String, type: GeneratedType)] = [])
        -> [String]
    {
        var names = Self.caseFields + extra
        var result: [String] = []
        let deep = self.depth
        for _ in 0..<count {
            let name = expressions.fresh("v")
            switch expressions.chance.below(23) {
            case 13...17: result.append(engineStatement(names))
            case 18...22: result.append(mapStatement(names))
            case 0, 1:
                let type = expressions.chance.pick([GeneratedType.integer, .decimal, .yuan, .date, .text, .boolean])
                result.append("let \(name) = \(scoped(names) { $0.expression(type, deep) })")
                names.append((name, type))
            case 2: result.append("set paid to \(scoped(names) { $0.expression(.yuan, deep) })")
            case 3: result.append("add \(scoped(names) { $0.expression(.integer, deep) }) to steps")
            case 4: result.append("set score to \(scoped(names) { $0.expression(.decimal, deep) })")
            case 5: result.append("add \(scoped(names) { $0.expression(.integer, 2) }) to numbers")
            case 6: result.append("remove \(scoped(names) { $0.expression(.integer, 1) }) from numbers")
            case 7:
                let key = scoped(names) { "\($0.expression(.colour, 1)), \($0.expression(.integer, 1))" }
                result.append("add \(scoped(names) { $0.expression(.yuan, 2) }) to Total[\(key)].spent")
            case 8:
                let key = scoped(names) { "\($0.expression(.text, 1))" }
                result.append("set Stock[\(key)].rate to \(scoped(names) { $0.expression(.decimal, 2) })")
            case 9 where depth > 0:
                let test = scoped(names) { $0.boolean(3) }
                let then = statements(2, depth - 1, names.filter { !Self.isField($0.text) }).joined(separator: "\n")
                let other = statements(1, depth - 1, names.filter { !Self.isField($0.text) }).joined(separator: "\n")
                result.append("if \(test) { \(then) } else { \(other) }")
            case 10 where depth > 0:
                let inner = names.filter { !Self.isField($0.text) } + ExpressionGenerator.lineFields(name)
                result.append("for \(name) in items { \(statements(2, 0, inner).joined(separator: "\n")) }")
            case 11 where depth > 0:
                let arms = ["red", "green, blue"].map { arm in
                    "\(arm) { \(statements(1, 0, names.filter { !Self.isField($0.text) }).joined(separator: "\n")) }"
                }
                result.append("match hue { \(arms.joined(separator: " ")) }")
            case 12:
                let test = scoped(names) { $0.boolean(3) }
                result.append(
                    "require \(test) or count < 40"
                        + " else \"R-\(name)\" \"no: {count} {rate} {asked} {fee} {span} {moment}\""
                )
            default: result.append("notify Boss \"steps {steps} of {case} for {asked} and {rate}\"")
            }
        }
        return result
    }

    private static func isField(_ name: String) -> Bool { caseFields.contains { $0.text == name } }

    private mutating func actions() {
        let barred = expressions.chance.pick(["holder", "signers of consent", "friends"])
        let next = expressions.chance.pick(["open", "judged"])
        let given =
            "enters count, rate, asked, fee, start, label, hue, urgent, extra, factor, until, items, numbers"
            + ", friends, hues, visit, tally, story"
            + (isForLines ? "" : ", wish, proof, seats, link, far, links, board, boards")
        lines.append(
            """
            action begin(bonus: Integer, word: Text(8)) opens held, open
              by Clerk of any organisation or Boss \(given) {
              set owner to actor
              set clinic to organisation of actor
              set parts to split(asked, 3)
              \(isForLines ? "set wish to patience set seats to usual" : "")
              \(statements(3, 2, [("bonus", .integer), ("word", .text)]).joined(separator: "\n  "))
              run screen(bonus)
              match screen { deny { become held } pend { become held } note, clear { become open } }
            }
            action change(by: Integer) in held, open
              by Boss or owner or clinic or Clerk of clinic except \(barred)
              enters extra, until, visit, marks, owner, clinic {
              let stock = Stock[label] else "S-1" "no stock of {label}"
              \(statements(4, 2, [("by", .integer), ("stock.amount", .yuan), ("stock.rate", .decimal),
                                 ("stock.size", .integer)]).joined(separator: "\n  "))
              for good in items passing screen { add good.price to Total[good.hue, year of good.day].spent }
              set holder to owner
              if \(scoped(Self.caseFields) { $0.boolean(2) }) { become done } else { become \(next) }
            }
            action check(floor: CNY) in held, open, judged by Clerk of any organisation except clinic enters fee {
              run screen(count)
              add count of good in items passing screen to steps
              set asked to \(scoped(Self.caseFields + [("floor", .yuan)]) { $0.expression(.yuan, 3) })
              \(statements(2, 1, [("floor", .yuan)]).joined(separator: "\n  "))
              require screen is not deny else "D-1" "denied at {floor}"
            }
            """)
    }
}
