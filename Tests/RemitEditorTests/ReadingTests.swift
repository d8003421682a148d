import RemitEditor
import RemitExchange
import RemitLanguage
import RemitValues
import Testing

/// What a text reads of another contract: hover, definition, completion, uses and renames.
@Suite struct ReadingTests {
    private static let referrals = """
        contract Referrals version 1
          title "Referrals"
        role Doctor, Nurse
        enum Urgency { routine, urgent }
        record Note { word : Text(9) } record Mark { seal : private Text(9) }
        fund Relief in CNY kept by Doctor
        case {
          urgency : Urgency
          seenOn  : optional Date
          notes   : list of Note (3) starts []
          secret  : private Integer  starts 0  marks : list of Mark (3) starts []
        }
        state sent
        final state seen
        action send opens sent by Doctor enters urgency { add 1 to secret }
        action see in sent by Nurse { set seenOn to today become seen }
        given doc is Doctor, nan is Nurse
        scenario "Seen" {
          doc does send(urgency: urgent) as r
          nan does see on r
        }

        """

    private static let visits = """
        contract Visits version 1
          title "Visits"
          refers to Referrals version 1
        role Clerk
        fund Budget in CNY kept by Clerk
        case {
          referral : case of Referrals
          fee      : CNY
        }
        final state waiting, paid
        action claim opens waiting, paid by Clerk enters referral, fee
          accept unapprovedPayment because "a test"
        {
          require referral.urgency is urgent else "{referral.seenOn} is not today"
          require every note in referral.notes where note.word is "ok" else "no"
          match referral {
            seen { transfer fee from Budget to Referrals.Relief become paid }
            sent { become waiting }
          }
        }
        given cleo is Clerk
        given knee is a case of Referrals(urgency: urgent, notes: [Note(word: "ok")]) in seen
        given Budget holds 5 CNY, Referrals.Relief holds 1 CNY
        scenario "Paid" {
          cleo does claim(referral: knee, fee: 1 CNY) as v
          expect v.referral is seen
          expect Referrals.Relief posts 1 CNY from Budget to available
        }

        """

    /// A server with both texts, or with one of them beside the file of the other.
    private func server(openReferrals: Bool = true, openVisits: Bool = true) -> EditorServer {
        let files = [
            SourceText(name: "referrals", Self.referrals), SourceText(name: "visits", Self.visits),
        ]
        var server = EditorServer(neighbours: { _ in files })
        _ = server.handle([.message(Array(#"{"id":0,"method":"initialize","params":{}}"#.utf8))])
        for (file, isOpen) in zip(files, [openReferrals, openVisits]) where isOpen {
            open(&server, file.name, String(decoding: file.bytes, as: UTF8.self))
        }
        return server
    }

    private func open(_ server: inout EditorServer, _ uri: String, _ text: String) {
        let item = "{\"uri\":\"\(uri)\",\"text\":\(JSONValue.string(text).text)}"
        let message = "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":\(item)}}"
        _ = server.handle([.message(Array(message.utf8))])
    }

    /// The reply to a request at the first byte of a piece of a text, or behind it.
    private func ask(
        _ server: inout EditorServer, _ method: String, _ uri: String, _ text: String, at piece: String,
        isBehind: Bool = false, newName: String = "renamed"
    ) throws -> JSONValue {
        let found = try #require(text.firstRange(of: piece))
        let before = text[..<(isBehind ? found.upperBound : found.lowerBound)]
        let line = before.count { $0 == "\n" }
        let character = before.split(separator: "\n", omittingEmptySubsequences: false).last?.utf16.count ?? 0
        let place = "\"position\":{\"line\":\(line),\"character\":\(character)}"
        let parameters = "{\"textDocument\":{\"uri\":\"\(uri)\"},\(place),\"newName\":\"\(newName)\"}"
        let message = "{\"id\":1,\"method\":\"textDocument/\(method)\",\"params\":\(parameters)}"
        return try #require(server.handle([.message(Array(message.utf8))]).first { $0["id"] == .number("1") })
    }

    /// A text after the edits that a rename gives for it.
    private func edited(_ text: String, _ edits: JSONValue?) throws -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf16) }
        for edit in (edits?.array ?? []).reversed() {
            func number(_ end: String, _ key: String) throws -> Int {
                guard case .number(let digits)? = edit["range"]?[end]?[key] else { return try #require(nil as Int?) }
                return try #require(Int(digits))
            }
            let line = try number("start", "line")
            let columns = try number("start", "character")..<number("end", "character")
            lines[line].replaceSubrange(columns, with: Array((edit["newText"]?.string ?? "").utf16))
        }
        return lines.map { String(decoding: $0, as: UTF16.self) }.joined(separator: "\n")
    }

    private static let names = [
        ("urgency :", 2), ("urgent }", 2), ("seenOn  :", 1), ("sent\n", 1), ("seen\n", 3), ("Relief in", 3),
        ("notes   :", 2), ("word :", 2), ("Note {", 1),
    ]

    @Test(arguments: names) func aNameIsRenamedInTheOpenTextsThatReadIt(_ piece: String, _ uses: Int) throws {
        var server = server()
        let changes = try ask(&server, "rename", "referrals", Self.referrals, at: piece)["result"]?["changes"]
        #expect(changes?["visits"]?.array?.count == uses)
        let sources = [
            SourceText(name: "referrals", try edited(Self.referrals, changes?["referrals"])),
            SourceText(name: "visits", try edited(Self.visits, changes?["visits"])),
        ]
        for source in sources {
            let found = Compiler.compile(source, find: ContractSearch { sources }.find).diagnostics
            #expect(found.filter { $0.severity == .error }.map(\.message) == [])
        }
    }

    @Test func aNameThatIsTakenWhereItIsReadIsRefused() throws {
        var server = server()
        let taken = try ask(&server, "rename", "referrals", Self.referrals, at: "seen\n", newName: "sent")
        #expect(taken["error"]?["message"]?.string?.contains("`sent` cannot be used here") == true)
        let word = try ask(&server, "rename", "referrals", Self.referrals, at: "seenOn  :", newName: "is")
        #expect(word["error"] != nil)
    }

    @Test func aFileThatReadsANameAndIsNotOpenIsRefused() throws {
        var server = server(openVisits: false)
        let refused = try ask(&server, "rename", "referrals", Self.referrals, at: "urgency :")
        #expect(
            refused["error"]?["message"]?.string
                == "visits uses this name: open it too, so that it is renamed there as well")
        let unread = try ask(&server, "rename", "referrals", Self.referrals, at: "routine")
        #expect(unread["result"]?["changes"]?["referrals"]?.array?.count == 1)
    }

    @Test func aNameIsRenamedFromWhereItIsRead() throws {
        var both = server()
        let changes = try ask(&both, "rename", "visits", Self.visits, at: "urgency is")["result"]?["changes"]
        #expect(changes?["referrals"]?.array?.count == 3)
        #expect(changes?["visits"]?.array?.count == 2)
        var alone = server(openReferrals: false)
        let refused = try ask(&alone, "rename", "visits", Self.visits, at: "urgency is")
        #expect(
            refused["error"]?["message"]?.string
                == "referrals declares this name: open it too, so that it is renamed there as well")
    }

    @Test(arguments: [true, false]) func whatIsReadIsExplainedAndFound(_ isOpen: Bool) throws {
        var server = server(openReferrals: isOpen)
        let places: [(String, String, Int)] = [
            ("urgency is", "urgency : Urgency  // of the case", 7), ("seen {", "final state seen", 13),
            ("Relief become", "fund Relief in CNY kept by Doctor", 5), ("word is", "word : Text(9)  // of Note", 4),
            ("seenOn}", "seenOn : optional Date  // of the case", 8),
            ("Note(word", "record Note { word : Text(9) }", 4), ("word: ", "word : Text(9)  // of Note", 4),
        ]
        for (piece, text, line) in places {
            let hover = try ask(&server, "hover", "visits", Self.visits, at: piece)["result"]
            #expect(hover?["contents"]?["value"]?.string == "```remit\n\(text)\n```\n\nOf `Referrals`.")
            let found = try ask(&server, "definition", "visits", Self.visits, at: piece)["result"]
            #expect(found?["uri"] == .string("referrals"))
            #expect(found?["range"]?["start"]?["line"] == .number("\(line)"))
        }
        let uses = try ask(&server, "references", "visits", Self.visits, at: "urgency is")["result"]?.array
        #expect(uses?.count == 5)
        let marked = try ask(&server, "documentHighlight", "visits", Self.visits, at: "urgency is")["result"]?.array
        #expect(marked?.count == 2)
    }

    private func labels(_ reply: JSONValue) -> [String] {
        (reply["result"]?["items"]?.array ?? []).filter { $0["sortText"]?.string?.hasPrefix("0") == true }
            .compactMap { $0["label"]?.string }
    }

    @Test func whatCanBeReadIsOffered() throws {
        let pieces: [(String, String, [String])] = [
            ("referral.urgency is urgent", "referral.", ["urgency", "seenOn", "notes"]),
            ("Referrals.Relief become", "Referrals.", ["Relief"]),
            ("urgency is urgent", "urgency is ", ["routine", "urgent"]),
            ("v.referral is seen", "v.referral is ", ["sent", "seen"]), ("where note.word is", "where note.", ["word"]),
            ("notes: [Note(word: \"ok\")", "notes: [", ["Note"]),
        ]
        for (piece, written, wanted) in pieces {
            var server = server()
            let rest = piece == "urgency is urgent" ? written : written + " "
            let text = Self.visits.replacing(piece, with: rest, maxReplacements: 1)
            open(&server, "visits", text)
            let reply = try ask(&server, "completion", "visits", text, at: written, isBehind: true)
            #expect(labels(reply) == wanted, "\(written)")
        }
        var server = server()
        let arms = try ask(&server, "completion", "visits", Self.visits, at: "seen {")
        #expect(labels(arms) == ["seen"], "the other arm is there")
    }

    @Test func aTextThatIsClosedIsReadFromItsFile() throws {
        var server = server()
        open(&server, "referrals", Self.referrals.replacing("seenOn", with: "lookedOn"))
        let message = #"{"method":"textDocument/didClose","params":{"textDocument":{"uri":"referrals"}}}"#
        let told = server.handle([.message(Array(message.utf8))]).first { $0["params"]?["uri"] == .string("visits") }
        #expect(told?["params"]?["diagnostics"] == .array([]))
    }
}
