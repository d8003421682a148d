import Foundation
import Testing

/// An auditor with an account of their own, who may read the ledger and write nothing in its folder.
@Suite struct AuditorTests {
    /// Runs a line of shell as somebody who may not write what is not theirs.
    private static func asAuditor(_ line: String) -> String {
        geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups sh -c '\(line)'" : line
    }

    private static let isPossible: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let needed = "command -v sqlite3" + (geteuid() == 0 ? " && " + asAuditor("test -x \(Program.path)") : "")
        process.arguments = ["-c", needed]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(.enabled(if: isPossible, "sqlite3 or setpriv is missing, or nobody else may run the program"))
    func everyDocumentedWayWorksWithoutTheRightToWrite() throws {
        let session = try Session(program: Program.path, files: ScriptTests.folder.appendingPathComponent("none"))
        let query = "\"SELECT count(*) FROM decisions\""
        for line in [
            "remit init --organisation clinic --administrator ann --unsafe-demo-keys --quiet",
            "remit key new bob --unsafe-demo-key --quiet; remit person add bob --key bob --quiet",
            "chmod a+rx . ledger; chmod a+r ledger/chain.sqlite; chmod a-w ledger; mkdir -m 777 mine",
        ] {
            let output = try session.run(line)
            #expect(!output.contains { $0.hasPrefix("=") }, "\(line): \(output)")
        }
        let count = try session.run("sqlite3 ledger/chain.sqlite \(query)")
        #expect(count.count == 1 && count[0].hasPrefix("> "))
        // What SQLite leaves behind for whoever may write must not be in the way.
        let left = try session.run("ls ledger | grep -e -wal -e -shm")
        #expect(left == ["= 1"], "\(left)")
        func auditor(_ line: String) throws -> [String] { try session.run(Self.asAuditor(line)) }
        #expect(try auditor("touch ledger/x").last?.hasPrefix("=") ?? false)
        #expect(try auditor("remit verify --ledger ledger --quiet").first?.contains("sound") ?? false)
        #expect(try auditor("remit backup mine/copy.sqlite --ledger ledger --quiet").first?.contains("sound") ?? false)
        #expect(try auditor("sqlite3 -readonly mine/copy.sqlite \(query)") == count)
        #expect(try auditor("sqlite3 \"file:ledger/chain.sqlite?immutable=1\" \(query)") == count)
        // None of that left anything beside the ledger.
        #expect(try session.run("ls ledger | grep -e -wal -e -shm") == ["= 1"])
        _ = try session.run("chmod u+w ledger")
    }
}
