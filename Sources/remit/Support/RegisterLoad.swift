import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Loads a register from CSV: rows that the chain has already are not sent again, so it goes on where it stopped.
///
/// A row that cannot be taken is left out by itself, with its line; what the contract wrote is not undone unasked.
struct RegisterLoad {
    /// What a load came to.
    struct Report {
        var written = 0
        var unchanged = 0
        /// Of the rows written: those in which something was undone that the contract may have written.
        var overwritten = 0
        var transactions = 0
        var ignored: [String] = []
        /// Rows that could not be used: the line and why.
        var bad: [(line: Int, text: String)] = []
        var wasStopped = false
    }

    /// Rows that are to share a transaction.
    private struct Batch {
        var rows: [(line: Int, row: Value, undoes: Bool)] = []
        var size = 0

        var isFull: Bool { rows.count >= Limits.loadedRows || size >= RegisterLoad.bytesPerTransaction }
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
    /// Whether rows are written that undo what the contract wrote.
    var isOverwriting = false
    let console: Console

    private var sheet: RegisterSheet { RegisterSheet(register: register, program: contract.program) }

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
        let sheet = sheet
        let reader = try RegisterCSV(path: path, columns: try sheet.columns(), form: NormalForm.of)
        let written = try node.writtenFields(of: register, contract: contract.program.name)
        var report = Report(ignored: reader.ignored)
        var writer = try TransactionWriter(node: node, signer: signer, seeds: seeds)
        var batch = Batch()
        var firstLines: [KeyMark: Int] = [:]
        while !Interruption.isRequested, let (line, result) = try reader.next() {
            switch result {
            case .failure(let error): report.bad.append((line, error.reason))
            case .success(let cells):
                let key = KeyMark(ValueCoding.encoded(.list(sheet.keys(of: cells))))
                if let first = firstLines.updateValue(line, forKey: key) {
                    firstLines[key] = first
                    report.bad.append((line, "the same key stands on line \(first)"))
                } else {
                    try take(cells, on: line, written, &batch, &report)
                }
            }
            if batch.isFull {
                try send(&batch, &writer, &report)
                console.progress("loading \(register.name)", reader.source.consumed, of: reader.source.size)
            }
        }
        if !Interruption.isRequested { try send(&batch, &writer, &report) }
        console.clearBar()
        report.bad.sort { $0.line < $1.line }
        report.wasStopped = Interruption.isRequested
        return report
    }

    /// Puts a row of the file into the batch, unless it is there already or would undo what the contract wrote.
    private func take(
        _ cells: [Value?], on line: Int, _ written: Set<TextValue>, _ batch: inout Batch, _ report: inout Report
    ) throws {
        let keys = sheet.keys(of: cells)
        let there = try node.row(of: register, contract: contract.program.name, keys: keys)
        let row = sheet.row(of: cells, over: there)
        guard row != there else {
            report.unchanged += 1
            return
        }
        var undone: [String] = []
        for (index, field) in sheet.fields.enumerated() where row.indices.contains(index) {
            if cells[keys.count + index] == nil, row[index].isErased {
                return report.bad.append((line, "`\(field.name)` was erased there, and the file leaves it out"))
            }
            guard let there, there.indices.contains(index), there[index] != row[index] else { continue }
            if written.contains(TextValue(field.name)) { undone.append("`\(field.name)`") }
        }
        if !undone.isEmpty, !isOverwriting {
            let names = undone.joined(separator: ", ")
            let why = "what stands there in \(names) is the contract's to write"
            return report.bad.append((line, "\(why): leave the column out, or give --overwrite"))
        }
        let whole = Value.record(keys + row)
        batch.rows.append((line, whole, !undone.isEmpty))
        batch.size += ValueCoding.encoded(whole).count
    }

    /// Writes the rows that the ledger takes, and tells the others by their lines.
    private func send(_ batch: inout Batch, _ writer: inout TransactionWriter, _ report: inout Report) throws {
        let objections = try node.objections(to: batch.rows.map(\.row), of: register, contract: contract)
        var good: [(line: Int, row: Value, undoes: Bool)] = []
        for (row, objection) in zip(batch.rows, objections) {
            if let objection { report.bad.append((row.line, objection)) } else { good.append(row) }
        }
        batch = Batch()
        guard !good.isEmpty else { return }
        let call = SystemCall.loadRegister(
            contract: TextValue(contract.program.name), register: TextValue(register.name), rows: good.map(\.row))
        let transaction = try writer.sign(call, organisation: contract.home.identifier)
        let block = try node.commit([transaction])
        writer.advance(to: node.head.height)
        if case .refused(let code, let text)? = block.executions.first?.receipt.outcome {
            let count = Counted.text(report.written, "row was", "rows were")
            let before = report.written == 0 ? "" : "; \(count) written before"
            throw CommandFailure.refused(
                "the load was refused: \(code): \(text)\(before)",
                hint: code == "role"
                    ? "sign with a key of somebody who keeps \(register.name): --as KEY"
                    : "give the same command again: rows that are there are left out")
        }
        report.written += good.count
        report.overwritten += good.count { $0.undoes }
        report.transactions += 1
    }
}

extension Value {
    /// Whether something in it is known by its commitment alone.
    fileprivate var isErased: Bool {
        switch self {
        case .sealed: true
        case .record(let items), .list(let items), .set(let items): items.contains { $0.isErased }
        default: false
        }
    }
}
