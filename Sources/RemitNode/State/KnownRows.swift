import RemitLedger
import RemitValues

/// Rows that nearly every transaction asks for, as they are after the last one, and what was made of them: contracts,
/// identities, roles, the numbers of keys and cases.
///
/// Who executes one block after another keeps them from block to block, so that they are looked up and decoded once.
final class KnownRows {
    /// A row, or that there is none; its value is decoded when it is asked for.
    final class Row {
        let bytes: [UInt8]?
        private var decoded: Value?

        init(_ bytes: [UInt8]?) { self.bytes = bytes }

        /// The value; a row that does not decode says so, as damage.
        func value() throws(NodeError) -> Value? {
            if let decoded { return decoded }
            decoded = try KnownRows.value(bytes)
            return decoded
        }
    }

    /// The value of a row by its bytes; where these do not decode it says so, as damage.
    static func value(_ bytes: [UInt8]?) throws(NodeError) -> Value? {
        guard let bytes else { return nil }
        do { return try ValueCoding.decode(bytes: bytes) } catch { throw .ledger(error) }
    }

    private var rows: [StateKey: Row] = [:]
    /// The contracts of the rows, compiled, until a row of one changes.
    var contracts: [Digest: DeployedContract] = [:]

    /// Whether rows like this one are kept: those of cases and registers are not, of which each has its own.
    func keeps(_ key: StateKey) -> Bool {
        switch key.space.utf8.first {
        case UInt8(ascii: "c"): key.isWithin("contract") || key.isWithin("counter")
        case UInt8(ascii: "g"): key.isWithin("grant")
        case UInt8(ascii: "k"): key.isWithin("key")
        case UInt8(ascii: "n"): key.isWithin("node")
        case UInt8(ascii: "o"): key.isWithin("organisation")
        case UInt8(ascii: "p"): key.isWithin("person")
        case UInt8(ascii: "s"): key.isWithin("sequence")
        default: false
        }
    }

    /// A row that is kept; where it is not known yet, `read` says what it holds.
    func row(_ key: StateKey, _ read: (StateKey) throws(NodeError) -> [UInt8]?) throws(NodeError) -> Row {
        if let known = rows[key] { return known }
        let row = Row(try read(key))
        if rows.count >= Limits.knownRows { rows.removeAll(keepingCapacity: true) }
        rows[key] = row
        return row
    }

    /// Takes over a change; of a row that is not known only that it is none of a contract that is.
    func take(_ change: StateChange) {
        guard keeps(change.key) else { return }
        forgetContracts(after: change.key)
        if let place = rows.index(forKey: change.key) { rows.values[place] = Row(change.value) }
    }

    /// Forgets a row.
    func forget(_ key: StateKey) {
        guard keeps(key) else { return }
        forgetContracts(after: key)
        rows.removeValue(forKey: key)
    }

    /// Forgets the contracts where the row of one is written.
    func forgetContracts(after key: StateKey) {
        if key.isWithin("contract") { contracts = [:] }
    }
}
