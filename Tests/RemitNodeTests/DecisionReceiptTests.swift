import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Receipts of what contracts do by themselves, and proofs of all decisions, on a ledger with deadlines and migrations.
@Suite struct DecisionReceiptTests {
    private func lending() throws -> Lending {
        let lending = try Lending()
        for (name, amount) in [("one", 100), ("two", 50), ("boom", 20)] {
            _ = try lending.ask(TextValue(name), Int64(amount))
        }
        _ = try lending.perform("approve consent", by: "bo", on: 2)
        _ = try lending.perform("approve consent", by: "bo", on: 2)
        lending.clock.set("2026-03-03", hour: 9)
        _ = try lending.deploy(Lending.second(begins: ""))
        _ = try lending.node.commitDue()
        lending.clock.set("2026-06-03", hour: 9)
        _ = try lending.node.commitDue()
        return lending
    }

    @Test func everythingThatFellDueHasAReceipt() throws {
        let lending = try lending()
        let signer = lending.world.nodeSigner
        let signed = try lending.node.checkpoint(signedBy: signer)
        let key = LedgerKey.bare(signer.publicKey)
        var words: Set<String> = []
        for height in 0...lending.node.head.height {
            for position in 0... {
                let name = DecisionName.due(height: height, position: position)
                guard let proof = try? lending.node.prove(receipt: name, under: signed) else { break }
                let facts = try proof.check(key)
                let page = try #require(ReceiptPage(proof, facts))
                _ = try ReceiptPage.check(Array(page.text.utf8), key)
                let receipt = try #require(facts.receipt)
                words.insert("\(facts.findings?.clauses.first?.split(separator: ":").first ?? "") \(receipt.outcome)")
                let clause = facts.findings?.clauses.first ?? ""
                // A case that stays behind shows the rules of before, which did not decide that it does.
                let isBehind = clause.hasPrefix("migration:") && "\(receipt.outcome)" != "done"
                #expect((facts.rules == nil) == isBehind)
                if clause == "migration:1", !isBehind {
                    #expect(page.text.contains(": migrate from 1 when amount >= 10 CNY {"))
                }
                #expect(facts.duePosition == UInt64(position) && facts.header?.height == height)
            }
        }
        #expect(words.contains("timer done") && words.contains("migration done"))
        #expect(words.contains { $0.hasPrefix("migration stalled") })
    }

    @Test func theNewestDecisionIsTheOneAskedFor() throws {
        let lending = try lending()
        let two = CaseReference(contract: "Lending", number: 2)
        let newest = try lending.node.lastDecision(of: two)
        guard case .due(let height, _) = newest else {
            Issue.record("the deadline came last")
            return
        }
        #expect(height == lending.node.head.height)
        guard case .transaction(let vote) = try lending.node.lastDecision(of: two, at: height - 3) else {
            Issue.record("a vote came before")
            return
        }
        #expect(try lending.node.history(of: two).contains { $0.digest == vote })
        #expect(throws: NodeError.self) { try lending.node.lastDecision(of: two, at: 1) }
        #expect(throws: NodeError.self) {
            try lending.node.lastDecision(of: CaseReference(contract: "Lending", number: 9))
        }
    }

    @Test func allDecisionsOfEveryCaseAtEveryHeight() throws {
        let lending = try lending()
        let signer = lending.world.nodeSigner
        let signed = try lending.node.checkpoint(signedBy: signer)
        var most = 0
        for number: Int64 in 1...4 {
            let reference = CaseReference(contract: "Lending", number: number)
            for height in 0...lending.node.head.height {
                let proof = try lending.node.prove(decisionsOf: reference, at: height, under: signed)
                let facts = try proof.check(.bare(signer.publicKey))
                let view = try? lending.node.caseView(reference, at: height)
                #expect(facts.decisions?.count == view.map { Int($0.stored.state.revision) } ?? 0)
                most = max(most, facts.decisions?.count ?? 0)
            }
        }
        #expect(most >= 4)
    }

    @Test func rolesOfAPersonAreAll() throws {
        let lending = try lending()
        let signer = lending.world.nodeSigner
        let signed = try lending.node.checkpoint(signedBy: signer)
        let pattern = ItemPattern.members([nil, nil, .text("bo")])
        let facts = try lending.node.prove(allOf: StateLayout.grantSpace, matching: pattern, under: signed)
            .check(.bare(signer.publicKey))
        guard case .matching(_, _, let rows, let others)? = facts.claim else {
            Issue.record("no claim")
            return
        }
        #expect(!rows.isEmpty && !others.isEmpty && rows.allSatisfy { pattern.matches($0.item) })
    }
}
