import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// What receipts tell of rules and names without the grammar is what the parser says, or nothing, in every layout.
@Suite struct ToldRulesTests {
    /// A refusal as it is written.
    private struct Written {
        let action: String?
        let reason: String
        let refusal: RefusalSyntax
        let line: Int
        let span: Span
    }

    /// A text with every kind of rule, and names that are words of the language where it allows them.
    private static let text = """
        contract Layout version 3
          title    "Layout \\{ of rules"
          timezone +08:00
        role Clerk, Boss
        enum Kind { plain, note, deny }
        fund Pot in CNY kept by Clerk
        case about name {
          name   : Text(8)
          amount : CNY
          kind   : Kind
          after  : Integer
          parts  : list of Integer(3)
        }
        state waiting, running
        final state closed, expired
        unique by name except closed, expired else "U-1" "{name} is there already"
        checks first {
          note "N-1" "Nothing is asked" when amount is 0 CNY
          deny "D-1" "Too much // of it {amount}"
            when amount > 10 CNY
            and after > 1
          for part in parts {
            pend "P-1" "Part {part}" when part > 3 per "Rule 3 }"
          }
          deny "D-2" "Very much" when amount > 20 CNY
        }
        action ask(more: Integer, kind2: optional Kind)
          opens waiting, running by Clerk enters name, amount, kind, parts {
          require amount > 0 CNY else "A-1" "Nothing is asked"
          require amount < 9 CNY
            or more > 3 else "A-2" "{amount} is too much"
          let given = kind2 else "A-3" "No kind is given"
          if given is note { refuse "Not a note" }
          reserve amount from Pot else "A-4" "The pot has not {amount}"
          set after to more
          run first
          match first {
            deny, pend { become running }
            note, clear { become waiting }
          }
        }
        approval consent
          in     waiting
          needs  1 of Boss
          within 48 hours
          accept singleSigner because "a test"
        {
          granted  { become running }
          declined { require after > 0 else "A-1" "Nothing is asked" become closed }
          overdue  { become expired }
        }
        action close(more: Integer) in running by Clerk {
          require more > after else "C-1" "Not yet"
          become closed
        }
        after 30 days in running { become expired }

        """

    /// Every refusal of a contract that names one.
    private static func refusals(_ source: String, _ contract: ContractSyntax) -> [Written] {
        let bytes = Array(source.utf8)
        var found: [Written] = []
        func line(_ span: Span) -> Int { 1 + bytes.prefix(span.start).count { $0 == 0x0A } }
        func walk(_ block: Block?, _ action: String?) {
            for statement in block?.statements ?? [] {
                func note(_ reason: String, _ refusal: RefusalSyntax?) {
                    guard let refusal else { return }
                    found.append(
                        Written(
                            action: action, reason: reason, refusal: refusal, line: line(statement.span),
                            span: statement.span))
                }
                switch statement.kind {
                case .binding(_, _, let refusal): note("missing", refusal)
                case .require(_, let refusal): note("requirement", refusal)
                case .refuse(let refusal): note("refused", refusal)
                case .reserve(_, _, let refusal): note("funds", refusal)
                case .choose(_, let then, let otherwise):
                    walk(then, action)
                    walk(otherwise, action)
                case .match(_, let arms): arms.forEach { walk($0.body, action) }
                case .each(_, _, let body): walk(body, action)
                default: break
                }
            }
        }
        for declaration in contract.declarations {
            switch declaration.kind {
            case .action(let action): walk(action.body, action.name.text)
            case .approval(let approval):
                [approval.granted, approval.declined, approval.overdue].forEach { walk($0, nil) }
            case .deadline(let deadline): walk(deadline.body, nil)
            case .entering(_, let block): walk(block, nil)
            case .migrate(let migration): walk(migration.body, nil)
            case .unique(let unique):
                guard let refusal = unique.refusal else { continue }
                found.append(
                    Written(
                        action: nil, reason: "unique", refusal: refusal, line: line(declaration.span),
                        span: declaration.span))
            default: break
            }
        }
        return found
    }

    /// Whether bytes are the whole of a check, or a deadline, approval or migration, or the whole head of one of these.
    private static func isWhole(
        _ bytes: Range<Int>, _ clause: String, _ program: CheckedProgram, _ contract: ContractSyntax, _ source: String
    ) -> Bool {
        let parts = clause.split(separator: ":")
        let number = Int(parts[1]) ?? 0
        if parts[0] == "check" {
            func checks(_ items: [CheckedItem]) -> [CheckedCheck] {
                items.flatMap { item -> [CheckedCheck] in
                    switch item {
                    case .check(let check): [check]
                    case .each(_, in: _, let items, span: _): checks(items)
                    case .binding: []
                    }
                }
            }
            let found = program.checks.flatMap { checks($0.items) }.first { $0.index == number - 1 }
            return found.map { $0.span.start..<$0.span.end } == bytes
        }
        guard let found = contract.declarations.first(where: { $0.span.start == bytes.lowerBound }) else {
            return false
        }
        if found.span.end == bytes.upperBound { return true }
        switch found.kind {
        case .deadline(let deadline): return deadline.body.span.start + 1 == bytes.upperBound
        case .migrate(let migration): return migration.body.span.start + 1 == bytes.upperBound
        case .approval(let approval):
            let blocks = [approval.granted, approval.declined, approval.overdue].compactMap { $0?.span.start }
            return Array(source.utf8)[bytes.upperBound - 1] == UInt8(ascii: "{")
                && approval.within.span.end < bytes.upperBound && blocks.allSatisfy { $0 >= bytes.upperBound }
        default: return false
        }
    }

    /// What was told, and how much there was to tell.
    private struct Count {
        var told = 0
        var all = 0
    }

    /// Compares all that can be told of a text; nil where it does not compile.
    private static func compare(_ source: String, _ comment: String) -> Count? {
        let compiled = Compiler.compile(SourceText(name: "layout", bytes: Array(source.utf8)))
        guard let program = compiled.program, let contract = compiled.contract else { return nil }
        let whole = String(decoding: compiled.source.bytes, as: UTF8.self)
        let text = RulesText(whole)
        var count = Count()
        func expect<Told: Equatable>(_ told: Told?, _ expected: Told?, _ what: String) {
            count.all += 1
            guard let told else { return }
            count.told += 1
            #expect(told == expected, "\(what): \(comment)")
        }
        var clauses: [String] = []
        for number in 1...40 { clauses.append("check:\(number)") }
        for number in 1...4 { clauses += ["timer:\(number)", "migration:\(number)"] }
        for clause in clauses {
            let line = ToldRules.line(of: clause, program, whole)
            let told = text.line(of: clause, .done, call: nil)
            if line != nil || told != nil { expect(told, line, clause) }
            if let bytes = text.bytes(of: clause, .done, call: nil) {
                #expect(isWhole(bytes, clause, program, contract, whole), "\(clause): \(comment)")
            }
        }
        for action in program.actions {
            let names = ToldRules.argumentNames(of: action.name, program)
            expect(text.argumentNames(of: action.name, names?.count ?? 0), names, "action \(action.name)")
        }
        let names = program.caseFields.map(\.name)
        if !names.isEmpty { expect(text.fieldNames(names.count), names, "fields") }
        for written in refusals(whole, contract) {
            let words = written.refusal.text.parts.map { if case .plain(let plain) = $0 { plain } else { "7" } }
            let code = written.refusal.code?.plain ?? written.reason
            let told = text.line(
                of: "refusal:\(written.reason)", .refused(code: code, text: words.joined()), call: written.action)
            expect(told, written.line, "refusal \(code)")
            let bytes = text.bytes(
                of: "refusal:\(written.reason)", .refused(code: code, text: words.joined()), call: written.action)
            if let bytes { #expect(bytes == written.span.start..<written.span.end, "refusal \(code): \(comment)") }
            let stalled = Receipt.Outcome.stalled(reason: "\(code): \(words.joined())")
            if written.action == nil {
                expect(text.line(of: "refusal:\(written.reason)", stalled, call: nil), written.line, "stalled \(code)")
            }
        }
        return count
    }

    @Test(
        arguments: [
            "commercial-claim", "emergency-disbursement", "equipment", "herb-lots", "hospital", "insurance-claim",
            "materials", "medical-record", "online-care", "referral",
        ])
    func contractsOfTheProjectShowAllButWhatHasTwoMeanings(name: String) throws {
        let source = try World.contract(name)
        let count = try #require(Self.compare(source, name))
        // The library has functions only.
        #expect(name == "hospital" || count.all > 8)
        // What is left is one code and text in two places that both may have refused.
        #expect(count.told >= count.all * 9 / 10, "\(name): \(count)")
    }

    @Test func theTextItselfShowsAllButOne() throws {
        let count = try #require(Self.compare(Self.text, "as written"))
        // The code and text of one refusal stand in an action and in an approval.
        #expect(count.all == 19 && count.told == 18, "\(count)")
    }

    /// Layouts that run a rule into its neighbours, or end a line within another.
    @Test(
        arguments: [
            (
                "    when amount > 10 CNY\n    and after > 1\n  for part",
                "    when sum of p\n    for p in parts > 5 for part"
            ),
            (
                "deny \"D-2\" \"Very much\" when amount > 20 CNY\n",
                "deny \"D-2\" \"x\" when sum of p\n    for p in parts > 5 }\nchecks other {\n for p in parts { }\n"
            ),
            (
                "deny \"D-2\" \"Very much\" when amount > 20 CNY\n",
                "deny \"D-2\" \"x\" when sum of p\n    for p in parts > 5 let c = 3\n for p in parts { }\n"
            ),
            ("Nothing is asked\"\n  require amount < 9", "Nothing is asked\" require amount < 9"),
            ("\"\n  set after to more\n", "\" set after to more\n    + 4\n"),
            ("  let given", "  set after to more let given"),
            ("running { become expired }", "running { set after to 1\n    + 5 become expired }"),
            (
                "after 30 days in running {",
                "after 30\n  days in running { require after < 3\n else \"T-1\" \"Too large\" set after to 3\n + 4"
            ),
            ("{\n  granted ", "{ granted "), ("consent\n  in     waiting\n  needs", "consent in waiting needs"),
        ])
    func noRuleIsCut(old: String, new: String) throws {
        let parts = Self.text.split(separator: old, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let count = try #require(Self.compare(parts.joined(separator: new), new))
        #expect(count.told >= 16, "\(count)")
    }

    /// Layouts of one contract: comments with rules in them, ends of lines moved, returns, two rules on a line.
    @Test func noLayoutMisleads() throws {
        var (compiled, told) = (0, 0)
        for seed in UInt64(1)...400 {
            var layout = Layout(seed: seed)
            let source = layout.change(Self.text)
            guard let count = Self.compare(source, "seed \(seed)") else { continue }
            compiled += 1
            if count.told > 0 { told += 1 }
        }
        #expect(compiled > 150 && told > 30, "\(compiled) compiled, \(told) of them told something")
    }
}

/// Changes the layout of a text in a few places, now and then so that it means something else.
private struct Layout {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    private mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private mutating func one(of choices: [String]) -> String { choices[below(choices.count)] }

    mutating func change(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...below(6) {
            let blanks = bytes.indices.filter { bytes[$0] == 0x20 }
            let ends = bytes.indices.filter { bytes[$0] == 0x0A }
            let atEnd = below(2) == 0
            let place = atEnd ? ends[below(ends.count)] : blanks[below(blanks.count)]
            let new =
                atEnd
                ? one(of: [
                    " ", "\r\n", "\r", "\n\n", " // deny \"D-9\" \"x\" when yes\n", " // {\n", " // a\rafter 3 days\n",
                    "\t\n", "\nstate more, after\n", "\nstate approval,\n  deny\n", "\n    ", "\nstate other\n", "",
                    "\n// migrate from 1 {\n", "\nrole record\n", "\nstate\napproval\n",
                ])
                : one(of: [
                    "\n", "  ", "\t", "\r\n", "\r", " // }\n", "\n// else \"A-1\" \"Nothing is asked\"\n", "\n\n  ",
                    "\n        ", " // \"\n",
                ])
            bytes.replaceSubrange(place...place, with: Array(new.utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
