import Foundation
import Testing

/// The commands that `Docs/ledger.md` gives for keys and witnesses are those of a session that is run.
@Suite struct CustodyTests {
    @Test func theCommandsOfThePageAreRun() throws {
        let root = ScriptTests.folder.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("Docs/ledger.md"), encoding: .utf8)
        let session = try String(
            contentsOf: ScriptTests.folder.appendingPathComponent("custody.session"), encoding: .utf8)
        // The session finds out what the reader knows, and takes keys that anybody can make.
        let run = session.replacing("$(cat key.txt)", with: "KEY").replacing("$(cat witness.txt)", with: "WITNESS")
            .replacing(" --unsafe-demo-key", with: "")
        var count = 0
        for title in ["## Keys: replaced, ended, recovered", "## Witnesses"] {
            let body = try #require(page.components(separatedBy: title + "\n").dropFirst().first)
            for line in (body.components(separatedBy: "\n## ").first ?? "").split(separator: "\n")
            where line.hasPrefix("remit ") {
                count += 1
                #expect(run.contains(line), "\(line)")
            }
        }
        #expect(count == 18)
    }
}
