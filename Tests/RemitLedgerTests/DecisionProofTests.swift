import RemitLedger
import RemitValues
import Testing

@Suite("Receipts of what fell due, all decisions of a case, all rows of a pattern")
struct DecisionProofTests {
    private func fault(_ proof: ChainProof, _ sample: DecisionSample) -> ProofFaultClass? {
        do throws(ProofFault) {
            _ = try ChainProof.check(file: proof.encoded, .bare(sample.chain.node.publicKey))
            return nil
        } catch {
            return error.faultClass
        }
    }

    private func page(_ proof: ChainProof, _ sample: DecisionSample) throws -> String {
        let facts = try proof.check(.bare(sample.chain.node.publicKey))
        return try #require(ReceiptPage(proof, facts)).text
    }

    /// The lines of a page with these labels.
    private func lines(_ page: String, _ labels: String...) -> [String] {
        page.split(separator: "\n").map(String.init).filter { line in
            labels.contains { line.hasPrefix($0.padding(14)) }
        }
    }

    @Test("every kind holds, comes back from its bytes, and holds for the other verifier")
    func honest() throws {
        let sample = try DecisionSample()
        #expect(sample.chain.faults() == [])
        let proofs = try sample.proofs()
        for proof in proofs {
            #expect(try ChainProof(decoding: proof.encoded) == proof)
            #expect(fault(proof, sample) == nil)
        }
        var files = proofs.map(\.encoded)
        for proof in proofs.prefix(7) { files.append(Array(try page(proof, sample).utf8)) }
        files.append(Array(try page(try sample.transaction(1, 1, layout: 1), sample).utf8))
        guard SecondVerifier.isThere else { return }
        let answers = try SecondVerifier.answers(files.map { (.proof, $0) }, key: sample.chain.node.publicKey)
        #expect(answers == files.map { _ in "ok" })
    }

    @Test("a receipt names the rules by their lines, and what was decided on what")
    func rules() throws {
        let sample = try DecisionSample()
        let page = try page(try sample.transaction(1, 1), sample)
        #expect(
            lines(
                page, "Outcome", "Decided by", "Rule", "Finding", "State", "Posting", "Round", "Notice", "Argument",
                "Field") == [
                    "Outcome       done", "Decided by    check:2",
                    "Rule          check:2, line 14, in checks length: deny \"L-1\" \"Too long {\" when days > 20 and "
                        + "ward is present per \"Rules 3\"",
                    "Rule          check:1, line 12, in checks length: note \"L-0\" \"{days} asked\" when days > 3",
                    "Finding       deny L-1, line 3: Too long { (Rules 3) [check:2]",
                    "Finding       note L-0: 30 asked [check:1]", "State         open, revision 1",
                    "Posting       Pay: debit available, credit ann, -12.05 CNY",
                    "Posting       Pay: debit ann, credit bo, 7 JPY",
                    "Posting       Pay: debit ann, credit bo, 0.012 KWD",
                    "Round         second, which nobody can fill", "Notice        to ann: asked",
                    "Argument      ward: \"A\"", "Argument      days: 30", "Field         ward: \"A\"",
                    "Field         days: 30",
                ])
        #expect(
            lines(try self.page(try sample.transaction(3, 0), sample), "Rule") == [
                "Rule          refusal:requirement, line 22, in action ask: require days > 0 else "
                    + "\"L-9\" \"None asked\""
            ])
        #expect(
            lines(try self.page(try sample.transaction(3, 1), sample), "Rule") == [
                "Rule          refusal:refused, line 24, in action ask: refuse \"Too many\""
            ])
    }

    @Test("a deadline, a migration and a version that takes over have receipts")
    func due() throws {
        let sample = try DecisionSample()
        let labels = ["Block", "Fell due", "Case", "Rules", "Outcome", "Rule", "State"]
        func told(_ height: Int, _ position: Int) throws -> [String] {
            let page = try page(try sample.due(height, position), sample)
            return labels.flatMap { lines(page, $0) }
        }
        #expect(
            try told(2, 0) == [
                "Block         2, number 1 of what fell due", "Fell due      a deadline", "Case          Leave/17",
                "Rules         Leave, version 2", "Outcome       done",
                "Rule          timer:1, line 26: after 3 days past asked in open { become closed }",
                "State         closed, revision 2",
            ])
        #expect(
            try told(2, 1) == [
                "Block         2, number 2 of what fell due", "Fell due      a deadline", "Case          Leave/17",
                "Rules         Leave, version 2", "Outcome       stalled: L-8: There is one already",
                "Rule          timer:2, line 27: approval second in open needs 1 of Head within 2 days { }",
            ])
        #expect(
            try told(4, 0) == [
                "Block         4, number 1 of what fell due", "Fell due      Leave/2 takes over",
                "Rules         not shown", "Outcome       done",
            ])
        #expect(
            try told(4, 1) == [
                "Block         4, number 2 of what fell due", "Fell due      a migration from version 1",
                "Case          Leave/17", "Rules         Leave, version 2", "Outcome       done",
                "Rule          migration:1, line 28: migrate from 1 when days > 0 { }",
                "State         closed, revision 3",
            ])
        #expect(
            try told(4, 2) == [
                "Block         4, number 3 of what fell due",
                "Fell due      Leave/2 takes over among cases 1-3", "Rules         Leave, version 2",
                "Outcome       done",
            ])
    }

    @Test("a receipt of the first version of the format keeps its lines")
    func firstLayout() throws {
        let sample = try DecisionSample()
        let old = try sample.transaction(1, 1, layout: 1)
        let text = try page(old, sample)
        #expect(lines(text, "Rule", "State", "Posting", "Argument", "Field") == [])
        #expect(lines(text, "Finding").first == "Finding       deny L-1, line 4: Too long { (Rules 3) [check:2]")
        let key = LedgerKey.bare(sample.chain.node.publicKey)
        _ = try ReceiptPage.check(Array(text.utf8), key)
        guard case .map(let entries) = old.cbor else { return }
        for version: UInt64 in [0, 3, 9] {
            let file = CBOR.map([.init(1, .unsigned(version))] + entries.dropFirst()).encoded
            #expect(throws: ProofFault.self) { try ChainProof.check(file: file, key) }
        }
    }

    @Test("a false receipt of what fell due is named")
    func falseDue() throws {
        let sample = try DecisionSample()
        let (deadline, stalled) = (try sample.duePart(2, 0), try sample.duePart(2, 1))
        func expect(_ expected: ProofFaultClass?, _ height: Int, _ part: ChainProof.DuePart, line: Int = #line) throws {
            #expect(fault(try sample.due(height, part), sample) == expected, "line \(line)")
        }
        func receipt(_ part: ChainProof.DuePart, rules: ChainProof.RulesPart?) -> ChainProof.ReceiptPart {
            let found = part.receipt
            return .init(
                receipt: found.receipt, count: found.count, path: found.path, findings: found.findings, rules: rules)
        }
        try expect(nil, 2, deadline)
        try expect(.receiptPath, 2, .init(position: 1, receipt: deadline.receipt))
        try expect(.receiptPath, 2, .init(position: 2, receipt: deadline.receipt))
        try expect(.receiptPath, 4, deadline)
        try expect(.contract, 2, .init(position: 0, receipt: receipt(deadline, rules: nil)))
        try expect(
            .state, 2, .init(position: 0, receipt: deadline.receipt, row: try sample.steadyRow(after: 2, before: 1)))
        // The row that a stalled deadline leaves as it was says whose rules they are.
        try expect(.contract, 2, .init(position: 1, receipt: stalled.receipt))
        try expect(nil, 2, .init(position: 1, receipt: receipt(stalled, rules: nil)))
        try expect(
            .state, 2, .init(position: 1, receipt: stalled.receipt, row: try sample.steadyRow(after: 1, before: 1)))
        // The row of another block than the one before, or the same one twice, does not do.
        try expect(
            .state, 2, .init(position: 1, receipt: stalled.receipt, row: try sample.steadyRow(after: 2, before: 2)))
        let steady = try sample.steadyRow(after: 2, before: 1)
        let forged = ChainProof.SteadyRow(after: steady.after, earlier: steady.earlier, before: steady.after)
        try expect(.state, 2, .init(position: 1, receipt: stalled.receipt, row: forged))
        try expect(
            .state, 2, .init(position: 1, receipt: stalled.receipt, row: try sample.steadyRow(after: 0, before: 0)))
        let other = try sample.duePart(4, 0)
        try expect(.contract, 4, .init(position: 0, receipt: receipt(other, rules: deadline.receipt.rules)))
        // Whose rules bring cases over is said by the name and version in them, if they are there.
        let share = try sample.duePart(4, 2)
        let text = TextValue(DecisionSample.text)
        try expect(nil, 4, share)
        try expect(nil, 4, .init(position: 2, receipt: receipt(share, rules: nil)))
        try expect(.state, 4, .init(position: 2, receipt: share.receipt, row: steady))
        for (name, version) in [("Leave", 1), ("Leaves", 2)] as [(TextValue, Int64)] {
            let row = Value.record([
                .text(name), .integer(version), .text("ward"), .integer(1), .integer(0), .text(text),
            ])
            let path = try #require(share.receipt.rules?.path)
            let rules = ChainProof.RulesPart(row: ValueCoding.encoded(row), path: path)
            try expect(.contract, 4, .init(position: 2, receipt: receipt(share, rules: rules)))
        }
        // The receipt of a transaction is none of what fell due.
        guard case .receipt(let block, let transaction, let decided) = try sample.transaction(1, 1).content else {
            return
        }
        let taken = ChainProof(
            checkpoint: try sample.chain.signedCheckpoint(7).bytes,
            content: .due(block, .init(position: transaction.position, receipt: decided)))
        #expect(fault(taken, sample) == .receiptTransaction)
    }

    @Test("no decision about a case can be left out, added or moved")
    func falseDecisions() throws {
        let sample = try DecisionSample()
        let parts = try sample.decisionParts()
        let facts = try sample.decisions(6).check(.bare(sample.chain.node.publicKey))
        #expect(facts.decisions?.map(\.row.revision) == [1, 2, 3])
        #expect(facts.decisions?.map { $0.transaction?.body.call } == ["ask", nil, nil])
        func expect(
            _ expected: ProofFaultClass?, _ height: Int, _ parts: [ChainProof.DecisionPart], row: StateProof? = nil,
            line: Int = #line
        ) throws {
            #expect(fault(try sample.decisions(height, parts, row: row), sample) == expected, "line \(line)")
        }
        try expect(nil, 6, parts)
        for index in parts.indices {
            var fewer = parts
            fewer.remove(at: index)
            try expect(.decisions, 6, fewer)
            try expect(.decisions, 6, parts + [parts[index]])
            try expect(.decisions, 6, Array(parts[..<index]))
        }
        try expect(.decisions, 6, parts.reversed())
        try expect(.decisions, 6, [parts[0], parts[2], parts[1]])
        try expect(.decisions, 6, parts + [try sample.foreignPart()])
        try expect(.decisions, 6, [try sample.foreignPart()] + parts.dropFirst())
        try expect(.decisions, 6, parts + [try sample.refusedPart()])
        // An earlier block with what came later, and the row of another block.
        try expect(nil, 3, Array(parts.prefix(2)))
        try expect(.decisions, 3, parts)
        try expect(.state, 6, Array(parts.prefix(2)), row: try sample.row(after: 3))
        try expect(.decisions, 0, [parts[0]])
        // A claim about something else.
        let person = try sample.matching(.members([.text("ward")]))
        try expect(.decisions, 6, parts, row: person)
        let leaves = try sample.chain.leaves(after: 6)
        try expect(.decisions, 6, [], row: StateProof.absent(StateKey(space: "case/Leave/17", item: [1]), in: leaves))
    }

    @Test("no row can be left out of those that a pattern means, added to them or moved away")
    func falseRows() throws {
        let sample = try DecisionSample()
        func expect(
            _ expected: ProofFaultClass?, _ proof: StateProof, _ pattern: ItemPattern? = nil,
            _ change: (inout [StateClaim.Row], inout [StateClaim.OtherRow]) -> Void, line: Int = #line
        ) throws {
            guard case .matching(let space, let meant, var rows, var others) = proof.claim else { return }
            change(&rows, &others)
            let claim = StateClaim.matching(space: space, pattern: pattern ?? meant, rows: rows, others: others)
            let changed = try sample.chain.proveState(6, size: 7, StateProof(claim: claim, path: proof.path))
            #expect(fault(changed, sample) == expected, "line \(line)")
        }
        for (pattern, count) in DecisionSample.patterns {
            let proof = try sample.matching(pattern)
            guard case .matching(_, _, let shown, _) = proof.claim else { continue }
            #expect(shown.count == count)
            try expect(nil, proof) { _, _ in }
            if count > 0 {
                try expect(.state, proof) { rows, _ in rows.removeLast() }
                try expect(.state, proof) { rows, _ in rows[0] = .init(item: rows[0].item, value: [2]) }
                try expect(.state, proof) { rows, others in
                    let digest = Hashing.digest(.stateValue, rows[0].value)
                    others.append(.init(item: rows.removeFirst().item, value: digest))
                    others.sort { $0.item.lexicographicallyPrecedes($1.item) }
                }
            }
            if count < 6 {
                try expect(.state, proof) { _, others in others.removeFirst() }
                try expect(.state, proof) { rows, others in
                    rows.append(.init(item: others.removeLast().item, value: [1]))
                    rows.sort { $0.item.lexicographicallyPrecedes($1.item) }
                }
            }
            try expect(.state, proof) { rows, _ in rows.append(.init(item: [0xFF], value: [1])) }
            try expect(.state, proof) { rows, others in (rows, others) = ([], []) }
        }
        let clinic = try sample.matching(.members([.text("clinic")]))
        try expect(.state, clinic, .members([.text("ward")])) { _, _ in }
        try expect(.file, clinic, .members([])) { _, _ in }
        try expect(.file, clinic, .members([.text("clinic"), nil])) { _, _ in }
        try expect(.file, clinic) { rows, _ in rows.reverse() }
        try expect(.file, clinic) { _, others in others.append(others[0]) }
    }
}

extension AgreementTests {
    @Test("mutants of proofs about decisions and patterns, and of their pages, are refused for the same first reason")
    func decisions() throws {
        let sample = try DecisionSample()
        let key = sample.chain.node.publicKey
        let proofs = try sample.proofs()
        let pages = try proofs.prefix(7).map { proof in
            Array(try #require(ReceiptPage(proof, try proof.check(.bare(key)))).text.utf8)
        }
        let classes = try compare("decisions", key: key) { mutator, number in
            let file =
                number % 5 == 0
                ? mutator.text(pages[(number / 5) % pages.count]) : mutator.proof(proofs[number % proofs.count])
            do throws(ProofFault) {
                _ = try Self.check(file, .bare(key))
                return (.proof, file, "ok")
            } catch {
                return (.proof, file, error.faultClass.rawValue)
            }
        }
        #expect(classes["ok", default: 0] < Self.count / 5)
        #expect(classes.count >= 8)
    }

    @Test("no rule is told from a text whose layout could hide one, by neither verifier")
    func irregularRules() throws {
        let key = try SampleChain().node.publicKey
        var pages: [[UInt8]] = []
        func rules(_ changes: (String, String)..., labelled label: String = "Rule  ") throws -> [String] {
            var text = DecisionSample.text[...]
            for (old, new) in changes {
                let parts = String(text).components(at: old)
                #expect(parts.count == 2, "\(old)")
                text = parts.joined(separator: new)[...]
            }
            let proof = try SampleChain().receipt(under: String(text), findings: DecisionSample.findings)
            let page = try #require(ReceiptPage(proof, try proof.check(.bare(key)))).text
            pages.append(Array(page.utf8))
            return page.split(separator: "\n").map(String.init).filter { $0.hasPrefix(label) }
        }
        let told = try rules()
        #expect(told.count == 5)
        #expect(try rules(("is present   per", "is \"\\\" { deny \" per")).count == 5)
        let irregular = [
            ("\nafter 3 days past", " after 3 days past"), ("\napproval second", " approval second"),
            ("days > 3\n", "days > 3 deny \"L-2\" \"x\" when days > 4\n"), ("deny   \"L-1\"", "deny // c\n\"L-1\""),
            ("lines {\n", "lines {"), ("\nmigrate from 12", " migrate from 12"),
            // A line that ends with a lone return, an unclosed text, a control character, a sign of no use.
            ("in a comment is", "in a comment\ris"), ("\"Rules 3\"", "\"Rules 3"), ("days > 3\n", "days\u{B}> 3\n"),
            ("enum Kind", "enum ' Kind"), ("days > 3\n", "days > 3\r when no\n"), ("migrate from 12 { }", "}{"),
            // States that have the names of declarations.
            ("enum Kind", "state asked,\nafter\nenum Kind"), ("enum Kind", "state asked,\n  approval\nenum Kind"),
            ("enum Kind", "state approval\nenum Kind"), ("enum Kind", "state\nafter\nenum Kind"),
            ("enum Kind", "state asked, checks\nenum Kind"), ("enum Kind", "unknown Kind"),
            // Text before the first letter, and letters that are not what they seem.
            ("contract Leave", "\u{FEFF}contract Leave"), ("\nafter 3", "\n\u{A0}after 3"),
            ("note \"L-0\"", "note\u{2003}\"L-0\""), ("note \"L-0\"", "note \"L-2\" \"x\" when no note \"L-0\""),
        ]
        for (old, new) in irregular { #expect(try rules((old, new)) == [], "\(new)") }
        // Only the rule that cannot be told is left out.
        for (old, new, count) in [
            ("else \"L-9\" \"None asked\"", "else \"L-9\" \"None asked\" require days > 1 else \"L-7\" \"L-9\"", 5),
            ("if days > 20", "require days > 2 else \"L-9\" \"None asked\"\n    if days > 20", 4),
            ("if days > 20", "require days > 2 else \"L-9\" \"{days} wanted\"\n    if days > 20", 5),
            ("if days > 20", "require days > 2 else \"L-9\" \"No {days}\"\n    if days > 20", 5),
            ("if days > 20", "require days > 2 else \"L-9\" \"{days}ed\"\n    if days > 20", 4),
            ("require days > 0", "require require\n", 4), ("migrate from 12", "migrate from 012", 5),
            ("after 3 days past", "// {\nafter 3 days past", 5), ("days > 3\n", "days > 3 // deny \"L-2\"\n", 5),
            ("days > 3\n", "sum of a\n    for b in lines\n", 4), ("days > 3\n", "sum of a\n  let c = 3\n", 5),
            ("days > 3\n", "days is\n  let\n", 4), ("require days > 0", "require days\r\n > 0", 5),
        ] {
            #expect(try rules((old, new)).count == count, "\(new)")
        }
        let commented = try rules(("days > 20\n", "days > 20 // and no more\n"))
        #expect(commented.contains { $0.contains("when days > 20 and ward is present") })
        let fields = [("  days  : Integer\n  cause", "  days : Integer cause"), ("  days  :", "  days\n  :")]
        for change in fields + [("  days  : Integer", "  days  : Integer starts [1: 2]")] {
            #expect(try rules(change, labelled: "Field ") == ["Field         1: \"A\"", "Field         2: 3"])
        }
        let named = ["Argument      ward: \"A\"", "Argument      days: 30"]
        #expect(try rules(("days: Integer,", "// a, b: c\n days: Integer,"), labelled: "Argument ") == named)
        #expect(try rules(("days: Integer,", "days: Integer, // )"), labelled: "Argument ") == named)
        #expect(
            try rules(("(ward: Text(20), ", "("), ("opens open", "enters ward opens open"), labelled: "Arg") == named)
        let answers = try SecondVerifier.answers(pages.map { (.proof, $0) }, key: key)
        #expect(answers == pages.map { _ in "ok" })
    }

    /// The lines of contracts are found alike, however their text is mangled.
    @Test("pages over mangled contract texts are the same")
    func mangledRules() throws {
        let sample = try DecisionSample()
        let key = sample.chain.node.publicKey
        let classes = try compare("rules", key: key) { mutator, _ in
            let text = String(decoding: mutator.text(Array(DecisionSample.text.utf8)), as: UTF8.self)
            let proof = try sample.chain.receipt(under: text, findings: DecisionSample.findings)
            let page = try #require(ReceiptPage(proof, try proof.check(.bare(key))))
            return (.proof, Array(page.text.utf8), "ok")
        }
        #expect(classes == ["ok": Self.count])
    }
}

extension SampleChain {
    /// The receipt of a call of a contract with this text, on a chain made for it: refused or done.
    func receipt(under text: String, findings: Findings) throws -> ChainProof {
        var chain = try SampleChain()
        let contract = Hashing.digest(.contract, Array(text.utf8))
        let rules = Value.record([
            .text("Leave"), .integer(2), .text("ward"), .integer(1), .integer(0), .text(TextValue(text)),
        ])
        let told = Findings(
            findings: findings.findings, clauses: ["timer:2", "refusal:requirement", "timer:1", "check:1"])
        let transaction = try chain.transaction {
            $0.contract = contract
            $0.call = "ask"
            $0.arguments = [.text("A"), .integer(30), .commitment(.zero)]
        }
        let key = StateKey(space: "contract", item: contract.bytes)
        let row = StateChange(key: DecisionSample.key, value: DecisionSample.row("open", 1, days: 3))
        try chain.append(
            [transaction],
            receipts: {
                $0[0] = Receipt(
                    transaction: transaction.digest, outcome: .refused(code: "L-9", text: "None asked"),
                    changes: [StateChange(key: key, value: ValueCoding.encoded(rules)), row], cost: 1,
                    findings: told.digest, caseReference: "Leave/17")
            })
        let value = try #require(try chain.rows(after: 0)[key])
        let proof = try #require(StateProof.present(key, value: value, in: try chain.leaves(after: 0, rules: true)))
        let part = ChainProof.ReceiptPart(
            receipt: chain.blocks[0].receipts[0], count: 1, path: [], findings: told.encoded,
            rules: ChainProof.RulesPart(row: value, path: proof.path))
        return ChainProof(
            checkpoint: try chain.signedCheckpoint(1).bytes,
            content: .receipt(try chain.blockPart(0, 1), try chain.transactionPart(0, 0), part))
    }
}

extension String {
    /// What is before and between and behind the places of a part.
    fileprivate func components(at part: String) -> [String] {
        split(separator: part, omittingEmptySubsequences: false).map(String.init)
    }

    fileprivate func padding(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - utf8.count))
    }
}
