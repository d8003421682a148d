import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Loads a register from CSV: rows that the chain has already are not sent again, so it goes on where it stopped.
struct RegisterLoad {
    /// What a load came to.
    struct Report {
        var written = 0
        var unchanged = 0
        var transactions = 0
        var ignored: [String] = []
        /// Rows that could not be used: the line and why.
        var bad: [(line: Int, text: String)] = []
        var wasStopped = false
    }

    /// The encoded size at which a transaction is closed; well below what one may have.
    static let bytesPerTransaction = Limits.transactionBytes / 4

    /// What tells a key of the file from the others, in 16 bytes, as the state's trie does: a file may have millions.
    private struct KeyMark: Hashable {
        let high: UInt64
        let low: UInt64

        init(_ encoded: [UInt8]) {
            let digest = Hashing.sha256(encoded).bytes
            func word(_ range: Range<Int>) -> UInt64 { digest[range].reduce(0) { $0 << 8 | UInt64($1) } }
            high = word(0..<8)
            low = word(8..<16)
        }
    }

    let node: LedgerNode
    let contract: DeployedContract
    let register: RegisterDeclaration
    let signer: any Signer
    /// Where the seeds of private values come from.
    var seeds = SeedSource.system
    let console: Console

    /// Finds the register of a contract that is deployed.
    static func find(
        _ name: String, of contract: DeployedContract
    ) throws(CommandFailure) -> RegisterDeclaration {
        let registers = contract.program.registers
        if let found = registers.first(where: { TextValue($0.name) == TextValue(name) }) { return found }
        let names = registers.map(\.name)
        let near = Suggestion.hint(name, among: names)
        throw .usage(
            "\(contract.program.name) has no register \(name)",
            hint: near + (names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"))
    }

    /// Loads a file; throws where a transaction is refused.
    func run(_ path: String) throws -> Report {
        let program = contract.program
        let fields = register.keys + program.records[register.row].fields
        let columns = try fields.map { field in
            guard let type = TargetBridge.type(field.type, in: program) else {
                throw CommandFailure.usage(
                    "\(register.name).\(field.name) is of a type that no file can give",
                    hint: "see the register in the contract")
            }
            return (name: field.name, type: type)
        }
        let reader = try RegisterCSV(path: path, columns: columns, form: NormalForm.of)
        var report = Report(ignored: reader.ignored)
        var writer = try TransactionWriter(node: node, signer: signer, seeds: seeds)
        var rows: [Value] = []
        var size = 0
        var firstLines: [KeyMark: Int] = [:]
        while !Interruption.isRequested, let (line, result) = try reader.next() {
            switch result {
            case .failure(let error): report.bad.append((line, error.reason))
            case .success(let row):
                guard case .record(let values) = row else { continue }
                let key = KeyMark(ValueCoding.encoded(.list(Array(values.prefix(register.keys.count)))))
                if let first = firstLines.updateValue(line, forKey: key) {
                    firstLines[key] = first
                    report.bad.append((line, "the same key stands on line \(first)"))
                    continue
                }
                guard try isNews(values) else {
                    report.unchanged += 1
                    continue
                }
                rows.append(row)
                size += ValueCoding.encoded(row).count
            }
            if rows.count >= Limits.loadedRows || size >= Self.bytesPerTransaction {
                try send(&rows, &writer, &report)
                size = 0
                console.progress("loading \(register.name)", reader.source.consumed, of: reader.source.size)
            }
        }
        if !Interruption.isRequested { try send(&rows, &writer, &report) }
        console.clearBar()
        report.wasStopped = Interruption.isRequested
        return report
    }

    private func isNews(_ values: [Value]) throws(NodeError) -> Bool {
        let keys = Array(values.prefix(register.keys.count))
        let there = try node.row(of: register, contract: contract.program.name, keys: keys)
        return there != Array(values.dropFirst(keys.count))
    }

    private func send(_ rows: inout [Value], _ writer: inout TransactionWriter, _ report: inout Report) throws {
        guard !rows.isEmpty else { return }
        let call = SystemCall.loadRegister(
            contract: TextValue(contract.program.name), register: TextValue(register.name), rows: rows)
        let transaction = try writer.sign(call, organisation: contract.home.identifier)
        let block = try node.commit([transaction])
        writer.advance(to: node.head.height)
        if case .refused(let code, let text)? = block.executions.first?.receipt.outcome {
            throw CommandFailure.refused(
                "the load was refused: \(code): \(text)",
                hint: code == "role"
                    ? "sign with a key of somebody who keeps \(register.name): --as KEY"
                    : "correct the rows, and load those that are not there yet")
        }
        report.written += rows.count
        report.transactions += 1
        rows = []
    }
}
