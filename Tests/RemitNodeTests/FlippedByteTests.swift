import Foundation
import RemitNode
import RemitValues
import Testing

/// One bit changed anywhere in the pages of the tables that a chain consists of: where that changes what can be read,
/// verification finds it and names the block or the state row, also where SQLite only says that a page is malformed.
@Suite struct FlippedByteTests {
    private static let seed: UInt64 = 20_261_126
    /// The changes of each table; REMIT_SOAK=1 changes every byte instead.
    private static let sample = 50

    /// Every value of every table, so that no change of one is overlooked.
    private static func content(_ path: String, _ tables: [Tamper.Table]) throws -> [[[String]]] {
        try tables.map { table in
            let columns = table.columns.map { "quote(\($0.name))" }.joined(separator: ", ")
            return try SQL.rows(path, "SELECT \(columns) FROM \(table.name)")
        }
    }

    /// What somebody is told who does not know the file.
    private static func isNamed(_ problem: String) -> Bool {
        let words = problem.split(separator: " ")
        let names = zip(words, words.dropFirst()).contains { word, next in
            (word == "block" || word == "blocks" || word.hasSuffix(":block")) && (next.first?.isNumber ?? false)
        }
        return names || problem.contains("state row") || problem.contains("`case_version`")
    }

    /// Changes one bit in each of some bytes of the tables; gives what was said where it changed what can be read.
    private func flip(_ path: String, _ copy: String, in names: [String]) throws -> [(place: String, found: [String])] {
        let tables = try Tamper.tables(in: path)
        let original = try Self.content(path, tables)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let size = bytes.count / (Int(try SQL.rows(path, "PRAGMA page_count")[0][0]) ?? 1)
        var chance = Tamper.SplitMix64(seed: Self.seed)
        var answers: [(String, [String])] = []
        for name in names {
            let pages = try SQL.rows(path, "SELECT pageno FROM dbstat WHERE name = '\(name)'").compactMap { Int($0[0]) }
            try #require(!pages.isEmpty)
            let count = TamperTests.isSoak ? pages.count * size : Self.sample
            for index in 0..<count {
                let place = TamperTests.isSoak ? index : chance.below(pages.count * size)
                let offset = (pages[place / size] - 1) * size + place % size
                let bit = chance.below(8)
                var changed = bytes
                changed[offset] ^= 1 << UInt8(bit)
                for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
                try changed.write(to: URL(fileURLWithPath: copy))
                if let read = try? Self.content(copy, tables), read == original { continue }
                answers.append(("\(name), byte \(offset), bit \(bit)", TamperTests.problems(copy)))
            }
        }
        return answers
    }

    @Test func everyFlipInCommittedDataIsFoundAndItsBlockNamed() throws {
        let world = try TamperTests.small()
        let path = world.folder.appendingPathComponent("whole.sqlite").path
        try Tamper.copy(world.path, to: path)
        let copy = world.folder.appendingPathComponent("copy.sqlite").path
        let answers = try flip(path, copy, in: Tamper.chainTables)
        #expect(answers.count > 100)
        for (place, found) in answers {
            #expect(!found.isEmpty, "nobody noticed \(place), seed \(Self.seed)")
            #expect(found.contains(where: Self.isNamed), "\(place), seed \(Self.seed): \(found)")
        }
        if TamperTests.isSoak { print("every byte of the file: \(answers.count) changes, each one found and placed") }
        // Some of it must have been damage that SQLite itself stumbles over.
        #expect(answers.contains { $0.found.contains { $0.contains("malformed") } })
    }

    /// What is damaged in the vault is said of the vault, and not only of the file.
    @Test func aFlipInTheVaultIsToldOfTheVault() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A"), ("P-2", "B")])
        try ward.admit("P-1", age: 30, note: "n", reasons: ["r"])
        let path = ward.world.folder.appendingPathComponent("whole.sqlite").path
        try Tamper.copy(ward.world.path, to: path)
        let copy = ward.world.folder.appendingPathComponent("copy.sqlite").path
        let answers = try flip(path, copy, in: ["vault"])
        #expect(answers.count > 10)
        for (place, found) in answers {
            #expect(found.contains { $0.contains("vault") }, "\(place), seed \(Self.seed): \(found)")
        }
    }

    /// A page of the table of blocks that cannot be read at all: the first block on it is named.
    @Test func aPageThatCannotBeReadIsNamedByItsFirstBlock() throws {
        let world = try TamperTests.small()
        // Blocks enough for several pages.
        for number in 0..<30 { try world.system([.registerPerson(identifier: TextValue("p\(number)"), name: "P")]) }
        let path = world.folder.appendingPathComponent("whole.sqlite").path
        try Tamper.copy(world.path, to: path)
        let leaves = try SQL.rows(
            path, "SELECT pageno, ncell FROM dbstat WHERE name = 'block' AND pagetype = 'leaf' ORDER BY path")
        try #require(leaves.count > 2)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let copy = world.folder.appendingPathComponent("copy.sqlite").path
        var first = 0
        for leaf in leaves {
            let page = try #require(Int(leaf[0]))
            var changed = bytes
            changed.replaceSubrange((page - 1) * 4096..<page * 4096, with: Data(repeating: 0xA5, count: 4096))
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
            try changed.write(to: URL(fileURLWithPath: copy))
            let found = TamperTests.problems(copy)
            let names = ["block \(first):", "block \(first),", "blocks \(first) to"]
            #expect(found.contains { text in names.contains { text.contains($0) } }, "page \(page): \(found)")
            first += try #require(Int(leaf[1]))
        }
    }
}
