import ArgumentParser
import Glibc
import RemitEditor
import RemitExchange
import RemitLanguage

/// Serves an editor over standard input and output.
struct LspCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lsp",
        abstract: "Serve an editor: mistakes as you type, meanings, renaming, completion, layout.",
        discussion: """
            Speaks the Language Server Protocol on standard input and output; Docs/editors.md says how an \
            editor is told to start it.

            Example, in Neovim: vim.lsp.start({ name = 'remit', cmd = { 'remit', 'lsp' } })
            """)

    func run() throws {
        var framing = MessageFraming()
        var server = EditorServer(linking: Self.linked, neighbours: Neighbours.folder(ofAddress:))
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while server.exitStatus == nil {
            var arrived = try read(into: &chunk, wait: true)
            // An editor that goes away without a word leaves nothing to do.
            guard !arrived.isEmpty else { throw ExitCode(Status.finding.rawValue) }
            var more = arrived.count == chunk.count
            while more {
                let rest = try read(into: &chunk, wait: false)
                arrived += rest
                more = rest.count == chunk.count && arrived.count < 1 << 24
            }
            for reply in server.handle(framing.take(arrived)) { try write(MessageFraming.framed(reply)) }
        }
        if let status = server.exitStatus, status != 0 { throw ExitCode(status) }
    }

    /// A text with the libraries that it uses, from the folder of its file; as it is where that cannot be read.
    private static func linked(_ source: SourceText) -> SourceText {
        guard let contract = RemitLanguage.parse(source).contract, !contract.uses.isEmpty,
            let path = FileAddress.path(of: source.name),
            let libraries = try? LibraryFiles(folders: [Files.folder(of: path)])
        else { return source }
        return libraries.linked(source) { FileAddress.address(of: $0) }
    }

    /// What has arrived, at most a chunk; empty at the end, or where nothing is there and nothing is waited for.
    private func read(into chunk: inout [UInt8], wait: Bool) throws -> [UInt8] {
        if !wait {
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) > 0, descriptor.revents & Int16(POLLIN) != 0 else { return [] }
        }
        while true {
            let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
            if count >= 0 { return Array(chunk[..<count]) }
            guard errno == EINTR else { throw ExitCode(Status.files.rawValue) }
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExitCode(Status.files.rawValue) }
            rest = rest.dropFirst(count)
        }
    }
}
