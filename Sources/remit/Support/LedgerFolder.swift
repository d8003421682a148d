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
    func write(_ console: Console, clock: (any Clock)? = nil) throws -> LedgerNode {
        try checkThere()
        let key = try keys.key(Self.nodeKey)
        warn(of: key, console)
        return try LedgerNode(
            path: chain, access: .writing, signer: key.signer, clock: try clock ?? Clocks.chosen())
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
