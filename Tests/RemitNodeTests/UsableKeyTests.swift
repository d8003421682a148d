import Foundation
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Keys under which no signature is valid are nobody's.
@Suite struct UsableKeyTests {
    /// Keys that the rule of signatures refuses: of small order, not below p, and of no point.
    private static let unusable = [
        "01" + String(repeating: "00", count: 31), String(repeating: "00", count: 32),
        String(repeating: "00", count: 31) + "80", String(repeating: "ff", count: 32),
        "ec" + String(repeating: "ff", count: 30) + "7f", "ed" + String(repeating: "ff", count: 30) + "7f",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "02" + String(repeating: "00", count: 31),
    ]

    @Test(arguments: unusable) func nobodyGetsAKeyThatCannotSign(_ hex: String) throws {
        let key = try #require(PublicKey(hex: hex))
        let world = try World()
        let add = SystemCall.addKey(person: "ann", key: key)
        let refused = "argument: no signature is valid under the key \(hex)"
        let outcomes = try world.system([
            add, .rotateKey(key), .propose(name: TextValue(add.name), arguments: add.arguments),
        ]).map(\.receipt.outcome.told)
        #expect(outcomes == [refused, refused, refused])
        // The first key of somebody else is no different, and whoever signed goes on.
        let first = try world.system([
            .registerPerson(identifier: "nina", name: "Nina"), .addKey(person: "nina", key: key),
        ])
        #expect(first.map(\.receipt.outcome.told) == ["done", refused])
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }
}
