import Foundation
import RemitLanguage
import RemitValues
import Testing

/// The index of names agrees with the text, and with what the checker makes of it.
@Suite struct NameIndexTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static var files: [URL] {
        get throws {
            try ["Contracts", "Tests/RemitLanguageTests/Pages", "Tests/RemitEditorTests/Sessions"].flatMap { folder in
                try FileManager.default.contentsOfDirectory(
                    at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil
                ).filter { $0.pathExtension == "remit" }.sorted { $0.path < $1.path }
            }
        }
    }

    /// The text of a contract, with the libraries of its folder behind it that it uses.
    static func source(_ file: URL) throws -> SourceText {
        let source = SourceText(name: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
        return (parse(source).contract?.uses ?? []).reduce(source) { whole, use in
            let library = file.deletingLastPathComponent().appendingPathComponent("\(use.name.text.lowercased()).remit")
            guard let data = try? Data(contentsOf: library) else { return whole }
            return whole.followed(by: SourceText(name: library.lastPathComponent, bytes: Array(data)))
        }
    }

    @Test(arguments: try files) func everyPlaceSpellsItsName(_ file: URL) throws {
        let source = try Self.source(file)
        let names = NameIndex(try #require(parse(source).contract))
        #expect(names.references.count > names.declarations.count)
        for reference in names.references {
            #expect(source.text(reference.span) == names.declarations[reference.declaration].name.text)
        }
        for (left, right) in zip(names.references, names.references.dropFirst()) {
            #expect(left.span.end <= right.span.start, "a place has one meaning: \(source.text(right.span))")
        }
        for declaration in names.declarations.indices {
            #expect(names.places(of: declaration).contains(names.declarations[declaration].name.span))
        }
    }

    /// A name that is renamed everywhere leaves a contract that means the same: no place was missed, and none taken
    /// that meant something else.
    @Test(arguments: try files) func renamingMissesNothing(_ file: URL) throws {
        let source = try Self.source(file)
        let before = Compiler.compile(source)
        let names = NameIndex(try #require(before.contract))
        // A long contract is tried at some of its names only, of every kind that it has.
        let count = names.declarations.count
        let step = source.bytes.count > 8_000 ? max(1, count / 16) : max(1, count / 80)
        let libraries = (before.contract?.libraries ?? []).map(\.span)
        for index in stride(from: 0, to: names.declarations.count, by: step) {
            let place = names.declarations[index].name.span.start
            // What a library declares is renamed in its own text.
            if libraries.contains(where: { $0.start <= place && place < $0.end }) { continue }
            var bytes = source.bytes
            for span in names.places(of: index).reversed() {
                bytes.replaceSubrange(span.start..<span.end, with: "renamedHere".utf8)
            }
            let after = Compiler.compile(SourceText(name: source.name, bytes: bytes))
            let name = names.declarations[index].name.text
            // A name that was to blame for a mistake takes it away; none may bring one.
            // A name whose word stands elsewhere too is not told to be unused beside a mistake; its new name may be.
            let isTold = { (finding: Diagnostic) in finding.severity == .error || !before.hasErrors }
            let mistakes = before.diagnostics.filter(isTold).map(\.code.number)
            let found = after.diagnostics.filter(isTold)
            let isFine =
                found.count <= mistakes.count && found.allSatisfy { mistakes.contains($0.code.number) }
            #expect(
                isFine,
                "renaming `\(name)` (\(names.declarations[index].kind)): \(after.diagnostics.first?.message ?? "")")
        }
    }

    /// Wherever a name stands, completion at its place offers it.
    @Test(arguments: ["Tests/RemitEditorTests/Sessions/ward.remit", "Tests/RemitLanguageTests/Pages/referral.remit"])
    func completionOffersWhatStandsThere(_ path: String) throws {
        let source = try Self.source(Self.root.appendingPathComponent(path))
        let names = NameIndex(try #require(parse(source).contract))
        for reference in names.references {
            let declaration = names.declarations[reference.declaration]
            guard declaration.name.span != reference.span else { continue }
            // Who acts in a scenario begins a step, texts hold names in braces, and the head of a table is fixed.
            let before = source.text(Span(reference.span.start - 1, reference.span.start))
            let isOutside = [.party, .input, .output].contains(declaration.kind) || before == "{"
            if isOutside { continue }
            let probe = NameProbe(source.bytes, at: reference.span.end)
            #expect(
                probe.names.contains { $0.name == declaration.name.text },
                "`\(declaration.name.text)` at \(source.position(at: reference.span.start))")
        }
    }

    /// Half a contract is no reason to fall over, wherever it ends.
    @Test func anyBeginningIsTaken() throws {
        let source = try Self.source(Self.root.appendingPathComponent("Tests/RemitEditorTests/Sessions/ward.remit"))
        for end in stride(from: 0, to: source.bytes.count, by: 3) {
            let part = SourceText(name: "part", bytes: Array(source.bytes[..<end]))
            if let contract = parse(part).contract { _ = NameIndex(contract) }
            if end.isMultiple(of: 9) { _ = NameProbe(part.bytes, at: end) }
        }
    }
}
