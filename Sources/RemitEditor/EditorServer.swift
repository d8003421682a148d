public import RemitExchange
public import RemitLanguage
import RemitValues

/// The language server: takes messages of an editor, gives those to send back.
///
/// It reads no stream and keeps no time; whoever has the stream hands over what has arrived together, so that a request
/// may be cancelled by a later message and a text that changes twice is told of once.
public struct EditorServer: Sendable {
    private enum Phase {
        case new, running, stopped
    }

    private var phase = Phase.new
    /// Open texts, in the order in which they were opened.
    var documents: [EditorDocument] = []
    /// How the process is to end, once the editor has asked for it.
    public private(set) var exitStatus: Int32?

    /// Puts the libraries that a text uses behind it; each is named by its URI.
    public typealias Linking = @Sendable (SourceText) -> SourceText

    private let linking: Linking
    /// The other contracts in the folder of a text, by its URI; each is named by its own.
    let neighbours: @Sendable (String) -> [SourceText]

    /// A server that waits for `initialize`.
    ///
    /// Contracts that a text refers to are looked for among the open texts, then among its neighbours. Without
    /// `linking` a text has the libraries that stand in it.
    public init(
        linking: @escaping Linking = { $0 }, neighbours: @escaping @Sendable (String) -> [SourceText] = { _ in [] }
    ) {
        self.linking = linking
        self.neighbours = neighbours
    }

    /// Handles what has arrived together.
    public mutating func handle(_ pieces: [MessageFraming.Piece]) -> [JSONValue] {
        let messages = pieces.map(Message.init)
        var replies: [JSONValue] = []
        for (index, message) in messages.enumerated() where exitStatus == nil {
            switch message {
            case .reply: break
            case .wrong(let id, let fault): replies.append(Self.failure(id, fault))
            case .notification(let method, let parameters): notify(method, parameters)
            case .request(let id, let method, let parameters):
                let isCancelled = messages[index...].contains { $0.cancels(id) }
                replies.append(isCancelled ? Self.failure(id, .cancelled) : answer(id, method, parameters))
            }
        }
        return replies + tellDiagnostics()
    }

    // MARK: Requests

    private mutating func answer(_ id: JSONValue, _ method: String, _ parameters: JSONValue) -> JSONValue {
        do throws(EditorFault) {
            return Self.message([.init("id", id), .init("result", try result(method, parameters))])
        } catch {
            return Self.failure(id, error)
        }
    }

    private mutating func result(_ method: String, _ parameters: JSONValue) throws(EditorFault) -> JSONValue {
        if method == "initialize" { return try initialize() }
        guard phase != .new else { throw .notInitialized }
        guard phase == .running else { throw .invalidRequest("the server was told to stop") }
        switch method {
        case "shutdown":
            phase = .stopped
            return .null
        case "textDocument/hover": return try hover(parameters)
        case "textDocument/definition": return try definition(parameters)
        case "textDocument/references": return try references(parameters)
        case "textDocument/documentHighlight": return try highlights(parameters)
        case "textDocument/prepareRename": return try prepareRename(parameters)
        case "textDocument/rename": return try rename(parameters)
        case "textDocument/completion": return try completion(parameters)
        case "textDocument/documentSymbol": return try symbols(parameters)
        case "textDocument/formatting": return try formatting(parameters)
        default: throw .unknownMethod(method)
        }
    }

    private mutating func initialize() throws(EditorFault) -> JSONValue {
        guard phase == .new else { throw .invalidRequest("`initialize` stands twice") }
        phase = .running
        return .object([
            .init(
                "capabilities",
                .object([
                    .init("positionEncoding", .string("utf-16")),
                    .init(
                        "textDocumentSync",
                        .object([.init("openClose", .boolean(true)), .init("change", .integer(2))])),
                    .init("hoverProvider", .boolean(true)), .init("definitionProvider", .boolean(true)),
                    .init("referencesProvider", .boolean(true)), .init("documentHighlightProvider", .boolean(true)),
                    .init("documentSymbolProvider", .boolean(true)),
                    .init("documentFormattingProvider", .boolean(true)),
                    .init("renameProvider", .object([.init("prepareProvider", .boolean(true))])),
                    .init("completionProvider", .object([.init("triggerCharacters", .array([.string(".")]))])),
                ])),
            .init("serverInfo", .object([.init("name", .string("remit"))])),
        ])
    }

    // MARK: Notifications

    private mutating func notify(_ method: String, _ parameters: JSONValue) {
        if method == "exit" {
            exitStatus = phase == .stopped ? 0 : 1
            return
        }
        guard phase == .running else { return }
        switch method {
        case "textDocument/didOpen": open(parameters)
        case "textDocument/didChange": change(parameters)
        case "textDocument/didClose":
            guard let uri = parameters["textDocument"]?["uri"]?.string else { return }
            if let index = index(of: uri) { documents.remove(at: index) }
            closed.append(uri)
            // What refers to it now reads the file beside it.
            checkOthers(than: uri)
        // What is not known here asks for no reply.
        default: break
        }
    }

    private var closed: [String] = []

    private mutating func open(_ parameters: JSONValue) {
        guard let item = parameters["textDocument"], let uri = item["uri"]?.string, let text = item["text"]?.string
        else {
            return
        }
        if let index = index(of: uri) { documents.remove(at: index) }
        guard documents.count < Limits.editorDocuments else { return }
        documents.append(
            EditorDocument(
                uri: uri, version: Self.version(item), bytes: Array(text.utf8), linking: linking, search: search(uri)))
        checkOthers(than: uri)
    }

    /// A search for the contracts to which a text refers; `changed` stands in for open texts of the same name.
    func search(_ uri: String, with changed: [SourceText] = []) -> ContractSearch {
        let open = documents.filter { TextValue($0.uri) != TextValue(uri) }.map { document in
            changed.first { TextValue($0.name) == TextValue(document.uri) } ?? document.compilation.source
        }
        let neighbours = neighbours
        return ContractSearch { open + neighbours(uri) }
    }

    /// Checks the texts again that refer to other contracts, since one of those may have changed.
    private mutating func checkOthers(than uri: String) {
        for index in documents.indices where TextValue(documents[index].uri) != TextValue(uri) {
            guard documents[index].refersToOthers else { continue }
            documents[index].check(search(documents[index].uri))
        }
    }

    private mutating func change(_ parameters: JSONValue) {
        guard let item = parameters["textDocument"], let uri = item["uri"]?.string, let index = index(of: uri) else {
            return
        }
        let changes = (parameters["contentChanges"]?.array ?? []).compactMap { change -> EditorChange? in
            guard let text = change["text"]?.string else { return nil }
            guard let range = change["range"] else { return EditorChange(range: nil, text: Array(text.utf8)) }
            guard let start = EditorPosition(range["start"]), let end = EditorPosition(range["end"]), start <= end
            else {
                return nil
            }
            return EditorChange(range: start..<end, text: Array(text.utf8))
        }
        documents[index].change(changes, version: Self.version(item), search: search(uri))
        checkOthers(than: uri)
    }

    private static func version(_ item: JSONValue) -> String {
        if case .number(let version) = item["version"] { version } else { "0" }
    }

    private func index(of uri: String) -> Int? {
        documents.firstIndex { TextValue($0.uri) == TextValue(uri) }
    }

    // MARK: Replies

    /// The findings in each text that has changed since the editor was told, and none for texts that are closed.
    private mutating func tellDiagnostics() -> [JSONValue] {
        var told = closed.filter { index(of: $0) == nil }.map { uri in
            Self.notification(
                "textDocument/publishDiagnostics",
                .object([.init("uri", .string(uri)), .init("diagnostics", .array([]))]))
        }
        closed = []
        for index in documents.indices where documents[index].isUntold {
            documents[index].isUntold = false
            told.append(Self.notification("textDocument/publishDiagnostics", documents[index].findings))
        }
        return told
    }

    private static func message(_ members: [JSONValue.Member]) -> JSONValue {
        .object([.init("jsonrpc", .string("2.0"))] + members)
    }

    private static func notification(_ method: String, _ parameters: JSONValue) -> JSONValue {
        message([.init("method", .string(method)), .init("params", parameters)])
    }

    private static func failure(_ id: JSONValue, _ fault: EditorFault) -> JSONValue {
        message([
            .init("id", id),
            .init("error", .object([.init("code", .integer(fault.code)), .init("message", .string(fault.message))])),
        ])
    }
}

/// A message as the server takes it.
enum Message {
    case request(id: JSONValue, method: String, JSONValue)
    case notification(method: String, JSONValue)
    /// An answer to something that the server asked; it asks nothing.
    case reply
    case wrong(id: JSONValue, EditorFault)

    init(_ piece: MessageFraming.Piece) {
        switch piece {
        case .fault(let problem): self = .wrong(id: .null, .malformed(problem))
        case .message(let bytes):
            do throws(ExchangeError) {
                self.init(try JSONValue.parse(bytes))
            } catch {
                self = .wrong(id: .null, .malformed(error.message))
            }
        }
    }

    private init(_ value: JSONValue) {
        let id = value["id"]
        let isIdentifier =
            switch id {
            case .number, .string: true
            default: false
            }
        guard let method = value["method"]?.string else {
            let isReply = id != nil && (value["result"] != nil || value["error"] != nil)
            self = isReply ? .reply : .wrong(id: .null, .invalidRequest("a message names no method"))
            return
        }
        let parameters = value["params"] ?? .null
        guard let id else {
            self = .notification(method: method, parameters)
            return
        }
        self =
            isIdentifier
            ? .request(id: id, method: method, parameters)
            : .wrong(id: .null, .invalidRequest("an `id` is a number or a text"))
    }

    /// Whether it takes back the request of an identifier.
    func cancels(_ id: JSONValue) -> Bool {
        if case .notification("$/cancelRequest", let parameters) = self { parameters["id"] == id } else { false }
    }
}
