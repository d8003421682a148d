import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// "Open one field to an insurer, with proof": what a proof file of a real ledger discloses, and what it cannot.
@Suite struct DisclosureTests {
    private func ward() throws -> Ward {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer"), ("P-4712", "Bob Bell")])
        try ward.admit("P-4711", age: 41, note: nil, reasons: ["fever", "cough"])
        try ward.perform("assess", [.integer(7)], on: 1)
        return ward
    }

    private func signed(_ ward: Ward) throws -> SignedCheckpoint {
        try ward.node.checkpoint(signedBy: ward.world.nodeSigner)
    }

    private func proof(_ ward: Ward, at height: UInt64? = nil) throws -> ChainProof {
        try ward.node.prove(case: Ward.reference(1), at: height, under: try signed(ward))
    }

    /// What a stranger reads in the bytes of a proof.
    private func read(_ proof: ChainProof, _ ward: Ward) throws -> [String] {
        let facts = try ChainProof.check(file: proof.encoded, .bare(ward.world.nodeSigner.publicKey))
        return facts.disclosed.map { "\($0.path.words): \(ValueWords.text($0.value))" }
    }

    private func fault(_ body: () throws -> Void) -> DisclosureFault? {
        do {
            try body()
            return nil
        } catch {
            guard case .disclosure(let fault)? = error as? NodeError else { return nil }
            return fault
        }
    }

    @Test func aFieldOfACaseIsDisclosedNowAndAsItStood() throws {
        let ward = try ward()
        let node = ward.node
        let now = try node.disclose(["risk", "age"], in: try proof(ward))
        #expect(try read(now, ward) == ["age of Ward/1: 41", "risk of Ward/1: 140"])
        let before = try node.disclose(["risk"], in: try proof(ward, at: node.head.height - 1))
        #expect(try read(before, ward) == ["risk of Ward/1: 20"])
        let absent = try node.disclose(["note"], in: try proof(ward))
        #expect(try read(absent, ward) == ["note of Ward/1: absent"])
        // The other values are not in the file, in no form.
        for value in ["P-4711", "fever", "cough"] {
            #expect(!Traces.forms(of: value).contains { Traces.holds(now.encoded, $0) })
        }
        let facts = try now.check(.bare(ward.world.nodeSigner.publicKey))
        #expect(
            facts.undisclosed.map(\.words) == [
                "field 1 of Ward/1", "field 3 of Ward/1", "field 4.1.2 of Ward/1", "field 4.2.2 of Ward/1",
            ])
    }

    @Test func aPartOfAFieldIsDisclosed() throws {
        let ward = try ward()
        let node = ward.node
        let one = try node.disclose(["doses.2.reason"], in: try proof(ward))
        #expect(try read(one, ward) == ["doses.2.reason of Ward/1: \"cough\""])
        let all = try node.disclose(["doses", "doses.2"], in: try proof(ward))
        #expect(
            try read(all, ward) == ["doses.1.reason of Ward/1: \"fever\"", "doses.2.reason of Ward/1: \"cough\""])
    }

    @Test func aReceiptDisclosesArgumentsAndWhatWasWritten() throws {
        let ward = try ward()
        let (node, under) = (ward.node, try signed(ward))
        let assess = try node.lastDecision(of: Ward.reference(1))
        let receipt = try node.prove(receipt: assess, under: under)
        #expect(try read(try node.disclose(["factor"], in: receipt), ward) == ["argument 1: 7"])
        #expect(try read(try node.disclose(["risk"], in: receipt), ward) == ["risk of Ward/1: 140"])
        var digests: [String: Digest] = [:]
        try node.forEachTransaction { entry, transaction, _ in
            digests[transaction.body.call] = entry.digest
            return true
        }
        let admit = try node.prove(receipt: try #require(digests["admit"]), under: under)
        #expect(try read(try node.disclose(["age"], in: admit), ward) == ["argument 2: 41", "age of Ward/1: 41"])
        let load = try node.prove(receipt: try #require(digests["loadRegister"]), under: under)
        let names = try read(try node.disclose(["name"], in: load), ward)
        #expect(names.count == 4)
        #expect(names.prefix(2) == ["argument 3.1.name: \"Ann Archer\"", "argument 3.2.name: \"Bob Bell\""])
        #expect(names.suffix(2).allSatisfy { $0.hasPrefix("name of Ward/Patient [private ") })
        // What was asked for and refused is on the chain too.
        let refused = try ward.perform(
            "admit", Ward.admission("P-0", age: 7), by: "nina")
        #expect(refused.word != "done")
        let attempt = try node.prove(receipt: refused.receipt.transaction, under: try signed(ward))
        #expect(try read(try node.disclose(["patient"], in: attempt), ward) == ["argument 1: \"P-0\""])
    }

    @Test func aRowOfARegisterIsDisclosed() throws {
        let ward = try ward()
        let node = ward.node
        let key = try node.rowKey(contract: "Ward", register: "Patient", keys: [.text("P-4712")])
        let row = try node.prove(row: key, under: try signed(ward))
        let shown = try read(try node.disclose(["name"], in: row), ward)
        #expect(shown.count == 1 && shown[0].hasSuffix("]: \"Bob Bell\""))
        let visits = try node.rowKey(contract: "Ward", register: "Visits", keys: [.text("P-4711"), .integer(2026)])
        let count = try node.disclose(["count"], in: try node.prove(row: visits, under: try signed(ward)))
        #expect(try read(count, ward).first?.hasSuffix(", 2026]: 1") ?? false)
        #expect(throws: NodeError.self) {
            try node.rowKey(contract: "Ward", register: "Patient", keys: [.text("a"), .text("b")])
        }
        #expect(throws: NodeError.self) { try node.rowKey(contract: "Ward", register: "Nobody", keys: []) }
    }

    @Test func whatCannotBeDisclosedIsSaid() throws {
        let ward = try ward()
        let node = ward.node
        let proof = try proof(ward)
        #expect(
            fault { _ = try node.disclose(["nonsense"], in: proof) }
                == .unknownField("nonsense", known: ["patient", "age", "note", "doses", "risk"]))
        #expect(fault { _ = try node.disclose(["level"], in: proof) } == .notPrivate("level"))
        #expect(fault { _ = try node.disclose(["doses.3.reason"], in: proof) } == .nothingThere("doses.3.reason"))
        #expect(fault { _ = try node.disclose(["age", "age.1"], in: proof) } == .nothingThere("age.1"))
        let nobody = try node.prove(
            case: CaseReference(contract: "Ward", number: 9), under: try signed(ward))
        #expect(fault { _ = try node.disclose(["age"], in: nobody) } == .unknownField("age", known: []))
        let texts: [DisclosureFault] = [
            .unknownField("a", known: []), .notPrivate("a"), .nothingThere("a"), .erased("a", 1),
            .commitmentOnly("a"),
        ]
        #expect(Set(texts.map(\.code)).count == 5 && Set(texts.map(\.message)).count == 5)
    }

    @Test func anErasureEndsDisclosureAndNotWhatWasDisclosed() throws {
        let ward = try ward()
        let node = ward.node
        let earlier = try node.disclose(["age"], in: try proof(ward)).encoded
        let height = node.head.height
        #expect(try ward.erase(.ofCase(Ward.reference(1), fields: ["age"])).word == "done")
        let facts = try ChainProof.check(file: earlier, .bare(ward.world.nodeSigner.publicKey))
        #expect(facts.disclosed.map(\.value) == [.integer(41)])
        // Neither the present row nor the one before the erasure can be opened any more.
        for at in [nil, height] {
            let proof = try proof(ward, at: at)
            #expect(fault { _ = try node.disclose(["age"], in: proof) } == .erased("age of Ward/1", height + 1))
            #expect(try read(proof, ward) == [])
        }
        #expect(
            try read(try node.disclose(["patient"], in: try proof(ward)), ward) == ["patient of Ward/1: \"P-4711\""])
    }

    @Test func aCopyWithoutTheVaultDisclosesNothing() throws {
        let ward = try ward()
        let path = ward.world.folder.appendingPathComponent("copy.sqlite").path
        let work = try ChainImport(path: path)
        var chain: [UInt8] = []
        _ = try ward.node.export { chain += $0 }
        try work.append(chain)
        try work.finish()
        let copy = try LedgerNode(path: path, access: .reading, clock: ward.clock)
        let signed = try signed(ward)
        let proof = try copy.prove(case: Ward.reference(1), under: signed)
        #expect(fault { _ = try copy.disclose(["age"], in: proof) } == .commitmentOnly("age of Ward/1"))
        // The proof that the one ledger makes is the proof that the other makes, but for what is disclosed.
        let other = try ward.node.prove(case: Ward.reference(1), under: signed)
        #expect(proof.encoded == other.encoded)
    }
}
