import Foundation
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// `KeptProgram.version` is raised with every change to instructions, lowering or form: code that another build has
/// kept must not be read as what this one would have made.
///
/// `Cases/kept-code.txt` holds the version and, for each of some contracts, digests of its text and of its code.
/// `REMIT_RECORD=1` writes it anew and fails; it does not where code has changed and the version has not.
@Suite struct KeptFormTests {
    static let record = Contracts.cases.appendingPathComponent("kept-code.txt")
    static let names = [
        "arithmetic", "authority", "checks", "costs", "lists", "maps", "registers", "tables", "semantics-rounds",
        "semantics-time", "wide/private-claim",
    ]

    @Test func theVersionIsRaisedWithTheCode() throws {
        let recorded = try String(contentsOf: Self.record, encoding: .utf8).split(separator: "\n").map(String.init)
        let present = ["version \(KeptProgram.version)"] + (try Self.names.map(Self.line))
        guard recorded != present else { return }
        let isRaised = recorded.first != present[0]
        let changed = present.dropFirst().filter { line in
            // The same contract, and other code.
            let words = line.split(separator: " ")
            return !recorded.contains(line) && recorded.contains { $0.hasPrefix("\(words[0]) \(words[1]) ") }
        }.map { String($0.prefix { $0 != " " }) }
        guard isRaised || changed.isEmpty else {
            Issue.record(
                """
                the code of \(changed.joined(separator: ", ")) is other than version \(KeptProgram.version) wrote: \
                raise `KeptProgram.version`, then record with REMIT_RECORD=1
                """)
            return
        }
        if ProcessInfo.processInfo.environment["REMIT_RECORD"] != nil {
            try (present.joined(separator: "\n") + "\n").write(to: Self.record, atomically: true, encoding: .utf8)
        }
        Issue.record("`kept-code.txt` is of another version or of other contracts: record it with REMIT_RECORD=1")
    }

    private static func line(_ name: String) throws -> String {
        let bytes = Array(try Data(contentsOf: Contracts.cases.appendingPathComponent("\(name).remit")))
        let program = try #require(Compiler.compile(SourceText(name: name, bytes: bytes)).program)
        let code = try #require(KeptProgram.bytes(ExecutableProgram(program)))
        return "\(name) \(digest(bytes)) \(digest(code))"
    }

    /// FNV-1a of 64 bits: enough to notice a change.
    private static func digest(_ bytes: [UInt8]) -> String {
        String(bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
