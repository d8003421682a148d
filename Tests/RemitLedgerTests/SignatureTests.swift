import RemitLedger
import Testing

@Suite("Ed25519, pinned")
struct SignatureTests {
    struct Vector: Sendable {
        let seed: String
        let key: String
        let message: String
        let signature: String
    }

    /// RFC 8032 §7.1, tests 1 to 3.
    static let published = [
        Vector(
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        Vector(
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        Vector(
            seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: "af82",
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ]

    @Test("published vectors: key, signature to the byte, verification", arguments: published)
    func rfc8032(vector: Vector) throws {
        let signer = try SeedSigner(seed: hex(vector.seed))
        #expect(signer.publicKey.description == vector.key)
        let message = hex(vector.message)
        for _ in 0..<3 {
            #expect(try signer.sign(message).description == vector.signature)
        }
        let signature = try #require(Signature(bytes: hex(vector.signature)))
        #expect(SignatureRule.verify(signature, message: message, key: signer.publicKey))
        #expect(!SignatureRule.verify(signature, message: message + [0], key: signer.publicKey))
        for bit in 0..<512 {
            var bytes = signature.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let altered = try #require(Signature(bytes: bytes))
            #expect(!SignatureRule.verify(altered, message: message, key: signer.publicKey), "bit \(bit)")
        }
        for bit in 0..<256 {
            var bytes = signer.publicKey.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let altered = try #require(PublicKey(bytes: bytes))
            #expect(!SignatureRule.verify(signature, message: message, key: altered), "bit \(bit)")
        }
    }

    /// Keys of small order, in canonical and other encodings, each with a one-byte message for which R = 1 and S = 0
    /// satisfy the equation of RFC 8032: a library without the pinned rule accepts every one of them.
    static let weakKeys: [(key: String, message: String)] = [
        ("0100000000000000000000000000000000000000000000000000000000000000", "06"),
        ("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "01"),
        ("0000000000000000000000000000000000000000000000000000000000000000", "04"),
        ("0000000000000000000000000000000000000000000000000000000000000080", "07"),
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "08"),
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", "02"),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "0d"),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "00"),
        ("0100000000000000000000000000000000000000000000000000000000000080", "02"),
        ("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "0e"),
        ("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "06"),
        ("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "02"),
        ("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "1a"),
        ("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "02"),
    ]

    @Test("small-order and non-canonical keys are refused", arguments: weakKeys.indices)
    func weakKey(index: Int) throws {
        let (key, message) = Self.weakKeys[index]
        let signature = try #require(Signature(bytes: [1] + [UInt8](repeating: 0, count: 63)))
        let publicKey = try #require(PublicKey(hex: key))
        #expect(!SignatureRule.verify(signature, message: hex(message), key: publicKey))
    }

    @Test("a small-order R under an honest key is refused, though the equation holds")
    func weakCommitment() throws {
        let key = try #require(PublicKey(hex: "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"))
        let bytes = hex(
            "0100000000000000000000000000000000000000000000000000000000000000"
                + "f472e9c49e1ff524241481b13e12b32c4a7cf966c75ac31342af35a3a6c8010b")
        let signature = try #require(Signature(bytes: bytes))
        #expect(!SignatureRule.verify(signature, message: Array("remit".utf8), key: key))
    }

    @Test("S and S + L are not both valid")
    func malleability() throws {
        let signer = try SeedSigner(seed: Array(0..<32))
        let message = Array("remit".utf8)
        let commitment = "502beaafda4c5849b5b48d1c1b411da02e08f6b64207fb37ce4ae474f1006008"
        let honest = hex(commitment + "51a39108ba35c054694ffcbc2c1ea46ed998f8a61033006afbf900cbe9975008")
        let shifted = hex(commitment + "3e778765d498d2ac3fecf35f0b188383d998f8a61033006afbf900cbe9975018")
        #expect(try signer.sign(message).bytes == honest)
        for (bytes, isValid) in [(honest, true), (shifted, false)] {
            let signature = try #require(Signature(bytes: bytes))
            #expect(SignatureRule.verify(signature, message: message, key: signer.publicKey) == isValid)
        }
    }

    @Test("lengths")
    func lengths() {
        #expect(PublicKey(bytes: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(Signature(bytes: [UInt8](repeating: 1, count: 65)) == nil)
        for count in [0, 31, 33, 64] {
            #expect(throws: LedgerFault.unusableSeed) {
                try SeedSigner(seed: [UInt8](repeating: 1, count: count))
            }
        }
    }
}
