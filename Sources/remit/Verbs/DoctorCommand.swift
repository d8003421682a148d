import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Says what is wrong with a ledger and what can be done.
struct DoctorCommand: Verb {
    static let words = "doctor"
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong with a ledger, and what can be done.",
        discussion: """
            Looks at the files, their rights and who uses them, at the log that a crash left, at the keys, and at the \
            whole chain; changes nothing. Ends with 3 where something is wrong.

            Example: remit doctor --ledger claims
            """)

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        // A file may be named in place of the folder that holds it, such as a backup.
        let isFolder = Files.isFolder(folder.path) || !Files.exists(folder.path)
        var diagnosis = Diagnosis(path: isFolder ? folder.chain : folder.path) { done, all in
            console.progress("verifying", Int(clamping: done), of: Int(clamping: all))
        }
        console.clearBar()
        if isFolder, diagnosis.blocks != nil, isReadable(folder.keys, &diagnosis) {
            addNodeKey(folder, to: &diagnosis)
            addFiles(of: folder.keys, to: &diagnosis)
        }
        for finding in diagnosis.findings {
            console.line("\(mark(finding.gravity)) \(finding.text)", style(finding.gravity))
            if let advice = finding.advice { console.line("  → \(advice)") }
        }
        console.line(diagnosis.isSound ? "nothing is wrong" : "something is wrong", diagnosis.isSound ? .good : .bad)
        return Outcome(json(diagnosis), diagnosis.isSound ? .fine : .broken)
    }

    private func mark(_ gravity: Diagnosis.Gravity) -> String {
        switch gravity {
        case .fine: "ok     "
        case .remark: "note   "
        case .problem: "problem"
        }
    }

    private func style(_ gravity: Diagnosis.Gravity) -> Console.Style {
        switch gravity {
        case .fine: .plain
        case .remark: .doubtful
        case .problem: .bad
        }
    }

    /// Whether the folder of the keys can be looked into; where there is none, it is as good as an empty one.
    private func isReadable(_ keys: KeyStore, _ diagnosis: inout Diagnosis) -> Bool {
        guard Files.exists(keys.folder) else { return true }
        guard Files.isFolder(keys.folder) else {
            diagnosis.add(
                .init(
                    .problem, "keys", "\(keys.folder) is no folder, so there are no keys",
                    advice: "move it away, and put the folder of the keys there"))
            return false
        }
        guard Files.mayLookInto(keys.folder) else {
            diagnosis.add(
                .init(
                    .remark, "keys",
                    "the keys in \(keys.folder) may not be read by this user, so nothing is said of them",
                    advice: "the ledger can be read; to make blocks, or to look at the keys, run as their owner"))
            return false
        }
        return true
    }

    /// Looks at the node's key: whether it is there and is the one that the chain names.
    private func addNodeKey(_ folder: LedgerFolder, to diagnosis: inout Diagnosis) {
        let expected = diagnosis.nodeKey
        let owner = expected.map { ", which is \($0)," } ?? ""
        do {
            guard try folder.keys.has(LedgerFolder.nodeKey) else {
                diagnosis.add(
                    .init(
                        .remark, "noNodeKey", "the secret of the node's key\(owner) is not in \(folder.keys.folder)",
                        advice: "the ledger can be read; to make blocks, put the file node.key there"))
                return
            }
            let key = try folder.keys.key(LedgerFolder.nodeKey)
            guard expected == nil || key.signer.publicKey == expected else {
                diagnosis.add(
                    .init(
                        .problem, "otherNodeKey",
                        "node.key is \(key.signer.publicKey), and the chain is signed by another key",
                        advice: "no block can be made with it: put the right file there"))
                return
            }
            diagnosis.add(.init(.fine, "keys", "the key of the node is there"))
            if key.isUnsafe {
                diagnosis.add(
                    .init(
                        .remark, "unsafeKeys",
                        "the key of the node is for demonstration only: anybody can sign with it",
                        advice: "make a ledger for real use without --unsafe-demo-keys"))
            }
        } catch {
            diagnosis.add(.init(.problem, "keys", error.message, advice: error.hint))
        }
    }

    /// Looks at the files of all keys: who may read them, and what is none.
    private func addFiles(of keys: KeyStore, to diagnosis: inout Diagnosis) {
        for name in keys.obstacles() where name != LedgerFolder.nodeKey {
            guard let path = try? keys.path(name) else { continue }
            diagnosis.add(
                .init(.remark, "noKey", "\(path) is no plain file, so it is no key", advice: "move it away"))
        }
        for name in keys.names() {
            guard let path = try? keys.path(name), let rights = Files.rights(path), rights & 0o077 != 0 else {
                continue
            }
            diagnosis.add(
                .init(.problem, "keyRights", "others may read the key \(path)", advice: "chmod 600 \(path)"))
        }
    }

    private func json(_ diagnosis: Diagnosis) -> JSONValue {
        let findings = diagnosis.findings.map { finding in
            JSONValue.object([
                .init("gravity", .string(finding.gravity.rawValue)), .init("code", .string(finding.code)),
                .init("text", .string(finding.text)), .init("advice", finding.advice.map { .string($0) } ?? .null),
            ])
        }
        return .object([
            .init("sound", .boolean(diagnosis.isSound)),
            .init("blocks", diagnosis.blocks.map { .integer($0) } ?? .null),
            .init("soundBlocks", diagnosis.soundBlocks.map { .integer($0) } ?? .null),
            .init("findings", .array(findings)),
        ])
    }
}
