import RemitStore
public import RemitValues

extension LedgerNode {
    /// The height of the last block that is not later than a time; nil where all blocks are later.
    public func height(at time: Instant) throws(NodeError) -> UInt64? {
        try storing { () throws(StoreError) in try store.height(atTime: time.seconds) }
    }
}
