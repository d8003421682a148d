import Testing

@testable import RemitStore

@Suite("State and its history")
struct StateHistoryTests {
    let scratch = Scratch()
    var path: String { scratch.file("ledger.remit") }

    @Test("a value holds from its block until the next change")
    func asOf() throws {
        let store = try ChainStore(path: path, mode: .create)
        let values: [[UInt8]?] = [[10], [11], nil, nil, [14]]
        for (height, value) in values.enumerated() {
            let changes = [
                StateWrite(space: "s", item: [1], value: value), StateWrite(space: "t", item: [], value: [0]),
            ]
            try store.append(Sample.block(UInt64(height), changes: changes))
        }
        try store.append(Sample.block(5))
        let expected: [[UInt8]?] = values + [[14], [14]]
        for (height, value) in expected.enumerated() {
            #expect(try store.state(space: "s", item: [1], asOf: UInt64(height)) == value, "as of \(height)")
        }
        #expect(try store.state(space: "s", item: [1]) == [14])
        #expect(try store.state(space: "s", item: []) == nil)
        var lives: [[UInt64?]] = []
        try store.forEachStateRow { row throws(StoreError) in
            if row.space == "s" {
                lives.append([row.since, row.until])
            }
            return .next
        }
        #expect(lives == [[0, 1], [1, 2], [4, nil]])
    }

    @Test("a walk over a past state meets just the rows that held, in order")
    func walkAsOf() throws {
        let store = try ChainStore(path: path, mode: .create)
        let values: [[UInt8]?] = [[10], nil, [12], [13]]
        for (height, value) in values.enumerated() {
            let changes = [
                StateWrite(space: "t", item: [UInt8(height)], value: [1]),
                StateWrite(space: "s", item: [1], value: value),
            ]
            try store.append(Sample.block(UInt64(height), changes: changes))
        }
        for height in 0..<values.count {
            var met: [[UInt8]] = []
            try store.forEachState(asOf: UInt64(height)) { row throws(StoreError) in
                met.append(Array(row.space.utf8) + row.item + row.value)
                return .next
            }
            let own = values[height].map { [Array("s".utf8) + [1] + $0] } ?? []
            #expect(met == own + (0...height).map { Array("t".utf8) + [UInt8($0), 1] }, "as of \(height)")
            for (first, end, count) in [
                ("s", "t", own.count), ("t", "u", height + 1), ("s", "s", 0), ("a", "z", met.count),
            ] {
                var found = 0
                try store.forEachState(asOf: UInt64(height), from: first, upTo: end) { _ throws(StoreError) in
                    found += 1
                    return .next
                }
                #expect(found == count, "as of \(height), from \(first) up to \(end)")
            }
        }
    }

    @Test("the first headers come in order, and a gap is damage")
    func headers() throws {
        var store = try Sample.ledger(path, blocks: 5)
        for count: UInt64 in [0, 1, 4, 5, 9] {
            var met: [[UInt8]] = []
            try store.forEachHeader(upTo: count) { header throws(StoreError) in met.append(header) }
            let expected = try (0..<min(count, 5)).map { try store.block(at: $0)?.header }
            #expect(met == expected)
        }
        try store.close()
        #expect(Shell.run(path, "DELETE FROM tx WHERE height = 2; DELETE FROM block WHERE height = 2").code == 0)
        store = try ChainStore(path: path, mode: .readOnly)
        #expect(throws: StoreError.damaged(table: "block", row: "block 2", problem: "the row is missing")) {
            try store.forEachHeader(upTo: 5) { _ throws(StoreError) in }
        }
    }

    @Test("an auditor's query sees the state as of a height")
    func plainQuery() throws {
        let store = try Sample.ledger(path, blocks: 4)
        let query = """
            SELECT space, hex(item), since FROM state
            WHERE since <= 2 AND (until IS NULL OR until > 2) AND space = 'last'
            """
        #expect(Shell.run(path, query).values == ["last", "", "2"])
        withExtendedLifetime(store) {}
    }

    @Test("rows come in the order of their bytes, page by page")
    func pages() throws {
        let store = try ChainStore(path: path, mode: .create)
        let items: [[UInt8]] = [[255], [], [0], [0, 0], [1], [127], [128]]
        let spaces = ["case/A", "case", "case/B", "cas", "cat", "case/\u{10FFFF}"]
        let changes = spaces.flatMap { space in
            items.map { StateWrite(space: space, item: $0, value: Array(space.utf8) + $0) }
        }
        try store.append(Sample.block(0, changes: changes))
        let sorted = changes.sorted { $0.precedes($1) }
        for limit in [0, 1, 2, 7, 100] {
            var pages: [[UInt8]] = []
            var last: [UInt8]?
            while case let page = try store.stateRows(space: "case", after: last, limit: limit), !page.isEmpty {
                #expect(page.count <= limit)
                pages += page.map(\.item)
                last = page.last?.item
            }
            #expect(pages == (limit == 0 ? [] : sorted.filter { $0.space == "case" }.map(\.item)))
            for prefix in ["case", "case/", "", "dog", "case/A"] {
                var values: [[UInt8]] = []
                var last: StateRow?
                while case let page = try store.stateRows(spacePrefix: prefix, after: last, limit: limit),
                    !page.isEmpty
                {
                    #expect(page.count <= limit)
                    values += page.map(\.value)
                    last = page.last
                }
                let expected = sorted.filter { $0.space.utf8.starts(with: prefix.utf8) }.map { $0.value ?? [] }
                #expect(values == (limit == 0 ? [] : expected), "prefix \(prefix), limit \(limit)")
            }
        }
    }

    @Test("no statement sorts or looks through a table, but for the walks over everything")
    func plans() throws {
        try Sample.ledger(path, blocks: 1).close()
        for query in Query.allCases {
            let plan = Shell.run(path, "EXPLAIN QUERY PLAN " + query.text)
            let steps = plan.values.filter { $0.contains("SCAN") || $0.contains("TEMP B-TREE") }
            let expected: [String] =
                switch query {
                case .currentEverywhere, .stateHistory, .everywhereAsOf, .stateRowCounts: ["SCAN state"]
                case .head: ["SCAN block"]
                case .base: ["SCAN base"]
                // It ends at the first row.
                case .lacksFired: ["SCAN deadline USING COVERING INDEX sqlite_autoindex_deadline_1", "SCAN d"]
                case .caseVersionCount: ["SCAN case_version"]
                case .vaultEverywhere, .vaultCount: ["SCAN vault"]
                case .vaultKeys: ["SCAN vault_key"]
                case .purgeDue, .purges: ["SCAN vault_purge"]
                default: []
                }
            #expect(plan.code == 0, "\(query)")
            #expect(steps == expected, "\(query)")
        }
    }

    @Test("inside a walk the store can be asked again, even the same")
    func nested() throws {
        let store = try Sample.ledger(path, blocks: 3)
        var pairs = 0
        try store.forEachCurrentState { row throws(StoreError) in
            #expect(try store.state(space: row.space, item: row.item) == row.value)
            try store.forEachCurrentState { _ throws(StoreError) in
                pairs += 1
                return .next
            }
            return .next
        }
        #expect(pairs == 16)
    }

    @Test("an error from the body of a walk is handed on as it is")
    func throwingBody() throws {
        let store = try Sample.ledger(path, blocks: 3)
        let error = StoreError.damaged(table: "a test", row: nil, problem: "none")
        #expect(throws: error) {
            try store.forEachStateRow { _ throws(StoreError) in throw error }
        }
    }

    @Test("random blocks agree with a plain dictionary at every height", arguments: [1, 2, 3, 4] as [UInt64])
    func model(seed: UInt64) throws {
        var generator = SplitMix64(state: seed)
        var store = try ChainStore(path: path, mode: .create, tuning: StoreTuning(pagesBetweenCheckpoints: 20))
        var states: [[[UInt8]: [UInt8]]] = []
        var present: [[UInt8]: [UInt8]] = [:]
        for height in 0..<40 {
            var changes: [[UInt8]: [UInt8]?] = [:]
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let key = [UInt8.random(in: 97...99, using: &generator)] + generator.bytes(1).map { $0 & 7 }
                let isDeleted = Int.random(in: 0..<4, using: &generator) == 0
                changes[key] = .some(isDeleted ? nil : generator.bytes(Int.random(in: 0...40, using: &generator)))
            }
            for (key, value) in changes {
                present[key] = value
            }
            let writes = changes.map { key, value in
                StateWrite(space: String(decoding: key.prefix(1), as: UTF8.self), item: [key[1]], value: value)
            }
            var block = Sample.block(UInt64(height), transactions: height % 4)
            block.changes = writes
            try store.append(block)
            states.append(present)
            if Int.random(in: 0..<8, using: &generator) == 0 {
                try store.close()
                store = try ChainStore(path: path, mode: .readWrite)
            }
        }
        try compare(store, states, seed)
        #expect(try store.integrityProblems() == [])
    }

    private func compare(_ store: ChainStore, _ states: [[[UInt8]: [UInt8]]], _ seed: UInt64) throws {
        let keys = (97...99).flatMap { space in (0...7).map { [UInt8(space), UInt8($0)] } }
        for key in keys {
            let space = String(decoding: key.prefix(1), as: UTF8.self)
            for (height, expected) in states.enumerated() {
                let found = try store.state(space: space, item: [key[1]], asOf: UInt64(height))
                #expect(found == expected[key], "seed \(seed), key \(key), height \(height)")
            }
            #expect(try store.state(space: space, item: [key[1]]) == states.last?[key], "seed \(seed), key \(key)")
        }
        var current: [[UInt8]: [UInt8]] = [:]
        var order: [[UInt8]] = []
        try store.forEachCurrentState { row throws(StoreError) in
            let key = Array(row.space.utf8) + row.item
            current[key] = row.value
            order.append(key)
            return .next
        }
        #expect(current == states.last, "seed \(seed)")
        #expect(order == order.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
        let counted = try ["a", "b", "c"].map { try store.count(ofSpace: $0) }.reduce(0, +)
        #expect(counted == UInt64(current.count), "seed \(seed)")
    }
}
