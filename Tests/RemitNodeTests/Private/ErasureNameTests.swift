import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Whoever has the vault is told what stands behind the digest by which an erasure names what it takes away.
@Suite struct ErasureNameTests {
    private func ward() throws -> Ward {
        let ward = try Ward()
        try ward.load([("P-4711", "Ada Ash"), ("P-4712", "Bob Bell")])
        #expect(try ward.admit("P-4711", age: 70).word == "done")
        return ward
    }

    @Test func aSubjectIsNamedUntilItIsErased() throws {
        let ward = try ward()
        let node = ward.node
        // One has a case, of the other there is a row of a register alone.
        for name: TextValue in ["P-4711", "P-4712"] {
            let subject = try #require(try node.subject(.text(name)))
            #expect(try node.subjectValue(subject) == .text(name))
        }
        let unknown = try #require(try node.subject(.text("P-9999")))
        #expect(try node.subjectValue(unknown) == nil)
        let subject = try #require(try node.subject(.text("P-4711")))
        #expect(try ward.erase(.subject(subject)).word == "done")
        #expect(try node.subjectValue(subject) == nil)
    }

    @Test func aTransactionIsNamedByItsSeed() throws {
        let ward = try ward()
        let execution = try ward.perform("assess", [.integer(3)], on: 1)
        let digest = execution.receipt.transaction
        let seed = try #require(try ward.node.seedCommitment(ofTransaction: digest))
        #expect(try ward.node.transaction(ofSeed: seed) == digest)
        #expect(try ward.node.transaction(ofSeed: .zero) == nil)
    }

    @Test func aLedgerThatKeepsNothingPrivateNamesNobody() throws {
        let world = try World()
        #expect(try world.node.subjectValue(.zero) == nil)
        #expect(try world.node.transaction(ofSeed: .zero) == nil)
    }
}
