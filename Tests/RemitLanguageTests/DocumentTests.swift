import Foundation
import RemitLanguage
import Testing

/// The contracts that the language reference shows are contracts.
@Suite struct DocumentTests {
    static var blocks: [String] {
        let text = (try? String(decoding: Checkout.bytes("Docs/language.md"), as: UTF8.self)) ?? ""
        return text.components(separatedBy: "```remit\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    @Test func thereAreBlocks() { #expect(Self.blocks.count >= 3) }

    @Test(arguments: blocks.indices) func theBlockIsClean(index: Int) {
        let found = findings(in: Self.blocks[index])
        #expect(found.isEmpty, "\(found.map { "\($0.code.number) \($0.message) at \($0.primary.span)" })")
    }

    @Test(arguments: blocks.indices) func theBlockIsInTheHouseLayout(index: Int) {
        guard case .formatted(let bytes) = format(SourceText(name: "block", Self.blocks[index])) else {
            Issue.record("block \(index) has mistakes of syntax")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self) == Self.blocks[index])
    }
}
