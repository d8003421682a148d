/// Why a request has no result, in the numbers of JSON-RPC and of the protocol.
enum EditorFault: Error {
    case malformed(String)
    case invalidRequest(String)
    case unknownMethod(String)
    case invalidParameters(String)
    case notInitialized
    case cancelled
    /// The request makes sense and cannot be met, such as a rename to a name that is taken.
    case refused(String)

    var code: Int {
        switch self {
        case .malformed: -32700
        case .invalidRequest: -32600
        case .unknownMethod: -32601
        case .invalidParameters: -32602
        case .notInitialized: -32002
        case .cancelled: -32800
        case .refused: -32803
        }
    }

    var message: String {
        switch self {
        case .malformed(let problem): "the message cannot be read: \(problem)"
        case .invalidRequest(let problem): problem
        case .unknownMethod(let method): "there is no method `\(method)` here"
        case .invalidParameters(let problem): problem
        case .notInitialized: "the first request must be `initialize`"
        case .cancelled: "cancelled"
        case .refused(let reason): reason
        }
    }
}
