import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Transactions that were signed somewhere else, as files carry them: one line of JSON each.
enum SignedFile {
    /// The line of a transaction, with the private values that go beside it.
    static func line(_ transaction: Transaction) -> String {
        var members: [JSONValue.Member] = [
            .init("remit", .integer(1)), .init("transaction", .string(Hex.encode(transaction.encoded))),
        ]
        if let sideCar = transaction.sideCar { members.append(.init("private", .string(Hex.encode(sideCar.encoded)))) }
        return JSONValue.object(members).text + "\n"
    }

    /// The transactions of a file, in order; `name` is what the file is called.
    static func read(_ bytes: [UInt8], _ name: String) throws(CommandFailure) -> [Transaction] {
        var found: [Transaction] = []
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.isEmpty { continue }
            guard line.count <= Limits.signedLineBytes, let transaction = transaction(Array(line)) else {
                throw unreadable("\(name):\(number + 1)")
            }
            found.append(transaction)
            guard found.count <= Limits.sentTransactions else {
                throw .usage(
                    "\(name) has more than \(Limits.sentTransactions) transactions", hint: "send it in parts")
            }
        }
        return found
    }

    /// Says of a place in a file that no signed transaction is there.
    static func unreadable(_ place: String) -> CommandFailure {
        .usage(
            "\(place): this is no signed transaction", hint: "remit submit … --sign-only --out FILE makes them")
    }

    /// The transaction of a line; nil where it is none.
    static func transaction(_ line: [UInt8]) -> Transaction? {
        guard let item = try? JSONValue.parse(line), let members = item.members,
            case .number("1")? = item["remit"], let hex = item["transaction"]?.string,
            let bytes = Hex.decode(hex), var transaction = try? Transaction(decoding: bytes)
        else { return nil }
        guard let hidden = item["private"] else { return members.count == 2 ? transaction : nil }
        guard members.count == 3, let hex = hidden.string, let bytes = Hex.decode(hex),
            let sideCar = try? SideCar(decoding: bytes)
        else { return nil }
        transaction.sideCar = sideCar
        return transaction
    }
}
