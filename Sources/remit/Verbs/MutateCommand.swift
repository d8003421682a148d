import ArgumentParser
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// Changes each rule of a contract in turn, and sees whether its scenarios notice.
struct MutateCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "mutate",
        abstract: "Change each rule of a contract in turn and see whether its scenarios notice.",
        discussion: """
            Example:
              remit mutate Contracts/referral.remit --at-least 95

            What the checker refuses is not counted. Each change that no scenario notices is shown; a file of \
            known ones (`- CONTRACT: CHANGE — REASON`, a line each, the change as it is shown here) says why that is \
            right.

            Ends with 1 if fewer are noticed than asked for; with --known also if one is neither noticed nor known, \
            or if a known one is noticed or gone.
            """)

    static let words = "mutate"

    @Argument(help: ArgumentHelp("The contract.", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("at-least"), parsing: .unconditional,
        help: NumberOption.help("How many percent must be noticed.", "percent", usually: 0),
        transform: NumberOption.reading(0...100, "a percentage"))
    var atLeast: Int = 0

    @Option(help: ArgumentHelp("The changes that may go unnoticed, each with its reason.", valueName: "file"))
    var known: String?

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let read = try ContractFile(path: file, libraries: libraries.folders, with: with.files)
        let program = try read.checked()
        guard let contract = RemitLanguage.parse(read.source).contract else {
            throw CommandFailure(.finding, "contract", "\(file) holds no contract", hint: "remit check \(file)")
        }
        let reasons = try self.reasons(program.name)
        var (noticed, rejected) = (0, 0)
        var unnoticed: [Mutant] = []
        for mutant in mutants(of: contract, in: read.source) {
            switch mutant.fate(in: read.source, find: read.search.find) {
            case .rejected: rejected += 1
            case .noticed: noticed += 1
            case .unnoticed: unnoticed.append(mutant)
            }
        }
        var unknown = 0
        for mutant in unnoticed {
            let reason = reasons.first { $0.words == TextValue(mutant.words) }?.reason
            if reason == nil { unknown += 1 }
            let line = read.source.position(at: mutant.span.start).line
            console.line("line \(line): \(mutant.words)\(reason.map { " — \($0)" } ?? "")")
        }
        let stale = reasons.filter { entry in !unnoticed.contains { TextValue($0.words) == entry.words } }
        for entry in stale { console.line("no longer unnoticed: \(entry.words)", .doubtful) }
        let all = noticed + unnoticed.count
        let percent = all == 0 ? 100 : Int64(noticed) * 1000 / Int64(all)
        let share = all == 0 ? "100" : "\(percent / 10).\(percent % 10)"
        let isEnough = all == 0 || noticed * 100 >= atLeast * all
        let isKnown = known == nil || (unknown == 0 && stale.isEmpty)
        console.line(
            "\(read.source.name): \(noticed) of \(all) changes noticed, \(share)%; "
                + "the checker refused \(rejected) more",
            isEnough && isKnown ? .good : .bad)
        return Outcome(
            .object([
                .init("contract", .string(program.name)), .init("noticed", .integer(Int64(noticed))),
                .init("unnoticed", .array(unnoticed.map { .string($0.words) })),
                .init("rejected", .integer(Int64(rejected))), .init("unknown", .integer(Int64(unknown))),
            ]), isEnough && isKnown ? .fine : .finding)
    }

    /// The lines of the file of known changes that speak of a contract: `- Contract: change — reason`.
    private func reasons(_ contract: String) throws -> [(words: TextValue, reason: String)] {
        guard let known else { return [] }
        let start = "- \(contract): ".utf8
        return NormalForm.of(try Files.read(known, limit: Limits.sourceBytes)).split(separator: 0x0A).compactMap {
            line in
            let parts = line.split(separator: Array(" — ".utf8), omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].starts(with: start) else { return nil }
            let words = String(decoding: parts[0].dropFirst(start.count), as: UTF8.self)
            return (TextValue(words), String(decoding: parts[1], as: UTF8.self))
        }
    }
}
