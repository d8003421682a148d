import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues
import Synchronization
import Testing

@testable import RemitNode

/// Many submitters at once: everybody gets an answer, the right one, and the chain verifies by replay.
@Suite struct GroupCommitTests {
    private static let submitters = 16
    private static let each = 6

    @Test func everySubmitterGetsItsAnswer() async throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var calls: [SystemCall] = []
        for number in 0..<Self.submitters {
            calls += try world.admit("s\(number)")
            calls.append(
                .grantRole(person: TextValue("s\(number)"), role: "Provider", organisation: "north"))
        }
        try world.system(calls)
        var all: [[Transaction]] = []
        for number in 0..<Self.submitters {
            var writer = try TransactionWriter(node: world.node, signer: try World.signer("s\(number)"))
            all.append(
                try (0..<Self.each).map { count in
                    try writer.sign(
                        action: "submit", contract: contract.digest,
                        arguments: try World.claim("C-\(number)-\(count)", price: "\(count + 1).5"),
                        organisation: "north")
                })
        }
        let path = world.path
        try world.node.store.close()
        let node = try LedgerNode(
            path: path, access: .writing, signer: world.nodeSigner, clock: try World.clock())
        let before = node.head.height
        let group = try GroupCommit(node: node, blockLimit: 10)
        let transactions = all
        let decided = await withTaskGroup(of: [GroupCommit.Answer].self) { tasks in
            for own in transactions {
                tasks.addTask {
                    var answers: [GroupCommit.Answer] = []
                    for transaction in own { answers.append(await group.submit(transaction)) }
                    return answers
                }
            }
            return await tasks.reduce(into: [[GroupCommit.Answer]]()) { $0.append($1) }
        }
        let heights = try decided.map { answers in try answers.map { try $0.get().header.height } }
        #expect(heights.count == Self.submitters)
        #expect(heights.allSatisfy { $0.count == Self.each && $0 == $0.sorted() && Set($0).count == Self.each })
        let last = try group.withNode { $0.head.height }
        // Grouping: far fewer blocks than transactions, and no block is empty.
        #expect(last - before < UInt64(Self.submitters * Self.each))
        let report = try Verification.run(path: path, replaying: true)
        #expect(report.problems.map(\.description) == [])
        #expect(report.transactions == UInt64(Self.submitters * Self.each + calls.count + 1 + 7))
    }

    @Test func whatMustNotEnterIsRefusedAlone() async throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var writer = try TransactionWriter(node: world.node, signer: try World.signer("clearing-house"))
        func claim(_ name: String) throws -> Transaction {
            try writer.sign(
                action: "submit", contract: contract.digest, arguments: try World.claim(name, price: "1.5"),
                organisation: "north")
        }
        let (first, second) = (try claim("A"), try claim("B"))
        var foreign = first.body
        foreign.genesis = .zero
        let signer = try World.signer("clearing-house")
        let wrong = try Transaction(signing: foreign, by: signer)
        let forged = Transaction(body: second.body, signature: first.signature)
        #expect(SignatureCheck.check([first, forged, second]).map { $0 != nil } == [true, false, true])
        var faults: [Int: AdmissionFault] = [:]
        let batch = SignatureCheck.check([wrong, first, first, second]).compactMap(\.self)
        let block = try world.node.commit(batch) { faults[$0] = $1 }
        #expect(faults == [0: .otherChain, 2: .usedSequence])
        #expect(block?.executions.map(\.receipt.transaction) == [first.digest, second.digest])
        let height = world.node.head.height
        #expect(try world.node.commit(batch) { _, _ in } == nil)
        #expect(world.node.head.height == height)
        #expect(throws: NodeError.self) { try world.node.commit([forged]) }
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }

    /// Signatures are checked on all cores, and still a transaction is executed in the place in which it came; what is
    /// forged is answered at once, and the node is handed over after all that was submitted before.
    @Test func theOrderOfArrivalIsKept() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var writer = try TransactionWriter(node: world.node, signer: try World.signer("clearing-house"))
        let transactions = try (0..<120).map { number in
            try writer.sign(
                action: "submit", contract: contract.digest, arguments: try World.claim("C-\(number)", price: "1.5"),
                organisation: "north")
        }
        try world.node.close()
        let node = try LedgerNode(
            path: world.path, access: .writing, signer: world.nodeSigner, clock: try World.clock())
        let group = try GroupCommit(node: node, blockLimit: 25)
        let answers = Mutex<[Int: GroupCommit.Answer]>([:])
        let forged = Mutex(0)
        for (number, transaction) in transactions.enumerated() {
            if number % 7 == 0 {
                let other = transactions[(number + 1) % transactions.count].signature
                group.submit(Transaction(body: transaction.body, signature: other)) { answer in
                    if case .failure(.admission(.badSignature)) = answer { forged.withLock { $0 += 1 } }
                }
            }
            group.submit(transaction) { answer in answers.withLock { $0[number] = answer } }
        }
        let head = try group.withNode { $0.head.height }
        #expect(forged.withLock { $0 } == 18)
        let given = answers.withLock { $0 }
        let places = try transactions.indices.map { number in
            let decision = try #require(given[number]).get()
            #expect(decision.execution.receipt.transaction == transactions[number].digest)
            return [decision.header.height, UInt64(decision.position)]
        }
        #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(places.last?.first == head && places.allSatisfy { $0[1] < 25 })
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }
}
