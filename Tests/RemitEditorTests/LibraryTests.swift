import RemitEditor
import RemitExchange
import RemitLanguage
import RemitValues
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

    /// The reply to a rename of the library's function at its declaration.
    private func renamed(
        _ name: String, isContractOpen: Bool, at place: (line: Int, character: Int) = (3, 10)
    ) throws -> JSONValue {
        let library = SourceText(name: "file:///tariff.remit", Self.library)
        let linked = { @Sendable (source: SourceText) in
            TextValue(source.name) == TextValue(library.name) ? source : source.followed(by: library)
        }
        let neighbour = linked(SourceText(name: "file:///bills.remit", Self.contract))
        var server = EditorServer(linking: linked) { _ in [neighbour] }
        var framing = MessageFraming()
        let texts = [("tariff", Self.library)] + (isContractOpen ? [("bills", Self.contract)] : [])
        let uri = "\"textDocument\":{\"uri\":\"file:///tariff.remit\"}"
        let place = "\"position\":{\"line\":\(place.line),\"character\":\(place.character)}"
        let messages =
            [#"{"id":0,"method":"initialize","params":{}}"#]
            + texts.map { title, text in
                let item = "\"uri\":\"file:///\(title).remit\",\"version\":1,\"text\":\(JSONValue.string(text).text)"
                return "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\(item)}}}"
            }
            + [
                "{\"id\":1,\"method\":\"textDocument/rename\",\"params\":{\(uri),\(place),\"newName\":\"\(name)\"}}"
            ]
        var replies: [JSONValue] = []
        for message in messages {
            replies += server.handle(framing.take(MessageFraming.framed(try JSONValue.parse(Array(message.utf8)))))
        }
        return try #require(replies.first { $0["id"] == .number("1") })
    }

    @Test func aNameIsRenamedInTheLibraryAndInTheTextsThatUseIt() throws {
        let changes = try renamed("fee", isContractOpen: true)["result"]?["changes"]
        #expect(changes?["file:///tariff.remit"]?.array?.count == 1)
        let use = try #require(changes?["file:///bills.remit"]?.array)
        #expect(use.count == 1)
        #expect(use.first?["range"]?["start"]?["line"] == .number("9"))
        #expect(use.first?["newText"] == .string("fee"))
    }

    @Test func aNameOfALibraryIsNotTakenFromItsUsers() throws {
        let taken = try renamed("minutes", isContractOpen: true)["error"]?["message"]?.string
        #expect(taken?.contains("`minutes` cannot be used here") == true)
        let inUser = try renamed("payable", isContractOpen: true)["error"]?["message"]?.string
        #expect(inUser?.contains("in file:///bills.remit") == true)
        let closed = try renamed("fee", isContractOpen: false)["error"]?["message"]?.string
        #expect(closed == "file:///bills.remit uses this name: open it too, so that it is renamed there as well")
    }

    @Test func aLibraryIsRenamedInTheHeadsThatUseIt() throws {
        let changes = try renamed("Prices", isContractOpen: true, at: (1, 9))["result"]?["changes"]
        #expect(changes?["file:///tariff.remit"]?.array?.count == 1)
        let use = try #require(changes?["file:///bills.remit"]?.array)
        #expect(use.count == 1)
        #expect(use.first?["range"]?["start"]?["line"] == .number("2"))
        #expect(use.first?["range"]?["start"]?["character"] == .number("8"))
        #expect(use.first?["newText"] == .string("Prices"))
        let closed = try renamed("Prices", isContractOpen: false, at: (1, 9))["error"]?["message"]?.string
        #expect(closed == "file:///bills.remit uses this name: open it too, so that it is renamed there as well")
        let reserved = try renamed("if", isContractOpen: true, at: (1, 9))["error"]?["message"]?.string
        #expect(reserved?.contains("`if` cannot be used here") == true)
    }

    private static let kinds = """
        library Kinds version 1
          title "Kinds"
        enum Visit { plain, expert }
        table fee(visit: Visit) gives price: CNY {
          | visit  || price  |
          | plain  || 80 CNY |
          | expert || 90 CNY |
        }
        function isDear(visit: Visit) gives Boolean { return visit is expert and fee(visit) > 80 CNY }

        """

    private static let user = """
        contract Visits version 1
          title "Visits"
          use   Kinds version 1
        role Clerk
        case {
          visit : Visit
          due   : CNY starts 0 CNY
        }
        final state billed
        action bill opens billed by Clerk enters visit {
          require visit is plain or isDear(visit) else "no"
          set due to fee(visit)
        }
        given ann is Clerk
        scenario "A visit" {
          ann does bill(visit: plain) as b
          expect b.visit is plain
        }

        """

    /// What a library says of its own names counts where it stands behind a contract.
    @Test(arguments: [("plain,", 2, 3), ("fee(", 2, 1), ("isDear(", 1, 1), ("expert }", 3, 0)])
    func whatALibraryUsesItselfIsRenamed(_ piece: String, _ inLibrary: Int, _ inContract: Int) throws {
        let library = SourceText(name: "kinds", Self.kinds)
        var server = EditorServer { $0.name == "visits" ? $0.followed(by: library) : $0 }
        let before = try #require(Self.kinds.firstRange(of: piece)).lowerBound
        let lines = Self.kinds[..<before].split(separator: "\n", omittingEmptySubsequences: false)
        let place = "\"position\":{\"line\":\(lines.count - 1),\"character\":\(lines.last?.count ?? 0)}"
        let uri = "\"textDocument\":{\"uri\":\"kinds\"}"
        let messages =
            [#"{"id":0,"method":"initialize","params":{}}"#]
            + [("kinds", Self.kinds), ("visits", Self.user)].map { name, text in
                let item = "{\"uri\":\"\(name)\",\"text\":\(JSONValue.string(text).text)}"
                return "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":\(item)}}"
            }
            + ["{\"id\":1,\"method\":\"textDocument/rename\",\"params\":{\(uri),\(place),\"newName\":\"renamed\"}}"]
        let replies = server.handle(messages.map { .message(Array($0.utf8)) })
        let reply = try #require(replies.first { $0["id"] == .number("1") })
        let changes = try #require(reply["result"]?["changes"], "\(reply.text)")
        #expect(changes["kinds"]?.array?.count == inLibrary)
        #expect((changes["visits"]?.array?.count ?? 0) == inContract)
    }
}
