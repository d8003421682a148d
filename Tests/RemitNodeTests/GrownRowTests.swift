import Foundation
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Rows of a later version that hold more than a version which still runs knows.
@Suite struct GrownRowTests {
    private static func contract(_ version: Int, _ kinds: String, _ count: String, _ note: String, _ read: String)
        -> String
    {
        """
        contract Ward version \(version)
          title    "Ward"
          timezone +00:00
        role Clerk
        enum Kind { \(kinds) }
        register Bed by code: Text(8) kept by Clerk {
          kind  : Kind
          count : \(count)
          note  : \(note)
        }
        case { code : Text(8), got : Integer starts 0 }
        state open
        final state done
        action file opens open by Clerk enters code { become open }
        action pick in open by Clerk {
          let bed = Bed[code] else "NONE" "no such bed"
          match bed.kind { \(read) }
        }
        action size in open by Clerk {
          let bed = Bed[code] else "NONE" "no such bed"
          if \(version == 1 ? "bed.count" : "(bed.count otherwise 0)") > 3 { set got to 7 } else { set got to 8 }
        }
        action close in open by Clerk { become done }
        """
    }

    private static let first = contract(1, "b, a", "Integer", "Text(4)", "a { set got to 1 } b { set got to 2 }")
    private static let second = contract(
        2, "c, a, b", "optional Integer", "Text(40)", "a { set got to 1 } b { set got to 2 } c { set got to 3 }")

    private func load(_ code: TextValue, _ kind: TextValue, _ count: Value, _ note: TextValue) -> SystemCall {
        .loadRegister(
            contract: "Ward", register: "Bed",
            rows: [.record([.text(code), .enumeration(kind), count, .text(note)])])
    }

    /// What a call comes to: the refusal, or what the case then got.
    private func told(_ execution: Execution?) -> String {
        switch execution?.receipt.outcome {
        case .refused(let code, let text): "\(code): \(text)"
        case let outcome: outcome.map { "\($0)" } ?? "nothing"
        }
    }

    @Test func aCaseOfTheEarlierVersionIsRefusedWhereItReadsThem() throws {
        let world = try World()
        try world.system([
            .deployContract(source: TextValue(Self.first), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
            load("whole", "a", .integer(9), "bed"),
        ])
        func call(_ action: String, _ arguments: [Value], on reference: Int? = nil) throws -> String {
            let view = try reference.map {
                try world.node.caseView(CaseReference(contract: "Ward", number: Int64($0)))
            }
            let digest = try world.node.contract(named: "Ward").digest
            var writer = try TransactionWriter(node: world.node, signer: world.administrator)
            let block = try world.node.commit([
                writer.sign(
                    action: action, contract: view?.stored.contract ?? digest, arguments: arguments,
                    organisation: "insurer",
                    on: view)
            ])
            return told(block.executions.first)
        }
        for code in ["whole", "kind", "count", "note"] { _ = try call("file", [.text(TextValue(code))]) }
        try world.system([.deployContract(source: TextValue(Self.second), home: "insurer")])
        let known = "of this row of Bed is more than version 1 of the contract knows"
        try world.system([
            load("kind", "c", .integer(1), "x"), load("count", "b", .absent, "x"),
            load("note", "b", .integer(1), "longer"),
        ])
        for action in ["pick", "size"] {
            #expect(try call(action, [], on: 1) == "done")
            #expect(try call(action, [], on: 2) == "unreadable: `kind` \(known)")
            #expect(try call(action, [], on: 3) == "unreadable: `count` \(known)")
            #expect(try call(action, [], on: 4) == "unreadable: `note` \(known)")
        }
        // A case of the later version reads them all.
        for code in ["whole", "kind", "count", "note"] { _ = try call("file", [.text(TextValue(code))]) }
        for number in 5...8 { for action in ["pick", "size"] { #expect(try call(action, [], on: number) == "done") } }
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
    }
}
