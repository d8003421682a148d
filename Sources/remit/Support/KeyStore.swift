import RemitLanguage
import RemitValues

/// The keys of a ledger's folder, a file each.
struct KeyStore {
    let folder: String

    func path(_ name: String) throws(CommandFailure) -> String {
        try Self.check(name)
        return "\(folder)/\(name).key"
    }

    /// Whether there is a key of a name.
    func has(_ name: String) throws(CommandFailure) -> Bool { Files.exists(try path(name)) }

    /// Reads a key; says which there are where there is none of the name.
    func key(_ name: String) throws(CommandFailure) -> KeyFile {
        let path = try path(name)
        guard Files.exists(path) else {
            let names = names()
            let near = Suggestion.hint(name, among: names)
            let there = names.isEmpty ? "there are none in \(folder)" : "there are \(names.joined(separator: ", "))"
            throw .files("there is no key \(name)", hint: near + there)
        }
        return try KeyFile.read(path)
    }

    /// Keeps a new key; refuses to replace one.
    func save(_ key: KeyFile) throws(CommandFailure) {
        let path = try path(key.name)
        try Files.makeFolder(folder, mode: 0o700)
        guard !Files.exists(path) else {
            throw .files("there is a key \(key.name) already", hint: "choose another name, or move \(path) away")
        }
        try Files.create(path, Array(key.text.utf8), mode: 0o600)
    }

    /// The names of the keys, sorted.
    func names() -> [String] { names(plain: true) }

    /// The names of keys under which there is no plain file, sorted.
    func obstacles() -> [String] { names(plain: false) }

    private func names(plain: Bool) -> [String] {
        let ending = ".key"
        let files = (try? Files.names(in: folder, ending: ending, plain: plain)) ?? []
        return files.map { String(Substring($0.utf8.dropLast(ending.utf8.count))) }.sorted {
            TextValue($0) < TextValue($1)
        }
    }

    /// A key's name is part of a path, so it is held to plain characters.
    static func check(_ name: String) throws(CommandFailure) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, name.utf8.count <= 64,
            ![UInt8(ascii: "."), UInt8(ascii: "-")].contains(name.utf8.first)
        else {
            throw .usage(
                "\"\(name)\" cannot be the name of a key",
                hint: "use up to 64 letters, digits, hyphens, underscores and dots")
        }
    }
}
