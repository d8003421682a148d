import RemitEditor
import RemitExchange
import RemitLanguage
import Testing

/// Texts that refer to each other: the open one counts before the file beside it, and changes are followed.
@Suite struct OtherContractTests {
    private static let relief = """
        contract Relief version 1
          title "Relief"
        role Clerk
        fund Pool in CNY kept by Clerk
        case { note : Text(9) }
        final state done
        action file opens done by Clerk enters note
          accept unapprovedPayment because "a test"
        { pay 1 CNY from Pool to actor }
        """

    private static let giver = """
        contract Giver version 1
          title "Giver"
          refers to Relief version 1
        role Clerk
        fund Purse in CNY kept by Clerk
        case { note : Text(9) }
        final state done
        action file opens done by Clerk enters note
          accept unapprovedPayment because "a test"
        { transfer 1 CNY from Purse to Relief.Pool }
        """

    private func open(_ server: inout EditorServer, _ uri: String, _ text: String) -> [JSONValue] {
        let message = JSONValue.object([
            .init("method", .string("textDocument/didOpen")),
            .init(
                "params",
                .object([
                    .init("textDocument", .object([.init("uri", .string(uri)), .init("text", .string(text))]))
                ])),
        ])
        return server.handle([.message(Array(message.text.utf8))])
    }

    /// The codes that the editor is told of a text; nil where it is told nothing.
    private func codes(_ replies: [JSONValue], _ uri: String) -> [String]? {
        let told = replies.last { $0["params"]?["uri"]?.string == uri }
        return told?["params"]?["diagnostics"]?.array?.compactMap { $0["code"]?.string }
    }

    private func started(_ server: inout EditorServer) {
        _ = server.handle([.message(Array(#"{"id":0,"method":"initialize","params":{}}"#.utf8))])
    }

    @Test func whatIsOpenIsFoundAndFollowed() {
        var server = EditorServer()
        started(&server)
        #expect(codes(open(&server, "giver", Self.giver), "giver") == ["R2010"])
        let opened = open(&server, "relief", Self.relief)
        #expect(codes(opened, "relief") == [])
        #expect(codes(opened, "giver") == [])
        let renamed = open(&server, "relief", Self.relief.replacing("Pool", with: "Pot"))
        #expect(codes(renamed, "giver") == ["R2001"])
        let newer = open(&server, "relief", Self.relief.replacing("version 1", with: "version 2"))
        #expect(codes(newer, "giver") == ["R2010"])
    }

    @Test func whatStandsInTheFolderIsFound() {
        let text = Self.relief
        var server = EditorServer(neighbours: { uri in
            uri == "folder/giver" ? [SourceText(name: "folder/relief.remit", text)] : []
        })
        started(&server)
        #expect(codes(open(&server, "folder/giver", Self.giver), "folder/giver") == [])
        #expect(codes(open(&server, "elsewhere/giver", Self.giver), "elsewhere/giver") == ["R2010"])
    }

    @Test func aContractIsRenamedInTheTextsThatReferToIt() throws {
        var server = EditorServer()
        started(&server)
        _ = open(&server, "relief", Self.relief)
        _ = open(&server, "giver", Self.giver)
        let place = #""textDocument":{"uri":"relief"},"position":{"line":0,"character":10}"#
        let request = "{\"id\":1,\"method\":\"textDocument/rename\",\"params\":{\(place),\"newName\":\"Aid\"}}"
        let replies = server.handle([.message(Array(request.utf8))])
        let changes = try #require(replies.first { $0["id"] == .number("1") }?["result"]?["changes"])
        #expect(changes["relief"]?.array?.count == 1)
        let lines = changes["giver"]?.array?.compactMap { $0["range"]?["start"]?["line"] }
        #expect(lines == [.number("2"), .number("9")])
    }
}
