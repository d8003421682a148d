import Foundation
import Testing

/// The tutorial is a session: what stands in its blocks is what happens.
///
/// A block `remit NAME` is a file of that name; with `+` behind the name it is added to the file's end. A block
/// `console` holds commands after `$` and what they say below. `REMIT_RECORD=1` writes what they say anew and fails the
/// run, so that somebody looks.
///
/// It is played as a reader does, by the clock of the machine; the day and the time of playing are shown as those that
/// stand in the text.
@Suite struct TutorialTests {
    static let file = World.root.appendingPathComponent("Docs/tutorial.md")

    @Test func theTutorialIsASession() throws {
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        let session = try Session(
            program: Program.path, files: World.root.appendingPathComponent("no files to begin with"), clock: nil)
        var days = try session.run(Self.todayAsTyped).map(Self.plain)
        var played: [String] = []
        var block: Block?
        var commands = 0
        for line in written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            switch block {
            case nil:
                played.append(line)
                if line.hasPrefix("```") { block = Block(line.dropFirst(3)) }
            case .some where line == "```":
                if case .file(let name, let isAdded, let lines) = block {
                    try session.write(name, (isAdded ? "\n" : "") + lines.joined(separator: "\n") + "\n", isAdded)
                }
                played.append(line)
                block = nil
            case .file(let name, let isAdded, let lines):
                played.append(line)
                block = .file(name, isAdded, lines + [line])
            case .console:
                guard line.hasPrefix("$ ") else { continue }
                commands += 1
                played.append(line)
                let told = try session.run(String(line.dropFirst(2))).map(Self.plain)
                // Midnight may have passed since.
                days += try session.run(Self.todayAsTyped).map(Self.plain)
                played += told.map { Self.shown($0, days) }
            case .other: played.append(line)
            }
        }
        #expect(commands > 15)
        let text = played.joined(separator: "\n")
        guard ProcessInfo.processInfo.environment["REMIT_RECORD"] == nil else {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
            Issue.record("the tutorial was recorded anew: read what changed, and run the tests without REMIT_RECORD")
            return
        }
        let lines = written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (number, (expected, actual)) in zip(lines, played).enumerated() where expected != actual {
            Issue.record("tutorial.md:\(number + 1)\n  expected: \(expected)\n  actual:   \(actual)")
            return
        }
        #expect(lines.count == played.count)
    }

    /// The day as the commands of the text put it in.
    private static let todayAsTyped = "date +%F"

    /// A line with the day and the time of playing as the text has them.
    private static func shown(_ line: String, _ days: [String]) -> String {
        let time = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+08:00/
        return days.reduce(line.replacing(time, with: "2026-06-01 08:00:00 +08:00")) {
            $0.replacingOccurrences(of: $1, with: "2026-06-01")
        }
    }

    private enum Block {
        case file(String, Bool, [String])
        case console
        case other

        init(_ info: Substring) {
            let words = info.split(separator: " ")
            if words.first == "console" {
                self = .console
            } else if words.first == "remit", words.count > 1 {
                self = .file(String(words[1]), words.count > 2 && words[2] == "+", [])
            } else {
                self = .other
            }
        }
    }

    /// A line of a session without its mark; a status other than 0 in words.
    private static func plain(_ line: String) -> String {
        if line.hasPrefix("= ") { return "(ends with \(line.dropFirst(2)))" }
        return String(line.dropFirst(line.count > 1 ? 2 : 1))
    }
}

extension Session {
    /// Writes a file of the session's folder, or adds to it.
    func write(_ name: String, _ text: String, _ isAdded: Bool) throws {
        let file = place.appendingPathComponent(name)
        let before = isAdded ? try String(contentsOf: file, encoding: .utf8) : ""
        try (before + text).write(to: file, atomically: true, encoding: .utf8)
    }
}
