import Foundation
import RemitExchange
import RemitNode
import RemitValues
import Testing

/// The plan's payments are those of a payer that knew nothing of it; the examples of the standard do no harm.
@Suite(.enabled(if: RealData.folder != nil, "no data: set REMIT_DATA")) struct RealDataTests {
    @Test func everyPaymentOfTheResourcesIsReproducedToTheCent() throws {
        let path = try RealData.path("synthea-fhir-r4.ndjson.gz")
        let world = try World()
        _ = try world.deployCommercial()
        let batch = try TestBatch(path, mapping: "fhir-r4-commercial-claim", in: world)
        #expect(batch.decisions.count == 1510)
        #expect(batch.unusable.isEmpty && batch.leftOut.isEmpty)
        #expect(batch.decisions.allSatisfy { $0.state != nil })
        #expect(batch.notes.count { $0.code == "notBillable" } == 1774)

        let payable = batch.payable
        var compared = 0
        let lines = try LineReader(path: path)
        while let line = try lines.next() {
            let resource = try JSONValue.parse(line.bytes)
            guard resource["resourceType"]?.string == "ExplanationOfBenefit" else { continue }
            guard let claim = resource["claim"]?["reference"]?.string?.split(separator: ":").last,
                case .number(let digits)? = resource["payment"]?["amount"]?["value"]
            else {
                Issue.record("line \(line.number) has no payment")
                continue
            }
            compared += 1
            #expect(payable[String(claim)] == (try Self.dollars(digits)), "line \(line.number)")
        }
        #expect(compared == 1198)

        let again = try TestBatch(path, mapping: "fhir-r4-commercial-claim", in: world)
        #expect(again.decisions.isEmpty && again.known == 1510)
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
        #expect(report.replayed == report.transactions)
    }

    @Test func everyPaymentOfTheLinesIsReproducedToTheCent() throws {
        let path = try RealData.path("synthea-claim-lines.csv.gz")
        let world = try World()
        _ = try world.deployCommercial()
        let batch = try TestBatch(path, mapping: "csv-commercial-claim", in: world, blockSize: 500)
        #expect(batch.decisions.count + batch.unusable.count + batch.leftOut.count == 14_286)
        #expect(batch.unusable.map(\.text) == [])

        let payable = batch.payable
        var paid: [String: String] = [:]
        var adjudicated: Set<String> = []
        let reader = try CSVReader(path: path)
        let columns = try ["claim_id", "eob_id", "eob_paid", "net"].map { name in
            try #require(reader.header.firstIndex(of: name))
        }
        while let result = try reader.next() {
            let fields = try result.get().fields
            guard !fields[columns[1]].isEmpty else { continue }
            paid[fields[columns[0]]] = fields[columns[2]]
            if !fields[columns[3]].isEmpty { adjudicated.insert(fields[columns[0]]) }
        }
        #expect(adjudicated.count == 6450)
        for (claim, digits) in paid { #expect(payable[claim] == (try Self.dollars(digits)), "\(claim)") }
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
    }

    @Test(arguments: ["fhir-r4-commercial-claim", "fhir-r4-insurance-claim"])
    func theExamplesOfTheStandardAreDecidedOrReported(_ mapping: String) throws {
        let path = try RealData.path("fhir-r4-examples.ndjson")
        let world = try World()
        _ = try world.deployCommercial()
        try world.system([
            .deployContract(source: TextValue(try World.contract("insurance-claim")), home: "insurer")
        ])
        let batch = try TestBatch(path, mapping: mapping, in: world)
        #expect(batch.decisions.count + batch.unusable.count + batch.leftOut.count == 17)
        #expect(batch.skipped == 109)
        #expect(batch.unusable.allSatisfy { !$0.text.isEmpty && $0.line > 0 })
        #expect(try Verification.run(path: world.path, replaying: true).problems.isEmpty)
    }

    private static func dollars(_ digits: String) throws -> Money {
        let amount = try #require(try ExactDecimal.parse(digits))
        return try Money(amount, currency: try #require(Currency(code: "USD")), mode: .halfUp)
    }
}
