import Foundation
import Testing

/// A stranger with a file, the ledger's key and the second verifier reads what was disclosed, before and after the
/// value is erased.
@Suite struct StrangerTests {
    private static let witness = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    private static let python = "python3 -B $CONTRACTS/../Docs/verifier/remit_verify.py proof"

    static let isTherePython: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import sys; sys.exit(sys.version_info < (3, 8))"]
        return (try? process.run()) != nil
            && {
                process.waitUntilExit(); return process.terminationStatus == 0
            }()
    }()

    @Test(.enabled(if: isTherePython, "python3 is missing: nothing is compared"))
    func whatWasDisclosedIsReadOffline() throws {
        let session = try Session(
            program: Program.path, files: ScriptTests.folder.appendingPathComponent("Files"))
        let setUp = [
            "remit init --organisation hospital --administrator ann --unsafe-demo-keys --quiet",
            "for who in wei rui; do remit key new $who --unsafe-demo-key; remit person add $who --key $who; done",
            "remit grant wei Physician --quiet; remit grant rui RecordsOffice --quiet",
            "remit deploy $CONTRACTS/medical-record.remit --quiet",
            "printf 'number,name,born\\nP-4711,Lin Daiyu,1976\\n' > patients.csv",
            "remit load MedicalRecord Patient patients.csv --as rui --quiet",
            "remit submit MedicalRecord admit patient=P-4711 diagnosis=K51.2 findings=Wheezing --as wei --quiet",
            "remit prove case MedicalRecord/1 --disclose diagnosis --out case.proof --quiet",
            "remit prove receipt MedicalRecord/1 --disclose diagnosis,patient --out admission.receipt --quiet",
            "remit prove register MedicalRecord Patient P-4711 --disclose born --out born.proof --quiet",
            "remit checkpoint --json --quiet | sed 's/.*\"key\":\"\\([0-9a-f]*\\)\".*/\\1/' > key.txt",
            "sed 's/K51.2/K51.3/' case.proof > false.proof",
        ]
        for line in setUp {
            let output = try session.run(line)
            #expect(!output.contains { $0.hasPrefix("=") }, "\(line): \(output)")
        }
        // Whoever reads only the beginning is no fault of the file.
        let cut = try session.run("(\(Self.python) case.proof --key $(cat key.txt); echo $? > status) | :; cat status")
        #expect(cut == ["> 4"], "\(cut)")
        func read(_ file: String) throws -> [String] {
            try session.run("\(Self.python) \(file) --key $(cat key.txt) | grep -E 'holds|refused|disclosed'")
        }
        let files: [(String, [String])] = [
            (
                "case.proof",
                [
                    "> the proof holds", "> disclosed   diagnosis of MedicalRecord/1: \"K51.2\"",
                    "> private     field 1 of MedicalRecord/1, not disclosed",
                    "> private     field 3 of MedicalRecord/1, not disclosed",
                    "> private     field 12 of MedicalRecord/1, not disclosed",
                ]
            ),
            (
                "admission.receipt",
                [
                    "> the proof holds", "> disclosed   argument 1: \"P-4711\"", "> disclosed   argument 2: \"K51.2\"",
                    "> disclosed   patient of MedicalRecord/1: \"P-4711\"",
                    "> disclosed   diagnosis of MedicalRecord/1: \"K51.2\"",
                    "> private     argument 3, not disclosed",
                    "> private     field 3 of MedicalRecord/1, not disclosed",
                    "> private     field 12 of MedicalRecord/1, not disclosed",
                ]
            ),
            ("false.proof", ["> refused: opening"]),
        ]
        for (file, lines) in files { #expect(try read(file) == lines) }
        let born = try read("born.proof")
        #expect(born.count == 3 && born[1].hasSuffix("]: 1976"))
        let erased = try session.run("remit erase MedicalRecord/1 --yes --quiet")
        #expect(!erased.contains { $0.hasPrefix("=") }, "\(erased)")
        for (file, lines) in files { #expect(try read(file) == lines) }
        // The other verifier of an exported chain with private values, erasures included, under checkpoints.
        _ = try session.run("remit export chain.export --quiet; remit checkpoint --out all.checkpoint --quiet")
        _ = try session.run("remit checkpoint --size 3 --out three.checkpoint --quiet")
        _ = try session.run("sed '3s/^..../AAAA/' three.checkpoint > other.checkpoint")
        _ = try session.run("remit grant ann Physician --quiet; remit checkpoint --out later.checkpoint --quiet")
        func verify(_ more: String) throws -> String {
            try session.run(
                "python3 -B $CONTRACTS/../Docs/verifier/remit_verify.py chain chain.export --key $(cat key.txt) \(more)"
            ).first ?? ""
        }
        for more in ["", "--checkpoint all.checkpoint", "--checkpoint three.checkpoint"] {
            #expect(try verify(more).hasPrefix("> sound: "), "\(more)")
        }
        #expect(try verify("--checkpoint other.checkpoint").hasPrefix("> refused: checkpoint 2"))
        #expect(try verify("--checkpoint later.checkpoint").hasPrefix("> refused: checkpoint "))
        // What would not be compared is not taken.
        for (what, error) in [
            (
                "proof all.checkpoint --key $(cat key.txt) --checkpoint other.checkpoint",
                "--checkpoint and --genesis are for a chain: nothing else is compared with them"
            ),
            (
                "chain chain.export --key $(cat key.txt) --witness \(Self.witness)",
                "--witness is for a checkpoint, a proof or a receipt"
            ),
        ] {
            let told = try session.run(
                "python3 -B $CONTRACTS/../Docs/verifier/remit_verify.py \(what) 2>&1 | tail -n 1")
            #expect(told.first == "> remit_verify.py: error: \(error)")
        }
    }
}
