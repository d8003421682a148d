import RemitLedger

extension Receipt.Outcome {
    /// `done`, or the code and the text of the refusal, or why it stalled.
    var told: String {
        switch self {
        case .done: "done"
        case .refused(let code, let text): "\(code): \(text)"
        case .stalled(let reason): "stalled: \(reason)"
        }
    }
}
