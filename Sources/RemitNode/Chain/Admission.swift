import RemitLedger
import RemitValues

/// Why a transaction may not enter the chain at all; what enters may still be refused by a rule, on the chain.
public enum AdmissionFault: String, Error, Sendable {
    case badSignature, otherChain, unknownKey, usedSequence, skippedSequence, expired, tooLarge
    case privateMissing, privateMismatch, privateInTheOpen
    case behind

    /// One line.
    public var message: String {
        switch self {
        case .badSignature: "the signature does not fit the transaction"
        case .otherChain: "the transaction was signed for another chain"
        case .unknownKey: "the key is not registered on this chain, or no longer valid"
        case .usedSequence: "the sequence number of the key was used before"
        case .skippedSequence: "a sequence number of the key was left out"
        case .expired: "the transaction has expired"
        case .tooLarge: "the transaction is too large"
        case .privateMissing: "the private values of the transaction are not here"
        case .privateMismatch: "the private values beside the transaction are not those that were signed"
        case .privateInTheOpen: "the transaction gives a private value in the open"
        case .behind: "the case that it names has deadlines which are not caught up: more fell due than one block runs"
        }
    }

    /// Something to do about it.
    public var hint: String {
        switch self {
        case .badSignature: "sign it again with the key that it names"
        case .otherChain: "check the ledger that you address"
        case .unknownKey: "let an administrator add the key: remit key add"
        case .usedSequence, .skippedSequence: "read the chain again and sign with the next number"
        case .expired: "sign it again with a later expiry"
        case .privateMissing: "send them with it; what was erased cannot be executed again"
        case .privateMismatch: "send it again with the seed and the values that it was signed with"
        case .privateInTheOpen: "commit to private values with a seed, and send them beside the transaction"
        case .behind: "remit tick goes on with them; then send it again, as it is or with what the case has become"
        case .tooLarge: "split the batch: a transaction holds at most \(Limits.transactionBytes) bytes"
        }
    }
}

/// The judgement at the door, the same when a block is made and when it is replayed.
struct Admission {
    let genesis: Digest
    let state: WorkingState
    let height: UInt64

    /// The person who signed; the fault where the transaction must not get in. Its signature has been checked before.
    func admit(_ transaction: Transaction) throws(NodeError) -> Party {
        let body = transaction.body
        guard transaction.bodyBytes.count <= Limits.transactionBytes else { throw .admission(.tooLarge) }
        guard body.genesis == genesis else { throw .admission(.otherChain) }
        guard body.expiry >= height else { throw .admission(.expired) }
        let identities = Identities(state: state)
        guard let person = try identities.owner(of: body.sender, at: height) else { throw .admission(.unknownKey) }
        let last = try identities.lastSequence(of: body.sender)
        guard body.sequence > last else { throw .admission(.usedSequence) }
        guard body.sequence == last &+ 1, body.sequence < UInt64(Int64.max) else { throw .admission(.skippedSequence) }
        return person
    }
}
