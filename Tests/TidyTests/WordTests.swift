import Foundation
import Testing

/// What may not stand in Sources: it can trap on input, or admits something unfinished.
private let bannedWords = [
    "fatalError(", "try!", "as!", "unsafelyUnwrapped", "TODO", "FIXME", "XXX", "not implemented",
]

@Test func noBannedWords() throws {
    for file in try House.swiftFiles(under: "Sources") {
        for (number, line) in file.lines.enumerated() {
            for word in bannedWords where line.contains(word) {
                Issue.record("\(file.path):\(number + 1) holds `\(word)`")
            }
        }
    }
}

@Test func everyDiagnosticHasAPage() throws {
    var codes: Set<String> = []
    let number = try Regex("DiagnosticCode\\(\\s*\"(R[0-9]{4})\"", as: (Substring, Substring).self)
    for file in try House.swiftFiles(under: "Sources") {
        for match in file.text.matches(of: number) {
            #expect(codes.insert(String(match.output.1)).inserted, "\(match.output.1) is given twice")
        }
    }
    #expect(codes.count > 20)
    for code in codes.sorted() {
        let page = House.root.appendingPathComponent("Docs/errors/\(code).md")
        #expect(FileManager.default.fileExists(atPath: page.path), "\(code) has no page under Docs/errors")
    }
    let pages = try FileManager.default.contentsOfDirectory(
        atPath: House.root.appendingPathComponent("Docs/errors").path)
    for page in pages where page.hasPrefix("R") {
        #expect(codes.contains(String(page.dropLast(3))), "Docs/errors/\(page) is the page of no code")
    }
}

@Test func limitsStandInOneTable() throws {
    for file in try House.swiftFiles(under: "Sources") where !file.path.hasSuffix("RemitValues/Limits.swift") {
        #expect(!file.text.contains("extension Limits"), "\(file.path) adds to the table of limits from outside")
    }
}
