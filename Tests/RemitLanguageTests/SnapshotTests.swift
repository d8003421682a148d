import Foundation
import RemitLanguage
import Testing

/// Mistakes with what their authors read: each file of `Cases` holds the source and, below a line, the messages.
///
/// `make record` writes the messages anew and fails, so that nobody records without reading.
@Suite struct SnapshotTests {
    static let separator = "~~~~ what the author reads ~~~~\n"
    static let names = (try? Checkout.names(in: "Tests/RemitLanguageTests/Cases", ending: ".case")) ?? []

    private func read(_ name: String) throws -> (source: [UInt8], messages: String) {
        let bytes = try Checkout.bytes("Tests/RemitLanguageTests/Cases/\(name).case")
        let line = Array(Self.separator.utf8)
        let last = bytes.count - line.count
        let place = try #require(
            (0...max(0, last)).first { last >= 0 && bytes[$0..<($0 + line.count)].elementsEqual(line) },
            "\(name).case has no line between source and messages")
        return (Array(bytes[..<place]), String(decoding: bytes[(place + line.count)...], as: UTF8.self))
    }

    @Test(arguments: names) func messagesAreThoseRecorded(name: String) throws {
        let (bytes, recorded) = try read(name)
        let source = SourceText(name: "claim.remit", bytes: bytes)
        let messages = DiagnosticText(source).text(of: findings(in: source))
        guard messages != recorded else { return }
        if Checkout.isRecording {
            var whole = Data(bytes)
            whole.append(Data((Self.separator + messages).utf8))
            try whole.write(to: Checkout.cases.appendingPathComponent("\(name).case"))
        }
        Issue.record(
            """
            \(name): \(Checkout.isRecording ? "recorded anew, read it" : "other messages than recorded")
            \(messages)
            """)
    }

    @Test(arguments: names) func everyErrorSaysWhatToDo(name: String) throws {
        let source = SourceText(name: "claim.remit", bytes: try read(name).source)
        for diagnostic in findings(in: source) {
            #expect(
                diagnostic.help != nil || !diagnostic.notes.isEmpty,
                "\(name): \(diagnostic.code.number) \(diagnostic.message)")
            #expect(!diagnostic.message.hasSuffix("."), "\(name): \(diagnostic.message)")
        }
    }

    @Test func thereAreCases() { #expect(Self.names.count > 60) }
}
