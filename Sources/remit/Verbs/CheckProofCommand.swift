import ArgumentParser
import RemitExchange
import RemitLedger
import RemitValues

/// Checks a proof, a receipt or a checkpoint without any ledger.
struct CheckProofCommand: Verb {
    static let words = "check-proof"
    static let configuration = CommandConfiguration(
        commandName: "check-proof",
        abstract: "Check a proof, a receipt or a checkpoint with the ledger's public key, and nothing else.",
        discussion: """
            The key must come from somewhere else than the file, such as the ledger's operator or its website. \
            Ends with 1 where the proof does not hold.

            Example: remit check-proof claim-17.receipt --key 03a107bff3ce…  (64 digits)
            """)

    @Argument(help: ArgumentHelp("The proof, receipt or checkpoint.", valueName: "file"))
    var file: String

    @Option(help: "The ledger's public key: 64 digits, or name+id+base64 as remit checkpoint --json gives it.")
    var key: String

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A witness that must have signed too, as name+id+base64; may be repeated.", valueName: "key")
    )
    var witness: [String] = []

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        guard let ledgerKey = LedgerKey(key) else {
            throw CommandFailure.usage(
                "\(key) is no public key", hint: "give the 64 hexadecimal digits that remit checkpoint shows")
        }
        let witnesses = try witness.map { text in
            guard let key = NoteKey(text) else {
                throw CommandFailure.usage("\(text) is no key of a witness", hint: "write it as name+id+base64")
            }
            return key
        }
        let bytes = try Files.read(file, limit: Limits.proofBytes)
        let facts: ProvenFacts
        do throws(ProofFault) {
            facts = try Self.check(bytes, ledgerKey, witnesses)
        } catch {
            console.line("the proof does not hold: \(error)", .bad)
            return Outcome(
                .object([
                    .init("holds", .boolean(false)), .init("class", .string(error.faultClass.rawValue)),
                    .init("detail", .string(error.detail)),
                ]), .finding)
        }
        console.line("the proof holds", .good)
        let lines = ProofText.lines(facts)
        for (label, value) in lines {
            console.line("  \(label)\(String(repeating: " ", count: max(1, 13 - label.utf8.count)))\(value)")
        }
        if !witnesses.isEmpty { console.line("  signed too by \(witnesses.count) witnesses, as was asked for") }
        return Outcome(.object([.init("holds", .boolean(true))] + ProofText.members(facts)))
    }

    /// Tells the three kinds of file apart by how they begin.
    private static func check(
        _ bytes: [UInt8], _ key: LedgerKey, _ witnesses: [NoteKey]
    ) throws(ProofFault) -> ProvenFacts {
        if ReceiptPage.isReceipt(bytes) { return try ReceiptPage.check(bytes, key, witnesses: witnesses) }
        if Checkpoint.isCheckpoint(bytes) {
            guard let signed = SignedCheckpoint(bytes) else { throw ProofFault(.checkpoint) }
            try signed.check(key, witnesses: witnesses)
            return ProvenFacts(checkpoint: signed.checkpoint)
        }
        guard bytes.count <= Limits.proofBytes else { throw ProofFault(.file, "it is too large") }
        return try ChainProof.check(file: bytes, key, witnesses: witnesses)
    }
}
