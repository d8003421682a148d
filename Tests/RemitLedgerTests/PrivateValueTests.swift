import Foundation
import RemitLedger
import RemitValues
import Testing

/// Section 16 of the format, held against bytes that another program made.
@Suite("Private values")
struct PrivateValueTests {
    private static let document = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Docs/format.md")

    private func seed() throws -> PrivateSecret { try #require(PrivateSecret(bytes: Array(0..<32))) }

    @Test("the worked bytes of the document are what the code makes")
    func workedBytes() throws {
        let seed = try seed()
        let text = try String(contentsOf: Self.document, encoding: .utf8)
        let reference: TextValue = "InsuranceClaim/17"
        let path = PrivatePath.caseField(reference, "member")
        let opening = seed.opening(.text("P-1"), at: path)
        let secret = seed.caseSecret(reference)
        let key = seed.digestKey
        let digest = key.digest(
            of: .text("P-1"), at: .key(contract: "InsuranceClaim", register: "Member", name: "id"))
        let unique = key.digest(
            of: .list([.text("P-1"), .integer(1)]), at: .unique(contract: "InsuranceClaim", index: 0))
        let expected: [[UInt8]] = [
            seed.commitment.bytes, path.encoded, opening.salt.bytes, opening.commitment.bytes,
            ValueCoding.encoded(opening.sealed), secret.bytes, secret.timerSeed(revision: 3).bytes, key.bytes,
            ValueCoding.encoded(.keyedDigest(digest)), ValueCoding.encoded(.list([.keyedDigest(unique)])),
            key.subject(.text("P-1")).bytes, opening.encoded, SideCar(seed: seed, values: [.text("P-1")]).encoded,
        ]
        for bytes in expected { #expect(text.contains("`\(Hex.encode(bytes))`"), "\(Hex.encode(bytes))") }
    }

    @Test("an opening and a side-car are read from their bytes, and from no others")
    func coding() throws {
        let seed = try seed()
        let opening = seed.opening(.list([.integer(1), .absent]), at: PrivatePath.argument(2).appending(0))
        #expect(try PrivateOpening(decoding: opening.encoded) == opening)
        #expect(try PrivateOpening(decoding: opening.encoded).commitment == opening.commitment)
        let car = SideCar(seed: seed, values: [.absent, .text("a")])
        #expect(try SideCar(decoding: car.encoded) == car)
        for bytes in [opening.encoded, car.encoded] {
            for end in bytes.indices {
                #expect(throws: LedgerFault.self) { try PrivateOpening(decoding: Array(bytes[..<end])) }
            }
        }
        // A path of one part, a short salt, and a value that is not open.
        let path = ValueCoding.encode(.list([.text("argument")]))
        let long = ValueCoding.encode(.list([.text("argument"), .integer(0)]))
        let salt = CBOR.bytes(seed.bytes)
        let refused: [CBOR] = [
            .array([path, salt, .null]), .array([long, .bytes([1]), .null]), .array([long, salt]),
            .array([long, salt, ValueCoding.encode(opening.sealed)]), .array([.text("argument"), salt, .null]),
        ]
        for item in refused { #expect(throws: LedgerFault.self) { try PrivateOpening(cbor: item) } }
        #expect(try PrivateOpening(cbor: .array([long, salt, .null])).value == .absent)
    }

    @Test("equal values at two places, or under two seeds, have different commitments")
    func differ() throws {
        let seed = try seed()
        let other = try #require(PrivateSecret(bytes: Array(1..<33)))
        let first = seed.opening(.text("P-1"), at: .caseField("A/1", "member"))
        #expect(first.commitment != seed.opening(.text("P-1"), at: .caseField("A/2", "member")).commitment)
        #expect(first.commitment != other.opening(.text("P-1"), at: .caseField("A/1", "member")).commitment)
        #expect(first.commitment == seed.opening(.text("P-1"), at: .caseField("A/1", "member")).commitment)
        // The bytes of path and value cannot be moved from one to the other.
        let shifted = PrivateOpening(path: .argument(0), salt: first.salt, value: .text("P-1"))
        #expect(shifted.commitment != first.commitment)
    }

    @Test("a box opens under its key in its row, and nowhere else")
    func boxes() throws {
        let (key, row) = ([UInt8](repeating: 7, count: 32), [UInt8](repeating: 1, count: 32))
        let nonce = [UInt8](repeating: 9, count: 12)
        let box = try #require(VaultBox.close(Array("P-1".utf8), key: key, nonce: nonce, row: row))
        #expect(VaultBox.open(box, key: key, row: row) == Array("P-1".utf8))
        #expect(VaultBox.open(box, key: row, row: row) == nil)
        #expect(VaultBox.open(box, key: key, row: key) == nil)
        #expect(VaultBox.close([], key: [1], nonce: nonce, row: row) == nil)
        for index in box.indices {
            var flipped = box
            flipped[index] ^= 1
            #expect(VaultBox.open(flipped, key: key, row: row) == nil)
        }
    }

    @Test("commitments are found in a value, in order")
    func commitments() throws {
        let seed = try seed()
        let first = seed.opening(.integer(1), at: .argument(0))
        let second = seed.opening(.integer(2), at: .argument(1))
        let value = Value.record([.integer(3), first.sealed, .list([.record([second.sealed]), .absent])])
        #expect(value.commitments == [first.commitment, second.commitment])
        #expect(value.holdsSealed)
        #expect(try ValueCoding.decode(bytes: ValueCoding.encoded(value)) == value)
        #expect(!Value.list([.integer(1)]).holdsSealed)
    }
}
