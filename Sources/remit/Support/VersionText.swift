import RemitAnalysis
import RemitExchange
import RemitLanguage

/// The versions that a new one is held against.
struct Earlier {
    private let programs: [CheckedProgram]

    init(_ files: [String], _ libraries: LibraryOptions, _ with: WithOptions) throws {
        var programs: [CheckedProgram] = []
        for file in files {
            let read = try ContractFile(path: file, libraries: libraries.folders, with: with.files)
            programs.append(try read.contract())
        }
        self.programs = programs.sorted { $0.version < $1.version }
    }

    /// What a version changes after the last of them, and what is wrong with migrations from the others.
    func changes(to new: CheckedProgram) -> [VersionChange] {
        guard let last = programs.last else { return [] }
        var changes = VersionComparison.changes(from: last, to: new)
        for other in programs.dropLast() {
            changes = VersionComparison.migrationProblems(from: other, to: new) + changes
        }
        return changes
    }
}

/// What a new version would change, for people and programs.
enum VersionText {
    /// Shows changes, the grave ones first.
    static func show(_ changes: [VersionChange], in source: SourceText, _ console: Console) {
        for change in changes {
            let isBreaking = change.gravity == .breaking
            if !isBreaking, console.isQuiet { continue }
            let place =
                change.span.map { " (\(source.file(at: $0.start)):\(source.position(at: $0.start).line))" } ?? ""
            console.line("\(change.gravity.rawValue): \(change.text)\(place)", isBreaking ? .bad : .doubtful)
            console.line("  \(change.advice)")
        }
    }

    /// The changes as the envelope holds them.
    static func json(_ changes: [VersionChange], in source: SourceText) -> JSONValue {
        .array(
            changes.map { change in
                .object([
                    .init("gravity", .string(change.gravity.rawValue)), .init("code", .string(change.code)),
                    .init("text", .string(change.text)), .init("advice", .string(change.advice)),
                    .init("file", change.span.map { .string(source.file(at: $0.start)) } ?? .null),
                    .init("line", change.span.map { .integer(Int64(source.position(at: $0.start).line)) } ?? .null),
                ])
            })
    }
}
