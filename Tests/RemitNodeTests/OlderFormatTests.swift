import Foundation
import RemitLedger
import RemitValues
import Testing

@testable import RemitNode
@testable import RemitStore

/// Files that earlier versions of Remit wrote: copied, restored and opened, with what is private in them.
@Suite struct OlderFormatTests {
    /// Takes a file back to an earlier format, by undoing what the later steps made.
    private func takeBack(_ path: String, to format: Int) throws {
        var statements: [String] = []
        for step in Schema.migrations[format...].reversed() {
            for object in step.reversed() {
                if object.isRemoval {
                    let made = Schema.migrations.joined().first { $0.name == object.name && !$0.isRemoval }
                    statements.append(try #require(made).text)
                } else {
                    let kind = try #require(["TABLE", "VIEW", "INDEX"].first { object.text.hasPrefix("CREATE \($0)") })
                    statements.append("DROP \(kind) \(object.name)")
                }
            }
        }
        // Views go before the tables that they read.
        statements.sort { $0.hasPrefix("DROP VIEW") && !$1.hasPrefix("DROP VIEW") }
        try Tamper.run(path, (statements + ["PRAGMA user_version = \(format)"]).joined(separator: "; "))
    }

    private func ward() throws -> Ward {
        let ward = try Ward()
        try ward.load([("P-1", "Ann Archer"), ("P-2", "Bob Bell")])
        try ward.admit("P-1", age: 70, note: "allergic", reasons: ["cough"])
        try ward.admit("P-2", age: 40)
        try ward.erase(.ofCase(Ward.reference(2), fields: []))
        return ward
    }

    @Test(arguments: [1, 2, 3]) func aCopyIsBroughtUpToDateAndTheFileLeftAlone(format: Int) throws {
        let world = try World()
        _ = try world.deployCommercial()
        try expect(format, path: world.path, in: world.folder)
    }

    @Test func aFileOfFormat3KeepsWhatIsPrivate() throws {
        let ward = try ward()
        let copy = try expect(3, path: ward.world.path, in: ward.world.folder)
        let node = try LedgerNode(path: copy, access: .writing, signer: ward.world.nodeSigner, clock: ward.clock)
        #expect(try node.caseView(Ward.reference(1)).field("note") == .text("allergic"))
        #expect(try node.caseView(Ward.reference(2)).privacy[0] == .erased(node.head.height))
        let rows = "SELECT * FROM vault ORDER BY commitment"
        #expect(try SQL.rows(copy, rows) == SQL.rows(ward.world.path, rows))
    }

    @discardableResult
    private func expect(_ format: Int, path: String, in folder: URL) throws -> String {
        let old = folder.appendingPathComponent("old.sqlite").path
        let copy = folder.appendingPathComponent("copy.sqlite").path
        try Tamper.copy(path, to: old)
        try takeBack(old, to: format)
        let before = try Data(contentsOf: URL(fileURLWithPath: old))
        let fault = #expect(throws: NodeError.self) {
            try LedgerNode(path: old, access: .reading, clock: World.clock())
        }
        #expect(fault?.hint?.contains("remit backup") ?? false)
        let report = try LedgerBackup.copy(old, to: copy) { _, _, _ in }
        #expect(report.problems.map(\.description) == [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: old)) == before)
        #expect(try SQL.rows(copy, "PRAGMA user_version") == [["\(Schema.version)"]])
        for table in ["decision", "finding", "posting", "case_version", "state", "tx", "block"] {
            let query = "SELECT * FROM \(table)"
            #expect(try SQL.rows(copy, query) == SQL.rows(path, query), "\(table)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.hasPrefix("copy.sqlite.unfinished") })
        return copy
    }

    /// What another ledger of the chain goes on from.
    @Test func anOlderFileFollowsItsChain() throws {
        let ward = try ward()
        let old = ward.world.folder.appendingPathComponent("old.sqlite").path
        try Tamper.copy(ward.world.path, to: old)
        try takeBack(old, to: 3)
        let first = ward.node.head.height + 1
        try ward.perform("mark", on: 1)
        var tail: [UInt8] = []
        _ = try ward.node.export(from: first) { tail += $0 }
        let work = try ChainImport(following: old, clock: ward.clock)
        try work.append(tail)
        try work.finish()
        let report = try ward.verify(path: old)
        #expect(report.problems.map(\.description) == [] && report.head == ward.node.head.digest)
    }
}
