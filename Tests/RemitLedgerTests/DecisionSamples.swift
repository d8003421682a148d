import RemitLedger
import RemitValues
import Testing

/// A chain with one case that a transaction opens, a deadline changes and a migration brings over, beside another case
/// and refusals; and the proofs of what was decided about it.
struct DecisionSample {
    static let text = """
        contract Leave version 2
          // deny "L-1" in a comment is no rule
        enum Kind { sick, holiday }
        case about ward {
          // the ward : as registered
          ward  : Text(20)
          days  : Integer
          cause : private Text(40)
        }
        unique by ward else "L-8" "There is one already"
        checks length(line: Integer) {
          note "L-0" "{days} asked"  when days > 3
          for one in lines {
            deny   "L-1"  "Too long {"
              when days > 20
              and  ward is present   per "Rules 3"
          }
        }
        action ask(ward: Text(20), days: Integer,
            cause: private Text(40))
          opens open {
          require days > 0
            else "L-9" "None asked"
          if days > 20 { refuse "Too many" } else { set days to 1 }
        }
        after 3 days past asked in open { become closed }
        approval second in open needs 1 of Head within 2 days { }
        migrate from 1
          when days > 0 { }
        migrate from 12 { }
        scenario "three days" {
          after 3 days
          expect length finds "L-1"
        }

        """
    static let contract = Hashing.digest(.contract, Array(text.utf8))
    static let findings = Findings(
        findings: [
            .init(code: "L-1", severity: .deny, text: "Too long {", clause: "check:2", line: 3, source: "Rules 3"),
            .init(code: "L-0", severity: .note, text: "30 asked", clause: "check:1"),
        ], clauses: ["check:2"])
    static let space = "case/Leave/0000000017"
    static let key = StateKey(space: space, item: Array("state".utf8))

    let chain: SampleChain
    /// The value of the case's row after each of its revisions.
    let rows: [[UInt8]]
    /// Findings by the digest that receipts hold.
    let known: [Digest: Findings]

    static func row(_ state: String, _ revision: Int64, days: Int64, contract: Digest = contract) -> [UInt8] {
        ValueCoding.encoded(
            .record([
                .text(TextValue(contract.hex)), .integer(1), .enumeration(TextValue(state)), .integer(revision),
                .record([.text("A"), .integer(days), .commitment(.zero)]), .list([]),
            ]))
    }

    private static func clause(_ clause: String) -> Findings { Findings(findings: [], clauses: [clause]) }

    /// Seven blocks: 1 opens the case, in 2 its deadline changes it and another stalls, 3 refuses, in 4 a migration
    /// brings it over, 5 opens another case, 6 has nothing of it.
    init() throws {
        var chain = try SampleChain()
        let rows = [
            Self.row("open", 1, days: 30), Self.row("closed", 2, days: 30), Self.row("closed", 3, days: 1),
        ]
        var known: [Digest: Findings] = [Findings.none.digest: .none]
        func told(_ findings: Findings) -> Digest {
            known[findings.digest] = findings
            return findings.digest
        }
        func change(_ row: [UInt8], of reference: String = DecisionSample.space) -> StateChange {
            StateChange(key: StateKey(space: reference, item: Array("state".utf8)), value: row)
        }
        func due(_ clause: String, _ changes: [StateChange], _ reference: String?, stalled: String? = nil) -> Receipt {
            Receipt(
                transaction: .zero, outcome: stalled.map { .stalled(reason: $0) } ?? .done, changes: changes, cost: 4,
                findings: told(Self.clause(clause)), caseReference: reference)
        }
        let founding = [try chain.transaction()]
        let rules = Value.record([
            .text("Leave"), .integer(2), .text("ward"), .integer(1), .integer(0), .text(TextValue(Self.text)),
        ])
        try chain.append(
            founding,
            receipts: {
                $0[0].changes = [
                    StateChange(
                        key: StateKey(space: "contract", item: Self.contract.bytes), value: ValueCoding.encoded(rules))
                ]
                for role in ["Head", "Nurse"] {
                    for person in ["ann", "bo", "lin"] {
                        let item = ValueCoding.encoded(
                            .list([
                                .text(role == "Head" ? "clinic" : "ward"), .text(TextValue(role)), .text(.init(person)),
                            ]))
                        $0[0].changes.append(
                            StateChange(key: StateKey(space: "grant", item: item), value: [1]))
                    }
                }
                $0[0] = Receipt(
                    transaction: $0[0].transaction, outcome: .done, changes: $0[0].changes, cost: 1)
            })
        func call(_ name: String, _ reference: String?) throws -> Transaction {
            try chain.transaction {
                $0.contract = Self.contract
                $0.call = name
                $0.caseReference = reference
                $0.arguments = [.text("A"), .integer(30), .commitment(.zero)]
            }
        }
        let opening = [try chain.transaction(), try call("ask", nil)]
        try chain.append(
            opening,
            receipts: {
                $0[1] = Receipt(
                    transaction: $0[1].transaction, outcome: .done, changes: [change(rows[0])],
                    postings: [
                        .init(fund: "Pay", debit: "available", credit: "ann", currency: "CNY", minorUnits: -1205),
                        .init(fund: "Pay", debit: "ann", credit: "bo", currency: "JPY", minorUnits: 7),
                        .init(fund: "Pay", debit: "ann", credit: "bo", currency: "KWD", minorUnits: 12),
                    ], notices: [.init(to: "ann", text: "asked")], cost: 3, findings: told(Self.findings),
                    caseReference: "Leave/17")
                $0[1].unfillableRounds = ["second"]
            })
        try chain.append(
            [try chain.transaction()], deadlines: 2,
            receipts: {
                $0[0] = due("timer:1", [change(rows[1])], "Leave/17")
                $0[1] = due("timer:2", [], "Leave/17", stalled: "L-8: There is one already")
            })
        try chain.append(
            [try call("ask", "Leave/17"), try call("ask", "Leave/17")],
            receipts: {
                let refusals = [("L-9", "None asked", "requirement"), ("refused", "Too many", "refused")]
                for (place, refused) in refusals.enumerated() {
                    $0[place] = Receipt(
                        transaction: $0[place].transaction, outcome: .refused(code: refused.0, text: refused.1),
                        cost: 2, findings: told(Self.clause("refusal:\(refused.2)")), caseReference: "Leave/17")
                }
            })
        try chain.append(
            [try chain.transaction()], deadlines: 3,
            receipts: {
                $0[0] = due("version:Leave/2", [], nil)
                $0[2] = due("migration:Leave/2:1-3", [], nil)
                $0[1] = due("migration:1", [change(rows[2])], "Leave/17")
            })
        try chain.append(
            [try call("ask", nil)],
            receipts: {
                $0[0] = Receipt(
                    transaction: $0[0].transaction, outcome: .done,
                    changes: [change(Self.row("open", 1, days: 2), of: "case/Leave/0000000018")], cost: 3,
                    caseReference: "Leave/18")
            })
        try chain.append(transactions: 1)
        self.chain = chain
        self.rows = rows
        self.known = known
    }

    // MARK: Parts

    private func receiptPart(_ height: Int, _ index: Int, rules: Digest?) throws -> ChainProof.ReceiptPart {
        let receipts = chain.blocks[height].receipts
        let leaves = try receipts.map { MerkleTree.leafHash(try Receipt(decoding: $0).digest.bytes) }
        let receipt = try Receipt(decoding: receipts[index])
        var part: ChainProof.RulesPart?
        if let rules {
            let key = StateKey(space: "contract", item: rules.bytes)
            let row = try #require(try chain.rows(after: height)[key])
            let proof = try #require(
                StateProof.present(key, value: row, in: try chain.leaves(after: height, rules: true)))
            part = ChainProof.RulesPart(row: row, path: proof.path)
        }
        return ChainProof.ReceiptPart(
            receipt: receipts[index], count: UInt64(receipts.count),
            path: try #require(MerkleTree.inclusionProof(of: index, in: leaves)),
            findings: try #require(known[receipt.findings]).encoded, rules: part)
    }

    func duePart(_ height: Int, _ position: Int, withRules: Bool = true) throws -> ChainProof.DuePart {
        let receipt = try Receipt(decoding: chain.blocks[height].receipts[position])
        let isOfCase = receipt.caseReference != nil
        let isShare = known[receipt.findings]?.clauses.first == "migration:Leave/2:1-3"
        let isWritten = receipt.changes.contains { $0.key == Self.key }
        return ChainProof.DuePart(
            position: UInt64(position),
            receipt: try receiptPart(height, position, rules: withRules && (isOfCase || isShare) ? Self.contract : nil),
            row: withRules && isOfCase && !isWritten ? try steadyRow(after: height, before: height - 1) : nil)
    }

    /// The row after one block, and after an earlier one.
    func steadyRow(after height: Int, before earlier: Int) throws -> ChainProof.SteadyRow {
        ChainProof.SteadyRow(
            after: try row(after: height), earlier: try chain.blockPart(earlier, 7), before: try row(after: earlier))
    }

    func row(after height: Int) throws -> StateProof {
        let value = try chain.rows(after: height)[Self.key]
        let leaves = try chain.leaves(after: height)
        return try #require(
            value.map { .present(Self.key, value: $0, in: leaves) } ?? .absent(Self.key, in: leaves))
    }

    // MARK: Proofs

    func transaction(_ height: Int, _ position: Int, layout: UInt64 = 2) throws -> ChainProof {
        let due = chain.blocks[height].receipts.count - chain.blocks[height].transactions.count
        let contract = try Transaction(decoding: chain.blocks[height].transactions[position]).body.contract
        return ChainProof(
            checkpoint: try chain.signedCheckpoint(7).bytes,
            content: .receipt(
                try chain.blockPart(height, 7), try chain.transactionPart(height, position),
                try receiptPart(height, due + position, rules: contract == .zero ? nil : contract)),
            layout: layout)
    }

    func due(_ height: Int, _ position: Int) throws -> ChainProof {
        try due(height, try duePart(height, position))
    }

    func due(_ height: Int, _ part: ChainProof.DuePart) throws -> ChainProof {
        ChainProof(
            checkpoint: try chain.signedCheckpoint(7).bytes, content: .due(try chain.blockPart(height, 7), part))
    }

    /// The decisions about the case up to a block, in order.
    func decisionParts() throws -> [ChainProof.DecisionPart] {
        [
            .transaction(
                try chain.blockPart(1, 7), try chain.transactionPart(1, 1), try receiptPart(1, 1, rules: nil)),
            .due(try chain.blockPart(2, 7), try duePart(2, 0, withRules: false)),
            .due(try chain.blockPart(4, 7), try duePart(4, 1, withRules: false)),
        ]
    }

    /// The opening of the other case.
    func foreignPart() throws -> ChainProof.DecisionPart {
        .transaction(try chain.blockPart(5, 7), try chain.transactionPart(5, 0), try receiptPart(5, 0, rules: nil))
    }

    /// A refusal of the case.
    func refusedPart() throws -> ChainProof.DecisionPart {
        .transaction(try chain.blockPart(3, 7), try chain.transactionPart(3, 0), try receiptPart(3, 0, rules: nil))
    }

    func decisions(
        _ height: Int, _ parts: [ChainProof.DecisionPart], row: StateProof? = nil
    ) throws -> ChainProof {
        ChainProof(
            checkpoint: try chain.signedCheckpoint(7).bytes,
            content: .decisions(try chain.blockPart(height, 7), try row ?? self.row(after: height), parts))
    }

    func decisions(_ height: Int) throws -> ChainProof {
        try decisions(height, Array(try decisionParts().prefix(height < 1 ? 0 : height < 2 ? 1 : height < 4 ? 2 : 3)))
    }

    func matching(_ pattern: ItemPattern, space: String = "grant") throws -> StateProof {
        let rows = try chain.rows(after: 6).filter { $0.key.space == space }.sorted { $0.key < $1.key }
            .map { StateClaim.Row(item: $0.key.item, value: $0.value) }
        return try #require(.matching(pattern, space: space, rows: rows, in: try chain.leaves(after: 6)))
    }

    static let patterns: [(ItemPattern, Int)] = [
        (.members([.text("clinic")]), 3), (.members([nil, .text("Nurse")]), 3),
        (.members([nil, nil, .text("lin")]), 2),
        (.members([.text("ward"), nil, .text("bo")]), 1), (.members([.text("clinic"), .text("Nurse")]), 0),
        (.members([nil, nil, nil, .text("lin")]), 0), (.members([.absent]), 0), (.beginning([0x83]), 6),
        (.beginning(Array([0x83, 0x66] + "clinic".utf8)), 3), (.beginning([]), 6), (.beginning([1]), 0),
    ]

    /// One proof of each kind that is about decisions, and of each pattern.
    func proofs() throws -> [ChainProof] {
        var proofs = [
            try transaction(1, 1), try transaction(3, 0), try due(2, 0), try due(2, 1), try due(4, 0), try due(4, 1),
            try due(4, 2), try decisions(6), try decisions(2), try decisions(0),
            try chain.proveState(6, size: 7, try matching(.members([.text("x")]), space: "nothing")),
        ]
        for (pattern, _) in Self.patterns { proofs.append(try chain.proveState(6, size: 7, try matching(pattern))) }
        return proofs
    }
}
