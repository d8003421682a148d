import Dispatch
public import RemitLedger

/// A transaction whose signature was checked and found valid: there is no other way to make one.
public struct CheckedTransaction: Sendable {
    /// The transaction.
    public let transaction: Transaction

    /// Checks the signature; nil where it is not valid.
    public init?(_ transaction: Transaction) {
        guard transaction.isSignatureValid else { return nil }
        self.transaction = transaction
    }
}

/// Checks signatures on all cores; execution, which has an order, comes afterwards.
public enum SignatureCheck {
    /// Checks each transaction; nil stands where a signature is not valid.
    public static func check(_ transactions: [Transaction]) -> [CheckedTransaction?] {
        var checked: [CheckedTransaction?] = Array(repeating: nil, count: transactions.count)
        checked.withUnsafeMutableBufferPointer { results in
            // Every place is written by one thread, once.
            nonisolated(unsafe) let results = results
            let pieces = (transactions.count + pieceLength - 1) / pieceLength
            DispatchQueue.concurrentPerform(iterations: pieces) { piece in
                let start = piece * pieceLength
                for index in start..<min(start + pieceLength, transactions.count) {
                    results[index] = CheckedTransaction(transactions[index])
                }
            }
        }
        return checked
    }

    /// Whether all signatures are valid.
    static func areValid(_ transactions: [Transaction]) -> Bool {
        transactions.count == 1
            ? transactions[0].isSignatureValid : check(transactions).allSatisfy { $0 != nil }
    }

    /// The signatures that a thread checks before it looks for more: a millisecond of work or less.
    private static let pieceLength = 8
}

extension SignatureCheck {
    /// The batches whose signatures are checked before their turn: enough that no core waits while a block is synced.
    private static let batchesAhead = 4

    /// Hands over batches one after another with their signatures checked, those of the next ones meanwhile.
    public static func checkingAhead(
        _ batches: [[Transaction]], _ body: ([CheckedTransaction?]) throws -> Void
    ) rethrows {
        let queue = DispatchQueue(label: "remit.signatures")
        var begun: [Ahead<[CheckedTransaction?]>] = []
        for index in batches.indices {
            while begun.count <= min(index + batchesAhead, batches.count - 1) {
                let batch = batches[begun.count]
                begun.append(Ahead(on: queue) { check(batch) })
            }
            try body(begun[index].wait())
        }
    }
}
