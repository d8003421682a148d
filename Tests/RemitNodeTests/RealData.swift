import Foundation
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// The folder of data from elsewhere, which is no part of the project.
enum RealData {
    /// Where it is: REMIT_DATA, or beside the checkout.
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["REMIT_DATA"].map { URL(fileURLWithPath: $0) }
        let beside = World.root.deletingLastPathComponent().appendingPathComponent("shared/data")
        let place = named ?? beside
        let isThere = FileManager.default.fileExists(atPath: place.appendingPathComponent("README.md").path)
        if !isThere { print("SKIPPED: no data in \(place.path); set REMIT_DATA to run the tests on real input") }
        return isThere ? place : nil
    }()

    static func path(_ name: String) throws -> String {
        guard let folder else { throw World.Missing() }
        return folder.appendingPathComponent(name).path
    }
}

/// A batch as the command line runs it, with everything that became of it.
struct TestBatch {
    var decisions: [BatchDecision] = []
    var unusable: [MappingReport] = []
    var leftOut: [MappingReport] = []
    var notes: [MappingReport] = []
    var skipped = 0
    var known = 0

    /// What a claim came to, by identifier.
    var payable: [String: Money] {
        var found: [String: Money] = [:]
        for decision in decisions {
            for case .money(let money) in decision.fields { found[decision.call.identifier] = money }
        }
        return found
    }

    /// Adjudicates a file in a world by a mapping of the project.
    init(_ path: String, mapping name: String, in world: World, blockSize: Int = 100) throws {
        let file = World.root.appendingPathComponent("Contracts/mappings/\(name).json")
        let mapping = try Mapping(bytes: Array(try Data(contentsOf: file)))
        let contract = try world.node.contract(named: mapping.contract)
        guard let action = contract.program.actions.first(where: { $0.name == mapping.action }) else {
            throw World.Missing()
        }
        let mapper = try Mapper(
            mapping: mapping, targets: TargetBridge.arguments(of: action, in: contract.program),
            index: mapping.format == .fhir ? try ResourceIndex(path: path) : ResourceIndex())
        let signer = try World.signer("clearing-house")
        var admission = try BatchAdmission(
            node: world.node, contract: contract, action: mapping.action, sender: signer.publicKey,
            administrator: world.administrator)
        var adjudicator = try Adjudicator(
            node: world.node, contract: contract, action: mapping.action, signer: signer, blockSize: blockSize)
        let reader = try RecordReader(path: path, mapping: mapping)
        while let record = try reader.next() {
            switch record.content {
            case .failure(let error):
                unusable.append(
                    MappingReport(
                        line: record.line, identifier: nil, severity: .error, code: "unreadable", text: error.reason))
            case .success(let json):
                switch mapper.map(json, line: record.line) {
                case .skipped: skipped += 1
                case .leftOut(let remark): leftOut.append(remark)
                case .unusable(let remark): unusable.append(remark)
                case .call(let call):
                    notes += call.reports
                    let organisation = TextValue(call.organisation)
                    try admission.admit([BatchAdmission.Found(identifier: organisation, name: nil)])
                    decisions += try adjudicator.take(
                        BatchCall(
                            line: call.line, identifier: call.identifier, organisation: organisation,
                            arguments: call.arguments))
                }
            }
        }
        decisions += try adjudicator.flush()
        known = adjudicator.known
    }
}
