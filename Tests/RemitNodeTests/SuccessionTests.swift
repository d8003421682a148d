import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// What a version must be to follow another on the chain.
@Suite struct SuccessionTests {
    /// "Registers and funds outlive versions, which may only add fields with `starts`."
    @Test(arguments: [
        (
            "  count : Integer starts 0\n  last  : Integer", "  last  : Integer starts 0\n  count : Integer",
            "elsewhere now"
        ),
        ("fund Pot in CNY", "fund Pot in USD", "is in USD"),
        ("unique by name except closed, expired\n", "", "`unique by name` is gone"),
        ("unique by name except", "unique by name, amount except", "is `unique by name, amount` now"),
        ("  state waiting to pending\n", "", "a case that is `waiting`"),
        ("state waiting to pending", "state wating to pending", "did you mean `waiting`?"),
        ("  set score to Tally[name].count * 10\n", "", "`score` is new, and the migration may leave it"),
        ("set score to Tally", "set score to score + Tally", "reads it before it has a value"),
        ("migrate from 1 when", "migrate from 1 in closed when", "`closed` is final in version 1"),
    ])
    func aVersionThatBreaksIsRefused(_ was: String, _ now: String, _ words: String) throws {
        let lending = try Lending()
        let source = Lending.second(begins: "").replacing("CNY", with: now.contains("USD") ? "USD" : "CNY")
            .replacing(now.contains("USD") ? "fund Pot in USD" : was, with: now)
        let outcome = try lending.deploy(source)
        #expect(outcome.contains(words), "\(outcome)")
        #expect(try lending.node.contract(named: "Lending").program.version == 1)
    }

    @Test func aMigrationFromAVersionThatIsNotThereIsRefused() throws {
        let lending = try Lending()
        _ = try lending.deploy(Lending.second(begins: "", migration: ""))
        let third = Lending.second(begins: "").replacing("version 2", with: "version 4")
            .replacing("migrate from 1", with: "migrate from 3")
        let outcome = try lending.deploy(third)
        #expect(outcome.contains("version 3, from which cases would migrate, is not on this chain"), "\(outcome)")
    }

    @Test func aVersionDoesNotBeginBeforeTheOneBefore() throws {
        let lending = try Lending()
        #expect(try lending.deploy(Lending.second(migration: "")) == "done")
        let third = Lending.second(begins: "", migration: "").replacing("version 2", with: "version 3")
        let outcome = try lending.deploy(third)
        #expect(outcome.contains("version 2 begins on 2026-04-01"), "\(outcome)")
        let later = Lending.second(begins: " from 2026-05-01", migration: "").replacing("version 2", with: "version 3")
        #expect(try lending.deploy(later) == "done")
        lending.clock.set("2026-06-01", hour: 0)
        let block = try #require(try lending.node.commitDue())
        #expect(block.deadlines.map(\.findings.clauses) == [["version:Lending/2"], ["version:Lending/3"]])
        #expect(try lending.node.contract(named: "Lending").program.version == 3)
        try lending.verify()
    }

    /// Whoever opens a case on a version's first day signs for that version, though no block was made since.
    @Test func aVersionOpensCasesFromItsFirstBlockOn() throws {
        let lending = try Lending()
        #expect(try lending.deploy(Lending.second(migration: "")) == "done")
        let third = Lending.second(begins: " from 2026-05-01", migration: "").replacing("version 2", with: "version 3")
        #expect(try lending.deploy(third) == "done")
        func opening() throws -> Int64 { try lending.node.openingContract(named: "Lending").program.version }
        #expect(try opening() == 1)
        lending.clock.set("2026-04-01", hour: 0)
        #expect(try opening() == 2)
        #expect(try lending.node.contract(named: "Lending").program.version == 1)
        lending.clock.set("2026-06-01", hour: 0)
        #expect(try opening() == 3)
        _ = try lending.node.commitDue()
        #expect(try opening() == 3)
        #expect(throws: NodeError.self) { try lending.node.openingContract(named: "Nobody") }
    }

    /// What a contract keeps can be filled before its first day.
    @Test func aFirstVersionCanWait() throws {
        let lending = try Lending()
        let source = """
            contract Later version 1 from 2026-05-01
              title    "Later"
              timezone +08:00
            role Clerk
            fund Purse in CNY kept by Clerk
            register Price by code: Text(8) kept by Clerk { cents : Integer }
            case { code : Text(8), cents : Integer starts 0 }
            final state done
            action file opens done by Clerk enters code
              accept unapprovedPayment because "a test"
            {
              let price = Price[code] else "No price"
              set cents to price.cents
              pay 1 CNY from Purse to actor
            }
            """
        #expect(try lending.deploy(source) == "done")
        let filled = try lending.world.system([
            .deposit(contract: "Later", fund: "Purse", amount: Hospital.yuan(5)),
            .loadRegister(contract: "Later", register: "Price", rows: [.record([.text("a"), .integer(7)])]),
        ])
        #expect(filled.map { "\($0.receipt.outcome)" } == ["done", "done"])
        #expect(throws: NodeError.self) { try lending.node.contract(named: "Later") }
        lending.clock.set("2026-05-01", hour: 0)
        #expect(try lending.node.commitDue()?.fired == ["done"])
        let digest = try lending.node.contract(named: "Later").digest
        var writer = try TransactionWriter(node: lending.node, signer: lending.world.administrator)
        let block = try lending.node.commit([
            writer.sign(action: "file", contract: digest, arguments: [.text("a")], organisation: "insurer", on: nil)
        ])
        #expect(block.words == ["done"])
        #expect(try lending.node.fund("Purse", of: "Later").state.balance == 400)
        try lending.verify()
    }

    private static let contract = """
        contract Till version 1
          title "Till"
          use   Rates version 1
        role Clerk
        case { amount : CNY }
        final state done
        action file opens done by Clerk enters amount { set amount to taxed(amount) }

        library Rates version 1
          title "Rates"
        function taxed(amount: CNY) gives CNY { return amount * 106% rounded half up }
        """

    /// "`use` of shared libraries at a version": one version is one text on a chain.
    @Test func aLibraryHasOneTextForAVersion() throws {
        let lending = try Lending()
        #expect(try lending.deploy(Self.contract) == "done")
        let till = try lending.node.versions(of: "Till")[0]
        #expect(till.libraries.map(\.use.name) == ["Rates"])
        let other = Self.contract.replacing("Till", with: "Desk")
        #expect(try lending.deploy(other) == "done")
        #expect(try lending.node.versions(of: "Desk")[0].libraries[0].digest == till.libraries[0].digest)
        let changed = Self.contract.replacing("Till", with: "Shop").replacing("106%", with: "107%")
        #expect(try lending.deploy(changed).contains("on this chain with another text"))
        #expect(try lending.deploy("library Rates version 1\n  title \"Rates\"\n").contains("is a library"))
        let opened = try lending.world.node.contract(named: "Till")
        var writer = try TransactionWriter(node: lending.node, signer: lending.world.administrator)
        _ = try lending.node.commit([
            writer.sign(
                action: "file", contract: opened.digest, arguments: [.money(Hospital.yuan(100))],
                organisation: "insurer", on: nil)
        ])
        let view = try lending.node.caseView(CaseReference(contract: "Till", number: 1))
        #expect(view.field("amount") == .money(try Hospital.yuan(106)))
        try lending.verify()
    }
}
