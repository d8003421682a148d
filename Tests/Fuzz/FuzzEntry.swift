import Glibc
import RemitAnalysis
import RemitLanguage
import RemitRuntime
import RemitValues

// The entry that libFuzzer calls; `scripts/fuzz.sh` builds it. A wrong answer traps, which the fuzzer reports with the
// input that led there. FUZZ_TARGET says which part is tried.

/// What can be fuzzed.
enum FuzzTarget: String {
    /// Lexer and parser.
    case parser
    /// Checker and analysis of whatever parses, and the messages.
    case checker
    /// Layout: the same tokens, and the same text the second time.
    case formatter
    /// Every action, vote and timer of whatever checks, with values by chance.
    case machine
    /// Code that is read from bytes.
    case kept
    /// Nothing is tried: the code of contracts is written into the folder FUZZ_FOLDER, for `kept` to begin with.
    case seeds

    static let chosen: FuzzTarget = {
        guard let name = getenv("FUZZ_TARGET"), let target = FuzzTarget(rawValue: String(cString: name)) else {
            return .checker
        }
        return target
    }()

    func run(_ bytes: [UInt8]) {
        let source = SourceText(name: "fuzz.remit", bytes: bytes)
        switch self {
        case .parser: _ = parse(source)
        case .checker: FuzzLanguage.check(source)
        case .formatter: FuzzLanguage.format(source)
        case .machine: FuzzMachine.run(source)
        case .kept: FuzzKept.run(bytes)
        case .seeds: if let folder = getenv("FUZZ_FOLDER") { FuzzKept.seed(bytes, into: String(cString: folder)) }
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
