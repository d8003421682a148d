import Glibc
import RemitExchange
import RemitLedger
import RemitNode

/// A file to which each decision of a batch is added as one line of JSON, once its block is on disk.
final class DecisionFile {
    private let path: String
    private let descriptor: Int32

    /// Opens the file, or makes one that only this user may read.
    init(path: String) throws(CommandFailure) {
        self.path = path
        descriptor = open(path, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Files.cannot("write", path, errno) }
    }

    deinit { close(descriptor) }

    /// Adds the decisions of a block.
    func append(_ decisions: [BatchDecision]) throws(CommandFailure) {
        var rest = decisions.flatMap { Array(Self.line($0).utf8) }[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Files.cannot("write", path, errno) }
            rest = rest.dropFirst(count)
        }
    }

    private static func line(_ decision: BatchDecision) -> String {
        let receipt = decision.execution.receipt
        let json = JSONValue.object([
            .init("claim", .string(decision.call.identifier)),
            .init("line", decision.call.line.map { .integer($0) } ?? .null),
            .init("transaction", .string(decision.digest.hex)), .init("height", .integer(decision.height)),
            .init("outcome", ReceiptText.json(receipt.outcome)),
            .init("case", receipt.caseReference.map(JSONValue.string) ?? .null),
            .init("state", decision.state.map(JSONValue.string) ?? .null),
        ])
        return json.text + "\n"
    }
}
