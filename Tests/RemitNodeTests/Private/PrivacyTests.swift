import Foundation
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitStore
import RemitValues
import Testing

/// Private values on a chain: commitments for everybody, values for those who hold the vault.
@Suite struct PrivacyTests {
    @Test func aCaseRunsOnWhatTheChainDoesNotShow() throws {
        let ward = try Ward()
        #expect(try ward.load([("P-4711", "Ann Archer"), ("P-4712", "Bob Bell")]).word == "done")
        #expect(try ward.admit("P-4711", age: 70, note: "allergic", reasons: ["fever-xyz"]).word == "done")
        #expect(try ward.perform("assess", [.integer(7)], on: 1).word == "done")
        #expect(try ward.perform("classify", on: 1).word == "done")
        let view = try ward.view(1)
        #expect(view.field("patient") == .text("P-4711"))
        #expect(view.field("risk") == .integer(210))
        #expect(view.field("level") == .integer(2))
        #expect(view.field("doses") == .list([.record([.text("drug"), .text("fever-xyz")])]))
        #expect(view.privacy == [.kept, .kept, .kept, .kept, .kept, .open])
        #expect(view.committed[0].isSealed && view.committed[1].isSealed && view.committed[4].isSealed)
        #expect(view.committed[5] == .integer(2))
        guard case .list(let doses) = view.committed[3], case .record(let dose)? = doses.first else {
            Issue.record("the doses are \(view.committed[3])")
            return
        }
        #expect(dose[0] == .text("drug"))
        #expect(dose[1].isSealed)

        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [])
        #expect(report.replay.transactions.executed == report.transactions)
        #expect(report.replay.blocks.executed == report.blocks)
        #expect(report.vaultRows > 10)
    }

    @Test func equalValuesOfTwoCasesLookDifferent() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A"), ("P-2", "B")])
        try ward.admit("P-1", age: 41)
        try ward.admit("P-2", age: 41)
        let (first, second) = (try ward.view(1), try ward.view(2))
        #expect(first.field("age") == second.field("age"))
        for index in [1, 2, 4] { #expect(first.committed[index] != second.committed[index]) }
        // What stays the same keeps its commitment, what changes gets another.
        try ward.perform("assess", [.integer(3)], on: 1)
        let after = try ward.view(1)
        #expect(after.committed[0] == first.committed[0])
        #expect(after.committed[1] == first.committed[1])
        #expect(after.committed[4] != first.committed[4])
    }

    /// "Private keys of registers and of `unique by` are stored as digests under a vault key, so that equality is
    /// visible and the value is not."
    @Test func keysShowEqualityAndNothingElse() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A"), ("P-2", "B")])
        #expect(try ward.admit("P-1", age: 30).word == "done")
        #expect(try ward.admit("P-1", age: 31).word == "WD-18")
        #expect(try ward.admit("P-3", age: 31).word == "WD-2")
        #expect(try ward.perform("close", on: 1).word == "done")
        #expect(try ward.admit("P-1", age: 32).word == "done")
        // The key moves with the patient.
        #expect(try ward.perform("rename", [.text("P-2")], by: "nina", on: 2).word == "done")
        #expect(try ward.admit("P-2", age: 33).word == "WD-18")
        #expect(try ward.admit("P-1", age: 34).word == "done")
        // Visits of one patient have one digest, in the items of the rows, and the digest is not that of another.
        let items = try SQL.rows(
            ward.world.path, "SELECT hex(item) FROM state WHERE space = 'register/Ward/Visits' AND until IS NULL")
        #expect(items.count == 1)
        #expect(!(items[0][0].contains("502D31")))
        let register = try #require(ward.contract.program.registers.first { $0.name == "Visits" })
        let row = try ward.node.row(of: register, contract: "Ward", keys: [.text("P-1"), .integer(2026)])
        #expect(row == [.integer(3), .boolean(false)])
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    @Test func aStrangerSeesNoPrivateByte() throws {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer")])
        try ward.admit("P-4711", age: 7_071_931, note: "allergic to penicillin", reasons: ["fever-xyz"])
        try ward.admit("P-4711", age: 61, note: "allergic to penicillin", reasons: ["fever-xyz"])
        try ward.perform("assess", [.integer(919_191)], on: 1)
        var exported: [UInt8] = []
        _ = try ward.node.export { exported += $0 }
        let secrets = ["P-4711", "Ann Archer", "penicillin", "fever-xyz"].flatMap(Traces.forms)
        let numbers: [Int64] = [7_071_931, 919_191]
        let forms = secrets + numbers.flatMap { [Array(String($0).utf8), ValueCoding.encoded(.integer($0))] }
        for form in forms { #expect(!Traces.holds(exported, form)) }
        // The search would find them: the open room is there.
        #expect(Traces.holds(exported, Array("R-1".utf8)))
        // Nor do the database and its log hold one in the clear.
        for (name, bytes) in try Traces.bytes(of: ward.world.folder) {
            for form in forms { #expect(!Traces.holds(bytes, form), "\(name)") }
        }
    }

    @Test func theSameTransactionsAndSideCarsGiveTheSameRoots() throws {
        func head() throws -> Digest {
            let ward = try Ward()
            try ward.load([("P-1", "A"), ("P-2", "B")])
            try ward.admit("P-1", age: 30, note: "n", reasons: ["a", "b"])
            ward.clock.set("2026-08-01", hour: 9)
            try ward.perform("assess", [.integer(5)], on: 1)
            #expect(try ward.view(1).stateName == "watched")
            return ward.node.head.digest
        }
        #expect(try head() == head())
    }

    @Test func aDeadlineKeepsWhatItComputes() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A")])
        try ward.admit("P-1", age: 30)
        ward.clock.set("2026-08-01", hour: 9)
        let block = try #require(try ward.node.commitDue())
        #expect(block.deadlines.map(\.word) == ["done"])
        #expect(try ward.view(1).field("risk") == .integer(21))
        #expect(try ward.view(1).committed[4].isSealed)
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [])
        #expect(report.replay.blocks.executed == report.blocks)
    }

    @Test func whatIsPrivateDoesNotGetInInTheOpen() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A")])
        let good = try ward.sign("admit", Ward.admission("P-1", age: 30), by: "nina")
        func sent(_ body: TransactionBody, _ sideCar: SideCar?) throws -> AdmissionFault? {
            var transaction = try Transaction(signing: body, by: World.signer("nina"))
            transaction.sideCar = sideCar
            do throws(NodeError) {
                _ = try ward.node.commit([transaction])
                return nil
            } catch {
                guard case .admission(let fault) = error else { throw error }
                return fault
            }
        }
        let height = ward.node.head.height
        var open = good.body
        open.arguments = Ward.admission("P-1", age: 30)
        #expect(try sent(open, good.sideCar) == .privateInTheOpen)
        var seedless = open
        seedless.seedCommitment = MerkleTree.emptyRoot
        #expect(try sent(seedless, nil) == .privateInTheOpen)
        #expect(try sent(good.body, nil) == .privateMissing)
        let seed = try #require(good.sideCar?.seed)
        let values = try #require(good.sideCar?.values)
        #expect(values == [.text("P-1"), .integer(30), .absent])
        let wrong: [[Value]] = [
            [.text("P-2"), .integer(30), .absent], Array(values.dropLast()), values + [.absent],
        ]
        for values in wrong {
            #expect(try sent(good.body, SideCar(seed: seed, values: values)) == .privateMismatch)
        }
        let other = try #require(PrivateSecret(bytes: Array(0..<32)))
        #expect(try sent(good.body, SideCar(seed: other, values: values)) == .privateMismatch)
        #expect(ward.node.head.height == height)
        // Without a seed, and without anything private in it, a call is refused on the chain.
        _ = try ward.node.commit([good])
        var mark = try ward.sign("mark", on: 1).body
        mark.seedCommitment = MerkleTree.emptyRoot
        let block = try ward.node.commit([Transaction(signing: mark, by: World.signer("dora"))])
        #expect(block.executions.map(\.word) == ["private"])
    }

    @Test func theFirstContractThatKeepsThingsPrivateBringsTheKey() throws {
        let world = try World()
        let call = SystemCall.deployContract(source: TextValue(Ward.text), home: "insurer")
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        let good = try writer.sign(call, organisation: "insurer")
        #expect(good.body.seedCommitment != MerkleTree.emptyRoot)
        var seedless = good.body
        seedless.seedCommitment = MerkleTree.emptyRoot
        let refused = try world.node.commit([Transaction(signing: seedless, by: world.administrator)])
        #expect(refused.executions.map(\.word) == ["private"])
        #expect(try !world.node.keepsPrivate())
        // Two must agree: the transaction that carries it out has a seed.
        var calls = try world.admit("bo")
        calls.append(.grantRole(person: "bo", role: "Administrator", organisation: "insurer"))
        calls.append(.setQuorum(.deploy, count: 2))
        try world.system(calls)
        let proposed = try world.system([.propose(name: TextValue(call.name), arguments: call.arguments)])
        let endorsed = try world.system(
            [.endorse(proposed[0].receipt.transaction)], by: World.signer("bo"))
        #expect(endorsed.map(\.word) == ["done"])
        #expect(try world.node.keepsPrivate())
        #expect(try world.node.contract(named: "Ward").keepsPrivate)
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }

    @Test func whatARegisterKeepsPrivateStaysPrivate() throws {
        let ward = try Ward()
        let changes = [
            ("name : private Text(64)", "name : Text(64)"), ("room : Text(16)", "room : private Text(16)"),
            ("register Visits by id: private Text(32)", "register Visits by id: Text(32)"),
        ]
        for (before, after) in changes {
            // What the checker says about flows is not what is asked here.
            let text = Ward.text.replacingOccurrences(of: "Ward version 1", with: "Ward version 2")
                .replacingOccurrences(of: before, with: after)
                .replacingOccurrences(of: "add 1 to Visits[patient,", with: "add 1 to Visits[reveal patient,")
            #expect(text.contains(after))
            let executions = try ward.world.system([.deployContract(source: TextValue(text), home: "insurer")])
            #expect(["argument", "breaking"].contains(executions[0].word), "\(executions[0].receipt.outcome)")
        }
    }

    @Test func noTextOfTheEngineTellsAPrivateValue() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A")])
        try ward.admit("P-1", age: 30)
        // No rule holds on the day, and an argument is not of its type or too long.
        let day = try #require(CalendarDate.parse("1999-12-31"))
        let executions = [
            try ward.perform("correct", [.date(day)], on: 1),
            try ward.perform(
                "admit", [.text("P-1"), .text("secret-age"), .absent, .list([])], by: "nina"),
            try ward.perform(
                "admit", [.text(TextValue(String(repeating: "q", count: 33))), .integer(3), .absent, .list([])],
                by: "nina"),
        ]
        #expect(executions.map(\.word) == ["noRule", "argument", "argument"])
        for execution in executions {
            guard case .refused(_, let text) = execution.receipt.outcome else { continue }
            #expect(!text.contains("1999") && !text.contains("secret-age") && !text.contains("33"), "\(text)")
        }
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    /// A contract with a private map, and one that reads its cases by private references.
    private static let others = [
        """
        contract Pharmacy version 1
          title "Pharmacy"
        role Nurse
        case { given : private map of Text(20) to Integer (20) }
        state open
        final state closed
        action begin opens open by Nurse enters given { }
        action give(drug: private Text(20)) in open by Nurse { add 1 to given[drug] }
        action close in open by Nurse { become closed }
        """,
        """
        contract Referral version 1
          title "Referral"
          refers to Pharmacy version 1
        role Nurse
        register Link by id: Text(8) kept by Nurse { to : private case of Pharmacy }
        case { to : private case of Pharmacy }
        state open
        final state closed
        action refer opens open by Nurse enters to { }
        action close in open by Nurse { become closed }
        """,
    ]

    @Test func aMapAndACaseReferenceAreNotToldEither() throws {
        let ward = try Ward()
        for text in Self.others {
            let deployed = try ward.world.system([.deployContract(source: TextValue(text), home: "insurer")])
            #expect(deployed.map(\.word) == ["done"])
        }
        func send(_ contract: String, _ action: String, _ arguments: [Value], on number: Int64? = nil) throws
            -> Execution
        {
            var writer = try TransactionWriter(
                node: ward.node, signer: World.signer("nina"), seeds: .unsafe("others"))
            let view = try number.map { try ward.node.caseView(CaseReference(contract: contract, number: $0)) }
            let transaction = try writer.sign(
                action: action, contract: try ward.node.contract(named: contract).digest, arguments: arguments,
                organisation: "insurer", on: view)
            return try ward.node.commit([transaction]).executions[0]
        }
        #expect(try send("Pharmacy", "begin", [.map([])]).word == "done")
        var executions = [
            try send("Pharmacy", "give", [.text("morphine")], on: 1),
            try send("Referral", "refer", [.caseReference("Pharmacy/977")]),
        ]
        var writer = try TransactionWriter(node: ward.node, signer: World.signer("nina"), seeds: .unsafe("rows"))
        let row = Value.record([.text("L-1"), .caseReference("Pharmacy/977")])
        let load = try writer.sign(
            .loadRegister(contract: "Referral", register: "Link", rows: [row]), organisation: "insurer")
        executions.append(try ward.node.commit([load]).executions[0])
        let texts = executions.map { execution in
            guard case .refused(let code, let text) = execution.receipt.outcome else { return "done" }
            return "\(code): \(text)"
        }
        #expect(
            texts == [
                "missing: a map has no entry for what was asked", "noCase: there is no such case",
                "argument: row 1: there is no such case",
            ])
        var exported: [UInt8] = []
        _ = try ward.node.export { exported += $0 }
        for form in ["morphine", "977"].flatMap(Traces.forms) { #expect(!Traces.holds(exported, form)) }
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    /// Of checks that could not be evaluated the refusal names codes and lines, and nothing that they read.
    @Test func aRefusalNamesTheChecksThatFaulted() throws {
        let ward = try Ward()
        let text = """
            contract Doses version 1
              title "Doses"
            role Nurse
            record Dose {
              day : private Date
            }
            case about patient {
              patient : private Text(32)
              share   : private Integer
              doses   : list of Dose (8)
            }
            final state done
            parameter extra: Integer {
              from 2026-01-01: 1
            }
            checks screening {
              note "DO-1" "Much" when 100 / share rounded down to 0 places > 50
              for dose in doses {
                note "DO-2" "Extra" when (extra on dose.day) > 1
              }
            }
            action begin opens done by Nurse enters patient, share, doses {
              run screening
              become done
            }
            """
        let deployed = try ward.world.system([.deployContract(source: TextValue(text), home: "insurer")])
        #expect(deployed.map(\.word) == ["done"], "\(deployed[0].receipt.outcome)")
        var writer = try TransactionWriter(node: ward.node, signer: World.signer("nina"), seeds: .unsafe("doses"))
        let days = try ["2026-05-01", "1999-12-31"].map { try #require(CalendarDate.parse($0)) }
        let doses = Value.list(days.map { .record([.date($0)]) })
        let transaction = try writer.sign(
            action: "begin", contract: try ward.node.contract(named: "Doses").digest,
            arguments: [.text("P-1"), .integer(0), doses], organisation: "insurer", on: nil)
        guard case .refused(_, let told) = try ward.node.commit([transaction]).executions[0].receipt.outcome else {
            Issue.record("it was done")
            return
        }
        #expect(told == "a check could not be evaluated: DO-1; DO-2 on line 2")
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    @Test func anExplanationIsForThoseWhoHoldTheVault() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A")])
        try ward.admit("P-1", age: 95)
        let explanation = try #require(try ward.node.explain(case: Ward.reference(1)).first)
        #expect(explanation.gap == nil)
        #expect((explanation.transition?.transition.trace?.entries.count ?? 0) > 5)
    }

    @Test func aFieldIsOpenedAlone() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A")])
        try ward.admit("P-1", age: 30, reasons: ["x", "y"])
        let height = ward.node.head.height
        try ward.perform("assess", [.integer(5)], on: 1)
        let old = try ward.node.opening(of: Ward.reference(1), field: "risk", at: height)
        let new = try ward.node.opening(of: Ward.reference(1), field: "risk")
        #expect((old.value, new.value) == (.integer(20), .integer(100)))
        #expect(try ward.view(1).committed[4] == new.sealed)
        #expect(try ward.view(1, at: height).committed[4] == old.sealed)
        let inner = try ward.node.opening(
            of: Ward.reference(1), field: "doses", inside: [.integer(1), .text("reason")])
        #expect(inner.value == .text("y"))
        #expect(throws: NodeError.self) { try ward.node.opening(of: Ward.reference(1), field: "level") }
        #expect(throws: NodeError.self) { try ward.node.opening(of: Ward.reference(1), field: "doses") }
        // What a transaction brought.
        let place = try #require(try ward.node.history(of: Ward.reference(1)).first)
        let openings = try ward.node.openings(ofTransaction: place.digest)
        #expect(openings.map(\.value) == [.text("P-1"), .integer(30), .absent, .text("x"), .text("y")])
    }
}
