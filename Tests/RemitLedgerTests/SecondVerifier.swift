import Foundation
import RemitLedger
import Testing

/// `Docs/verifier/remit_verify.py`, started once for many files.
enum SecondVerifier {
    /// What is checked: the letter by which the batch knows it.
    enum Kind: UInt8 {
        case chain = 0x63
        /// A snapshot and tails, each after its length.
        case snapshot = 0x6E
        case proof = 0x70
        case item = 0x62
        case value = 0x76
        case signature = 0x73
        case opening = 0x6F
    }

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Docs/verifier/remit_verify.py")

    /// Whether there is a Python 3 to run it with; says so on the terminal where there is none.
    static let isThere: Bool = {
        let isThere = (try? run(["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]))?.status == 0
        if !isThere {
            let text = "warning: no python3 of 3.8 or later: the second verifier is NOT compared with the first\n"
            FileHandle.standardError.write(Data(text.utf8))
        }
        return isThere
    }()

    /// The answer to each thing, in order: `ok`, `refused`, a class, or a class and the height of the block.
    static func answers(
        _ things: [(kind: Kind, bytes: [UInt8])], key: PublicKey, witnesses: [NoteKey] = [], flags: [String] = []
    ) throws -> [String] {
        var input: [UInt8] = []
        for (kind, bytes) in things {
            input.append(kind.rawValue)
            input += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: UInt32(bytes.count) >> UInt32($0)) }
            input += bytes
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("remit-batch-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var arguments = [script.path, "batch", file.path, "--key", "\(key)"] + flags
        for witness in witnesses { arguments += ["--witness", "\(witness)"] }
        let result = try run(arguments)
        #expect(result.status == 0, "\(result.errors)")
        var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        _ = lines.popLast()
        return lines
    }

    private static func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B"] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let problems = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, problems)
    }
}
