import Foundation
import Testing

/// Every script under `Scripts` is run and compared with what stands in it.
///
/// A script is a session: `$` a command, `>` its output, `!` what it says on standard error, `=` its exit status where
/// that is not 0, `#` a remark. `REMIT_RECORD=1` writes the scripts anew and fails the run, so that somebody looks.
@Suite struct ScriptTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Scripts")

    static var scripts: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".session") }.sorted()
    }

    @Test func thereAreScripts() { #expect(Self.scripts.count >= 4) }

    @Test(arguments: scripts) func script(_ name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let written = try String(contentsOf: file, encoding: .utf8)
        let session = try Session(program: Program.path, files: Self.folder.appendingPathComponent("Files"))
        var played: [String] = []
        for line in written.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("$ ") {
                played.append(String(line))
                played += try session.run(String(line.dropFirst(2)))
            } else if line.isEmpty || line.hasPrefix("#") {
                played.append(String(line))
            }
        }
        let text = played.joined(separator: "\n")
        guard ProcessInfo.processInfo.environment["REMIT_RECORD"] == nil else {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was recorded anew: read what changed, and run the tests without REMIT_RECORD")
            return
        }
        for (number, (expected, actual)) in zip(
            written.split(separator: "\n", omittingEmptySubsequences: false), played
        )
        .enumerated() where expected != actual {
            Issue.record("\(name):\(number + 1)\n  expected: \(expected)\n  actual:   \(actual)")
            return
        }
        #expect(text == written)
    }
}

/// The program under test, which stands beside the test bundle.
enum Program {
    static var path: String {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL
        while folder.path != "/" {
            folder = folder.deletingLastPathComponent()
            let program = folder.appendingPathComponent("remit").path
            if FileManager.default.isExecutableFile(atPath: program),
                !FileManager.default.fileExists(atPath: program + "/Package.swift")
            {
                return program
            }
        }
        return "remit"
    }
}

/// A folder of its own in which commands run one after another.
final class Session {
    private let folder: URL
    private let program: String
    /// The time that the commands are given; nil for the machine's own.
    private let clock: String?

    init(program: String, files: URL, clock: String? = "2026-06-01T00:00:00Z") throws {
        self.program = program
        self.clock = clock
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("remit-session-\(UUID().uuidString)")
        if FileManager.default.fileExists(atPath: files.path) {
            try FileManager.default.copyItem(at: files, to: folder)
        } else {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
    }

    /// Where the commands run.
    var place: URL { folder }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs a line of shell; its output, marked.
    func run(_ line: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder
        var environment = [
            "PATH": URL(fileURLWithPath: program).deletingLastPathComponent().path + ":/usr/bin:/bin",
            "REMIT_LEDGER": "ledger", "SWIFT_BACKTRACE": "enable=no",
            "CONTRACTS": World.root.appendingPathComponent("Contracts").path, "LANG": "C.UTF-8",
        ]
        environment["REMIT_CLOCK"] = clock
        process.environment = environment
        let (output, errors) = (folder.appendingPathComponent(".output"), folder.appendingPathComponent(".errors"))
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        var lines = marked(">", try String(contentsOf: output, encoding: .utf8))
        lines += marked("!", try String(contentsOf: errors, encoding: .utf8))
        if process.terminationReason == .uncaughtSignal {
            lines.append("= signal \(process.terminationStatus)")
        } else if process.terminationStatus != 0 {
            lines.append("= \(process.terminationStatus)")
        }
        return lines
    }

    private func marked(_ mark: String, _ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines.map { line in
            let shown = String(line).replacingOccurrences(of: World.root.path, with: "<project>")
                .replacingOccurrences(of: folder.path, with: "<folder>")
            return shown.isEmpty ? mark : "\(mark) \(shown)"
        }
    }
}

enum World {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}
