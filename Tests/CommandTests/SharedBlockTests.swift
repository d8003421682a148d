import Foundation
import Testing

/// Many who submit at the same time share the blocks of one writer, and nobody is answered before the block is there.
@Suite(.serialized) struct SharedBlockTests {
    private static let writers = 10

    /// A ledger with so many storekeepers' customers, each with transactions that are signed and lie in files.
    private final class Stores {
        let session: Session
        var place: URL { session.place }

        init(each count: Int) throws {
            session = try Session(program: Program.path, files: ScriptTests.folder.appendingPathComponent("Files"))
            let said = try session.run(
                """
                set -e
                remit init --organisation hospital --administrator ann --unsafe-demo-keys --quiet
                sed '/let row/d;/row.beds/d' gloves.remit > small.remit
                remit deploy small.remit --quiet
                for w in $(seq \(writers)); do
                    remit key new w$w --unsafe-demo-key --quiet
                    remit person add w$w --key w$w --quiet
                    remit grant w$w WardSister --quiet
                    for n in $(seq \(count)); do
                        remit submit Gloves order ward=A size=small pairs=$n --as w$w --sign-only --sequence $n \
                            --out $n-$w.signed --quiet
                    done
                done > setup.txt 2>&1
                """)
            #expect(said.filter { $0.hasPrefix("=") } == [], "\(said)")
        }

        func line(_ round: Int, _ writer: Int) throws -> Data {
            try Data(contentsOf: place.appendingPathComponent("\(round)-\(writer).signed"))
        }

        /// Starts the program; what it writes comes out of the pipe.
        func start(_ arguments: [String], _ input: Pipe? = nil) throws -> (process: Process, output: Lines) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Program.path)
            process.arguments = arguments
            process.currentDirectoryURL = place
            process.environment = [
                "PATH": "/usr/bin:/bin", "REMIT_CLOCK": "2026-06-01T00:00:00Z", "REMIT_LEDGER": "ledger",
                "SWIFT_BACKTRACE": "enable=no", "LANG": "C.UTF-8",
            ]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            process.standardInput = input ?? FileHandle.nullDevice
            try process.run()
            return (process, Lines(output.fileHandleForReading))
        }

        /// The block of each transaction of a round as the ledger has it.
        func heights(_ round: Int) throws -> [String: Int] {
            let said = try session.run("remit send \(round)-*.signed --json --quiet")
            let text = try #require(said.first { $0.hasPrefix("> {") })
            let envelope = try JSONDecoder().decode(Envelope.self, from: Data(text.dropFirst(2).utf8))
            return try heights(envelope.result.transactions)
        }

        func heights(_ answers: [Answer]) throws -> [String: Int] {
            var heights: [String: Int] = [:]
            for answer in answers {
                let height: Int = try #require(answer.height)
                heights[answer.transaction] = height
            }
            return heights
        }

        func verify() throws {
            let said = try session.run("remit verify --replay --quiet")
            #expect(said.count == 1 && said[0].hasPrefix("> the chain is sound"), "\(said)")
        }
    }

    private struct Answer: Decodable {
        let transaction: String
        let height: Int?
    }

    private struct Envelope: Decodable {
        struct Result: Decodable { let transactions: [Answer] }
        let result: Result
    }

    /// Lines as a program writes them.
    private final class Lines {
        private let handle: FileHandle
        private var held = Data()

        init(_ handle: FileHandle) { self.handle = handle }

        /// The next line, once it is there; nil at the end.
        func next() -> String? {
            while true {
                if let end = held.firstIndex(of: 0x0A) {
                    let line = String(decoding: held[..<end], as: UTF8.self)
                    held = Data(held[held.index(after: end)...])
                    return line
                }
                let more = handle.availableData
                if more.isEmpty { return nil }
                held += more
            }
        }

        func answer() throws -> Answer {
            try JSONDecoder().decode(Answer.self, from: Data(try #require(next()).utf8))
        }
    }

    /// Runs something once for each writer, all at the same time.
    private func together(_ body: @escaping @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: Self.writers) { body($0 + 1) }
    }

    @Test func writersOfOnePipeShareBlocks() throws {
        let stores = try Stores(each: 4)
        let input = Pipe()
        let (process, output) = try stores.start(["send", "-", "--json", "--quiet"], input)
        let pipe = input.fileHandleForWriting

        // One is answered while the pipe is open, and is in the ledger by then for everybody who reads it.
        try pipe.write(contentsOf: stores.line(1, 1))
        let first = try output.answer()
        let known = try stores.session.run("remit why \(first.transaction) --quiet")
        let height = try #require(first.height)
        #expect(known.contains { $0.contains("block \(height)") }, "\(known)")

        // What is no transaction is said to be none, and keeps nobody else from being answered.
        try pipe.write(contentsOf: Data("nonsense\n".utf8))
        #expect(try #require(output.next()).contains("standard input:2: this is no signed transaction"))

        let lines = try (1...Self.writers).map { try stores.line(2, $0) }
        let rest = try (2...Self.writers).map { try stores.line(1, $0) }.reduce(Data(), +)
        try pipe.write(contentsOf: rest)
        together { try? pipe.write(contentsOf: lines[$0 - 1]) }
        var answers = [first]
        for _ in 1..<2 * Self.writers { answers.append(try output.answer()) }
        try pipe.close()
        #expect(output.next() == "{\"remit\":1,\"command\":\"send\",\"result\":{\"done\":20,\"sent\":21}}")
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        let told = try stores.heights(answers)
        #expect(told.count == 2 * Self.writers)
        #expect(Set(told.values).count < told.count, "\(told.values.sorted())")
        #expect(try stores.heights(1).merging(stores.heights(2)) { $1 } == told)

        try killInTheMiddle(stores)
        try fillTheDisk(stores)
        try stores.verify()
    }

    /// Where the disk takes no more, that is said, and whatever was answered before is in the ledger.
    private func fillTheDisk(_ stores: Stores) throws {
        var failures = 0
        for limit in [60, 100, 150, 200, 250, 300, 400, 1000] {
            let said = try stores.session.run(
                """
                rm -rf full; cp -r ledger full; trap '' XFSZ; cat 4-*.signed > all.txt
                (ulimit -f \(limit); remit send - --json --quiet --ledger full < all.txt > told.txt 2> why.txt); echo $?
                head -n 1 why.txt; grep '"height"' told.txt; remit send 4-*.signed --quiet --ledger full | grep -c block
                remit verify --replay --quiet --ledger full
                """)
            let isWhole = said[0] == "> 0"
            #expect(isWhole || (said[0] == "> 4" && said[1].contains("error: ")), "\(said)")
            if !isWhole { failures += 1 }
            let told = try said.filter { $0.contains("\"height\"") && $0.hasPrefix("> {\"transaction") }
                .map { try JSONDecoder().decode(Answer.self, from: Data($0.dropFirst(2).utf8)) }
            let kept = try stores.session.run("remit send 4-*.signed --json --quiet --ledger full")
            let envelope = try JSONDecoder().decode(
                Envelope.self, from: Data(try #require(kept.first { $0.hasPrefix("> {") }).dropFirst(2).utf8))
            let heights = try stores.heights(envelope.result.transactions)
            for (transaction, height) in try stores.heights(told) { #expect(heights[transaction] == height) }
            #expect(said.last?.hasPrefix("> the chain is sound") ?? false, "\(said)")
        }
        #expect(failures > 0)
    }

    /// Whatever was answered before the process was killed is in the ledger, in the block that was told.
    private func killInTheMiddle(_ stores: Stores) throws {
        let input = Pipe()
        let (process, output) = try stores.start(["send", "-", "--json", "--quiet"], input)
        let lines = try (1...Self.writers).map { try stores.line(3, $0) }
        together { try? input.fileHandleForWriting.write(contentsOf: lines[$0 - 1]) }
        var answers = [try output.answer()]
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        while let line = output.next() {
            // The last line may be cut.
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line.utf8)) else { break }
            answers.append(answer)
        }
        let told = try stores.heights(answers)
        let kept = try stores.heights(3)
        #expect(kept.count == Self.writers)
        for (transaction, height) in told { #expect(kept[transaction] == height) }
    }

    @Test func filesThatArriveShareBlocks() throws {
        let stores = try Stores(each: 2)
        let inbox = stores.place.appendingPathComponent("inbox")
        try FileManager.default.createDirectory(at: inbox, withIntermediateDirectories: true)
        func answers(_ round: Int) throws -> [Answer] {
            try (1...Self.writers).compactMap { writer in
                let file = inbox.appendingPathComponent("\(round)-\(writer).signed.answer")
                return try (try? Data(contentsOf: file)).map { try JSONDecoder().decode(Answer.self, from: $0) }
            }
        }
        func put(_ round: Int) {
            let place = stores.place
            together { writer in
                let name = "\(round)-\(writer).signed"
                try? FileManager.default.copyItem(
                    at: place.appendingPathComponent(name), to: inbox.appendingPathComponent(name + ".draft"))
                _ = rename(inbox.path + "/\(name).draft", inbox.path + "/\(name)")
            }
        }
        func wait(_ round: Int, for count: Int) throws -> [Answer] {
            while true {
                let found = try answers(round)
                if found.count >= count { return found }
                usleep(1000)
            }
        }
        // An hour passes before it looks again by itself: it is told of each file.
        let watching = ["tick", "--watch", "--inbox", "inbox", "--every", "3600", "--quiet"]
        // Nobody reads what it says: that is little.
        let (first, output) = try stores.start(watching)
        defer { withExtendedLifetime(output) {} }
        put(1)
        let told = try stores.heights(wait(1, for: Self.writers))
        #expect(told.count == Self.writers)
        #expect(Set(told.values).count < told.count, "\(told.values.sorted())")
        // The ledger is free for others meanwhile.
        #expect(try stores.session.run("remit organisation add other --quiet --json").count == 1)
        #expect(try stores.heights(1) == told)

        put(2)
        let before = try wait(2, for: 1)
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        let (second, _) = try stores.start(["tick", "--inbox", "inbox", "--quiet"])
        second.waitUntilExit()
        #expect(second.terminationStatus == 0)
        let after = try stores.heights(answers(2))
        #expect(after.count == Self.writers)
        for (transaction, height) in try stores.heights(before) { #expect(after[transaction] == height) }
        #expect(try stores.heights(2) == after)
        try stores.verify()
    }
}
