import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Adjudicates the claims of a file: reads, maps, admits organisations, sends in blocks, and keeps account.
///
/// Stopped at any moment and started again, it goes on behind what is on the chain.
struct BatchRun {
    let node: LedgerNode
    let contract: DeployedContract
    let mapping: Mapping
    let file: String
    let sender: any Signer
    /// Registers and grants for organisations found in the data; without it they must be there.
    let administrator: (any Signer)?
    /// Where the seeds of private values come from.
    var seeds = SeedSource.system
    var blockSize = Adjudicator.usualBlock
    var retryingRefused = false
    /// Where each decision is told once its block is on disk.
    var decisions: DecisionFile?
    let console: Console

    /// Reads a mapping file and finds the contract that it is for; the name, if given, must be the mapping's.
    static func prepare(
        node: LedgerNode, mapping path: String, contract name: String?
    ) throws -> (mapping: Mapping, contract: DeployedContract) {
        let bytes = try Files.read(path, limit: Limits.mappingBytes)
        let mapping: Mapping
        do {
            mapping = try Mapping(bytes: bytes, form: NormalForm.of)
        } catch {
            throw CommandFailure(
                .finding, "input", "\(path): \(error.message)", hint: "see Docs/mapping.md for the form of mappings")
        }
        if let name, TextValue(name) != TextValue(mapping.contract) {
            throw CommandFailure.usage(
                "\(path) is a mapping for \(mapping.contract), not for \(name)",
                hint: "give --mapping with a file for \(name); see Docs/mapping.md")
        }
        let contract = try node.openingContract(named: mapping.contract)
        guard let action = contract.program.actions.first(where: { TextValue($0.name) == TextValue(mapping.action) })
        else {
            throw CommandFailure.usage(
                "\(mapping.contract) has no action \(mapping.action), which \(path) names",
                hint: "its actions are \(contract.program.actions.map(\.name).joined(separator: ", "))")
        }
        guard !action.opens.isEmpty else {
            throw CommandFailure.usage(
                "\(mapping.action) opens no case, so no batch can be made of it",
                hint: "name an action that opens cases")
        }
        return (mapping, contract)
    }

    /// Does the work; what could not be used is in the report, not thrown.
    func run() throws -> BatchReport {
        guard let action = contract.program.actions.first(where: { TextValue($0.name) == TextValue(mapping.action) })
        else { throw CommandFailure.usage("\(mapping.contract) has no action \(mapping.action)") }
        let index = mapping.format == .fhir ? try readIndex() : ResourceIndex()
        let mapper = try Mapper(
            mapping: mapping, targets: TargetBridge.arguments(of: action, in: contract.program), index: index)
        var state = Progress(
            report: BatchReport(program: contract.program),
            admission: try BatchAdmission(
                node: node, contract: contract, action: mapping.action, sender: sender.publicKey,
                administrator: administrator),
            adjudicator: try Adjudicator(
                node: node, contract: contract, action: mapping.action, signer: sender, seeds: seeds,
                blockSize: blockSize, retryingRefused: retryingRefused))
        let reader = try RecordReader(path: file, mapping: mapping, form: NormalForm.of)
        var page: [MappedCall] = []
        while !Interruption.isRequested, let record = try reader.next() {
            if let call = take(record, mapper, &state.report) { page.append(call) }
            if page.count >= blockSize {
                try send(page, &state)
                page = []
                console.progress("adjudicating", reader.source.consumed, of: reader.source.size)
            }
        }
        if !Interruption.isRequested { try send(page, &state) }
        if !Interruption.isRequested { try count(try state.adjudicator.flush(), &state.report) }
        console.clearBar()
        state.report.wasStopped = Interruption.isRequested
        state.report.known = state.adjudicator.known
        state.report.registered = state.admission.registered
        state.report.granted = state.admission.granted
        return state.report
    }

    /// What a run changes on its way.
    private struct Progress {
        var report: BatchReport
        var admission: BatchAdmission
        var adjudicator: Adjudicator
    }

    private func readIndex() throws -> ResourceIndex {
        var shown = 0
        let index = try ResourceIndex(path: file, form: NormalForm.of) { consumed, size in
            guard consumed - shown > size / 100 else { return }
            shown = consumed
            console.progress("reading", consumed, of: size)
        }
        return index
    }

    private func take(_ record: ReadRecord, _ mapper: Mapper, _ report: inout BatchReport) -> MappedCall? {
        switch record.content {
        case .failure(let error):
            report.unusable.append(
                MappingReport(
                    line: record.line, identifier: nil, severity: .error, code: "unreadable", text: error.reason))
        case .success(let json):
            switch mapper.map(json, line: record.line) {
            case .skipped: report.others += 1
            case .leftOut(let remark): report.leftOut.append(remark)
            case .unusable(let remark): report.unusable.append(remark)
            case .call(let call):
                report.notes += call.reports
                return call
            }
        }
        return nil
    }

    /// Sends calls, their organisations first.
    private func send(_ page: [MappedCall], _ state: inout Progress) throws {
        let organisations = page.map { call in
            BatchAdmission.Found(
                identifier: TextValue(call.organisation), name: call.organisationName.map { TextValue($0) })
        }
        let isShared = administrator?.publicKey == sender.publicKey && state.admission.isNews(organisations)
        // One key counts its transactions in one order: what was signed before must be on the chain before.
        if isShared { try count(try state.adjudicator.flush(), &state.report) }
        try state.admission.admit(organisations)
        if isShared { try state.adjudicator.resume() }
        for call in page {
            if let objection = state.admission.objection(to: TextValue(call.organisation)) {
                state.report.unusable.append(
                    MappingReport(
                        line: call.line, identifier: call.identifier, severity: .error, code: "organisation",
                        text: objection))
                continue
            }
            let decided = try state.adjudicator.take(
                BatchCall(
                    line: call.line, identifier: call.identifier, organisation: TextValue(call.organisation),
                    arguments: call.arguments))
            try count(decided, &state.report)
        }
    }

    private func count(_ decided: [BatchDecision], _ report: inout BatchReport) throws {
        report.count(decided)
        try decisions?.append(decided)
    }
}
