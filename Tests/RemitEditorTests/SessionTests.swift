import Foundation
import RemitEditor
import RemitExchange
import Testing

/// Every session under `Sessions` is played with the server, as framed bytes in pieces of odd sizes.
///
/// A line that begins with `>` is a message to the server, one with `!` the raw body of a message, one with `<` what
/// the server sends; `#` is a remark. Messages with nothing in between arrive together. `{"$file": "name"}` stands for
/// the text of a file beside the sessions. `REMIT_RECORD=1` writes the sessions anew and fails the run.
@Suite struct SessionTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Sessions")

    static var sessions: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".session") }
                .sorted()
        }
    }

    @Test func thereAreSessions() throws { #expect(try Self.sessions.count >= 6) }

    @Test(arguments: try sessions, [1, 7, 1 << 20]) func session(_ name: String, _ piece: Int) throws {
        let file = Self.folder.appendingPathComponent(name)
        let written = try String(contentsOf: file, encoding: .utf8)
        var played: [String] = []
        var batch: [UInt8] = []
        var server = EditorServer()
        var framing = MessageFraming()
        func flush() {
            guard !batch.isEmpty else { return }
            var pieces: [MessageFraming.Piece] = []
            for start in stride(from: 0, to: batch.count, by: piece) {
                pieces += framing.take(batch[start..<min(start + piece, batch.count)])
            }
            batch = []
            for reply in server.handle(pieces) { played.append("< \(reply.text)") }
            if let status = server.exitStatus { played.append("# exit \(status)") }
        }
        for line in written.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("> ") {
                let message = Self.filled(try JSONValue.parse(Array(line.dropFirst(2).utf8)))
                batch += MessageFraming.framed(message)
                played.append(String(line))
            } else if line.hasPrefix("! ") {
                let body = Array(line.dropFirst(2).utf8)
                batch += Array("Content-Length: \(body.count)\r\nContent-Type: x\r\n\r\n".utf8) + body
                played.append(String(line))
            } else {
                flush()
                if line.isEmpty || (line.hasPrefix("#") && !line.hasPrefix("# exit")) { played.append(String(line)) }
            }
        }
        flush()
        let text = played.joined(separator: "\n")
        guard ProcessInfo.processInfo.environment["REMIT_RECORD"] == nil else {
            if piece == 7 { try text.write(to: file, atomically: true, encoding: .utf8) }
            Issue.record("\(name) was recorded anew: read what changed, and run the tests without REMIT_RECORD")
            return
        }
        let expected = written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (number, (left, right)) in zip(expected, played).enumerated() where left != right {
            Issue.record("\(name):\(number + 1)\n  expected: \(left)\n  actual:   \(right)")
            return
        }
        #expect(expected.count == played.count)
    }

    /// Puts the texts of files in their places.
    static func filled(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let items): return .array(items.map(filled))
        case .object(let members):
            if let name = value["$file"]?.string {
                let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                return .string(text ?? "")
            }
            return .object(members.map { .init($0.key, filled($0.value)) })
        default: return value
        }
    }
}
