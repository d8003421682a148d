import ArgumentParser
import RemitLanguage
import RemitValues

/// The option that names files of other contracts.
struct WithOptions: ParsableArguments {
    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            "A contract that is referred to, where it is not in the same folder; may be given again.", valueName: "file"
        ))
    var files: [String] = []
}

/// Where the contracts are found that another one refers to: in files that were named, then in its own folder.
enum Neighbours {
    /// A search for a contract of this path; the folder is looked at only if something is sought.
    static func search(_ path: String, with files: [String]) throws(CommandFailure) -> ContractSearch {
        var named: [SourceText] = []
        for file in files { named.append(try ContractFile.text(file, libraries: [])) }
        return ContractSearch { [named] in named + folder(of: path) }
    }

    /// The other contracts in the folder of a file, in the order of their names; what cannot be read is none.
    static func folder(of path: String) -> [SourceText] {
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
        let names = (try? Files.names(in: folder.isEmpty ? "." : folder, ending: ".remit")) ?? []
        return names.prefix(Limits.neighbours).compactMap { name in
            let file = folder + name
            return TextValue(file) == TextValue(path) ? nil : try? ContractFile.text(file, libraries: [])
        }
    }

    /// The same for the address of a file, as editors give it; they are named by their addresses.
    static func folder(ofAddress address: String) -> [SourceText] {
        let texts = FileAddress.path(of: address).map(folder(of:)) ?? []
        return texts.map { SourceText(name: FileAddress.address(of: $0.name), bytes: $0.bytes) }
    }
}
