import Foundation
import RemitLedger
import Testing

/// Which encodings are keys at all.
@Suite struct UsablePointTests {
    /// The SHA-256 of `point 0`, `point 1` and so on, with the answer of a program that takes the square root.
    @Test func aboutHalfOfAllNumbersBelongToAPoint() throws {
        let expected = "1100110110111011100000101100001100111010001011111110001000001011"
        var found = ""
        for number in 0..<64 {
            let key = try #require(PublicKey(bytes: Hashing.sha256(Array("point \(number)".utf8)).bytes))
            found += key.isUsable ? "1" : "0"
        }
        #expect(found == expected)
    }

    @Test func everyKeyOfASeedIsUsable() throws {
        for number: UInt8 in 0..<100 {
            let signer = try SeedSigner(seed: Hashing.sha256([number]).bytes)
            #expect(signer.publicKey.isUsable, "\(signer.publicKey)")
        }
    }

    /// A key under which some signature is valid is usable, whatever its components of small order.
    @Test func keysWithValidSignaturesAreUsable() throws {
        var count = 0
        for vector in try SignatureTests.torsion() where vector.isValid {
            let key = try #require(PublicKey(bytes: vector.key))
            #expect(key.isUsable, "\(key)")
            count += 1
        }
        #expect(count > 10)
    }

    @Test func encodingsAtTheEdgeAreNotUsable() throws {
        let edge: [(String, Bool)] = [
            ("00", false), ("01", false), ("02", false), ("03", true), ("04", true), ("05", true), ("06", true),
            ("07", false), ("08", false), ("09", true),
        ]
        for (byte, isUsable) in edge {
            for sign in ["00", "80"] {
                let key = try #require(PublicKey(hex: byte + String(repeating: "00", count: 30) + sign))
                #expect(key.isUsable == isUsable, "\(key)")
            }
        }
        for low in ["ec", "ed", "ee", "ff"] {
            for high in ["7f", "ff"] {
                let key = try #require(PublicKey(hex: low + String(repeating: "ff", count: 30) + high))
                #expect(!key.isUsable, "\(key)")
            }
        }
    }
}
