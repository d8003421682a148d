import RemitEditor
import RemitExchange
import Testing

/// What an editor is offered where only some names and words of the language make sense.
@Suite struct OfferTests {
    private static let text = """
        contract Shop version 1
          title "Shop"
          refers to Relief version 1

        role Nurse, Bursar

        enum Size { small, medium, large }

        fund Pool in CNY kept by Bursar
        fund Side in USD kept by Bursar

        table rate(size: Size, urgent: Boolean, pairs: Integer) gives price: CNY, wanted: Size {
          | size  | urgent | pairs || price | wanted |
          // Written downwards.
          | small | any    | <= 9  || 1 CNY | small  |
        }

        checks screening {
          deny "S-1" "Nothing is wanted" when pairs <= 0
        }

        case {
          size  : Size
          pairs : Integer
          total : CNY starts 0 CNY
        }

        state open, held
        final state done

        approval money in held needs 1 of Bursar within 2 days {
          granted  { become done }
          declined { become open }
          overdue  { become open }
        }

        action start opens open by Nurse enters size, pairs {
          run screening
          become open
        }

        action hold in open by Nurse { become held }

        given nan is Nurse

        scenario "One" {
          nan does start(size: small, pairs: 1) as c
          expect c is open
        }

        """

    /// What is offered where a line is being written behind a piece of the text: labels, and the group to which the
    /// order of the list brings them.
    private func offered(_ line: String, behind place: String) throws -> [(label: String, order: String)] {
        let found = try #require(Self.text.firstRange(of: place), "\(place)")
        let before = Self.text[..<found.upperBound]
        let whole = JSONValue.string(before + line + "\n" + Self.text[found.upperBound...]).text
        var server = EditorServer()
        func send(_ id: Int?, _ method: String, _ parameters: String) -> [JSONValue] {
            let number = id.map { "\"id\":\($0)," } ?? ""
            let message = "{\(number)\"method\":\"\(method)\",\"params\":{\(parameters)}}"
            return server.handle([.message(Array(message.utf8))])
        }
        _ = send(1, "initialize", "")
        let item = "\"textDocument\":{\"uri\":\"s\",\"text\":\(whole)}"
        _ = send(nil, "textDocument/didOpen", item)
        let lines = (before + line).split(separator: "\n", omittingEmptySubsequences: false)
        let column = lines.last?.utf16.count ?? 0
        let position = "{\"line\":\(lines.count - 1),\"character\":\(column)}"
        let place = "\"textDocument\":{\"uri\":\"s\"},\"position\":\(position)"
        let reply = try #require(
            send(2, "textDocument/completion", place).first { $0["id"] == .number("2") })
        let items = try #require(reply["result"]?["items"]?.array, "\(reply)")
        return items.map { ($0["label"]?.string ?? "", String($0["sortText"]?.string?.prefix(1) ?? "")) }
    }

    private func all(_ piece: String, behind place: String) throws -> [String] {
        try offered(piece, behind: place).map(\.label)
    }

    private func first(_ piece: String, behind place: String) throws -> [String] {
        try offered(piece, behind: place).filter { $0.order == "0" }.map(\.label)
    }

    private static let statement = "  run screening\n"

    // MARK: Arms

    @Test(arguments: [
        ("  match screening { ", ["deny", "pend", "note", "clear"]),
        ("  match screening {\n    deny, pend { become held }\n    ", ["note", "clear"]),
        ("  match screening {\n    deny { become held }\n    pend, ", ["note", "clear"]),
        ("  match size { ", ["small", "medium", "large"]),
        ("  match size {\n    medium { become held }\n    ", ["small", "large"]),
        ("  match size {\n    medium { become held }\n    small, l", ["large"]),
        ("  match case { ", ["open", "held", "done"]),
    ])
    func armsNameWhatIsNotYetWritten(_ piece: String, _ wanted: [String]) throws {
        #expect(try all(piece, behind: Self.statement) == wanted, "\(piece)")
    }

    // MARK: Values of the language

    @Test(arguments: [
        ("  require money is ", statement), ("  if money is not ", statement),
        ("  expect c.money is ", "expect c is open\n"),
    ])
    func aRoundStandsSomehow(_ piece: String, _ place: String) throws {
        let wanted = ["none", "open", "granted", "declined", "overdue", "closed"]
        #expect(try first(piece, behind: place) == wanted, "\(piece)")
    }

    @Test func checksHaveAVerdict() throws {
        #expect(try first("  require screening is ", behind: Self.statement) == ["deny", "pend", "note", "clear"])
    }

    // MARK: Funds and rounds

    @Test func moneyLeadsToFunds() throws {
        for piece in ["  transfer total from Pool to ", "  transfer 1 CNY from Side to P"] {
            #expect(try all(piece, behind: Self.statement) == ["Relief", "Pool", "Side"], "\(piece)")
        }
        for piece in ["  let rest = available(", "  require available("] {
            #expect(try all(piece, behind: Self.statement) == ["Pool", "Side"], "\(piece)")
        }
        #expect(try all("  let all = signers of ", behind: Self.statement) == ["money"])
    }

    // MARK: Tables

    private static let row = "|| 1 CNY | small  |\n"

    @Test(arguments: [
        ("  | ", ["small", "medium", "large", "any", "not"]), ("  | small, ", ["small", "medium", "large"]),
        ("  | not ", ["small", "medium", "large"]), ("  | l", ["small", "medium", "large", "any", "not"]),
        ("  | any | ", ["any", "not", "no", "yes"]), ("  | any | not ", ["no", "yes"]),
        ("  | any | no | ", ["any", "not"]),
        ("  | any | no | < ", []), ("  | any | no | 3 | ", []),
    ])
    func cellsTakeWhatTheirColumnHolds(_ piece: String, _ wanted: [String]) throws {
        #expect(try all(piece, behind: Self.row) == wanted, "\(piece)")
        // The first row is no other than the last, and one before the table's end none either.
        #expect(try all(piece, behind: "// Written downwards.\n") == wanted, "\(piece)")
    }

    @Test func outputsAreValues() throws {
        let price = try all("  | large | any | any || ", behind: Self.row)
        #expect(price.contains("pairs") && price.contains("largest") && price.contains("if"))
        let written = "  | large | any | any || 2 CNY | "
        #expect(try first(written, behind: Self.row) == ["small", "medium", "large"])
        #expect(try all("  | large | any | any || 2 ", behind: Self.row).contains("CNY"))
    }

    @Test func headersNameColumns() throws {
        let head = "wanted: Size {\n"
        #expect(try all("  | ", behind: head) == ["size", "urgent", "pairs"])
        #expect(try all("  | size | urgent | pairs || price | w", behind: head) == ["price", "wanted"])
    }

    // MARK: Currencies

    @Test(arguments: [
        ("  fee : ", "case {\n"), ("  fee : optional ", "case {\n"), ("  fees : list of ", "case {\n"),
        ("fund Third in ", "kept by Bursar\n"), ("  set total to 20 ", statement),
        ("  set total to 2_000.50 ", statement), ("  fee : private C", "case {\n"), ("  require total < 5 ", statement),
    ])
    func currenciesAreOffered(_ piece: String, _ place: String) throws {
        let codes = try offered(piece, behind: place).filter { ["2", "3"].contains($0.order) }
        for code in ["CNY", "USD", "EUR", "JPY"] {
            let isWritten = ["CNY", "USD"].contains(code)
            #expect(codes.contains { $0.label == code && ($0.order == "2") == isWritten }, "\(code) behind `\(piece)`")
        }
    }

    @Test(arguments: ["  require size(", "  set total to ", "  become ", "  notify Nurse "])
    func currenciesStandNowhereElse(_ piece: String) throws {
        #expect(try !all(piece, behind: Self.statement).contains("EUR"), "\(piece)")
    }
}
