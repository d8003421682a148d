import Foundation
import RemitAnalysis
import RemitLanguage

/// The checkout, as these tests read it.
enum Checkout {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let cases = root.appendingPathComponent("Tests/RemitLanguageTests/Cases")

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appendingPathComponent(path)))
    }

    /// The files of a folder with this ending, sorted, without it.
    static func names(in folder: String, ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }

    /// Whether snapshots are to be written anew; a run that does so fails.
    static var isRecording: Bool { ProcessInfo.processInfo.environment["REMIT_RECORD"] == "1" }

    /// How many rounds a property runs: few, or as many as REMIT_ROUNDS says.
    static func rounds(_ few: Int) -> Int {
        ProcessInfo.processInfo.environment["REMIT_ROUNDS"].flatMap { Int($0) } ?? few
    }

    /// Where the seeds of a property begin.
    static var firstSeed: UInt64 {
        ProcessInfo.processInfo.environment["REMIT_SEED"].flatMap { UInt64($0) } ?? 1
    }
}

/// Everything that `remit check` finds in a source, with the contracts at hand that it may refer to.
func findings(in source: SourceText, beside others: [SourceText] = Beside.contracts) -> [Diagnostic] {
    let compilation = Compiler.compile(source, find: ContractSearch { others }.find)
    return compilation.diagnostics + analyse(compilation)
}

/// Everything that `remit check` finds in a text.
func findings(in text: String, beside others: [SourceText] = Beside.contracts) -> [Diagnostic] {
    findings(in: SourceText(name: "small.remit", text), beside: others)
}

/// The contracts to which those of the tests refer.
enum Beside {
    static let contracts: [SourceText] = {
        let folder = "Tests/RemitLanguageTests/Beside"
        let names = (try? Checkout.names(in: folder, ending: ".remit")) ?? []
        return names.compactMap { name in
            (try? Checkout.bytes("\(folder)/\(name).remit")).map { SourceText(name: "\(name).remit", bytes: $0) }
        }
    }()
}

/// A small generator of repeatable numbers.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }
}
