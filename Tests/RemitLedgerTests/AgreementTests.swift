import Foundation
import RemitLedger
import RemitValues
import Testing

/// The verifier of this module and the one in Python give the same answers to the same bytes.
///
/// `REMIT_MUTANTS` is the number of mutants of the chain and of the proofs each, `REMIT_SEED` the seed of the first.
@Suite("Two verifiers agree", .enabled(if: SecondVerifier.isThere, "python3 is missing: nothing is compared"))
struct AgreementTests {
    static let environment = ProcessInfo.processInfo.environment
    static let count = environment["REMIT_MUTANTS"].flatMap { Int($0) } ?? 300
    static let seed = environment["REMIT_SEED"].flatMap { UInt64($0) } ?? 20_260_601

    /// Compares the answers to many files, a few thousand at a time, and counts them by class.
    func compare(
        _ name: String, key: PublicKey, witnesses: [NoteKey] = [],
        _ mutant: (inout Mutator, Int) throws -> (SecondVerifier.Kind, [UInt8], String)
    ) throws -> [String: Int] {
        var classes: [String: Int] = [:]
        var done = 0
        var disagreements = 0
        while done < Self.count {
            let size = min(2000, Self.count - done)
            var things: [(kind: SecondVerifier.Kind, bytes: [UInt8])] = []
            var own: [String] = []
            for number in done..<done + size {
                var mutator = Mutator(seed: Self.seed &+ UInt64(number))
                let (kind, bytes, answer) = try mutant(&mutator, number)
                things.append((kind, bytes))
                own.append(answer)
                classes[String(answer.prefix { $0 != " " }), default: 0] += 1
            }
            let others = try SecondVerifier.answers(things, key: key, witnesses: witnesses)
            try #require(others.count == own.count)
            for (offset, (mine, other)) in zip(own, others).enumerated() where mine != other {
                disagreements += 1
                let seed = Self.seed &+ UInt64(done + offset)
                Issue.record("\(name), seed \(seed): here \(mine), there \(other)")
            }
            done += size
        }
        let counts = classes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("\(name): seed \(Self.seed), \(done) mutants, \(disagreements) disagreements (\(counts))")
        return classes
    }

    @Test("mutants of a chain are refused for the same first reason")
    func chains() throws {
        let chain = try SampleChain.withValues()
        try #require(chain.faults() == [])
        let key = chain.node.publicKey
        let classes = try compare("chain", key: key) { mutator, _ in
            let file = try mutator.file(of: chain)
            let fault = ChainFileVerifier.firstFault(in: file, nodeKey: key)
            return (.chain, file, fault.map { "\($0.faultClass.rawValue) \($0.height)" } ?? "ok")
        }
        #expect(classes["ok", default: 0] < Self.count / 5)
        #expect(classes.count >= 12)
    }

    @Test("mutants of snapshots and tails are refused for the same first reason")
    func snapshots() throws {
        let chain = try SampleChain.of(blocks: 6)
        let key = chain.node.publicKey
        let classes = try compare("snapshot", key: key) { mutator, number in
            let files = try mutator.snapshot(of: chain, at: number % 5)
            return (.snapshot, SampleChain.joined(files), SampleChain.answer(files, key: key))
        }
        #expect(classes["ok", default: 0] < Self.count / 4)
        #expect(classes.count >= 12)
    }

    @Test("mutants of proofs, receipts and checkpoints are refused for the same first reason")
    func proofs() throws {
        let chain = try SampleChain.withRules()
        let key = chain.node.publicKey
        let proofs = try chain.proofs().map(\.proof)
        let receipt = try chain.proveReceipt(1, 1, size: 4)
        let page = try #require(ReceiptPage(receipt, try receipt.check(.bare(key))))
        let checkpoint = try chain.signedCheckpoint(3).bytes
        let classes = try compare("proof", key: key) { mutator, number in
            let file: [UInt8]
            switch number % 4 {
            case 0: file = mutator.text(Array(page.text.utf8))
            case 1: file = mutator.text(checkpoint)
            default: file = mutator.proof(proofs[(number / 4) % proofs.count])
            }
            do throws(ProofFault) {
                _ = try Self.check(file, .bare(key))
                return (.proof, file, "ok")
            } catch {
                return (.proof, file, error.faultClass.rawValue)
            }
        }
        #expect(classes["ok", default: 0] < Self.count / 5)
        #expect(classes.count >= 8)
    }

    /// A receipt, a checkpoint or a proof file, told apart as the format says.
    static func check(_ bytes: [UInt8], _ key: LedgerKey) throws(ProofFault) -> ProvenFacts {
        if ReceiptPage.isReceipt(bytes) {
            return try ReceiptPage.check(bytes, key)
        }
        guard Checkpoint.isCheckpoint(bytes) else {
            return try ChainProof.check(file: bytes, key)
        }
        guard let signed = SignedCheckpoint(bytes) else {
            throw ProofFault(.checkpoint)
        }
        try signed.check(key)
        return ProvenFacts(checkpoint: signed.checkpoint)
    }

    @Test("mutants of values are refused by both or by none")
    func values() throws {
        let values = try SampleChain.values()
        let key = SampleChain.stranger
        let classes = try compare("value", key: key) { mutator, number in
            let value = ValueCoding.encode(values[number % values.count])
            let bytes =
                mutator.random.below(3) == 0 ? mutator.bytes(value.encoded) : mutator.item(value).encoded
            if mutator.random.below(2) == 0 {
                return (.value, bytes, (try? ValueCoding.decode(bytes: bytes)) == nil ? "refused" : "ok")
            }
            return (.item, bytes, (try? CBOR(decoding: bytes)) == nil ? "refused" : "ok")
        }
        #expect(classes["ok", default: 0] > 0 && classes["refused", default: 0] > 0)
    }

    @Test("the vectors of this module, as the other verifier sees them")
    func vectors() throws {
        var things: [(kind: SecondVerifier.Kind, bytes: [UInt8])] = []
        var expected: [String] = []
        for (text, _) in CBORTests.accepted {
            things.append((.item, hex(text)))
            expected.append("ok")
        }
        for (text, _, _) in CBORTests.refused {
            things.append((.item, hex(text)))
            expected.append("refused")
        }
        for count in [64, 65] {
            things.append((.item, [UInt8](repeating: 0x81, count: count) + [0]))
            expected.append(count == 64 ? "ok" : "refused")
        }
        for (key, signature, message, isValid) in try SignatureTests.allVectors() {
            things.append((.signature, key + signature + message))
            expected.append(isValid ? "ok" : "refused")
        }
        #expect(try SecondVerifier.answers(things, key: SampleChain.stranger) == expected)
        // And by its own arithmetic, which it falls back to where there is no library.
        let own = try SecondVerifier.answers(things, key: SampleChain.stranger, flags: ["--own-arithmetic"])
        #expect(own == expected)
    }

    @Test("falsified headers, trespassing transactions and doubtful notes")
    func falsehoods() throws {
        var files: [[UInt8]] = []
        var expected: [String] = []
        func add(_ chain: SampleChain, _ faultClass: FaultClass) {
            files.append(chain.file())
            expected.append("\(faultClass.rawValue) 3")
            #expect(ChainFileVerifier.firstFault(in: chain.file())?.faultClass == faultClass)
        }
        for (faultClass, adjust) in ChainVerifierTests.falsified {
            var chain = try SampleChain.of(blocks: 3)
            let transactions = [try chain.transaction()]
            try chain.append(transactions, adjust: adjust)
            try chain.append(transactions: 1)
            add(chain, faultClass)
        }
        for (faultClass, change) in ChainVerifierTests.trespassers {
            var chain = try SampleChain.of(blocks: 3)
            let transactions = [try chain.transaction(), try chain.transaction(change: change)]
            try chain.append(transactions)
            add(chain, faultClass)
        }
        for (faultClass, change) in ChainVerifierTests.wrongReceipts {
            var chain = try SampleChain.of(blocks: 3)
            let transactions = [try chain.transaction(), try chain.transaction()]
            try chain.append(transactions, receipts: change)
            add(chain, faultClass)
        }
        let key = try SampleChain.of(blocks: 1).node.publicKey
        #expect(try SecondVerifier.answers(files.map { (.chain, $0) }, key: key) == expected)

        let notes = try NoteTests.checkpointTexts()
        let answers = try SecondVerifier.answers(notes.map { (.proof, $0.bytes) }, key: key)
        #expect(answers == notes.map { $0.isCheckpoint ? "ok" : "checkpoint" })
    }

    @Test("the worked block of the format document holds for both")
    func workedBlock() throws {
        let example = try WorkedExample()
        let key = example.signer.publicKey
        let proof = try example.proof.encoded
        #expect(ChainFileVerifier.firstFault(in: example.file, nodeKey: key) == nil)
        _ = try ChainProof.check(file: proof, .bare(key))
        let answers = try SecondVerifier.answers(
            [
                (.chain, example.file), (.proof, proof), (.proof, example.checkpoint.bytes),
                (.snapshot, SampleChain.joined([example.snapshot, example.file])),
            ], key: key)
        #expect(answers == ["ok", "ok", "ok", "ok"])
    }

    @Test("witnesses are asked for by both")
    func witnesses() throws {
        let chain = try SampleChain.withRules()
        let signed = try chain.signedCheckpoint(3)
        let witness = try #require(
            NoteKey(name: "witness.example/w1", kind: .cosignature, publicKey: chain.sender.publicKey))
        let message = "cosignature/v1\ntime 77\n\(signed.checkpoint.text)"
        let signature = witness.id + [0, 0, 0, 0, 0, 0, 0, 77] + (try chain.sender.sign(Array(message.utf8)).bytes)
        let line = Array("\u{2014} witness.example/w1 \(Base64.encode(signature))\n".utf8)
        let answers = try SecondVerifier.answers(
            [(.proof, signed.bytes), (.proof, signed.bytes + line)], key: chain.node.publicKey, witnesses: [witness])
        #expect(answers == ["witness", "ok"])
    }
}

extension SampleChain {
    /// Values of every kind that an argument can have.
    static func values() throws -> [Value] {
        let currency = try #require(Currency(code: "CNY"))
        let day = try #require(CalendarDate(year: 2026, month: 6, day: 1))
        let term = try #require(Term(count: 2, unit: .workingDay))
        let document = try #require(Document(digest: [UInt8](repeating: 9, count: 32), mediaType: "a/b", size: 7))
        let wide = try ExactDecimal(coefficient: 12_345_678_901_234_567_890_123_456_789, scale: 3)
        return [
            .absent, .boolean(true), .integer(-5), .integer(.max), .integer(.min),
            .decimal(try ExactDecimal(coefficient: 7, scale: 1)), .decimal(wide), .decimal(.zero),
            .money(Money(minorUnits: -123_450, currency: currency)), .date(day),
            .instant(try #require(Instant(seconds: 1_780_272_000))), .duration(Duration(seconds: -90)), .term(term),
            .text("\u{91D1}"), .enumeration("urgent"), .record([.integer(1), .text("a")]),
            .list([.integer(1), .list([])]), Value.makeSet([.integer(3), .integer(-1), .text("b")]),
            Value.makeMap([
                .init(key: .text("k"), value: .absent), .init(key: .integer(9), value: .date(day)),
            ]), .party(Party(.person, "ann")), .party(Party(.organisation, "clinic")), .document(document),
            .caseReference("Gloves/1"), .commitment(Hashing.digest(.privateValue, [])),
            .record([.keyedDigest(.zero), .list([.commitment(.zero)])]),
        ]
    }

    /// Three blocks whose transactions have arguments of every kind.
    static func withValues() throws -> SampleChain {
        let values = try values()
        var chain = try SampleChain()
        for height in 0..<3 {
            let transactions = [
                try chain.transaction { $0.arguments = Array(values[(height * 6)..<(height * 6 + 8)]) },
                try chain.transaction {
                    $0.arguments = Array(values.suffix(8 - height))
                    $0.caseReference = "Gloves/1"
                },
            ]
            try chain.append(transactions, deadlines: height == 1 ? 1 : 0)
        }
        return chain
    }
}
