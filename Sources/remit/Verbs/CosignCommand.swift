import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Puts the signature of a witness under a checkpoint.
struct CosignCommand: Verb {
    static let words = "cosign"
    static let configuration = CommandConfiguration(
        commandName: "cosign",
        abstract: "Sign a checkpoint as a witness, if the chain goes on from the one that was kept.",
        discussion: """
            A witness needs a key and the last checkpoint that it signed, and no ledger. A chain that was changed, or \
            of which there are two, has no proof that it goes on from there. Keep the new checkpoint then.

            Example: remit cosign new.checkpoint --key KEY --kept old.checkpoint --proof since.proof \
            --name clinic.example/watch --as watch --out cosigned.checkpoint --ledger watch
            """)

    @Argument(help: "The checkpoint.")
    var file: String

    @Option(help: "The ledger's public key: 64 digits, or name+id+base64.")
    var key: String

    @Option(help: ArgumentHelp("The checkpoint that was kept last; left out only the first time.", valueName: "file"))
    var kept: String?

    @Option(
        help: ArgumentHelp("The proof that the chain goes on from that, by remit prove consistency.", valueName: "file")
    )
    var proof: String?

    @Option(help: "The name of the witness, such as clinic.example/watch.")
    var name: String

    @Option(name: .customLong("as"), help: ArgumentHelp("The witness's key in the folder.", valueName: "key"))
    var signer: String

    @OptionGroup var output: ProofOutput
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if !output.isGiven { throw ValidationError("--out FILE says where the cosigned checkpoint goes") }
    }

    func perform(_ console: Console) throws -> Outcome {
        guard let ledgerKey = LedgerKey(key) else {
            throw CommandFailure.usage(
                "\(key) is no public key", hint: "give the 64 hexadecimal digits that remit checkpoint shows")
        }
        let own = try common.folder().signer(signer, console).signer
        guard let witness = NoteKey(name: name, kind: .cosignature, publicKey: own.publicKey) else {
            throw CommandFailure.usage(
                "\(name) is no name of a witness", hint: "leave out blanks and +, as in clinic.example/watch")
        }
        let signed = try read(file, ledgerKey)
        guard !name.utf8.elementsEqual(signed.checkpoint.origin.utf8) else {
            throw CommandFailure.usage(
                "\(name) is the name of the ledger itself", hint: "give the witness's own, as in clinic.example/watch")
        }
        guard signed.note.standing(of: witness) == .missing else {
            throw CommandFailure.refused(
                "\(file) has a signature of \(name) already", hint: "a witness signs a checkpoint once")
        }
        if let kept { try goesOn(signed.checkpoint, from: read(kept, ledgerKey).checkpoint, ledgerKey) }
        let time = try Clocks.chosen().now
        guard let cosigned = try signed.cosigned(as: witness, by: own, at: time) else {
            throw CommandFailure.refused("the checkpoint has \(Limits.noteSignatures) signatures, and takes no more")
        }
        try output.write(cosigned.bytes)
        console.line(
            "the checkpoint of \(Counted.text(Int64(clamping: signed.checkpoint.size), "block")) is cosigned in "
                + output.name, .good)
        console.line("whoever wants this witness asks for it: remit check-proof FILE --key KEY --witness \(witness)")
        return Outcome(
            .object([
                .init("size", .integer(signed.checkpoint.size)), .init("root", .string(signed.checkpoint.root.hex)),
                .init("witness", .string("\(witness)")),
                .init("note", .string(String(decoding: cosigned.bytes, as: UTF8.self))),
            ]))
    }

    private func read(_ path: String, _ key: LedgerKey) throws -> SignedCheckpoint {
        let bytes = try Files.read(path, limit: Limits.noteBytes)
        guard let signed = SignedCheckpoint(bytes) else {
            throw CommandFailure.refused("\(path) is no checkpoint")
        }
        do throws(ProofFault) {
            try signed.check(key)
        } catch {
            throw CommandFailure.refused("\(path) is not to be cosigned: \(error)")
        }
        return signed
    }

    /// Refuses a checkpoint whose chain does not begin with that of the one that was kept.
    private func goesOn(_ new: Checkpoint, from old: Checkpoint, _ key: LedgerKey) throws {
        guard new.genesis == old.genesis else {
            throw CommandFailure.refused("the checkpoints are of two chains")
        }
        guard new.size >= old.size else {
            throw CommandFailure.refused(
                "the chain has \(new.size) blocks, and the checkpoint that was kept has \(old.size): it was cut off")
        }
        if new.size == old.size {
            guard new.root == old.root else {
                throw CommandFailure.refused(
                    "there are two chains of \(new.size) blocks: keep both checkpoints as evidence")
            }
            return
        }
        guard let proof else {
            throw CommandFailure.usage(
                "nothing shows that the chain goes on from \(old.size) blocks",
                hint: "ask the ledger for it, and give --proof FILE: remit prove consistency FILE --out FILE")
        }
        let bytes = try Files.read(proof, limit: Limits.proofBytes)
        let facts: ProvenFacts
        do throws(ProofFault) {
            facts = try ChainProof.check(file: bytes, key)
        } catch {
            throw CommandFailure.refused("the chain is not shown to go on from \(old.size) blocks: \(error)")
        }
        guard let older = facts.older, older.size == old.size, older.root == old.root,
            facts.checkpoint.size == new.size, facts.checkpoint.root == new.root
        else {
            throw CommandFailure.refused("the proof is about other checkpoints than these two")
        }
    }
}
