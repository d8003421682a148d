import ArgumentParser
import Foundation
import Glibc
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// The folder in which `remit evaluate` keeps the code of large contracts, so that they are not checked and lowered at
/// each start.
///
/// It is never needed and never trusted: what is missing, of another version or damaged is made anew without a word,
/// and a folder that cannot be written to is done without.
struct CodeCache {
    let folder: String
    private let maker: Digest

    /// The cache in a folder that was named, else in the user's cache folder (`XDG_CACHE_HOME`, or `.cache` at home);
    /// nil where the name is `none` or there is no such place.
    init?(named name: String?) {
        guard let folder = name ?? Self.standard, folder != "none", !folder.isEmpty else { return nil }
        self.folder = folder
        guard let maker = Self.maker else { return nil }
        self.maker = maker
    }

    private static var standard: String? {
        let environment = ProcessInfo.processInfo.environment
        // By the convention a path that is not absolute does not count.
        if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return base + "/remit" }
        return environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache/remit" : nil }
    }

    /// What tells this program from another build of it: version, size and time.
    private static var maker: Digest? {
        var facts = stat()
        guard stat("/proc/self/exe", &facts) == 0 else { return nil }
        let time = facts.st_mtim
        let words = "\(Remit.configuration.version) \(facts.st_size) \(time.tv_sec) \(time.tv_nsec)"
        return Hashing.sha256(Array(words.utf8))
    }

    private func path(_ source: Digest) -> String { "\(folder)/\(source).code" }

    /// The program of a source, where its code is kept.
    func program(of source: [UInt8]) -> ExecutableProgram? {
        guard source.count >= Limits.keptSourceBytes else { return nil }
        let digest = CodeFile.digest(of: source)
        guard let file = try? Files.readPlain(path(digest), limit: Limits.keptCodeBytes) else { return nil }
        return CodeFile.program(file, source: digest, maker: maker)
    }

    /// Keeps the code of a source; what goes wrong is of no importance.
    func keep(_ executable: ExecutableProgram, of source: [UInt8]) {
        guard source.count >= Limits.keptSourceBytes else { return }
        let digest = CodeFile.digest(of: source)
        guard let file = CodeFile.bytes(executable, source: digest, maker: maker), file.count <= Limits.keptCodeBytes
        else { return }
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? Files.replacePlain(path(digest), file)
        tidy()
    }

    /// Removes the files that were written longest ago, beyond the number that is kept.
    private func tidy() {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            $0.hasSuffix(".code")
        }
        guard names.count > Limits.keptCodes else { return }
        let dated = names.map { name -> (time: Int, path: String) in
            var facts = stat()
            let path = "\(folder)/\(name)"
            return (stat(path, &facts) == 0 ? facts.st_mtim.tv_sec : 0, path)
        }
        for old in dated.sorted(by: { ($0.time, $0.path) < ($1.time, $1.path) }).dropLast(Limits.keptCodes) {
            unlink(old.path)
        }
    }
}
