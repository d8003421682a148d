import CZlib
import Foundation

/// A folder of one test, removed with it.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("remit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file and gives its path.
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let place = folder.appendingPathComponent(name)
        try Data(bytes).write(to: place)
        return place.path
    }

    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    /// One gzip member, made by the system's zlib.
    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("remit-\(UUID().uuidString).gz")
        defer { try? FileManager.default.removeItem(at: place) }
        guard let file = gzopen(place.path, "wb") else { throw Missing() }
        _ = gzwrite(file, bytes, UInt32(bytes.count))
        gzclose(file)
        return Array(try Data(contentsOf: place))
    }

    struct Missing: Error {}
}
