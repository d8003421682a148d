import Foundation
import RemitAnalysis
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// What the language means, sentence by sentence: each is quoted by a case that shows it, from both sides where there
/// is something that it forbids.
@Suite struct SentenceTests {
    /// Sentences about what this version does not have yet.
    static let awaited: Set<String> = []

    @Test func everySentenceIsQuoted() {
        let stated = Sentences.stated
        #expect(stated.count >= 50)
        #expect(Set(stated).count == stated.count)
        let quoted = Set(Sentences.cases.filter { $0.kind != "fails" && $0.kind != "warns" }.flatMap(\.quotes))
        for sentence in stated where quoted.contains(sentence) == Self.awaited.contains(sentence) {
            Issue.record("\(quoted.contains(sentence) ? "no longer awaited" : "no case shows"): \(sentence)")
        }
        for entry in Sentences.cases {
            for quote in entry.quotes where !stated.contains(quote) {
                Issue.record("\(entry.testDescription) quotes what is not stated: \(quote)")
            }
        }
    }

    @Test(arguments: Sentences.cases) func theCaseShowsIt(_ entry: Sentences.Case) throws {
        #expect(!entry.quotes.isEmpty)
        switch entry.kind {
        case "shown": try isShown(entry)
        case "holds", "compiles": try holds(entry)
        case "fails": #expect(Self.codes(entry, .error) == entry.words.sorted())
        case "warns":
            #expect(Self.codes(entry, .error) == [])
            #expect(Set(Self.codes(entry, .warning)).isSuperset(of: entry.words))
        default: Issue.record("there are no cases called \(entry.kind)")
        }
    }

    private static func codes(_ entry: Sentences.Case, _ severity: Severity) -> [String] {
        let compilation = Compiler.compile(SourceText(name: entry.file, entry.text))
        let found = compilation.diagnostics + analyse(compilation)
        return Set(found.filter { $0.severity == severity }.map(\.code.number)).sorted()
    }

    private func holds(_ entry: Sentences.Case) throws {
        let source = SourceText(name: entry.file, entry.text)
        let compilation = Compiler.compile(source)
        let errors = (compilation.diagnostics + analyse(compilation)).filter { $0.severity == .error }.map {
            "\(Contracts.place($0.primary.span, source)) \($0.code.number) \($0.message)"
        }
        let compiled = compilation.program
        let program = try #require(compiled, "\(errors)")
        #expect(errors == [])
        #expect(program.scenarios.isEmpty == (entry.kind == "compiles"))
        // Whatever shows a sentence shows it by both evaluators, and at one price.
        let (reference, machine) = (Evaluator(program: program), Evaluator(ExecutableProgram(program)))
        let run = ScenarioRunner(program: program).run { request, world, _ in
            guard let expected = try? reference.perform(request, view: world),
                let found = try? machine.perform(request, view: world)
            else { return }
            if let difference = Verdicts.difference(expected, found) {
                Issue.record("\(entry.testDescription), \(request.call): \(difference)")
            }
        }
        for result in run.results {
            for failure in result.failures {
                let place = Contracts.place(failure.span, source)
                let sides = [failure.expected, failure.actual].compactMap { $0 }.joined(separator: " / ")
                Issue.record("\(place) \(result.title): \(failure.message) \(sides)")
            }
        }
    }

    /// A test elsewhere: its file holds it, and quotes the sentence in a comment.
    private func isShown(_ entry: Sentences.Case) throws {
        let path = try #require(entry.words.first)
        let text = try String(contentsOf: Contracts.root.appendingPathComponent(path), encoding: .utf8)
        let declaration = path.hasSuffix(".swift") ? "func \(entry.test)(" : "scenario \"\(entry.test)\""
        #expect(text.contains(declaration), "\(path) has no \(entry.test)")
        let comments = text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("//") }.map { $0.drop { $0 == "/" || $0 == " " } }.joined(separator: " ")
        for quote in entry.quotes { #expect(comments.contains(quote), "\(path) does not quote: \(quote)") }
    }

    /// "all run even if one faults; then the transition is refused with all faults and findings."
    @Test func aRefusalTellsAllFaultsAndFindings() throws {
        let text = """
            contract Small version 1
              title "Small"
            role Clerk
            case { n : Integer }
            final state done
            checks screening {
              deny "A" "Nothing"   when n < 1
              deny "B" "Quotient"  when (10 / n rounded down to 0 places) > 3
              deny "C" "Remainder" when (20 / n rounded down to 0 places) > 3
              pend "D" "Little"    when n < 5
            }
            action file opens done by Clerk enters n {
              run screening
              become done
            }
            """
        let program = try #require(Compiler.compile(SourceText(name: "small", text)).program)
        let ma = Party(.person, "ma")
        let now = try #require(Instant(seconds: 0))
        let request = Request(
            call: .action(0), actor: ma, organisation: OneClerk().home, now: now, arguments: [.integer(0)],
            existing: nil, newReference: "Small/1")
        let transition = try Evaluator(program: program).perform(request, view: OneClerk(), tracing: true)
        guard case .refused(let refusal) = transition.outcome else {
            Issue.record("it was done")
            return
        }
        #expect(
            refusal.text == "a check could not be evaluated: B: the divisor is zero; C: the divisor is zero")
        let told = TraceNarrator(program: program, source: Array(text.utf8)).sentences(transition)
        #expect(told.contains("The check B could not be evaluated: the divisor is zero."))
        #expect(transition.findings.map(\.code) == ["A", "D"])
        let faults = (transition.trace?.entries ?? []).compactMap { entry -> Int? in
            if case .checkFaulted(let clause, _, _) = entry.event { clause } else { nil }
        }
        #expect(faults == [1, 2])
    }
}

/// A state in which everybody holds every role at home.
struct OneClerk: StateView {
    let home = Party(.organisation, "home")
    func row(register: Int, keys: [Value]) -> [Value]? { nil }
    func caseHolding(unique: Int, key: [Value]) -> TextValue? { nil }
    func holds(role: Int, person: Party, organisation: Party) -> Bool { organisation == home }
    func isMember(_ person: Party, of organisation: Party) -> Bool { organisation == home }
}
