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
                    found.append(Written(action: action, reason: reason, refusal: refusal, line: line(statement.span)))
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
                    Written(action: nil, reason: "unique", refusal: refusal, line: line(declaration.span)))
            default: break
            }
        }
        return found
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
