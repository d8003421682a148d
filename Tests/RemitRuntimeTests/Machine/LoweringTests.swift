import Foundation
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Every contract of the project has code, and its scenarios come out the same by it.
@Suite struct LoweringTests {
    /// A contract's text, and the folder or document that it stands in.
    private struct Source {
        let name: String
        let text: String
        let place: String
    }

    /// The texts of all contract files, and of all blocks of the documents that are marked as contracts.
    private static let sources: [Source] = {
        let manager = FileManager.default
        var found: [Source] = []
        for folder in ["Contracts", "Tests", "Docs"] {
            let root = Contracts.root.appendingPathComponent(folder)
            for case let file as URL in manager.enumerator(at: root, includingPropertiesForKeys: nil) ?? .init() {
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
                let name = file.lastPathComponent
                switch file.pathExtension {
                case "remit":
                    let whole = (try? Contracts.source(file)).map { String(decoding: $0.bytes, as: UTF8.self) }
                    found.append(
                        Source(name: name, text: whole ?? text, place: file.deletingLastPathComponent().path))
                case "md":
                    for (index, block) in text.components(separatedBy: "```remit").dropFirst().enumerated() {
                        let lines = block.components(separatedBy: "```").first?.split(separator: "\n") ?? []
                        let body = lines.drop { !$0.hasPrefix("contract") }.joined(separator: "\n")
                        found.append(Source(name: "\(name) \(index + 1)", text: body, place: file.path))
                    }
                default: break
                }
            }
        }
        return found.sorted { ($0.name, $0.text) < ($1.name, $1.text) }
    }()

    /// The programs of those that the checker accepts; what one refers to is sought near it first.
    static let programs: [(name: String, program: CheckedProgram)] = {
        let everything = sources.map { SourceText(name: $0.name, $0.text) }
        return sources.compactMap { source in
            let near = sources.filter { $0.place == source.place || $0.place == source.place + "/beside" }
            let search = ContractSearch { near.map { SourceText(name: $0.name, $0.text) } + everything }
            return Compiler.compile(SourceText(name: source.name, source.text), find: search.find).program.map {
                (source.name, $0)
            }
        }
    }()

    /// What is widened may be of a type that nothing before it has.
    @Test(arguments: ["rate * size(names) > 2.0", "size(names) * rate > 2.0", "rate * (year of day) > 2.0"])
    func theFirstWholeNumberMayBeAFactor(condition: String) throws {
        let text = """
            contract Small version 1
              title "Small"
            role Clerk
            case { rate : Decimal names : list of Text(8) (3) day : Date holds : Boolean starts no }
            final state done
            action file opens done by Clerk enters rate, names, day { set holds to \(condition) }
            """
        let program = try #require(Compiler.compile(SourceText(name: "small", text)).program)
        #expect(ExecutableProgram(program).reasonForReference == nil)
    }

    @Test func everyContractHasCode() {
        #expect(Self.programs.count > 80)
        for (name, program) in Self.programs {
            let reason = ExecutableProgram(program).reasonForReference
            #expect(reason == nil, "\(name)")
        }
    }

    @Test func everyScenarioComesOutTheSame() throws {
        var transitions = 0
        var calls: Set<String> = []
        for (name, program) in Self.programs {
            let executable = ExecutableProgram(program)
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
