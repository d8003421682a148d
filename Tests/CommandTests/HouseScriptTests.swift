import Foundation
import Testing

/// The scripts of the house, run with a `swift` that builds nothing and a `remit` that writes what it is told.
@Suite struct HouseScriptTests {
    private static let scripts = World.root.appendingPathComponent("scripts")

    /// A folder with programs that stand in for the real ones, first in the path.
    private final class Stage {
        let folder: URL

        init(remit: String = "exit 0", tests: String = "exit 0") throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("remit-house-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try program("swift", "for word; do [ \"$word\" = --show-bin-path ] && echo '\(folder.path)'; done; exit 0")
            try program("cc", "exit 0")
            try program("remit", remit)
            try program("remitPackageTests.xctest", tests)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        private func program(_ name: String, _ body: String) throws {
            let place = folder.appendingPathComponent(name)
            try "#!/bin/sh\n\(body)\n".write(to: place, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path)
        }

        /// Runs a script; its exit status and what it wrote.
        func run(_ script: String, _ settings: [String: String] = [:]) throws -> (status: Int32, text: String) {
            let process = Process()
            process.executableURL = HouseScriptTests.scripts.appendingPathComponent(script)
            process.environment = ["PATH": folder.path + ":/usr/bin:/bin"].merging(settings) { $1 }
            let output = folder.appendingPathComponent("output")
            try Data().write(to: output)
            let handle = try FileHandle(forWritingTo: output)
            process.standardOutput = handle
            process.standardError = handle
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
        }
    }

    @Test func everyScriptCanBeRun() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.scripts.path)
            .filter { $0.hasSuffix(".sh") || $0.hasSuffix(".py") }
        #expect(names.count > 10)
        for name in names {
            #expect(
                FileManager.default.isExecutableFile(atPath: Self.scripts.appendingPathComponent(name).path), "\(name)")
        }
    }

    @Test(arguments: ["long-chain.sh", "bench-ledger.sh"])
    func aFolderThatIsNamedIsLeftAsItWas(_ script: String) throws {
        // What it measures memory with.
        guard script != "long-chain.sh" || StrangerTests.isTherePython else { return }
        let stage = try Stage(remit: "echo '{\"sound\":true}'")
        let place = stage.folder.appendingPathComponent("mine")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try "kept".write(to: place.appendingPathComponent("letter"), atomically: true, encoding: .utf8)
        let (status, text) = try stage.run(script, ["FOLDER": place.path, "BLOCKS": "10"])
        #expect(status == 0, "\(text)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["letter"])
    }

    @Test func mutantsWantAllFiveComparisons() throws {
        func run(_ lines: Int) throws -> Int32 {
            let line = "chains: seed 1, 10 mutants, 0 disagreements"
            let tests = (0..<lines).map { _ in "echo '\(line)'" }.joined(separator: "\n")
            let stage = try Stage(tests: tests)
            return try stage.run("mutants.sh", ["MUTANTS": "10", "PROGRESS": stage.folder.path]).status
        }
        #expect(try run(5) == 0)
        #expect(try run(4) == 1)
    }

    @Test func buildsAreComparedInEveryRun() throws {
        let equal = "echo '{\"head\":\"abc\"}'"
        let (status, text) = try Stage(remit: equal).run("compare-builds.sh")
        #expect(status == 0 && text.hasSuffix("equal in 8 runs\n"), "\(text)")
        // One language, one verb, or no answer at all.
        for other in [
            "echo \"{\\\"head\\\":\\\"$(case $LANG in tr*) echo abd;; *) echo abc;; esac)\\\"}\"",
            "case \"$1 $TZ\" in 'print Asia/Shanghai') echo other;; *) \(equal);; esac",
            "case \"$1\" in verify) ;; *) \(equal);; esac", "case \"$1\" in print) exit 1;; *) \(equal);; esac",
        ] {
            #expect(try Stage(remit: other).run("compare-builds.sh").status != 0, "\(other)")
        }
    }
}
