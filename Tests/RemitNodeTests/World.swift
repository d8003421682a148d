import Foundation
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// A ledger in a folder of its own, founded with keys from fixed seeds.
final class World {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let folder: URL
    let node: LedgerNode
    let administrator: SeedSigner
    let nodeSigner: SeedSigner
    var path: String { folder.appendingPathComponent("chain.sqlite").path }

    /// The signer of a name: the same name gives the same key.
    static func signer(_ name: String) throws -> SeedSigner {
        var seed = Array(name.utf8.prefix(32))
        seed += [UInt8](repeating: 0, count: 32 - seed.count)
        return try SeedSigner(seed: seed)
    }

    static func clock() throws -> FixedClock {
        guard let now = Instant(seconds: 1_780_272_000) else { throw Missing() }
        return FixedClock(now)
    }

    struct Missing: Error {}

    init(chain: TextValue = "test", clock: (any Clock)? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("remit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        administrator = try Self.signer("administrator")
        nodeSigner = try Self.signer("node")
        let founding = SystemCall.Founding(
            chain: chain, organisation: "insurer", organisationName: "Insurer", administrator: "ann",
            administratorName: "Ann", administratorKey: administrator.publicKey, nodeKey: nodeSigner.publicKey)
        node = try LedgerNode.create(
            path: folder.appendingPathComponent("chain.sqlite").path, founding: founding,
            administrator: administrator, node: nodeSigner, clock: try clock ?? Self.clock())
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Performs calls of the ledger's own in one block, as the administrator unless another signs.
    @discardableResult
    func system(_ calls: [SystemCall], by signer: SeedSigner? = nil, of organisation: TextValue = "insurer") throws
        -> [Execution]
    {
        var writer = try TransactionWriter(node: node, signer: signer ?? administrator)
        var transactions: [Transaction] = []
        for call in calls { transactions.append(try writer.sign(call, organisation: organisation)) }
        return try node.commit(transactions).executions
    }

    /// Registers a person with a key from its name.
    func admit(_ person: String) throws -> [SystemCall] {
        [
            .registerPerson(identifier: TextValue(person), name: TextValue(person)),
            .addKey(person: TextValue(person), key: try Self.signer(person).publicKey),
        ]
    }

    /// The text of a contract of the project, with the libraries behind it that it uses.
    static func contract(_ name: String) throws -> String {
        let file = root.appendingPathComponent("Contracts/\(name).remit")
        let whole = linked(SourceText(name: name, bytes: Array(try Data(contentsOf: file))))
        return String(decoding: whole.bytes, as: UTF8.self)
    }

    /// A contract with the libraries of the project behind it that it uses.
    static func linked(_ source: SourceText) -> SourceText {
        (parse(source).contract?.uses ?? []).reduce(source) { whole, use in
            let library = root.appendingPathComponent("Contracts/\(use.name.text.lowercased()).remit")
            guard let data = try? Data(contentsOf: library) else { return whole }
            return whole.followed(by: SourceText(name: use.name.text, bytes: Array(data)))
        }
    }

    /// Deploys the commercial plan, with a clearing-house that submits for two clinics.
    func deployCommercial() throws -> DeployedContract {
        var calls: [SystemCall] = [
            .deployContract(source: TextValue(try Self.contract("commercial-claim")), home: "insurer")
        ]
        calls += try admit("clearing-house")
        for clinic in ["north", "south"] {
            calls.append(.registerOrganisation(identifier: TextValue(clinic), name: TextValue(clinic)))
            calls.append(
                .grantRole(person: "clearing-house", role: "Provider", organisation: TextValue(clinic)))
        }
        try system(calls)
        return try node.contract(named: "CommercialClaim")
    }

    /// The arguments of a claim with one priced line.
    static func claim(_ identifier: String, price: String, type: TextValue = "institutional") throws -> [Value] {
        guard let day = CalendarDate(year: 2026, month: 5, day: 20), let amount = try ExactDecimal.parse(price) else {
            throw Missing()
        }
        let line = Value.record([
            .integer(1), .text("A"), .decimal(.one), .decimal(amount),
        ])
        return [
            .text(TextValue(identifier)), .text("P-1"), .enumeration(type), .date(day), .date(day), .date(day),
            .absent, .absent, .list([line]),
        ]
    }
}
