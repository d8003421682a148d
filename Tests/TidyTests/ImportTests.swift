import Testing

/// SwiftPM lets a target import a sibling that it never declared; this table is what the architecture allows.
private let allowedImports: [String: Set<String>] = [
    "RemitValues": [],
    "RemitLanguage": ["RemitValues"],
    "RemitRuntime": ["RemitLanguage", "RemitValues"],
    "RemitAnalysis": ["RemitLanguage", "RemitRuntime", "RemitValues"],
    "RemitLedger": ["RemitValues", "Crypto"],
    "RemitStore": ["RemitLedger", "RemitValues", "CSQLite", "Glibc", "Synchronization"],
    "RemitExchange": ["RemitValues", "CZlib", "Glibc"],
    "RemitEditor": ["RemitAnalysis", "RemitExchange", "RemitLanguage", "RemitRuntime", "RemitValues"],
    "RemitNode": [
        "RemitValues", "RemitLanguage", "RemitRuntime", "RemitAnalysis", "RemitLedger", "RemitStore", "RemitExchange",
        "Dispatch", "Synchronization",
    ],
    "remit": [
        "RemitValues", "RemitLanguage", "RemitRuntime", "RemitAnalysis", "RemitLedger", "RemitStore", "RemitExchange",
        "RemitEditor", "RemitNode", "ArgumentParser", "Foundation", "Glibc", "Dispatch", "Synchronization",
    ],
]

/// Modules that are the same on every machine and at every time: no clock, chance, environment or files.
private let pureModules = [
    "RemitValues", "RemitLanguage", "RemitRuntime", "RemitAnalysis", "RemitLedger", "RemitEditor",
]

private let impureWords = [
    "Foundation", "Glibc", "ProcessInfo", "FileManager", "Date()", "ContinuousClock", "SuspendingClock",
    "SystemRandomNumberGenerator", ".random(in:", ".random()", ".shuffled()", "CommandLine", "getenv", "fopen(",
    "print(",
]

private func module(of path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : nil
}

@Test func importsFollowTheTable() throws {
    for file in try House.swiftFiles(under: "Sources") {
        guard let module = module(of: file.path), let allowed = allowedImports[module] else {
            Issue.record("\(file.path) is in no module that the import table knows")
            continue
        }
        for line in file.lines {
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1,
                index == 0 || ["public", "internal", "private", "fileprivate", "@testable"].contains(words[0])
            else { continue }
            let name = String(words[index + 1])
            #expect(allowed.contains(name), "\(file.path) imports \(name), which the table does not allow")
        }
    }
}

@Test func everyModuleOfTheTableIsThere() throws {
    let present = Set(try House.swiftFiles(under: "Sources").compactMap { module(of: $0.path) })
    #expect(present == Set(allowedImports.keys))
}

@Test func pureModulesTouchNothingOutside() throws {
    for module in pureModules {
        for file in try House.swiftFiles(under: "Sources/\(module)") {
            for (number, line) in file.lines.enumerated() {
                let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
                for word in impureWords where code.contains(word) {
                    Issue.record("\(file.path):\(number + 1) uses `\(word)` in a pure module")
                }
            }
        }
    }
}
