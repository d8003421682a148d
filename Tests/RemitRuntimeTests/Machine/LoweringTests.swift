import Foundation
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Every contract of the project has code, and its scenarios come out the same by it.
@Suite struct LoweringTests {
    /// What the machine has no words or instructions for, and leaves to the reference evaluator.
    static let awaited = [
        " of type map of ", " of type case of ", "for maps", "for cases of other contracts",
        "for seats in organisations that are worked out",
    ]

    /// The texts of all contract files, and of all blocks of the documents that are marked as contracts.
    static let sources: [(name: String, text: String)] = {
        let manager = FileManager.default
        var found: [(name: String, text: String)] = []
        for folder in ["Contracts", "Tests", "Docs"] {
            let root = Contracts.root.appendingPathComponent(folder)
            for case let file as URL in manager.enumerator(at: root, includingPropertiesForKeys: nil) ?? .init() {
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
                switch file.pathExtension {
                case "remit":
                    let whole = (try? Contracts.source(file)).map { String(decoding: $0.bytes, as: UTF8.self) }
                    found.append((file.lastPathComponent, whole ?? text))
                case "md":
                    for (index, block) in text.components(separatedBy: "```remit").dropFirst().enumerated() {
                        let lines = block.components(separatedBy: "```").first?.split(separator: "\n") ?? []
                        let body = lines.drop { !$0.hasPrefix("contract") }.joined(separator: "\n")
                        found.append(("\(file.lastPathComponent) \(index + 1)", body))
                    }
                default: break
                }
            }
        }
        return found.sorted { ($0.name, $0.text) < ($1.name, $1.text) }
    }()

    /// The programs of those that the checker accepts.
    static let programs: [(name: String, program: CheckedProgram)] = {
        let search = ContractSearch { sources.map { SourceText(name: $0.name, $0.text) } }
        return sources.compactMap { source in
            Compiler.compile(SourceText(name: source.name, source.text), find: search.find).program.map {
                (source.name, $0)
            }
        }
    }()

    @Test func everyContractHasCode() {
        #expect(Self.programs.count > 80)
        for (name, program) in Self.programs {
            guard let reason = ExecutableProgram(program).reasonForReference else { continue }
            #expect(Self.awaited.contains { reason.contains($0) }, "\(name): \(reason)")
        }
    }

    @Test func everyScenarioComesOutTheSame() throws {
        var transitions = 0
        var calls: Set<String> = []
        for (name, program) in Self.programs {
            let executable = ExecutableProgram(program)
            guard executable.reasonForReference == nil else { continue }
            let evaluator = Evaluator(executable)
            var differences: [String] = []
            let reference = Evaluator(program: program)
            _ = ScenarioRunner(program: program).run { request, world, traced in
                transitions += 1
                calls.insert("\(request.call)".prefix { $0 != "(" }.description)
                guard let found = try? evaluator.run(request, view: world),
                    let expected = try? reference.perform(request, view: world)
                else {
                    differences.append("handed over: \(request.call)")
                    return
                }
                for other in [found, traced] {
                    if let difference = Verdicts.difference(expected, other) { differences.append(difference) }
                }
            }
            #expect(differences == [], "\(name)")
        }
        #expect(transitions > 400)
        #expect(calls == ["action", "approve", "decline", "timer"])
    }
}
