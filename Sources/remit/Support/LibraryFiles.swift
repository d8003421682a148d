import ArgumentParser
import RemitLanguage
import RemitValues

/// The flag by which verbs are told where libraries are.
struct LibraryOptions: ParsableArguments {
    @Option(
        name: .customLong("library"),
        help: ArgumentHelp(
            "A folder with libraries that contracts use, besides the contract's own; may be given again.",
            valueName: "folder"))
    var folders: [String] = []
}

/// The libraries in the files of some folders, which are put behind the contracts that use them.
struct LibraryFiles {
    /// A library and the file that it stands in.
    private struct Entry {
        let library: ContractSyntax
        let source: SourceText

        func isWanted(_ name: Name, _ version: Int64) -> Bool {
            library.version == version && library.name.text.utf8.elementsEqual(name.text.utf8)
        }
    }

    private let entries: [Entry]

    /// Reads the libraries of folders; a file is one if it begins with the word.
    init(folders: [String]) throws(CommandFailure) {
        var entries: [Entry] = []
        for folder in folders {
            let names = try Files.names(in: folder, ending: ".remit")
            for name in names {
                let path = folder == "." ? name : "\(folder)/\(name)"
                guard let source = try Self.library(path), let library = parse(source).contract, library.isLibrary
                else { continue }
                let known = entries.first { $0.isWanted(library.name, library.version) }
                if let known, known.source.bytes != source.bytes {
                    throw .refused(
                        "the library \(library.name.text) version \(library.version) is in \(known.source.name) and "
                            + "in \(path), and the two differ",
                        hint: "give one of them another version, or move it away")
                }
                if known == nil { entries.append(Entry(library: library, source: source)) }
            }
        }
        self.entries = entries
    }

    /// The text of a file that holds a library; nil where it holds something else.
    private static func library(_ path: String) throws(CommandFailure) -> SourceText? {
        let bytes = NormalForm.of(try Files.readPlain(path, limit: Limits.sourceBytes))
        var rest = bytes[...]
        while let first = rest.first {
            if [0x20, 0x09, 0x0A, 0x0D].contains(first) {
                rest = rest.dropFirst()
            } else if rest.starts(with: "//".utf8) {
                rest = rest.drop { $0 != 0x0A }
            } else {
                break
            }
        }
        return rest.starts(with: "library".utf8) ? SourceText(name: path, bytes: bytes) : nil
    }

    /// A contract with the libraries that it uses, directly or through others, behind it.
    ///
    /// What is not found is left out, for the checker to say. Each file is called as `naming` says.
    func linked(_ source: SourceText, naming: (String) -> String = { $0 }) -> SourceText {
        guard let contract = parse(source).contract else { return source }
        var whole = source
        var present = [contract] + contract.libraries
        var next = 0
        while next < present.count {
            for use in present[next].uses {
                let isThere = present.contains { $0.isLibrary && $0.name.text.utf8.elementsEqual(use.name.text.utf8) }
                let found = entries.first { $0.isWanted(use.name, use.version) }
                guard !isThere, let found else { continue }
                whole = whole.followed(by: SourceText(name: naming(found.source.name), bytes: found.source.bytes))
                present.append(found.library)
            }
            next += 1
        }
        return whole
    }
}
