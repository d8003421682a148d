import Foundation
import Glibc

/// Finds the files that come with Remit, such as contracts and mappings.
enum Checkout {
    /// The path of a file of the project: sought from the working folder upwards, then from the program upwards.
    static func find(_ name: String) throws(CommandFailure) -> String {
        for start in starts() {
            var folder = URL(fileURLWithPath: start, isDirectory: true).standardizedFileURL
            for _ in 0..<16 {
                let place = folder.appendingPathComponent(name).path
                if Files.exists(place) { return place }
                let parent = folder.deletingLastPathComponent()
                if parent.path == folder.path { break }
                folder = parent
            }
        }
        throw .files("cannot find \(name), which comes with Remit", hint: "run this in the folder of the project")
    }

    private static func starts() -> [String] {
        var starts = [FileManager.default.currentDirectoryPath]
        if let program = realpath("/proc/self/exe", nil) {
            starts.append(URL(fileURLWithPath: String(cString: program)).deletingLastPathComponent().path)
            free(program)
        }
        return starts
    }
}
