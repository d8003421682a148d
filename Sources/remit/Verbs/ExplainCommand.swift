import ArgumentParser
import RemitExchange
import RemitLanguage

/// Shows the page of a diagnostic's code.
struct ExplainCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain the code of a message, with examples where it has some; without a code, list all.",
        discussion: """
            Example:
              remit explain R3001
            """)

    static let words = "explain"

    @Argument(help: ArgumentHelp("The code, such as R3001.", valueName: "code"))
    var code: String?

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        guard let code else { return list(console) }
        let known = DiagnosticCode.catalogue
        guard let found = known.first(where: { $0.number == Self.number(code) }),
            let page = ErrorPages.page(found.number)
        else {
            let near = Suggestion.nearest(to: Self.number(code), among: known.map(\.number))
            throw CommandFailure.usage(
                "there is no code \(code)",
                hint: near.map { "did you mean \($0)? remit explain lists all codes" }
                    ?? "remit explain lists all codes")
        }
        console.verbatim(Console.clean(page))
        return Outcome(Self.json(found, [.init("page", .string(page))]))
    }

    private func list(_ console: Console) -> Outcome {
        var table = TextTable([("code", .left), ("severity", .left), ("what it is about", .left)])
        for code in DiagnosticCode.catalogue { table.add([code.number, code.severity.rawValue, code.title]) }
        for line in table.lines { console.line(line) }
        return Outcome(.object([.init("codes", .array(DiagnosticCode.catalogue.map { Self.json($0, []) }))]))
    }

    /// A code as it is meant: `r3001`, `3001` and `error[R3001]` are all R3001.
    private static func number(_ text: String) -> String {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? text : "R\(digits)"
    }

    private static func json(_ code: DiagnosticCode, _ more: [JSONValue.Member]) -> JSONValue {
        .object(
            [
                .init("code", .string(code.number)), .init("severity", .string(code.severity.rawValue)),
                .init("title", .string(code.title)),
            ] + more)
    }
}
