/// How much of a chain could be executed again, and how much had to be taken as it was recorded because private values
/// are not here.
public struct ReplayCounts: Hashable, Sendable {
    /// Numbers of transactions, or of blocks.
    public struct Count: Hashable, Sendable {
        /// They were executed again.
        public internal(set) var executed: UInt64 = 0
        /// They need private values that were erased.
        public internal(set) var redacted: UInt64 = 0
        /// They need private values that are not in the vault, such as in a copy without one.
        public internal(set) var commitmentOnly: UInt64 = 0

        /// None.
        public init() {}
    }

    /// Transactions.
    public private(set) var transactions = Count()
    /// Blocks, each by the worst of what is in it, the work of deadlines included.
    public private(set) var blocks = Count()
    /// The heights of the blocks that are said to have erased something.
    private(set) var erasures: Set<UInt64> = []

    /// Nothing executed yet.
    public init() {}

    mutating func add(deadlines: [Execution], _ executions: [Execution]) {
        var (redacted, commitmentOnly) = (false, false)
        for execution in deadlines + executions {
            switch execution.basis {
            case .execution: break
            case .redacted(let heights):
                redacted = true
                erasures.formUnion(heights)
            case .commitments: commitmentOnly = true
            }
        }
        for execution in executions { transactions.add(execution.basis) }
        if commitmentOnly {
            blocks.add(.commitments)
        } else {
            blocks.add(redacted ? .redacted(by: []) : .execution)
        }
    }
}

extension ReplayCounts.Count {
    fileprivate mutating func add(_ basis: Execution.Basis) {
        switch basis {
        case .execution: executed += 1
        case .redacted: redacted += 1
        case .commitments: commitmentOnly += 1
        }
    }
}
