import ArgumentParser
import Glibc
import RemitExchange
import RemitLanguage
import RemitValues

/// Lays out contracts.
struct FormatCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Lay out contracts in the house layout; meaning and comments stay as they are.",
        discussion: """
            Examples:
              remit format Contracts/insurance-claim.remit
              remit format --check Contracts/*.remit
              remit format - < draft.remit

            A file with mistakes of syntax is left as it is. With --check nothing is written, and files that \
            would change are named. `-` reads standard input and writes the layout to standard output.
            """)

    static let words = "format"

    @Argument(help: ArgumentHelp("The contracts, or - for standard input.", valueName: "file"))
    var files: [String]

    @Flag(help: "Write nothing; end with 1 if a file is not laid out so.")
    var check = false

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        var reports: [JSONValue] = []
        var status = Status.fine
        for path in files {
            let isInput = path == "-"
            let bytes =
                isInput
                ? try Files.read(STDIN_FILENO, "standard input", limit: Limits.sourceBytes)
                : try Files.read(path, limit: Limits.sourceBytes)
            let source = SourceText(name: isInput ? "standard input" : path, bytes: NormalForm.of(bytes))
            switch format(source) {
            case .refused(let diagnostics):
                status = .finding
                reports.append(refuse(source, diagnostics, console))
            case .formatted(let laidOut):
                let isChanged = laidOut != bytes
                if check, isChanged { status = .finding }
                try settle(source, laidOut, isInput: isInput, isChanged: isChanged, console)
                reports.append(report(source, isChanged: isChanged, isInput && !check ? laidOut : nil))
            }
        }
        return Outcome(.object([.init("files", .array(reports))]), status)
    }

    private func settle(
        _ source: SourceText, _ laidOut: [UInt8], isInput: Bool, isChanged: Bool, _ console: Console
    ) throws(CommandFailure) {
        if check {
            if isChanged { console.line("\(source.name) is not in the house layout") }
        } else if isInput {
            console.verbatim(String(decoding: laidOut, as: UTF8.self))
        } else if isChanged {
            try Files.replace(source.name, laidOut)
            console.remark("\(source.name) is laid out")
        }
    }

    private func refuse(_ source: SourceText, _ diagnostics: [Diagnostic], _ console: Console) -> JSONValue {
        console.verbatim(DiagnosticText(source).text(of: diagnostics))
        console.line("\(source.name) has mistakes and is left as it is")
        let shown = DiagnosticList(diagnostics).shown
        return .object([
            .init("file", .string(source.name)), .init("changed", .boolean(false)),
            .init("diagnostics", .array(shown.map { DiagnosticDescription($0, in: source).json })),
        ])
    }

    private func report(_ source: SourceText, isChanged: Bool, _ text: [UInt8]?) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("file", .string(source.name)), .init("changed", .boolean(isChanged)),
        ]
        if let text { members.append(.init("text", .string(String(decoding: text, as: UTF8.self)))) }
        return .object(members)
    }
}
