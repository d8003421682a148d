import RemitExchange
import RemitLedger
import RemitNode
import RemitStore

/// How a command ends, as scripts see it.
enum Status: Int32 {
    case fine = 0
    /// Something was found, or refused, or stopped half way.
    case finding = 1
    /// The command line is not right.
    case usage = 2
    /// The chain contradicts itself.
    case broken = 3
    /// A file or folder could not be read or written.
    case files = 4
}

/// Why a command could not do its work.
struct CommandFailure: Error {
    let status: Status
    /// A word for programs.
    let code: String
    /// One line, without a full stop.
    let message: String
    /// Something to do about it.
    let hint: String?

    init(_ status: Status, _ code: String, _ message: String, hint: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
    }

    static func usage(_ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(.usage, "usage", message, hint: hint)
    }

    static func files(_ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(.files, "file", message, hint: hint)
    }

    static func refused(_ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(.finding, "refused", message, hint: hint)
    }

    /// What a mistake of another module means here; nil where it is none that is known.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as NodeError: self.init(node: error)
        case let error as StoreError: self.init(store: error)
        case let error as ExchangeError: self.init(exchange: error)
        case let fault as LedgerFault: self.init(.broken, "chain", fault.description)
        default: return nil
        }
    }

    private init(node error: NodeError) {
        switch error {
        case .store(let inner): self.init(store: inner)
        case .ledger, .broken: self.init(.broken, "chain", error.message, hint: error.hint)
        case .contract: self.init(.finding, "contract", error.message, hint: "remit check shows every mistake")
        case .admission(let fault):
            self.init(.finding, fault.rawValue, error.message, hint: fault.hint)
        case .disclosure(let fault): self.init(.finding, fault.code, error.message, hint: error.hint)
        case .notFound: self.init(.finding, "notFound", error.message, hint: error.hint)
        case .invalid: self.init(.finding, "invalid", error.message, hint: error.hint)
        }
    }

    private init(store error: StoreError) {
        switch error {
        case .damaged: self.init(.broken, "chain", error.message, hint: error.hint)
        case .noSuchFile:
            self.init(.files, "file", error.message, hint: "check the path, or make a new ledger there: remit init")
        default: self.init(.files, "file", error.message, hint: error.hint)
        }
    }

    private init(exchange error: ExchangeError) {
        switch error {
        case .file, .compressed: self.init(.files, "file", error.message, hint: error.hint)
        default: self.init(.finding, "input", error.message, hint: error.hint)
        }
    }
}
