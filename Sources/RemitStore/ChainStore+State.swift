extension ChainStore {
    /// The space whose rows come and go, in the order of their items: what does not hold any more is passed over there
    /// without being read.
    public static let queueSpace = "due"

    /// The value of an item now, or nil if it has none.
    public func state(space: String, item: [UInt8]) throws(StoreError) -> [UInt8]? {
        try beUsable()
        let last = try one(.currentState, [.text(space), .blob(item)], space, item)
        return last?.until == nil ? last?.value : nil
    }

    /// The value that an item had after the block `height`, or nil if it had none.
    public func state(space: String, item: [UInt8], asOf height: UInt64) throws(StoreError) -> [UInt8]? {
        try beUsable()
        let last = try one(.stateAsOf, [.text(space), .blob(item), .number(height)], space, item)
        guard let last, last.until.map({ $0 > height }) ?? true else {
            return nil
        }
        return last.value
    }

    /// The present rows of a space in the order of the items' bytes, at most `limit`, after the item `previous`.
    public func stateRows(
        space: String, after previous: [UInt8]? = nil, limit: Int
    ) throws(StoreError) -> [StateRow] {
        try beUsable()
        guard limit > 0 else {
            return []
        }
        guard let previous else {
            let empty = try one(.currentState, [.text(space), .blob([])], space, [])
            let first = empty.map { $0.until == nil ? [$0] : [] } ?? []
            return first + (try stateRows(space: space, after: [], limit: limit - first.count))
        }
        if space.utf8.elementsEqual(Self.queueSpace.utf8) {
            return try many(.currentInQueue, [.blob(previous), .integer(Int64(limit))])
        }
        return try many(.currentInSpace, [.text(space), .blob(previous), .integer(Int64(limit))])
    }

    /// The rows of a space as they were after the block `height`, in the order of the items' bytes, at most `limit`,
    /// after the item `previous`; an empty item is never among them.
    public func stateRows(
        space: String, after previous: [UInt8]?, limit: Int, asOf height: UInt64
    ) throws(StoreError) -> [StateRow] {
        try beUsable()
        return try many(
            .spaceAsOf, [.text(space), .blob(previous ?? []), .integer(Int64(limit)), .number(height)])
    }

    /// The present rows of all spaces whose names begin with a prefix, in the order of spaces and items, at most
    /// `limit`, after the row `previous`.
    public func stateRows(
        spacePrefix: String, after previous: StateRow? = nil, limit: Int
    ) throws(StoreError) -> [StateRow] {
        try beUsable()
        var rows: [StateRow] = []
        guard limit > 0 else {
            return rows
        }
        if previous == nil {
            // No row precedes that of the prefix itself with an empty item, so none can stand for "before it".
            let first = try one(.currentState, [.text(spacePrefix), .blob([])], spacePrefix, [])
            if let first, first.until == nil {
                rows.append(first)
            }
        }
        let start: [Binding] = [.text(previous?.space ?? spacePrefix), .blob(previous?.item ?? [])]
        rows += try many(
            .currentUnderPrefix, start + [.bytesOfText(Array(spacePrefix.utf8) + [0xff]), .integer(Int64(limit))])
        return Array(rows.prefix(limit))
    }

    /// The last row of an item that was written by block `height` or before, whether or not it still held then; nil if
    /// there is none.
    public func lastStateRow(space: String, item: [UInt8], upTo height: UInt64) throws(StoreError) -> StateRow? {
        try beUsable()
        return try one(.stateAsOf, [.text(space), .blob(item), .number(height)], space, item)
    }

    /// How many state rows there are or were, and how many of them no longer hold.
    public func stateRowCounts() throws(StoreError) -> (all: UInt64, closed: UInt64) {
        try beUsable()
        return try connection.first(.stateRowCounts) { row throws(StoreError) in
            (all: try row.number(0), closed: try row.number(1))
        } ?? (all: 0, closed: 0)
    }

    /// How many items of a space have a value now.
    public func count(ofSpace space: String) throws(StoreError) -> UInt64 {
        try beUsable()
        return try connection.first(.countOfSpace, [.text(space)]) { row throws(StoreError) in
            try row.number(0)
        } ?? 0
    }

    /// Hands over every present row as its bytes stand in the database, in the order of spaces and items.
    ///
    /// The bytes of item and value are there only until `body` returns.
    public func forEachCurrentBytes(
        _ body: (String, UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        try beUsable()
        var space = ""
        var count = 0
        do throws(StoreError) {
            try connection.forEachRow(.currentEverywhere) { row throws(StoreError) in
                // One space has many rows: its name is read and checked once.
                let name = try row.bytes(ofText: 0)
                if count == 0 || !name.elementsEqual(space.utf8) { space = try row.text(0) }
                try body(space, row.bytes(ofBlob: 1), row.bytes(ofBlob: 4))
                count += 1
                return .next
            }
        } catch {
            throw error.naming(count == 0 ? "the first row" : "present row \(count + 1), of the space \(space)")
        }
    }

    /// Hands over every row that held after the block `height`, in the order of spaces and items, until `body` stops.
    public func forEachState(
        asOf height: UInt64, _ body: (StateRow) throws(StoreError) -> Walk
    ) throws(StoreError) {
        try walk(.everywhereAsOf, [.number(height)], body)
    }

    /// The same for the spaces from one on, up to another and without it, in the order of their bytes.
    public func forEachState(
        asOf height: UInt64, from first: String, upTo end: String, _ body: (StateRow) throws(StoreError) -> Walk
    ) throws(StoreError) {
        try walk(.betweenSpacesAsOf, [.number(height), .text(first), .text(end)], body)
    }

    /// Hands over every row that there is or was, in the order of spaces, items and heights, until `body` stops.
    public func forEachStateRow(_ body: (StateRow) throws(StoreError) -> Walk) throws(StoreError) {
        try walk(.stateHistory, [], body)
    }

    private func walk(
        _ query: Query, _ values: [Binding], _ body: (StateRow) throws(StoreError) -> Walk
    ) throws(StoreError) {
        try beUsable()
        var last: StateRow?
        var fault: StoreError?
        do throws(StoreError) {
            try connection.forEachRow(query, values) { row throws(StoreError) in
                let read = try stateRow(row)
                last = read
                do throws(StoreError) {
                    return try body(read)
                } catch {
                    // What `body` throws is about something else than the row that comes next.
                    fault = error
                    return .stop
                }
            }
        } catch {
            let place = last.map { "after the row \(Self.name($0.space, $0.item, $0.since))" } ?? "the first row"
            throw error.naming(place)
        }
        if let fault {
            throw fault
        }
    }

    private func one(
        _ query: Query, _ values: [Binding], _ space: String, _ item: [UInt8]
    ) throws(StoreError) -> StateRow? {
        do {
            return try connection.first(query, values) { row throws(StoreError) in
                try stateRow(row)
            }
        } catch {
            throw error.naming("\(space) \(Describing.hex(item))")
        }
    }

    private func many(_ query: Query, _ values: [Binding]) throws(StoreError) -> [StateRow] {
        try connection.all(query, values) { row throws(StoreError) in
            try stateRow(row)
        }
    }

    private func stateRow(_ row: Row) throws(StoreError) -> StateRow {
        let (space, item, since) = (try row.text(0), try row.blob(1), try row.number(2))
        do {
            return StateRow(
                space: space, item: item, since: since, until: try row.optionalNumber(3), value: try row.blob(4))
        } catch {
            throw error.naming(Self.name(space, item, since))
        }
    }

    private static func name(_ space: String, _ item: [UInt8], _ since: UInt64) -> String {
        "\(space) \(Describing.hex(item)) since block \(since)"
    }
}
