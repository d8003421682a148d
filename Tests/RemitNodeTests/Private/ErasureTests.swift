import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitStore
import RemitValues
import Testing

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
        try node.checkpointLog()
        return try FileManager.default.attributesOfItem(atPath: world.path)[.size] as? Int ?? 0
    }

    func walSize() throws -> Int {
        try FileManager.default.attributesOfItem(atPath: world.path + "-wal")[.size] as? Int ?? 0
    }
}
