import RemitEditor
import RemitExchange
import RemitLanguage
import Testing

/// A contract that uses a library in another file.
@Suite struct LibraryTests {
    private static let library = """
        // The tariff of the region.
        library Tariff version 2
          title "Tariff"
        function 费用(minutes: Integer) gives CNY { return 4 CNY * minutes }

        """

    private static let contract = """
        contract Bills version 1
          title "Bills"
          use   Tariff version 2
        role Clerk
        case {
          minutes : Integer
          payable : CNY starts 0 CNY
        }
        final state billed
        action bill opens billed by Clerk enters minutes { set payable to 费用(minutes) }

        """

    /// The replies of a server that finds the library, to requests about the open contract.
    private func replies(_ library: String, _ requests: [String] = []) throws -> [JSONValue] {
        var server = EditorServer { source in
            source.followed(by: SourceText(name: "file:///tariff.remit", library))
        }
        var framing = MessageFraming()
        let text = JSONValue.string(Self.contract).text
        let uri = "\"textDocument\":{\"uri\":\"file:///bills.remit\""
        let messages =
            [
                #"{"id":0,"method":"initialize","params":{}}"#,
                "{\"method\":\"textDocument/didOpen\",\"params\":{\(uri),\"version\":1,\"text\":\(text)}}}",
            ] + requests.map { $0.replacing("URI", with: uri + "}") }
        var replies: [JSONValue] = []
        for message in messages {
            replies += server.handle(framing.take(MessageFraming.framed(try JSONValue.parse(Array(message.utf8)))))
        }
        return replies
    }

    @Test func aNameOfALibraryLeadsToItsFile() throws {
        let place = #""position":{"line":9,"character":66}"#
        let replies = try replies(
            Self.library,
            [
                "{\"id\":1,\"method\":\"textDocument/definition\",\"params\":{URI,\(place)}}",
                "{\"id\":2,\"method\":\"textDocument/hover\",\"params\":{URI,\(place)}}",
                "{\"id\":3,\"method\":\"textDocument/rename\",\"params\":{URI,\(place),\"newName\":\"fee\"}}",
                "{\"id\":4,\"method\":\"textDocument/documentHighlight\",\"params\":{URI,\(place)}}",
                "{\"id\":5,\"method\":\"textDocument/documentSymbol\",\"params\":{URI}}",
                "{\"id\":6,\"method\":\"textDocument/formatting\",\"params\":{URI}}",
            ])
        #expect(replies[1]["params"]?["diagnostics"] == .array([]))
        let found = replies[2]["result"]
        #expect(found?["uri"] == .string("file:///tariff.remit"))
        #expect(found?["range"]?["start"]?["line"] == .number("3"))
        #expect(found?["range"]?["start"]?["character"] == .number("9"))
        #expect(found?["range"]?["end"]?["character"] == .number("11"))
        #expect(replies[3].text.contains("function 费用(minutes: Integer) gives CNY"))
        #expect(replies[4]["error"]?["message"]?.string?.hasPrefix("a library declares this name") == true)
        #expect(replies[5]["result"]?.array?.count == 1)
        #expect(!replies[6].text.contains("Tariff"))
        #expect(!replies[7].text.contains("Tariff version 2\\n  title \\\"Tariff\\\"\\n\\nfunction"))
    }

    @Test func aMistakeOfALibraryStandsWhereItIsUsed() throws {
        let told = try replies(Self.library.replacing("4 CNY", with: "4 USD"))[1]["params"]?["diagnostics"]?.array ?? []
        #expect(told.count == 1)
        #expect(told.first?["range"]?["start"]?["line"] == .number("2"))
        #expect(told.first?["message"]?.string?.hasPrefix("in the library `Tariff`: ") == true)
    }

    @Test func aLibraryIsCompleted() throws {
        let replies = try replies(
            Self.library,
            [
                #"{"id":1,"method":"textDocument/completion","params":{URI,"position":{"line":9,"character":66}}}"#
            ])
        #expect(replies[2].text.contains("{\"label\":\"费用\""))
    }

    /// The reply to a rename of the function in the library's own text, with other texts open and in its folder.
    private func renamed(open: [String], closed: [String]) throws -> JSONValue {
        let library = Self.library
        let texts = [library] + open
        var server = EditorServer(
            linking: { source in
                source.name.hasSuffix("tariff.remit")
                    ? source : source.followed(by: SourceText(name: "file:///tariff.remit", library))
            }, neighbours: { _ in closed.map { SourceText(name: "/closed.remit", $0) } })
        var framing = MessageFraming()
        var messages = [#"{"id":0,"method":"initialize","params":{}}"#]
        for (index, text) in texts.enumerated() {
            let uri = index == 0 ? "file:///tariff.remit" : "file:///bills\(index).remit"
            messages.append(
                "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\"\(uri)\",\"version\":1,"
                    + "\"text\":\(JSONValue.string(text).text)}}}")
        }
        messages.append(
            #"{"id":1,"method":"textDocument/rename","params":{"textDocument":{"uri":"file:///tariff.remit"},"#
                + #""position":{"line":3,"character":10},"newName":"fee"}}"#)
        var last = JSONValue.null
        for message in messages {
            let piece = MessageFraming.framed(try JSONValue.parse(Array(message.utf8)))
            last = server.handle(framing.take(piece)).first { $0["id"] == .number("1") } ?? last
        }
        return last
    }

    @Test func aNameThatOthersUseIsNotRenamedInTheLibraryAlone() throws {
        let other = Self.contract.replacing("set payable to 费用(minutes)", with: "set payable to 4 CNY")
        #expect(try renamed(open: [], closed: []).text.contains("\"newText\":\"fee\""))
        #expect(try renamed(open: [other], closed: [other]).text.contains("\"newText\":\"fee\""))
        let refused = try renamed(open: [other, Self.contract], closed: [])["error"]?["message"]?.string
        #expect(refused?.hasPrefix("`bills2.remit` uses this name of the library") == true)
        let unopened = try renamed(open: [other], closed: [Self.contract])["error"]?["message"]?.string
        #expect(unopened?.hasPrefix("`closed.remit` uses this name of the library") == true)
    }
}
