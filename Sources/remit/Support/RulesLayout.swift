import RemitExchange
import RemitLanguage
import RemitLedger

/// A contract whose layout is such that receipts cannot show its rules, which they find without its grammar.
struct RulesLayout {
    private let source: SourceText
    private let byte: Int
    private let hidesAll: Bool
    /// Whether the house layout of the same text is regular.
    private let isMended: Bool

    /// Nil where receipts show what they can.
    init?(_ source: SourceText) {
        let text = String(decoding: source.bytes, as: UTF8.self)
        guard let (byte, hidesAll) = RulesText(text).irregularity else { return nil }
        self.source = source
        self.byte = byte
        self.hidesAll = hidesAll
        isMended =
            if case .formatted(let laidOut) = format(source) {
                RulesText(String(decoding: laidOut, as: UTF8.self)).irregularity == nil
            } else {
                false
            }
    }

    private var file: String { source.file(at: byte) }
    private var line: Int { source.position(at: byte).line }

    private var what: String {
        hidesAll
            ? "the layout leaves room for doubt here, so that receipts show no text of the rules"
            : "the layout leaves room for doubt here, so that receipts do not show the text of this check"
    }

    private var advice: String {
        isMended
            ? "remit format \(file) mends it"
            : "give names that are no words of the language, and let each declaration begin its line"
    }

    /// Says so to people.
    func show(_ console: Console) { console.warn("\(file):\(line): \(what); \(advice)") }

    /// The same for programs.
    var json: JSONValue {
        .object([
            .init("file", .string(file)), .init("line", .integer(Int64(line))), .init("text", .string(what)),
            .init("advice", .string(advice)), .init("hidesAll", .boolean(hidesAll)),
        ])
    }
}
