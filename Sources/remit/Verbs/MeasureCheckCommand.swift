import ArgumentParser
import Glibc
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// Measures the checking of contracts; called by `make bench`, and not meant for users.
struct MeasureCheckCommand: Verb {
    static let words = "measure-check"
    static let configuration = CommandConfiguration(
        commandName: "measure-check", abstract: "Measure the checking of a contract.", shouldDisplay: false)

    @Argument(help: "The contract file.")
    var file: String

    @Option(
        parsing: .unconditional, help: NumberOption.help("How often it is checked.", usually: 11),
        transform: NumberOption.from(1))
    var rounds = 11

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let source = SourceText(name: file, bytes: try Files.read(file, limit: Limits.sourceBytes))
        var compiling: [Double] = []
        var searching: [Double] = []
        for _ in 0..<rounds {
            let begin = Self.now()
            let compilation = Compiler.compile(source)
            let middle = Self.now()
            let found = analyse(compilation)
            searching.append(Self.now() - middle)
            compiling.append(middle - begin)
            let errors = (compilation.diagnostics + found).filter { $0.severity == .error }
            if let first = errors.first {
                throw CommandFailure(.finding, "contract", "\(file) has errors: \(first.message)", hint: "mend it")
            }
        }
        let whole = zip(compiling, searching).map { $0 + $1 }
        let lists = [("check", whole), ("types", compiling), ("analysis", searching)]
        for (name, list) in lists {
            console.line("\(name) \(Int((list.sorted()[list.count / 2] / 1000).rounded())) us")
        }
        return Outcome(.object(lists.map { .init($0.0, .array($0.1.map { .number(String($0)) })) }))
    }

    /// Nanoseconds of a clock that goes on evenly.
    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
