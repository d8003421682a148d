import ArgumentParser
import Foundation
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
        let found = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
        let names = (found ?? []).filter { $0.hasSuffix(".remit") }.sorted { TextValue($0) < TextValue($1) }
        return names.prefix(Limits.neighbours).compactMap { name in
            let file = folder + name
            return file == path ? nil : try? ContractFile.text(file, libraries: [])
        }
    }

    /// The same for the address of a file, as editors give it.
    static func folder(ofAddress address: String) -> [SourceText] {
        guard let url = URL(string: address), url.isFileURL else { return [] }
        return folder(of: url.path)
    }
}
