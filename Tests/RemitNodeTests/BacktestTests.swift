import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// A backtest decides as the changed policy would have decided on the chain.
@Suite struct BacktestTests {
    /// A ledger with claims adjudicated by a contract text; what each became.
    private func adjudicated(_ text: String, claims: [[Value]]) throws -> (World, [String], [Money?]) {
        let world = try World()
        try world.system([.deployContract(source: TextValue(text), home: "insurer")])
        var calls = try world.admit("clearing-house")
        calls.append(.registerOrganisation(identifier: "north", name: "North"))
        calls.append(.grantRole(person: "clearing-house", role: "Provider", organisation: "north"))
        try world.system(calls)
        let contract = try world.node.contract(named: "CommercialClaim")
        var writer = try TransactionWriter(node: world.node, signer: try World.signer("clearing-house"))
        var states: [String] = []
        var amounts: [Money?] = []
        for page in claims.chunked(by: 7) {
            var transactions: [Transaction] = []
            for arguments in page {
                transactions.append(
                    try writer.sign(
                        action: "submit", contract: contract.digest, arguments: arguments, organisation: "north"))
            }
            for execution in try world.node.commit(transactions).executions {
                guard let text = execution.receipt.caseReference, let reference = CaseReference(text),
                    case .done = execution.receipt.outcome
                else {
                    states.append("refused")
                    amounts.append(nil)
                    continue
                }
                let view = try world.node.caseView(reference)
                states.append(view.stateName)
                if case .money(let money)? = view.field("payable") {
                    amounts.append(money)
                } else {
                    amounts.append(nil)
                }
            }
        }
        return (world, states, amounts)
    }

    private func claims() throws -> [[Value]] {
        var claims: [[Value]] = []
        for number in 1...40 {
            // Every ninth claim has the identifier of the one before, so that the second of them is refused.
            let identifier = number % 9 == 0 ? number - 1 : number
            claims.append(
                try World.claim(
                    "C-\(identifier)", price: "\(number * 37 % 100).\(number % 10)5",
                    type: number % 4 == 0 ? "pharmacy" : "institutional"))
        }
        return claims
    }

    @Test func theSamePolicyDecidesTheSame() throws {
        let text = try World.contract("commercial-claim")
        let (world, states, _) = try adjudicated(text, claims: claims())
        let program = try #require(Compiler.compile(SourceText(name: "same", text)).program)
        let report = try Backtest(node: world.node, program: program).run(from: 1, to: .max)
        #expect(report.different.isEmpty)
        #expect(report.lines.map(\.after.state) == states)
        #expect(report.lines.allSatisfy { $0.problem == nil })
    }

    @Test func aChangedPolicyDecidesAsItWouldHaveOnTheChain() throws {
        let text = try World.contract("commercial-claim")
        let changed = text.replacing("80%", with: "55%", maxReplacements: 1)
            .replacing("when claimType is not institutional", with: "when claimType is pharmacy", maxReplacements: 1)
        #expect(changed != text)
        let (world, before, _) = try adjudicated(text, claims: claims())
        let (_, states, amounts) = try adjudicated(changed, claims: claims())
        let program = try #require(Compiler.compile(SourceText(name: "changed", changed)).program)
        let report = try Backtest(node: world.node, program: program).run(from: 1, to: .max)
        #expect(report.lines.map(\.before.state) == before)
        #expect(report.lines.map(\.after.state) == states)
        let index = try #require(report.moneyFields.firstIndex(of: "payable"))
        for (line, amount) in zip(report.lines, amounts) {
            let simulated = line.after.amounts.indices.contains(index) ? line.after.amounts[index] : nil
            #expect(simulated == amount)
        }
        #expect(!report.different.isEmpty)
    }
}

extension Array {
    fileprivate func chunked(by size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
