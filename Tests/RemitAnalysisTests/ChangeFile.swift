import Foundation
import Testing

/// A case file: a contract; then changes, each after `= `, of which `=>` parts what stands there from what is to, and
/// behind each change what is told of it.
struct ChangeFile {
    private let url: URL

    /// The case files of a folder of this target, by name.
    static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Self.url(folder).path)) ?? []
        return names.filter { $0.hasSuffix(".case") }.sorted()
    }

    private static func url(_ path: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: path)
    }

    init(_ name: String, in folder: String) { url = Self.url("\(folder)/\(name)") }

    /// Asks for what is told of each change, in lines, and holds the file to it; with `REMIT_RECORD` the file is
    /// written anew.
    func judge(_ tell: (_ change: Substring, _ old: String, _ new: String) throws -> [String]) throws {
        let name = url.lastPathComponent
        let pieces = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n= ")
        let contract = pieces[0]
        var seen = [contract]
        for piece in pieces.dropFirst() {
            let head = piece.prefix { $0 != "\n" }
            let change = head.components(separatedBy: " => ")
            try #require(change.count == 2 && contract.contains(change[0]), "\(name): \(head)")
            let lines = try tell(head, contract, contract.replacingOccurrences(of: change[0], with: change[1]))
            seen.append("\(head)\n\(lines.joined(separator: "\n"))\n")
        }
        let told = seen.joined(separator: "\n= ")
        if ProcessInfo.processInfo.environment["REMIT_RECORD"] != nil {
            try told.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(told == pieces.joined(separator: "\n= "), "\(name)")
    }
}
