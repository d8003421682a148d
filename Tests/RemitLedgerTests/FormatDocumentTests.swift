import Foundation
import RemitLedger
import Testing

/// The format document names what the code has; a second verifier is written from it alone.
@Suite("Format document")
struct FormatDocumentTests {
    private static let file = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Docs/format.md")

    private func document() throws -> String {
        try String(contentsOf: Self.file, encoding: .utf8)
    }

    @Test("the worked block is what the code makes of it")
    func workedBlock() throws {
        let text = try document()
        let title = "## 18. A worked block\n\n"
        let start = try #require(text.range(of: title))
        let expected = try WorkedExample().text
        guard ProcessInfo.processInfo.environment["REMIT_RECORD"] == nil else {
            try (text[..<start.upperBound] + expected).write(to: Self.file, atomically: true, encoding: .utf8)
            Issue.record("the worked block was recorded anew: read what changed")
            return
        }
        #expect(text[start.upperBound...] == expected)
    }

    @Test("every label and every class of fault is in it, and no other label")
    func names() throws {
        let text = try document()
        for label in HashLabel.allCases {
            #expect(text.contains("| `\(label.rawValue)` |"), "\(label.rawValue)")
        }
        for fault in FaultClass.allCases {
            #expect(text.contains("`\(fault.rawValue)`"), "\(fault.rawValue)")
        }
        let proofs = try #require(text.range(of: "## 12. Failure classes of proofs"))
        for fault in ProofFaultClass.allCases {
            #expect(text[proofs.upperBound...].contains("`\(fault.rawValue)`"), "\(fault.rawValue)")
        }
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `remit/v1/") }
        #expect(rows.count == HashLabel.allCases.count)
    }
}
