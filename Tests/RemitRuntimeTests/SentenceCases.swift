import Foundation
import Testing

/// The sentences of "What holds" in the language reference, and the cases that show them.
enum Sentences {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Sentences")

    /// A case: what it quotes, and a contract with what must come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let line: Int
        /// `holds`, `compiles`, `fails`, `warns` or `shown`.
        let kind: String
        /// The codes of `fails` and `warns`; the file of `shown`.
        let words: [String]
        /// Behind the file of `shown`: the test.
        let test: String
        let quotes: [String]
        let text: String

        var testDescription: String { "\(file):\(line) \(kind)" }
    }

    /// The list in the reference, each sentence on one line.
    static var stated: [String] {
        let file = Contracts.root.appendingPathComponent("Docs/language.md")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let section =
            text.components(separatedBy: "\n## What holds\n").last?.components(separatedBy: "\n## ").first ?? ""
        var sentences: [String] = []
        for line in section.components(separatedBy: "\n") {
            if line.hasPrefix("- ") {
                sentences.append(String(line.dropFirst(2)))
            } else if line.hasPrefix("  "), let last = sentences.popLast() {
                sentences.append(last + " " + line.dropFirst(2))
            }
        }
        return sentences
    }

    static let cases: [Case] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".cases") }.sorted().flatMap { read($0) }
    }()

    private static func read(_ name: String) -> [Case] {
        let text = (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
        var head = ""
        var found: [Case] = []
        var part: (line: Int, title: [String], lines: [String])?
        func finish() {
            guard let part, let kind = part.title.first else { return }
            let quotes = part.lines.prefix { $0.hasPrefix("> ") }
            let body = part.lines.dropFirst(quotes.count).joined(separator: "\n") + "\n"
            if kind == "with" {
                head = body
                return
            }
            let isShown = kind == "shown"
            found.append(
                Case(
                    file: name, line: part.line, kind: kind,
                    words: Array(isShown ? part.title[1..<2] : part.title[1...]),
                    test: isShown ? part.title.dropFirst(2).joined(separator: " ") : "",
                    quotes: quotes.map { String($0.dropFirst(2)) }, text: isShown ? "" : head + body))
        }
        for (number, line) in text.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("~~~~ ") {
                finish()
                part = (number + 1, line.dropFirst(5).split(separator: " ").map(String.init), [])
            } else {
                part?.lines.append(line)
            }
        }
        finish()
        return found
    }
}
