extension ChainStore {
    /// How far the table of blocks can be read from both ends where it cannot be read as a whole: the last height
    /// before what cannot be read, and the first behind it, each nil where nothing can be read on that side. Nil where
    /// every row can be read.
    public func unreadableBlocks() throws(StoreError) -> (after: UInt64?, before: UInt64?)? {
        try beUsable()
        func walk(_ order: String) throws(StoreError) -> (last: UInt64?, isWhole: Bool) {
            var last: UInt64?
            let query =
                "SELECT height, digest, time, transactions, header, signature FROM block ORDER BY height \(order)"
            do {
                try connection.once(query, table: "block", doing: "reading table block") { row throws(StoreError) in
                    _ = (try row.blob(1), try row.integer(2), try row.number(3), try row.blob(4), try row.blob(5))
                    last = try row.number(0)
                    return .next
                }
                return (last, true)
            } catch {
                guard case .damaged = error else { throw error }
                return (last, false)
            }
        }
        let forwards = try walk("ASC")
        guard !forwards.isWhole else { return nil }
        return (forwards.last, try walk("DESC").last)
    }

    /// The same for the state rows in their order, past ones included: the last row before what cannot be read, and the
    /// first one behind it. A row may be found by its key all the same.
    public func unreadableState() throws(StoreError) -> (after: StateRow?, before: StateRow?)? {
        try beUsable()
        func walk(_ order: String) throws(StoreError) -> (last: StateRow?, isWhole: Bool) {
            var last: StateRow?
            let query =
                "SELECT space, item, since, until, value FROM state "
                + "ORDER BY space \(order), item \(order), since \(order)"
            do {
                try connection.once(query, table: "state", doing: "reading table state") { row throws(StoreError) in
                    last = StateRow(
                        space: try row.text(0), item: try row.blob(1), since: try row.number(2),
                        until: try row.optionalNumber(3), value: try row.blob(4))
                    return .next
                }
                return (last, true)
            } catch {
                guard case .damaged = error else { throw error }
                return (last, false)
            }
        }
        let forwards = try walk("ASC")
        guard !forwards.isWhole else { return nil }
        return (forwards.last, try walk("DESC").last)
    }
}
