import Glibc
import RemitLedger
import RemitNode
import RemitValues

/// A key with what its file says of it.
struct KeyFile {
    let name: String
    let person: String
    /// Made from a seed that anybody can know: for demonstrations only.
    let isUnsafe: Bool
    let signer: SeedSigner
    private let seed: [UInt8]

    private static let heading = "remit key 1"
    private static let unsafeMark = "unsafe: for demonstration only"

    init(name: String, person: String, seed: [UInt8], isUnsafe: Bool) throws(CommandFailure) {
        guard let signer = try? SeedSigner(seed: seed) else {
            throw .files("the key \(name) has not 32 secret bytes", hint: "make a new key: remit key new")
        }
        self.name = name
        self.person = person
        self.seed = seed
        self.isUnsafe = isUnsafe
        self.signer = signer
    }

    /// A key by chance.
    static func random(name: String, person: String) throws(CommandFailure) -> KeyFile {
        var seed = [UInt8](repeating: 0, count: 32)
        guard getentropy(&seed, seed.count) == 0 else {
            throw .files("the system gives no random bytes: \(Files.words(errno))", hint: "check /dev/urandom")
        }
        return try KeyFile(name: name, person: person, seed: seed, isUnsafe: false)
    }

    /// The key that a name always has in demonstrations.
    static func demonstration(name: String, person: String) throws(CommandFailure) -> KeyFile {
        let seed = MerkleTree.leafHash(Array("remit demonstration key \(name)".utf8)).bytes
        return try KeyFile(name: name, person: person, seed: seed, isUnsafe: true)
    }

    /// Where the seeds of its transactions come from: demonstrations repeat.
    var seeds: SeedSource { isUnsafe ? .unsafe("remit demonstration seed \(name)") : .system }

    /// The text of the file.
    var text: String {
        let lines = [
            Self.heading, "name: \(name)", "person: \(person)", "public: \(signer.publicKey)",
            "secret: \(Hex.encode(seed))",
        ]
        return (lines + (isUnsafe ? [Self.unsafeMark] : [])).joined(separator: "\n") + "\n"
    }

    /// Reads a key file; refuses one that others may read.
    static func read(_ path: String) throws(CommandFailure) -> KeyFile {
        let descriptor = try Files.openPlain(path)
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw Files.cannot("read", path, errno) }
        guard facts.st_mode & 0o077 == 0 else {
            throw .files("others may read the key \(path), so it is not used", hint: "chmod 600 \(path)")
        }
        let bytes = try Files.read(descriptor, path, limit: Limits.keyBytes)
        guard let key = parse(bytes) else {
            throw .files("\(path) is no key file, or is damaged", hint: "restore it, or make a new key: remit key new")
        }
        return key
    }

    private static func parse(_ bytes: [UInt8]) -> KeyFile? {
        guard bytes.count <= Limits.keyBytes else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
        guard lines.first.map({ $0.utf8.elementsEqual(heading.utf8) }) ?? false else { return nil }
        func field(_ name: String) -> String? {
            lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }
        guard let name = field("name"), let person = field("person"), let written = field("public"),
            let secret = field("secret").flatMap(Hex.decode),
            let key = try? KeyFile(name: name, person: person, seed: secret, isUnsafe: field("unsafe") != nil),
            key.signer.publicKey.description.utf8.elementsEqual(written.utf8)
        else { return nil }
        return key
    }
}
