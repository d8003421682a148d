import RemitLedger
import RemitValues
import Testing

extension AgreementTests {
    @Test("mutants of what proofs disclose are refused for the same first reason, and else show the same")
    func openings() throws {
        let sample = try PrivateSample.honest()
        let key = sample.chain.node.publicKey
        let proofs = try sample.proofs()
        let pages = try [0, 5, 6].map { index in
            try #require(ReceiptPage(proofs[index], try proofs[index].check(.bare(key))))
        }
        let classes = try compare("disclosure", key: key) { mutator, number in
            let file: [UInt8]
            switch number % 8 {
            case 0: file = mutator.text(Array(pages[(number / 8) % pages.count].text.utf8))
            case 1, 2: file = mutator.proof(proofs[(number / 8) % proofs.count])
            case 3, 4: file = mutator.openings(of: proofs[(number / 8) % proofs.count]).encoded
            default: file = try mutator.disclosure()
            }
            do throws(ProofFault) {
                _ = try Self.check(file, .bare(key))
                return (.proof, file, "ok")
            } catch {
                return (.proof, file, error.faultClass.rawValue)
            }
        }
        #expect(classes["ok", default: 0] > 0 && classes["opening", default: 0] > 0)
        #expect(classes["ok", default: 0] < Self.count / 2)
    }
}

extension AgreementTests {
    @Test("the worked opening of the format document, and openings of every value, open their commitments for both")
    func commitments() throws {
        let seed = try #require(PrivateSecret(bytes: Array(0..<32)))
        var openings = [seed.opening(.text("P-1"), at: .caseField("InsuranceClaim/17", "member"))]
        openings += try SampleChain.values().filter { !$0.holdsSealed }.enumerated().map {
            seed.opening($1, at: PrivatePath.argument($0).appending(.text("x")))
        }
        var things: [(kind: SecondVerifier.Kind, bytes: [UInt8])] = []
        var expected: [String] = []
        for opening in openings {
            things.append((.opening, opening.commitment.bytes + opening.encoded))
            expected.append("ok")
            let other = PrivateOpening(path: opening.path.appending(0), salt: opening.salt, value: opening.value)
            things.append((.opening, opening.commitment.bytes + other.encoded))
            expected.append("refused")
        }
        let worked = digest("fb9f44be2679bd0530ff9f37060b9885d3177eb64706460513a8d8845331b100")
        #expect(openings[0].commitment == worked)
        #expect(try SecondVerifier.answers(things, key: SampleChain.stranger) == expected)
    }
}

extension Mutator {
    /// A proof whose openings alone were changed.
    mutating func openings(of proof: ChainProof) -> CBOR {
        guard case .map(var entries) = proof.cbor, let place = entries.firstIndex(where: { $0.key == 17 }),
            case .array(let items) = entries[place].value, !items.isEmpty
        else { return item(proof.cbor) }
        entries[place] = .init(17, random.below(6) == 0 ? item(entries[place].value) : .array(list(items)))
        return .map(entries)
    }

    /// A proof of a chain whose sender and node put private values where they do not belong, or not quite.
    mutating func disclosure() throws -> [UInt8] {
        var openings = try PrivateSample.openings()
        for _ in 0..<random.below(3) {
            let place = random.below(openings.count)
            openings[place] = changed(openings[place], openings[random.below(openings.count)])
        }
        var parts = PrivateSample.parts(openings)
        if random.below(3) == 0 { openings.swapAt(random.below(openings.count), random.below(openings.count)) }
        switch random.below(8) {
        case 0: parts.arguments = decoded(list(parts.arguments.map(ValueCoding.encode))) ?? parts.arguments
        case 1...3:
            let row = random.below(parts.rows.count)
            change(&parts.rows[row], like: parts.rows[random.below(parts.rows.count)])
        default: break
        }
        let sample = try PrivateSample(parts)
        let proofs = try sample.proofs()
        let proof = proofs[random.below(proofs.count)]
        if case .receipt = proof.content, random.below(2) == 0 {
            let facts = try? proof.check(.bare(sample.chain.node.publicKey))
            if let facts, let page = ReceiptPage(proof, facts) { return Array(page.text.utf8) }
        }
        return random.below(5) == 0 ? openingsFile(proof) : proof.encoded
    }

    private mutating func openingsFile(_ proof: ChainProof) -> [UInt8] { openings(of: proof).encoded }

    /// An opening with another path or value that is still an opening.
    private mutating func changed(_ opening: PrivateOpening, _ other: PrivateOpening) -> PrivateOpening {
        var (path, value) = (opening.path, opening.value)
        switch random.below(5) {
        case 0: path = other.path
        case 1, 2:
            if let parts = decoded(list(path.parts.map(ValueCoding.encode))), parts.count > 1 {
                path = PrivatePath(parts)
            }
        case 3: path = path.appending(random.below(2) == 0 ? .integer(0) : .text("code"))
        default:
            if let new = try? ValueCoding.decode(item(ValueCoding.encode(value))), !new.holdsSealed { value = new }
        }
        return PrivateOpening(path: path, salt: opening.salt, value: value)
    }

    private func decoded(_ items: [CBOR]) -> [Value]? {
        guard case .list(let values)? = try? ValueCoding.decode(.array(items)) else { return nil }
        return values
    }

    private mutating func change(
        _ row: inout (space: String, item: [UInt8], value: Value),
        like other: (space: String, item: [UInt8], value: Value)
    ) {
        let spaces = [
            "case/Gloves/7", "case/Gloves/00000000007", "case/Gloves/10000000007", "case//0000000007",
            "case/0000000007",
            "case/Gloves/0000000000", "case/Gloves/x000000007", "case/a/Gloves/0000000007", "cases/Gloves/0000000007",
            "register/Gloves", "register/Gloves/Member/x", "register//Member", "register/Glo\u{301}ves/Member", "case",
            "",
        ]
        switch random.below(7) {
        case 0: row.space = spaces[random.below(spaces.count)]
        case 1: row.space = other.space
        case 2: row.item = other.item
        case 3: row.item = bytes(row.item)
        case 4: row.value = other.value
        default:
            if let value = try? ValueCoding.decode(item(ValueCoding.encode(row.value))) { row.value = value }
        }
    }
}
