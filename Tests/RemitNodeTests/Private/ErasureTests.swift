import CFaultyFiles
import CSQLite
import Foundation
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues
import Testing

@testable import RemitNode

/// "Delete value, salt and key; a signed erasure transaction records that it happened; every proof still verifies; the
/// file shrinks."
@Suite struct ErasureTests {
    /// Everything in the files from which the private values of some rows could be had: boxes and keys.
    private func material(_ ward: Ward, _ condition: String) throws -> [[UInt8]] {
        let boxes = try SQL.rows(ward.world.path, "SELECT hex(box) FROM vault WHERE \(condition)")
        let keys = try SQL.rows(
            ward.world.path,
            "SELECT hex(key) FROM vault_key WHERE subject IN (SELECT subject FROM vault WHERE \(condition))")
        return (boxes + keys).compactMap { Hex.decode($0[0].lowercased()) }
    }

    private func found(_ needles: [[UInt8]], in ward: Ward, and others: [URL] = []) throws -> Int {
        var files = try Traces.bytes(of: ward.world.folder)
        for other in others { files[other.path] = Array(try Data(contentsOf: other)) }
        return needles.filter { needle in files.values.contains { Traces.holds($0, needle) } }.count
    }

    private func ward() throws -> Ward {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer"), ("P-4712", "Bob Bell")])
        let note = String(repeating: "allergic to penicillin ", count: 2)
        try ward.admit("P-4711", age: 919_171, note: note, reasons: (1...8).map { "fever \($0)" })
        try ward.admit("P-4712", age: 41, note: note, reasons: ["cough"])
        try ward.perform("assess", [.integer(7)], on: 1)
        return ward
    }

    @Test func nothingIsLeftOfACase() throws {
        let ward = try ward()
        let view = try ward.view(1)
        let salts = try ["patient", "age", "note", "risk"].map {
            try ward.node.opening(of: Ward.reference(1), field: $0).salt.bytes
        }
        let material = try material(ward, "owner = 'Ward/1'")
        #expect(material.count > 20)
        // Before: every box and key is in the files, and the search finds them.
        #expect(try found(material, in: ward) == material.count)
        #expect(view.field("patient") == .text("P-4711"))
        let size = try ward.fileSize()
        let roots = ward.node.head.stateRoot

        #expect(try ward.erase(.ofCase(Ward.reference(1), fields: [])).word == "done")
        #expect(ward.node.head.stateRoot != roots)
        #expect(try !ward.node.holdsTraces())
        let backup = ward.world.folder.appendingPathComponent("later.sqlite")
        _ = try LedgerBackup.copy(ward.world.path, to: backup.path) { _, _, _ in }
        // The key of the subject goes only with the last of its values: the register has one of them.
        let keysLeft = try self.material(ward, "box IS NOT NULL")
        let gone = material.filter { !keysLeft.contains($0) }
        #expect(gone.count >= material.count - 1)
        #expect(try found(gone, in: ward, and: [backup]) == 0)
        #expect(try found(salts, in: ward, and: [backup]) == 0)
        var forms = ["P-4711", "penicillin", "fever 3"].flatMap(Traces.forms)
        forms += [Array("919171".utf8), ValueCoding.encoded(.integer(919_171))]
        #expect(try found(forms, in: ward, and: [backup]) == 0)
        #expect(try ward.fileSize() < size)
        #expect(try ward.walSize() == 0)

        // The commitments stay, and the case can be looked at.
        let after = try ward.view(1)
        #expect(after.committed == view.committed)
        let height = ward.node.head.height
        #expect(
            after.privacy == [
                .erased(height), .erased(height), .erased(height), .erased(height), .erased(height), .open,
            ])
        #expect(throws: NodeError.self) { try ward.node.opening(of: Ward.reference(1), field: "age") }
        #expect(try ward.view(2).field("age") == .integer(41))
    }

    @Test func everythingStillVerifiesAndReplayTellsWhatIsRedacted() throws {
        let ward = try ward()
        let before = try ward.verify()
        #expect(before.replay.transactions.executed == before.transactions)
        try ward.erase(.ofCase(Ward.reference(1), fields: []))
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [])
        // The admission and the assessment of the first case.
        #expect(report.replay.transactions.redacted == 2)
        #expect(report.replay.transactions.commitmentOnly == 0)
        #expect(report.replay.transactions.executed == report.transactions - 2)
        #expect(report.replay.blocks.redacted == 2)
        #expect(report.replay.blocks.executed == report.blocks - 2)

        let signed = try ward.node.checkpoint(signedBy: ward.world.nodeSigner)
        _ = try ward.node.prove(case: Ward.reference(1), under: signed)
        for entry in try ward.node.history(of: Ward.reference(1)) {
            _ = try ward.node.prove(receipt: entry.digest, under: signed)
        }
        let explanations = try ward.node.explain(case: Ward.reference(1))
        #expect(explanations.map { $0.gap != nil } == [true, true])
        // The ledger opens again, and goes on.
        let again = try ward.reopened()
        #expect(again.head.digest == ward.node.head.digest)
    }

    /// "A rule that needs an erased value is refused."
    @Test func aRuleThatNeedsWhatIsGoneIsRefused() throws {
        let ward = try ward()
        try ward.erase(.ofCase(Ward.reference(1), fields: []))
        #expect(try ward.perform("assess", [.integer(2)], on: 1).word == "erased")
        #expect(try ward.perform("classify", on: 1).word == "erased")
        #expect(try ward.perform("mark", on: 1).word == "done")
        #expect(try ward.view(1).field("level") == .integer(1))
        // The key is taken still, and freed when the case is closed.
        #expect(try ward.admit("P-4711", age: 50).word == "WD-18")
        #expect(try ward.perform("close", on: 1).word == "done")
        #expect(try ward.admit("P-4711", age: 50).word == "done")
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [])
        #expect(report.replay.transactions.redacted == 2)
        // A value given anew is kept anew.
        try ward.erase(.ofCase(Ward.reference(2), fields: ["patient"]))
        #expect(try ward.perform("rename", [.text("P-9")], by: "nina", on: 2).word == "done")
        #expect(try ward.view(2).field("patient") == .text("P-9"))
        #expect(try ward.view(2).field("age") == .integer(41))
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    @Test func aDeadlineStallsWhereItNeedsWhatIsGone() throws {
        let ward = try ward()
        try ward.erase(.ofCase(Ward.reference(1), fields: []))
        ward.clock.set("2026-08-01", hour: 9)
        let block = try #require(try ward.node.commitDue())
        #expect(block.deadlines.count == 2)
        #expect(block.deadlines[0].word.hasPrefix("stalled erased: "))
        #expect(block.deadlines[1].word == "done")
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    @Test func oneFieldGoesWithTheArgumentsThatItMayComeFrom() throws {
        let ward = try ward()
        let secret = try material(ward, "owner = 'Ward/1' AND source IS NULL")
        try ward.erase(.ofCase(Ward.reference(1), fields: ["age", "risk"]))
        let view = try ward.view(1)
        let height = ward.node.head.height
        #expect(view.privacy == [.kept, .erased(height), .kept, .kept, .erased(height), .open])
        #expect(view.field("patient") == .text("P-4711"))
        #expect(throws: NodeError.self) {
            try ward.node.openings(ofTransaction: try #require(ward.node.history(of: Ward.reference(1)).first).digest)
        }
        // The seeds, from which the salts could be made again, are gone as well; the secret of the case is not.
        let left = try material(ward, "owner = 'Ward/1' AND source IS NULL")
        #expect(left.count < secret.count)
        #expect(try ward.verify().problems.map(\.description) == [])
        #expect(try ward.erase(.ofCase(Ward.reference(1), fields: ["level"])).word == "unknown")
        #expect(try ward.erase(.ofCase(Ward.reference(9), fields: [])).word == "unknown")
    }

    @Test func everythingAboutASubjectGoesWithItsKey() throws {
        let ward = try ward()
        let subject = try #require(try ward.node.subject(.text("P-4711")))
        let condition = "hex(subject) = '\(subject.hex.uppercased())'"
        let material = try material(ward, condition)
        #expect(try found(material, in: ward) == material.count)
        #expect(try ward.erase(.subject(subject)).word == "done")
        #expect(try found(material, in: ward) == 0)
        let keys = try SQL.rows(ward.world.path, "SELECT count(*) FROM vault_key WHERE \(condition)")
        #expect(keys == [["0"]])
        // Others keep theirs, but what one transaction brought of several subjects cannot be executed again.
        #expect(try ward.view(2).field("patient") == .text("P-4712"))
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [])
        #expect(report.replay.transactions.redacted == 3)
    }

    @Test func onlyAdministratorsErase() throws {
        let ward = try ward()
        let scope = ErasureScope.ofCase(Ward.reference(1), fields: [])
        let refused = try ward.world.system([.erase(scope)], by: World.signer("dora"))
        #expect(refused.map(\.word) == ["role"])
        #expect(try ward.view(1).field("patient") == .text("P-4711"))
        // Where two must agree, one alone does not erase; the vote that fills the quorum does.
        var calls: [SystemCall] = try ward.world.admit("bo")
        calls.append(.grantRole(person: "bo", role: "Administrator", organisation: "insurer"))
        calls.append(.setQuorum(.erasure, count: 2))
        try ward.world.system(calls)
        #expect(try ward.erase(scope).word == "quorum")
        let call = SystemCall.erase(scope)
        let proposed = try ward.world.system([.propose(name: TextValue(call.name), arguments: call.arguments)])
        #expect(try ward.view(1).field("patient") == .text("P-4711"))
        let endorsed = try ward.world.system(
            [.endorse(proposed[0].receipt.transaction)], by: World.signer("bo"))
        #expect(endorsed.map(\.word) == ["done"])
        #expect(try ward.view(1).privacy[0] == .erased(ward.node.head.height))
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    /// A reader keeps the log from being emptied; whoever opens the ledger for writing next carries it through.
    @Test func anInterruptedErasureIsCarriedThrough() throws {
        let ward = try ward()
        let material = try material(ward, "owner = 'Ward/1' AND source IS NOT NULL")
        let reader = try ChainStore(path: ward.world.path, mode: .readOnly)
        try reader.withSnapshot { () throws(StoreError) in
            _ = try reader.head()
            do {
                try ward.erase(.ofCase(Ward.reference(1), fields: []))
                #expect(try ward.node.holdsTraces())
            } catch {
                Issue.record("\(error)")
            }
        }
        try reader.close()
        #expect(try found(material, in: ward) > 0)
        #expect(try ward.verify().holdsTraces)
        let node = try ward.reopened()
        #expect(try !node.holdsTraces())
        let left = try self.material(ward, "box IS NOT NULL")
        #expect(try found(material.filter { !left.contains($0) }, in: ward) == 0)
        #expect(try !ward.verify().holdsTraces)
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    /// A disk that fails while traces are taken out keeps nobody from opening the ledger, and it is tried again.
    @Test func tracesThatCannotBeTakenOutStayDue() throws {
        remit_files_take_turn()
        defer { remit_files_end_turn() }
        try #require(remit_files_register(1) == SQLITE_OK)
        let ward = try ward()
        let material = try material(ward, "owner = 'Ward/1' AND source IS NOT NULL")
        _ = try ward.fileSize()
        func fail(_ kinds: remit_files_kinds) {
            remit_files_fail(
                ward.world.folder.path, REMIT_FILES_IO_ERROR, Int32(REMIT_FILES_WRITE.rawValue),
                Int32(kinds.rawValue), 0, 1)
        }
        // The block goes to the log; what follows it fails, and is no reason to say that the block is not there.
        fail(REMIT_FILES_DATABASE)
        #expect(try ward.erase(.ofCase(Ward.reference(1), fields: [])).word == "done")
        #expect(throws: NodeError.self) { try ward.perform("mark", on: 2) }
        try? ward.node.close()
        remit_files_heal()
        #expect(try found(material, in: ward) > 0)
        fail(REMIT_FILES_LOG)
        func reopened() throws -> LedgerNode {
            try LedgerNode(
                path: ward.world.path, access: .writing, signer: ward.world.nodeSigner, clock: ward.clock)
        }
        let node = try reopened()
        #expect(remit_files_failures() > 0)
        #expect(try node.holdsTraces())
        remit_files_heal()
        #expect(node.head.height == ward.node.head.height)
        var writer = try TransactionWriter(node: node, signer: World.signer("dora"), seeds: .unsafe("again"))
        let mark = try writer.sign(
            action: "mark", contract: ward.contract.digest, arguments: [], organisation: "insurer",
            on: try node.caseView(Ward.reference(2)))
        #expect(try node.commit([mark]).executions.map(\.word) == ["done"])
        try node.close()
        let again = try reopened()
        #expect(try !again.holdsTraces())
        let left = try self.material(ward, "box IS NOT NULL")
        #expect(try found(material.filter { !left.contains($0) }, in: ward) == 0)
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    /// What is said to have gone with an erasure that is on the chain, and was not named by it.
    @Test func anErasureCoversOnlyWhatItNames() throws {
        let ward = try ward()
        try ward.erase(.ofCase(Ward.reference(1), fields: ["age"]))
        let single = ward.node.head.height
        let subject = try #require(try ward.node.subject(.text("P-4712")))
        let assessment = try #require(try ward.node.history(of: Ward.reference(1)).last).digest
        let seed = try #require(try ward.node.seedCommitment(ofTransaction: assessment))
        try ward.erase(.transaction(seed))
        try ward.erase(.subject(subject))
        let height = ward.node.head.height
        #expect(try ward.verify().problems.map(\.description) == [])
        #expect(try ward.verify().vaultLacks == 0)
        let note = try #require(ward.view(1).committed[2].commitment).hex
        let risk = try #require(ward.view(1).committed[4].commitment).hex
        let copy = ward.world.folder.appendingPathComponent("copy.sqlite").path
        let gone = "box = NULL, subject = x''"
        let changes = [
            // Another field of the case, the secret of the case, another case, another subject, a computed value.
            "UPDATE vault SET erased = \(single), \(gone) WHERE hex(commitment) = '\(note.uppercased())'",
            "UPDATE vault SET erased = \(single), \(gone) WHERE hex(commitment) IN (SELECT hex(substr(value, 6)) "
                + "FROM state WHERE space = 'case/Ward/0000000001' AND item = x'736563726574')",
            "UPDATE vault SET erased = \(height), \(gone) WHERE hex(commitment) = '\(note.uppercased())'",
            "UPDATE vault SET erased = \(height - 1), \(gone) WHERE hex(commitment) = '\(risk.uppercased())'",
            "UPDATE vault SET subject = x'' WHERE erased = \(height)",
            "UPDATE vault SET erased = \(height) WHERE erased = \(single)",
        ]
        for change in changes {
            try Tamper.copy(ward.world.path, to: copy)
            try Tamper.run(copy, change)
            #expect(try SQL.rows(copy, "SELECT * FROM vault") != SQL.rows(ward.world.path, "SELECT * FROM vault"))
            let problems = try Verification.run(path: copy, replaying: false).problems
            #expect(
                problems.first?.description.contains("no erasure of that block names it") ?? false,
                "\(change): \(problems)")
        }
    }

    @Test func whatTheVaultHasLostIsCounted() throws {
        let ward = try ward()
        #expect(try ward.verify().vaultLacks == 0)
        let copy = ward.world.folder.appendingPathComponent("copy.sqlite").path
        // Everything of a case but the seeds, which stand in signed bodies and need not be kept.
        for condition in ["owner = 'Ward/2' AND source IS NOT NULL", "owner = 'Ward/2'"] {
            try Tamper.copy(ward.world.path, to: copy)
            try Tamper.run(copy, "DELETE FROM vault WHERE \(condition)")
            let count = try SQL.rows(
                ward.world.path, "SELECT count(*) FROM vault WHERE owner = 'Ward/2' AND source IS NOT NULL")
            #expect(try "\(ward.verify(path: copy).vaultLacks)" == count[0][0], "\(condition)")
        }
        try Tamper.run(copy, "DELETE FROM vault")
        #expect(try ward.verify(path: copy).vaultLacks == 0)
    }

    /// More blocks that erased nothing than problems are told.
    @Test func manyFalseErasuresAreToldUpToTheLimit() throws {
        let ward = try ward()
        var report = VerificationReport()
        let receipt = Receipt(transaction: .zero, outcome: .done, cost: 1)
        report.replay.add(
            deadlines: [],
            [
                Execution(
                    recorded: receipt, bytes: receipt.encoded, findings: nil,
                    basis: .redacted(by: (1000...1500).map { UInt64($0) }))
            ])
        try VaultCheck(store: ChainStore(path: ward.world.path, mode: .readOnly)).run(&report)
        #expect(report.problems.count == 501)
    }

    @Test func aFalseErasureAndADamagedVaultAreFound() throws {
        let ward = try ward()
        let copy = ward.world.folder.appendingPathComponent("copy.sqlite").path
        let changes = [
            ("UPDATE vault SET erased = 3, box = NULL, subject = x'' WHERE owner = 'Ward/1'", "erased something"),
            ("UPDATE vault SET box = CAST(x'00' || box AS BLOB) WHERE owner = 'Ward/2'", "vault"),
            ("UPDATE vault SET owner = 'Ward/2' WHERE owner = 'Ward/1'", "vault"),
            ("UPDATE vault SET height = height + 1 WHERE owner = 'Ward/1'", "vault"),
            ("DELETE FROM vault_key", "vault"),
        ]
        for (change, word) in changes {
            try Tamper.copy(ward.world.path, to: copy)
            #expect(try ward.verify(path: copy).problems.isEmpty)
            try Tamper.run(copy, change)
            let problems = try Verification.run(path: copy, replaying: false).problems
            #expect(problems.first?.description.contains(word) ?? false, "\(change): \(problems)")
        }
    }
}

extension Ward {
    func reopened() throws -> LedgerNode {
        try world.node.close()
        return try LedgerNode(path: world.path, access: .writing, signer: world.nodeSigner, clock: clock)
    }

    func fileSize() throws -> Int {
        try node.store.checkpoint()
        return try FileManager.default.attributesOfItem(atPath: world.path)[.size] as? Int ?? 0
    }

    func walSize() throws -> Int {
        try FileManager.default.attributesOfItem(atPath: world.path + "-wal")[.size] as? Int ?? 0
    }
}
