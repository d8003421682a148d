import RemitLedger
import RemitNode

/// How commands are told which transaction is meant.
enum TransactionNames {
    /// The transaction of a digest, or of the beginning of one.
    static func find(_ subject: String, in node: LedgerNode) throws -> Digest {
        if let digest = Digest(hex: subject) { return digest }
        let isHex = subject.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard isHex, subject.utf8.count >= 6 else {
            throw CommandFailure.usage(
                "\"\(subject)\" is neither a case nor a transaction",
                hint: "write InsuranceClaim/17, or six or more digits of a digest that remit log shows")
        }
        let found = try node.transactions(beginning: subject, limit: 2)
        guard let first = found.first else {
            throw CommandFailure(
                .finding, "notFound", "no transaction begins with \(subject)", hint: "remit log lists them")
        }
        guard found.count == 1 else {
            throw CommandFailure.usage("more than one transaction begins with \(subject)", hint: "give more digits")
        }
        return first
    }
}
