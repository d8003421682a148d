public import RemitLanguage
public import RemitLedger
import RemitRuntime
public import RemitStore

/// Why the node could not do what it was asked.
public enum NodeError: Error, Sendable {
    /// The database could not be read or written.
    case store(StoreError)
    /// Bytes that are no item of the format, or a key that cannot sign.
    case ledger(LedgerFault)
    /// A contract that does not pass the checker.
    case contract([Diagnostic], SourceText)
    /// A transaction that must not enter the chain.
    case admission(AdmissionFault)
    /// The chain in the store contradicts itself or its state rows.
    case broken([ChainProblem])
    /// There is no such thing: what was asked for, and what to do.
    case notFound(String, hint: String)
    /// A private value cannot be disclosed.
    case disclosure(DisclosureFault)
    /// The request cannot be carried out as given: why, and what to do.
    case invalid(String, hint: String)

    /// One line.
    public var message: String {
        switch self {
        case .store(let error): error.message
        case .ledger(let fault): "the ledger holds bytes that are not of its format: \(fault)"
        case .contract(let diagnostics, let source):
            "\(source.name) has \(diagnostics.filter { $0.severity == .error }.count) error(s)"
        case .admission(let fault): fault.message
        case .broken(let problems): problems.first?.description ?? "the chain is broken"
        case .disclosure(let fault): fault.message
        case .notFound(let text, _), .invalid(let text, _): text
        }
    }

    /// Something to do about it.
    public var hint: String? {
        switch self {
        case .store(let error): error.hint
        case .ledger: "run `remit verify`: it names the block or the state row that is damaged"
        case .contract: nil
        case .admission(let fault): fault.hint
        case .broken: "run `remit verify --replay` for all of it, and restore the ledger from a backup"
        case .disclosure(let fault): fault.hint
        case .notFound(_, let hint), .invalid(_, let hint): hint
        }
    }
}

extension NodeError {
    /// What went wrong first, where a failed write has ended the store.
    public var firstCause: String {
        if case .store(.storeFailed(let cause)) = self { return cause.message }
        return message
    }
}

/// Runs a call of the store, its errors becoming the node's.
func storing<Result>(_ body: () throws(StoreError) -> Result) throws(NodeError) -> Result {
    do { return try body() } catch { throw .store(error) }
}

extension ChainStore {
    /// Runs `body` on one state of what is on disk, for which the database is asked once and not at every row.
    func reading<Value>(_ body: () throws(NodeError) -> Value) throws(NodeError) -> Value {
        var result: Result<Value, NodeError>?
        do throws(NodeError) {
            try storing { () throws(StoreError) in
                try withSnapshot { () throws(StoreError) in
                    result = Result { () throws(NodeError) in try body() }
                }
            }
        } catch {
            // After damaged pages were read, ending to read fails as well: what went wrong first is what is told.
            if case .failure(let first)? = result { throw first }
            throw error
        }
        guard let result else { preconditionFailure("a snapshot was taken, and nothing was done in it") }
        return try result.get()
    }
}

/// Runs a call of the ledger's formats, its faults becoming the node's errors.
func encoding<Result>(_ body: () throws(LedgerFault) -> Result) throws(NodeError) -> Result {
    do { return try body() } catch { throw .ledger(error) }
}
