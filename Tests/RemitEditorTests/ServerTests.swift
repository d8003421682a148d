import Foundation
import RemitExchange
import RemitValues
import Testing

@testable import RemitEditor

/// Positions, framing, and a server that nothing throws off its feet.
@Suite struct ServerTests {
    /// A small generator; its seed is the argument of the test, and so printed with a failure.
    struct Random {
        var state: UInt64

        init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return bound > 0 ? Int(state >> 33) % bound : 0
        }
    }

    private static let scraps = ["a", "金额", "🩺", "é", "\n", "\r\n", "\r", " ", "", "👩‍⚕️", "{ }", "\u{10FFFF}"]

    private static func text(_ random: inout Random) -> String {
        (0..<random.below(30)).map { _ in scraps[random.below(scraps.count)] }.joined()
    }

    @Test(arguments: 1...100) func positionsAreThoseOfUTF16(_ seed: Int) throws {
        var random = Random(seed)
        let text = Self.text(&random)
        let bytes = Array(text.utf8)
        let positions = TextPositions(bytes)
        var offset = 0
        var line = 0
        var character = 0
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            #expect(positions.position(of: offset) == EditorPosition(line: line, character: character))
            let isLineEnd =
                scalar == "\n" || (scalar == "\r" && !(index + 1 < scalars.count && scalars[index + 1] == "\n"))
            if scalar != "\r", scalar != "\n" {
                #expect(positions.offset(of: EditorPosition(line: line, character: character)) == offset)
            }
            offset += String(scalar).utf8.count
            character = isLineEnd ? 0 : character + String(scalar).utf16.count
            if isLineEnd { line += 1 }
        }
        #expect(positions.position(of: bytes.count) == EditorPosition(line: line, character: character))
        #expect(positions.offset(of: EditorPosition(line: line + 1, character: 0)) == bytes.count)
        for _ in 0..<20 {
            let place = positions.offset(of: EditorPosition(line: random.below(9), character: random.below(99)))
            #expect(String(validating: bytes[..<place], as: UTF8.self) != nil, "a place is never within a character")
        }
    }

    /// Changes of ranges, one after another, leave the text that an editor has.
    @Test(arguments: 1...60) func changesAddUp(_ seed: Int) throws {
        var random = Random(seed)
        var text = Self.text(&random)
        var document = EditorDocument(uri: "u", version: "1", bytes: Array(text.utf8))
        for version in 2...12 {
            let scalars = Array(text.unicodeScalars)
            let (first, second) = (random.below(scalars.count + 1), random.below(scalars.count + 1))
            func head(_ count: Int) -> String { String(String.UnicodeScalarView(scalars[..<count])) }
            let positions = TextPositions(Array(text.utf8))
            let start = positions.position(of: head(min(first, second)).utf8.count)
            let end = positions.position(of: head(max(first, second)).utf8.count)
            // The place between the two halves of a line end is not one that an editor names.
            let places = [start, end].map { positions.offset(of: $0) }
            let new = Self.text(&random)
            let bytes = Array(text.utf8)
            text = String(decoding: bytes[..<places[0]] + Array(new.utf8) + bytes[places[1]...], as: UTF8.self)
            document.change([EditorChange(range: start..<end, text: Array(new.utf8))], version: "\(version)")
            #expect(document.bytes == Array(text.utf8))
        }
    }

    /// What is too long is passed over to its last byte, and the message behind it is read.
    @Test func framingPassesOverWhatIsTooLong() {
        var framing = MessageFraming()
        let long = Limits.editorMessageBytes + 65_536
        var pieces = framing.take(Array("Content-Length: \(long)\r\n\r\n".utf8))
        for _ in 0..<long / 65_536 { pieces += framing.take([UInt8](repeating: 0x20, count: 65_536)) }
        pieces += framing.take(MessageFraming.framed(.object([])))
        #expect(pieces.count == 2)
        guard case .fault = pieces.first, case .message(let body) = pieces.last else {
            Issue.record("a fault, and then the message behind it")
            return
        }
        #expect(body == Array("{}".utf8))
    }

    @Test(arguments: [
        "Content-Length: x\r\n\r\n", "Content-Length: -4\r\n\r\n", "X: 1\r\n\r\n", "Content-Length:\r\n\r\n",
    ])
    func aHeaderThatSaysNothingIsAFault(_ header: String) {
        var framing = MessageFraming()
        let pieces = framing.take(Array(header.utf8) + MessageFraming.framed(.object([])))
        #expect(pieces.count == 2)
        guard case .fault = pieces.first, case .message(let body) = pieces.last else {
            Issue.record("a fault, and then the message behind it")
            return
        }
        #expect(body == Array("{}".utf8))
    }

    @Test func aStreamWithoutHeadersIsGivenUp() {
        var framing = MessageFraming()
        let pieces = framing.take([UInt8](repeating: 0x41, count: Limits.editorHeaderBytes * 3))
        #expect(pieces.count == 1)
    }

    /// Messages with members taken out, exchanged and doubled: each request is answered once, with its own number.
    @Test(arguments: 1...200) func distortedMessagesAreAnswered(_ seed: Int) throws {
        var random = Random(seed)
        var server = EditorServer()
        let text = try String(
            contentsOf: SessionTests.folder.appendingPathComponent("ward.remit"), encoding: .utf8)
        _ = send(&server, #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}"#)
        let opening = JSONValue.object([
            .init("method", .string("textDocument/didOpen")),
            .init(
                "params",
                .object([.init("textDocument", .object([.init("uri", .string("u")), .init("text", .string(text))]))])),
        ])
        _ = server.handle([.message(Array(opening.text.utf8))])
        let methods = [
            "hover", "definition", "references", "documentHighlight", "prepareRename", "rename", "documentSymbol",
            "didChange", "didClose", "unknown",
        ]
        for id in 1...12 {
            let method = methods[random.below(methods.count)]
            let line = random.below(4) == 0 ? "-\(random.below(99))" : "\(random.below(60))"
            let column = random.below(5) == 0 ? "99999999999999999999" : "\(random.below(90))"
            let uri = random.below(6) == 0 ? "[]" : "\"u\""
            let range =
                #"{"start":{"line":\#(line),"character":1},"end":{"line":\#(random.below(60)),"character":\#(column)}}"#
            let parameters = [
                #""textDocument":{"uri":\#(uri),"version":\#(id)}"#,
                #""position":{"line":\#(line),"character":\#(column)}"#,
                #""newName":"\#(Self.scraps[random.below(3)])x""#,
                #""contentChanges":[{"range":\#(range),"text":"\#(Self.scraps[random.below(4)])"}]"#,
            ].filter { _ in random.below(8) > 0 }
            let replies = send(
                &server,
                #"{"id":\#(id),"method":"textDocument/\#(method)","params":{\#(parameters.joined(separator: ","))}}"#)
            let answers = replies.filter { $0["id"] == .number("\(id)") }
            #expect(answers.count == 1)
            #expect((answers.first?["result"] == nil) != (answers.first?["error"] == nil))
        }
    }

    private func send(_ server: inout EditorServer, _ text: String) -> [JSONValue] {
        server.handle([.message(Array(text.utf8))])
    }

    @Test func aTextBeyondTheLimitIsRefusedAndNothingElse() {
        var server = EditorServer()
        _ = send(&server, #"{"id":0,"method":"initialize","params":{}}"#)
        let text = String(repeating: "a ", count: Limits.sourceBytes / 2 + 1)
        let replies = send(
            &server,
            #"{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"u","version":1,"text":"\#(text)"}}}"#)
        #expect(replies.count == 1)
        #expect(replies.first?["params"]?["diagnostics"]?.array?.count == 1)
        let hover = send(
            &server,
            #"{"id":1,"method":"textDocument/completion","params":{"textDocument":{"uri":"u"},"#
                + #""position":{"line":0,"character":5}}}"#
        )
        #expect(hover.first?["result"] != nil)
    }
}
