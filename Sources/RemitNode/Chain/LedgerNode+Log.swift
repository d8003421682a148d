public import RemitLedger
import RemitStore
public import RemitValues

/// A transaction as a list shows it.
public struct LogEntry: Sendable {
    public let height: UInt64
    public let position: Int
    public let time: Instant
    public let digest: Digest
    public let call: String
    public let sender: PublicKey
    public let organisation: String
    public let caseReference: String?
    public let outcome: Receipt.Outcome
    /// The approvals whose rounds it opened and that nobody could fill.
    public let unfillableRounds: [String]
}

extension LedgerNode {
    /// Hands over the transactions from a height on, oldest first, until told to stop.
    public func forEachTransaction(
        from height: UInt64 = 0, _ body: (LogEntry, Transaction, Receipt) -> Bool
    ) throws(NodeError) {
        let first = max(height, firstHeight)
        guard first <= head.height else { return }
        for height in first...head.height {
            for (entry, transaction, receipt) in try transactions(at: height) {
                guard body(entry, transaction, receipt) else { return }
            }
        }
    }

    /// The last transactions that are wanted, oldest first, and whether there are earlier ones.
    public func latestTransactions(
        limit: Int, where isWanted: (LogEntry) -> Bool
    ) throws(NodeError) -> (entries: [LogEntry], more: Bool) {
        var newestFirst: [LogEntry] = []
        var height = head.height
        while true {
            for (entry, _, _) in try transactions(at: height).reversed() where isWanted(entry) {
                if newestFirst.count == limit { return (newestFirst.reversed(), true) }
                newestFirst.append(entry)
            }
            guard height > firstHeight else { return (newestFirst.reversed(), false) }
            height -= 1
        }
    }

    /// The transactions that touched a case, oldest first.
    public func history(of reference: CaseReference) throws(NodeError) -> [LogEntry] {
        let places = try storing { () throws(StoreError) in
            try store.transactions(ofCase: reference.description)
        }
        var entries: [LogEntry] = []
        for place in places {
            let found = try transactions(at: place.height)
            if found.indices.contains(place.position) { entries.append(found[place.position].0) }
        }
        return entries
    }

    /// The person who opened a case; nil where its beginning is not here.
    public func opener(of reference: CaseReference) throws(NodeError) -> Party? {
        let opened = try caseView(reference).stored.opened
        guard let first = try history(of: reference).first, first.height == opened else { return nil }
        let state = WorkingState(over: HistoricState(store: store, height: opened))
        return try Identities(state: state).owner(of: first.sender, at: opened)
    }

    /// The transaction with a digest; nil if none on the chain has it.
    public func entry(of digest: Digest) throws(NodeError) -> LogEntry? {
        guard let place = try storing({ () throws(StoreError) in try store.transaction(digest: digest.bytes) }) else {
            return nil
        }
        let found = try transactions(at: place.height)
        return found.indices.contains(place.position) ? found[place.position].0 : nil
    }

    /// The digests that begin with some hexadecimal digits, in order; at most `limit`.
    public func transactions(beginning digits: String, limit: Int) throws(NodeError) -> [Digest] {
        guard digits.utf8.count <= 64, let first = Digest(hex: digits + Self.padding("0", digits)),
            let last = Digest(hex: digits + Self.padding("f", digits))
        else { return [] }
        let found = try storing { () throws(StoreError) in
            try store.transactionDigests(from: first.bytes, to: last.bytes, limit: limit)
        }
        return found.compactMap { Digest(bytes: $0) }
    }

    private static func padding(_ digit: String, _ digits: String) -> String {
        String(repeating: digit, count: 64 - digits.utf8.count)
    }

    private func transactions(at height: UInt64) throws(NodeError) -> [(LogEntry, Transaction, Receipt)] {
        guard let block = try storing({ () throws(StoreError) in try store.block(at: height) }) else { return [] }
        var found: [(LogEntry, Transaction, Receipt)] = []
        for (position, stored) in block.transactions.enumerated() {
            let (transaction, receipt) = try encoding { () throws(LedgerFault) in
                (try BlockRows.transaction(stored), try Receipt(decoding: stored.receipt))
            }
            let entry = LogEntry(
                height: height, position: position, time: Instant(seconds: block.time) ?? FixedClock.epoch.now,
                digest: transaction.digest, call: transaction.body.call, sender: transaction.body.sender,
                organisation: transaction.body.organisation, caseReference: receipt.caseReference,
                outcome: receipt.outcome, unfillableRounds: receipt.unfillableRounds)
            found.append((entry, transaction, receipt))
        }
        return found
    }
}

extension FixedClock {
    /// The epoch, 1970-01-01.
    static let epoch = FixedClock(Instant(seconds: 0) ?? FixedClock.firstInstant)

    private static var firstInstant: Instant {
        guard let first = Instant(seconds: Int64(CalendarDate.earliest.dayNumber) * 86_400) else {
            preconditionFailure("the earliest day is an instant")
        }
        return first
    }
}
