import Foundation
import RemitLedger
import RemitValues
import Testing

@testable import RemitNode
@testable import RemitStore

/// Files that earlier versions of Remit wrote: copied, restored and opened, with what is private in them.
@Suite struct OlderFormatTests {
    /// What a database of a format has.
    private func objects(of format: Int) -> [SchemaObject] {
        var objects: [SchemaObject] = []
        for object in Schema.migrations.prefix(format).joined() {
            objects.removeAll { $0.name == object.name }
            if !object.isRemoval { objects.append(object) }
        }
        return objects
    }

    /// Takes a file back to an earlier format: what that did not have goes, what it had otherwise is made so.
    private func takeBack(_ path: String, to format: Int) throws {
        let (now, wanted) = (objects(of: Schema.migrations.count), objects(of: format))
        func isIn(_ others: [SchemaObject], _ object: SchemaObject) -> Bool {
            others.contains { $0.name == object.name && $0.text == object.text }
        }
        var statements: [String] = []
        // Views go before the tables that they read.
        for kind in ["VIEW", "INDEX", "TABLE"] {
            for object in now where !isIn(wanted, object) && object.text.contains("CREATE \(kind) \(object.name)") {
                statements.append("DROP \(kind) \(object.name)")
            }
        }
        statements += wanted.filter { !isIn(now, $0) }.map(\.text)
        // Whatever was erased lost its subject.
        if (3..<5).contains(format) {
            statements.append("UPDATE vault SET subject = x'' WHERE erased IS NOT NULL")
        }
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

    @Test(arguments: [1, 2, 3, 4]) func aCopyIsBroughtUpToDateAndTheFileLeftAlone(format: Int) throws {
        let world = try World()
        _ = try world.deployCommercial()
        try expect(format, path: world.path, in: world.folder)
    }

    /// What a ward has where, besides a case, one patient was erased, or two were in one block.
    private func erasedWard(_ patients: [TextValue]) throws -> Ward {
        let ward = try Ward()
        try ward.load([("P-1", "Ann Archer"), ("P-2", "Bob Bell"), ("P-3", "Cem Cole"), ("P-4", "Dan Dean")])
        for (number, age) in [70, 40, 50, 60].enumerated() {
            try ward.admit("P-\(number + 1)", age: Int64(age), note: "allergic", reasons: ["cough"])
        }
        var calls: [SystemCall] = []
        for patient in patients { calls.append(.erase(.subject(try #require(try ward.node.subject(.text(patient)))))) }
        calls.append(.erase(.ofCase(Ward.reference(2), fields: [])))
        for execution in try ward.world.system(calls) { #expect(execution.word == "done") }
        return ward
    }

    /// Earlier versions wrote no subject beside what an erasure of that subject took.
    @Test(arguments: [3, 4], [["P-3"], ["P-3", "P-4"]] as [[TextValue]])
    func erasedSubjectsStaySo(format: Int, patients: [TextValue]) throws {
        let ward = try erasedWard(patients)
        let copy = try expect(format, path: ward.world.path, in: ward.world.folder)
        let rows = "SELECT * FROM vault ORDER BY commitment"
        #expect(try (SQL.rows(copy, rows) == SQL.rows(ward.world.path, rows)) == (patients.count == 1))
        let opened = ward.world.folder.appendingPathComponent("opened.sqlite").path
        try Tamper.copy(ward.world.path, to: opened)
        try takeBack(opened, to: format)
        let node = try LedgerNode(path: opened, access: .writing, signer: ward.world.nodeSigner, clock: ward.clock)
        try node.close()
        let report = try ward.verify(path: opened)
        #expect(report.problems.map(\.description) == [])
    }

    /// A vault that an earlier version exported has no subjects either.
    @Test func anOlderVaultIsTaken() throws {
        let ward = try erasedWard(["P-3"])
        let old = ward.world.folder.appendingPathComponent("old.sqlite").path
        try Tamper.copy(ward.world.path, to: old)
        try Tamper.run(old, "UPDATE vault SET subject = x'' WHERE erased IS NOT NULL")
        #expect(try !ward.verify(path: old).problems.isEmpty)
        let node = try LedgerNode(path: old, access: .reading, clock: ward.clock)
        var (chain, vault): ([UInt8], [UInt8]) = ([], [])
        _ = try node.export { chain += $0 }
        _ = try node.exportVault { vault += $0 }
        let path = ward.world.folder.appendingPathComponent("taken.sqlite").path
        let work = try ChainImport(path: path)
        try work.appendVault(vault)
        try work.finishVault()
        try work.append(chain)
        try work.finish()
        #expect(try ward.verify(path: path).problems.map(\.description) == [])
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
        for table in [
            "decision", "finding", "posting", "case_version", "state", "tx", "block", "fired", "erased", "decisions",
        ] {
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
