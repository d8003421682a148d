import RemitLedger
import RemitValues
import Testing

/// What a proof discloses of private values, and what it does not.
@Suite("Openings in proofs")
struct OpeningTests {
    private func fault(_ body: () throws -> Void) -> ProofFaultClass? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ProofFault)?.faultClass
        }
    }

    @Test("what is opened is disclosed, everything else is counted as not disclosed")
    func honest() throws {
        let sample = try PrivateSample.honest()
        #expect(sample.chain.faults() == [])
        let key = LedgerKey.bare(sample.chain.node.publicKey)
        for proof in try sample.proofs() {
            #expect(try ChainProof(decoding: proof.encoded) == proof)
            let facts = try ChainProof.check(file: proof.encoded, key)
            #expect(facts.disclosed == proof.openings)
        }
        let openings = sample.parts.openings
        // The look-alike of a case row and the row with a foreign item are no places; the secret is none either.
        let all = try sample.receipt(openings).check(key)
        #expect(all.undisclosed == [])
        let none = try sample.receipt([]).check(key)
        #expect(
            none.undisclosed.map(\.words) == [
                "argument 2", "argument 3", "argument 4.1.2", "argument 4.2.2", "field 1 of Gloves/7",
                "field 3.1.2 of Gloves/7",
                "field 1 of Gloves/Member [private \(PrivateSample.salt.hex), 3]",
                "field 2.2 of Gloves/Member [private \(PrivateSample.salt.hex), 3]",
            ])
        #expect(none.undisclosed.map(\.commitment) == openings.map(\.commitment))
        let row = sample.parts.rows[0]
        let state = try sample.row(row.space, row.item, [openings[5]]).check(key)
        #expect(state.disclosed == [openings[5]] && state.undisclosed.map(\.words) == ["field 1 of Gloves/7"])
    }

    @Test("an opening that opens nothing at its place is refused")
    func misplaced() throws {
        let sample = try PrivateSample.honest()
        let key = LedgerKey.bare(sample.chain.node.publicKey)
        let openings = sample.parts.openings
        let (case7, member) = (sample.parts.rows[0], sample.parts.rows[4])
        func refused(_ proof: ChainProof, line: Int = #line) {
            #expect(fault { _ = try ChainProof.check(file: proof.encoded, key) } == .opening, "line \(line)")
        }
        // Another value, another salt, another path: nothing has that commitment.
        for opening in openings {
            let other = opening.value == .integer(9) ? Value.integer(8) : .integer(9)
            refused(try sample.receipt([PrivateOpening(path: opening.path, salt: opening.salt, value: other)]))
            refused(try sample.receipt([PrivateOpening(path: opening.path, salt: .zero, value: opening.value)]))
            let path = opening.path.appending(0)
            refused(try sample.receipt([PrivateOpening(path: path, salt: opening.salt, value: opening.value)]))
        }
        // Openings of what stands elsewhere than in what is proved.
        refused(try sample.row(case7.space, case7.item, [openings[0]]))
        refused(try sample.row(case7.space, case7.item, [openings[6]]))
        refused(try sample.space(member.space, [openings[4]]))
        refused(try sample.row(case7.space, Array("secret".utf8), [openings[4]]))
        refused(try sample.row("case/Gloves/8", case7.item, [openings[4]]))
        refused(try sample.chain.proveReceipt(1, 0, size: 2).disclosing([openings[0]]))
        // The commitment is there, but its path means another place.
        for (index, paths) in Self.otherPaths {
            for path in paths {
                var changed = openings
                changed[index] = PrivateOpening(
                    path: PrivatePath(path), salt: openings[index].salt, value: openings[index].value)
                let sample = try PrivateSample(PrivateSample.parts(changed))
                refused(try sample.receipt([changed[index]]))
                changed.remove(at: index)
                #expect(fault { _ = try sample.receipt(changed).check(key) } == nil)
            }
        }
    }

    /// Paths that do not lead to the place of the opening with the index.
    private static let otherPaths: [(Int, [[Value]])] = [
        (
            0,
            [
                [.text("argument"), .integer(0)], [.text("argument"), .integer(2)], [.text("argument"), .text("a")],
                [.text("argument"), .integer(1), .integer(0)], [.text("argument"), .integer(-1)],
                [.text("argument"), .commitment(.zero)], [.text("arguments"), .integer(1)],
                [.integer(0), .integer(1)], [.text("case"), .text("Gloves/7"), .text("diagnosis")],
            ]
        ),
        (
            2,
            [
                [.text("argument"), .integer(3)], [.text("argument"), .integer(3), .integer(0)],
                [.text("argument"), .integer(3), .integer(1), .text("code")],
                [.text("argument"), .integer(3), .text("code"), .integer(0)],
                [.text("argument"), .integer(3), .integer(0), .integer(1)],
            ]
        ),
        (
            4,
            [
                [.text("case"), .text("Gloves/8"), .text("diagnosis")],
                [.text("case"), .text("Gloves/07"), .text("diagnosis")],
                [.text("case"), .text("Gloves"), .text("diagnosis")], [.text("case"), .text("Gloves/7")],
                [.text("case"), .text("Gloves/7"), .integer(0)], [.text("argument"), .integer(1)],
                [.text("case"), .integer(7), .text("diagnosis")],
                [.text("case"), .text("Gloves/7"), .text("diagnosis"), .text("code")],
            ]
        ),
        (
            6,
            [
                [.text("register"), .text("Gloves"), .text("Member"), .list([.integer(3)]), .text("born")],
                [.text("register"), .text("Gloves"), .text("Members"), .list(PrivateSample.keys), .text("born")],
                [.text("register"), .text("Glove"), .text("Member"), .list(PrivateSample.keys), .text("born")],
                [.text("register"), .text("Gloves"), .text("Member"), .list(PrivateSample.keys), .integer(0)],
                [.text("register"), .text("Gloves"), .text("Member"), .list(PrivateSample.keys)],
                [.text("register"), .text("Gloves"), .text("Member"), .text("id"), .text("born")],
            ]
        ),
    ]

    @Test("openings of another form or order are no proof file")
    func form() throws {
        let sample = try PrivateSample.honest()
        let key = LedgerKey.bare(sample.chain.node.publicKey)
        let openings = try sample.receipt(sample.parts.openings).openings
        let items = openings.map(\.cbor)
        func file(_ proof: ChainProof, _ field: CBOR) -> ProofFaultClass? {
            guard case .map(let entries) = proof.cbor else { return nil }
            let changed = CBOR.map(entries.filter { $0.key != 17 } + [.init(17, field)])
            return fault { _ = try ChainProof.check(file: changed.encoded, key) }
        }
        let receipt = try sample.receipt([])
        let state = try sample.proofs()[1]
        #expect(file(receipt, .array(items)) == nil)
        #expect(file(receipt, .array([])) == nil)
        let long = ValueCoding.encode(.list([.text("argument"), .integer(0)]))
        let wrong: [CBOR] = [
            .array(items.reversed()), .array([items[0], items[0]]), .null, .array([.null]), .array([.array([])]),
            .array([.array([long, .bytes([1]), .null])]),
            .array([.array([.array([.text("argument")]), .digest(.zero), .null])]),
            .array([.array([long, .digest(.zero), .tag(21_011, .digest(.zero))])]),
            .array([.array([long, .digest(.zero), .array([.tag(21_012, .digest(.zero))])])]),
            .array([.array([long, .digest(.zero), .bytes([1])])]),
        ]
        for field in wrong { #expect(file(receipt, field) == .file) }
        // A proof of a state leaves the field out where it opens nothing; other kinds never have it.
        #expect(file(state, .array([])) == .file)
        #expect(file(try sample.chain.proveTransaction(1, 1, size: 2), .array([])) == .file)
        #expect(file(try sample.chain.proveConsistency(from: 1, to: 2), .array([])) == .file)
    }

    @Test("the page of a receipt shows what is disclosed and what is not")
    func page() throws {
        let sample = try PrivateSample.honest()
        let key = LedgerKey.bare(sample.chain.node.publicKey)
        let proof = try sample.receipt(Array(sample.parts.openings[1...4]))
        let page = try #require(ReceiptPage(proof, try proof.check(key)))
        let values = try SampleChain.values().filter { !$0.holdsSealed }
        #expect(
            page.text.contains(
                """
                Call          file
                Case          Gloves/7
                Rules         those of the ledger itself
                Outcome       done

                """))
        #expect(
            page.text.contains(
                """
                Disclosed     argument 3: \(ValueWords.text(.record(values)))
                Disclosed     diagnosis of Gloves/7: "J45.0"
                Disclosed     argument 4.1.code: absent
                Disclosed     argument 4.2.code: "a \\"b\\" \\\\ \\u{202e}"
                Private       argument 2, not disclosed
                Private       field 3.1.2 of Gloves/7, not disclosed
                Private       field 1 of Gloves/Member [private \(PrivateSample.salt.hex), 3], not disclosed
                Private       field 2.2 of Gloves/Member [private \(PrivateSample.salt.hex), 3], not disclosed
                Cost          3 steps

                """))
        let bytes = Array(page.text.utf8)
        #expect(fault { _ = try ReceiptPage.check(bytes, key) } == nil)
        let falsified = page.text.replacingFirst("J45.0", "J45.1")
        #expect(fault { _ = try ReceiptPage.check(Array(falsified.utf8), key) } == .text)
        if SecondVerifier.isThere {
            let all = try sample.receipt(sample.parts.openings)
            let whole = try #require(ReceiptPage(all, try all.check(key)))
            let files = [bytes, Array(falsified.utf8), Array(whole.text.utf8)].map {
                (kind: SecondVerifier.Kind.proof, bytes: $0)
            }
            let answers = try SecondVerifier.answers(files, key: sample.chain.node.publicKey)
            #expect(answers == ["ok", "text", "ok"])
        }
    }

    @Test("the text of a value is one line that says which value it is")
    func words() throws {
        let texts = try SampleChain.values().map(ValueWords.text)
        let document = "document \(String(repeating: "09", count: 32)), a/b, 7 bytes"
        let sealed = Hashing.digest(.privateValue, []).hex
        let zero = Digest.zero.hex
        #expect(
            texts == [
                "absent", "yes", "-5", "9223372036854775807", "-9223372036854775808", "0.7",
                "12345678901234567890123456.789", "0", "-1234.50 CNY", "2026-06-01", "2026-06-01T00:00:00Z",
                "-90 seconds", "2 working days", "\"\u{91D1}\"", "urgent", "(1, \"a\")", "[1, []]", "{3, -1, \"b\"}",
                "{9: 2026-06-01, \"k\": absent}", "ann", "clinic", document, "Gloves/1", "private \(sealed)",
                "(private \(zero), [private \(zero)])",
            ])
        let amounts: [(String, Int64, String)] = [
            ("JPY", -7, "-7 JPY"), ("KWD", 7, "0.007 KWD"), ("CNY", 100, "1.00 CNY"), ("CNY", -5, "-0.05 CNY"),
            ("CNY", .min, "-92233720368547758.08 CNY"),
        ]
        for (code, units, text) in amounts {
            let currency = try #require(Currency(code: code))
            #expect(ValueWords.text(.money(Money(minorUnits: units, currency: currency))) == text)
        }
        #expect(ValueWords.text(.duration(Duration(seconds: 1))) == "1 second")
    }
}
