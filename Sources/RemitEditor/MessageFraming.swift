public import RemitExchange
import RemitValues

/// Cuts a stream of bytes into messages, each behind a header with its length, and sets a header before each reply.
public struct MessageFraming: Sendable {
    /// What was cut off.
    public enum Piece: Sendable {
        case message([UInt8])
        /// The stream cannot be followed any further here; reading goes on behind it.
        case fault(String)
    }

    private var buffer: [UInt8] = []
    /// Bytes of a message that is too long, still to be passed over.
    private var skipped = 0

    /// Nothing read yet.
    public init() {}

    /// Takes what has arrived; gives every message that is complete now.
    public mutating func take(_ bytes: some Sequence<UInt8>) -> [Piece] {
        buffer.append(contentsOf: bytes)
        var pieces: [Piece] = []
        while let piece = next() { if let piece = piece { pieces.append(piece) } }
        return pieces
    }

    /// Nil where more bytes are needed; an empty piece where something was passed over.
    private mutating func next() -> Piece?? {
        if skipped > 0 {
            let count = min(skipped, buffer.count)
            buffer.removeFirst(count)
            skipped -= count
            return skipped > 0 ? nil : .some(nil)
        }
        guard let end = endOfHeader() else {
            guard buffer.count > Limits.editorHeaderBytes else { return nil }
            buffer = []
            return .fault("a message has no header that ends within \(Limits.editorHeaderBytes) bytes")
        }
        guard let length = Self.length(buffer[..<end.header]) else {
            buffer.removeFirst(end.body)
            return .fault("a message says no length that can be read")
        }
        guard length <= Limits.editorMessageBytes else {
            buffer.removeFirst(end.body)
            skipped = length
            return .fault("a message of \(length) bytes is longer than \(Limits.editorMessageBytes)")
        }
        guard buffer.count - end.body >= length else { return nil }
        let message = Array(buffer[end.body..<end.body + length])
        buffer.removeFirst(end.body + length)
        return .message(message)
    }

    /// Where the header ends and the body begins.
    private func endOfHeader() -> (header: Int, body: Int)? {
        guard buffer.count >= 4 else { return nil }
        let limit = min(buffer.count - 3, Limits.editorHeaderBytes)
        for index in 0..<limit where buffer[index] == 0x0D {
            if buffer[index + 1] == 0x0A, buffer[index + 2] == 0x0D, buffer[index + 3] == 0x0A {
                return (index, index + 4)
            }
        }
        return nil
    }

    /// The number behind `Content-Length:`; other lines of a header are passed over.
    private static func length(_ header: some Sequence<UInt8>) -> Int? {
        let text = String(decoding: Array(header), as: UTF8.self)
        for line in text.split(whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            let digits = parts[1].utf8.filter { $0 != 0x20 }
            guard !digits.isEmpty, digits.count < 16, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return Int(String(decoding: digits, as: UTF8.self))
        }
        return nil
    }

    /// A message with its header.
    public static func framed(_ message: JSONValue) -> [UInt8] {
        let body = Array(message.text.utf8)
        return Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }
}
