import Foundation
import RemitLedger
import RemitNode
import RemitValues

/// A ledger as it lies on disk: a folder with the chain and the keys.
struct LedgerFolder {
    let path: String

    var chain: String { "\(path)/chain.sqlite" }
    var keys: KeyStore { KeyStore(folder: "\(path)/keys") }

    /// The name of the key that signs blocks.
    static let nodeKey = "node"
    static let administratorKey = "administrator"

    func checkThere() throws(CommandFailure) {
        guard Files.exists(chain) else {
            throw .files(
                "there is no ledger in \(path)", hint: "check --ledger, or make one: remit init --ledger \(path)")
        }
    }

    /// Opens the ledger for reading.
    func read() throws -> LedgerNode {
        try checkThere()
        return try LedgerNode(path: chain, access: .reading, clock: try Clocks.chosen())
    }

    /// Opens the ledger for making blocks with the node's key.
    ///
    /// Where another command writes, it waits for that one to end: so many seconds, else what REMIT_WAIT says.
    func write(_ console: Console, clock: (any Clock)? = nil, wait seconds: Int? = nil) throws -> LedgerNode {
        try checkThere()
        let key = try keys.key(Self.nodeKey)
        warn(of: key, console)
        return try LedgerNode(
            path: chain, access: .writing, signer: key.signer, clock: try clock ?? Clocks.chosen(),
            patience: 1000 * (try seconds ?? Self.patience()))
    }

    /// How many seconds a command waits for another one that writes.
    private static func patience() throws(CommandFailure) -> Int {
        guard let text = ProcessInfo.processInfo.environment["REMIT_WAIT"], !text.isEmpty else {
            return Limits.lockSeconds
        }
        guard let seconds = Int(text), (0...Limits.longestLockSeconds).contains(seconds) else {
            throw .usage(
                "REMIT_WAIT is no number of seconds: \(text)",
                hint: "write a number from 0 to \(Limits.longestLockSeconds), or leave it unset")
        }
        return seconds
    }

    /// The key by which a command signs.
    func signer(_ name: String, _ console: Console) throws(CommandFailure) -> KeyFile {
        let key = try keys.key(name)
        warn(of: key, console)
        return key
    }

    private func warn(of key: KeyFile, _ console: Console) {
        if key.isUnsafe {
            console.warn("the keys of this ledger are for demonstration only: anybody can sign with them")
        }
    }
}
