import Foundation
import RemitLedger
import Testing

/// The format document names what the code has; a second verifier is written from it alone.
@Suite("Format document")
struct FormatDocumentTests {
    private func document() throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("Docs/format.md"), encoding: .utf8)
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
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `remit/v1/") }
        #expect(rows.count == HashLabel.allCases.count)
    }
}
