import Foundation
import RemitLanguage
import RemitValues
import Testing

@testable import RemitAnalysis
@testable import RemitRuntime

/// Two versions of a small contract, of which every case is decided by both.
struct ComparedCases {
    let old: CheckedProgram
    let new: CheckedProgram
    let comparison: PolicyComparison
    private let asksToday: Bool

    init(_ first: String, _ second: String) throws {
        func checked(_ text: String) throws -> (CheckedProgram, SourceText) {
            let source = SourceText(name: "small", text)
            let compilation = Compiler.compile(source)
            let wrong = compilation.diagnostics.filter { $0.severity == .error }.map(\.message)
            return (try #require(compilation.program, "\(wrong)\n\(text)"), source)
        }
        let (old, oldSource) = try checked(first)
        let (new, newSource) = try checked(second)
        asksToday = first.contains("today")
        self.old = old
        self.new = new
        comparison = .compare(old: old, oldSource: oldSource, new: new, newSource: newSource)
    }

    /// Inputs by name, with what each of them may be here.
    typealias Point = [String: Value]

    static func numbers(_ range: ClosedRange<Int64>) -> [Value] { range.map { .integer($0) } }

    /// The values that an input has in these tests, by its type: fewer where there are many inputs.
    private static func values(_ type: ValueType, _ program: CheckedProgram, isMany: Bool) -> [Value] {
        switch type {
        case .boolean: [.boolean(true), .boolean(false)]
        case .integer: numbers(isMany ? 0...5 : -2...9)
        case .enumeration(let index): program.enumerations[index].cases.map { .enumeration(TextValue($0)) }
        case .optional(let inner):
            [.absent]
                + values(inner, program, isMany: false).enumerated().filter { !isMany || $0.offset % 4 == 1 }
                .map(\.element)
        case .text: ["a", "b", "c"].map { .text($0) }
        case .date:
            [-1, 1].compactMap { days in
                CalendarDate(year: 2026, month: 1, day: 1).flatMap { try? $0.adding(days: days) }.map(Value.date)
            }
        case .list(let element, _): [.list([]), .list([values(element, program, isMany: false)[5]])]
        default: []
        }
    }

    /// All cases of an action, on a case that is there or to open one: what the fields and parameters may be.
    func points(of action: ActionDeclaration) -> [Point] {
        var points: [Point] = [[:]]
        var inputs = action.parameters.map { ($0.name, $0.type) }
        for (index, field) in new.caseFields.enumerated()
        where action.enters.contains(index) || (!action.states.isEmpty && field.starts == nil) {
            inputs.append((field.name, field.type))
        }
        let day = CalendarDate(year: 2026, month: 1, day: 2)
        points = points.map { point in point.merging(day.map { ["today": .date($0)] } ?? [:]) { $1 } }
        if asksToday { inputs.append(("today", .date)) }
        for (name, type) in inputs {
            points = points.flatMap { point in
                Self.values(type, new, isMany: inputs.count > 4).map { value in point.merging([name: value]) { $1 } }
            }
        }
        return points
    }

    /// What one version decides on a case, in words; nil where there is no such case.
    func decision(_ program: CheckedProgram, _ name: String, _ point: Point) throws -> [String]? {
        let place = try #require(program.actions.firstIndex { $0.name == name })
        let action = program.actions[place]
        let inputs = action.enters.map { program.caseFields[$0] } + action.parameters
        let home = Party(.organisation, "home")
        guard case .date(let today)? = point["today"] else { return nil }
        let now = try #require(Instant(date: today, hour: 9, minute: 0, offset: 0))
        var existing: CaseState?
        if action.opens.isEmpty {
            let fields = program.caseFields.map { point[$0.name] ?? $0.starts ?? .absent }
            var place = action.states[0]
            if case .enumeration(let name)? = point["case"] {
                place = try #require(program.states.firstIndex { TextValue($0.name) == name })
            }
            let state = CaseState(
                reference: "Small/1", state: place, revision: 1, fields: fields,
                checks: program.checks.map { _ in nil })
            guard try holds(state, program, now) else { return nil }
            existing = state
        }
        let request = Request(
            action: place, actor: Party(.person, "anna"), organisation: home, now: now,
            arguments: inputs.map { point[$0.name] ?? .absent }, existing: existing, newReference: "Small/1")
        let transition = try Evaluator(program: program).perform(request, view: Everybody(home: home))
        var words = transition.findings.map { "\($0.severity) \($0.code) \($0.text)" }
        switch transition.outcome {
        case .refused(let refusal): words.append("refused \(refusal.reason) \(refusal.code ?? "") \(refusal.text)")
        case .done(let effects):
            words += [program.states[effects.caseState.state].name]
            words += effects.caseState.fields.map(\.description)
        }
        return words
    }

    /// Whether a case breaks no invariant, as an action that changes nothing shows.
    private func holds(_ state: CaseState, _ program: CheckedProgram, _ now: Instant) throws -> Bool {
        let view = Everybody(home: Party(.organisation, "home"))
        let request = Request(
            action: -1, actor: Party(.person, "anna"), organisation: view.home, now: now, arguments: [],
            existing: state, newReference: "Small/1")
        let machine = Machine(program: program, view: view, request: request, stepLimit: 100_000, tracing: false)
        return program.invariants.allSatisfy { (try? machine.test($0.condition)) ?? false }
    }

    struct Everybody: StateView {
        let home: Party
        func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? { nil }
        func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }
        func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }
        func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool { true }
    }

    // MARK: What is told

    /// Regions as lines.
    var lines: [String] {
        comparison.differences.flatMap { found in
            let region = found.region.map { "\($0.input): \($0.values)" }.joined(separator: "; ")
            let example = found.example.map { "\($0.input) is \($0.value)" }.joined(separator: ", ")
            return ["\(found.subject) \(found.name)", "[\(region)] \(found.before) -> \(found.after)"]
                + (found.example.isEmpty ? [] : ["(\(example))"]) + Self.ends(of: found)
        }
            + comparison.unresolved.flatMap { found in
                ["\(found.subject) \(found.name)", "- \(found.before)", "+ \(found.after)"]
                    + Self.ends(of: found)
            }
    }

    /// What both versions decide on an example; why there is none, and what the rule alone gives then.
    private static func ends(of found: PolicyDifference) -> [String] {
        var lines: [String] = []
        if let decided = found.decided {
            lines += [
                "old: \(decided.before.joined(separator: "; "))", "new: \(decided.after.joined(separator: "; "))",
            ]
        }
        if let opened = found.decided?.opened { lines.append("opened by \(opened)") }
        if let one = found.oneVersion {
            let taker = one.isOld ? "old" : "new"
            lines.append("\(one.action) of the \(taker) version alone: \(one.input.input) is \(one.input.value)")
            lines += ["\(taker): \(one.decided)", one.problem]
        }
        if let reason = found.reason { lines.append(found.example.isEmpty ? "without an example: \(reason)" : reason) }
        if let rule = found.ruleExample {
            let inputs = rule.inputs.map { "\($0.input) is \($0.value)" }.joined(separator: ", ")
            lines.append("\(rule.rule) alone: \(inputs): \(rule.before) -> \(rule.after)")
        }
        return lines
    }

    /// A point with what an example says; nil where the two do not go together.
    func completed(
        _ action: String, _ point: Point, _ example: [PolicyDifference.Assignment]
    ) -> (point: Point, isWhole: Bool)? {
        var point = point
        var isWhole = true
        for assignment in example {
            if assignment.input == "the action" {
                if assignment.value != action { return nil }
                continue
            }
            let input = assignment.input == "the day" ? "today" : assignment.input
            let value = point[input]
            switch assignment.value {
            case "present": if value == .absent { return nil }
            case "absent": point[input] = .absent
            case "empty": point[input] = .list([])
            case "not empty": if value == .list([]) { return nil }
            case let text:
                if let read = read(text, input, of: action) { point[input] = read } else { isWhole = false }
            }
        }
        return (point, isWhole)
    }

    private func read(_ text: String, _ input: String, of action: String) -> Value? {
        func read(_ type: ValueType) -> Value? {
            if case .optional(let inner) = type { return text == "absent" ? .absent : read(inner) }
            return switch type {
            case .integer: Int64(text).map(Value.integer)
            case .boolean: .boolean(text == "yes")
            case .date: CalendarDate.parse(text).map(Value.date)
            case .enumeration: .enumeration(TextValue(text))
            case .text: .text(TextValue(text.replacingOccurrences(of: "\"", with: "")))
            case .list(.integer, _):
                .list(text.split { "[], ".contains($0) }.compactMap { Int64($0) }.map(Value.integer))
            default: nil
            }
        }
        if input == "today" { return read(.date) }
        if input == "case" { return .enumeration(TextValue(text)) }
        let given = new.actions.first { $0.name == action }?.parameters ?? []
        return (new.caseFields + given).first { $0.name == input }.flatMap { read($0.type) }
    }

    /// Whether a point lies in a region; nil where that cannot be told from the region's words.
    static func lies(_ point: Point, in region: [PolicyDifference.Condition]) -> Bool? {
        for condition in region {
            if let value = point[condition.input] {
                guard contains(condition.values, value) else { return false }
            } else if condition.input.hasSuffix(" is present") {
                let name = String(condition.input.dropLast(" is present".count))
                guard let value = point[name] else { return nil }
                if (value != .absent) != (condition.values == "yes") { return false }
            } else if condition.input.hasSuffix(" is empty") {
                let name = String(condition.input.dropLast(" is empty".count))
                guard let value = point[name] else { return nil }
                if (value == .list([])) != (condition.values == "yes") { return false }
            } else if condition.input.contains(" against ") {
                let names = condition.input.components(separatedBy: " against ")
                guard let one = point[names[0]], let other = point[names[1]] else { return nil }
                let relation = one < other ? "less" : one == other ? "equal" : "greater"
                if !condition.values.components(separatedBy: ", ").contains(relation) { return false }
            } else {
                return nil
            }
        }
        return true
    }

    private static func contains(_ cell: String, _ value: Value) -> Bool {
        if cell.hasPrefix("not ") { return !contains(String(cell.dropFirst(4)), value) }
        return isNamed(cell, value)
    }

    private static func isNamed(_ cell: String, _ value: Value) -> Bool {
        cell.components(separatedBy: ", ").contains { part in
            guard case .integer(let number) = value else {
                if case .date(let date) = value { return contains(part, date) }
                return part == (value == .boolean(true) ? "yes" : value == .boolean(false) ? "no" : value.description)
                    || part == value.description
            }
            if part.hasPrefix("<= ") { return Int64(part.dropFirst(3)).map { number <= $0 } ?? false }
            if part.hasPrefix(">= ") { return Int64(part.dropFirst(3)).map { number >= $0 } ?? false }
            let ends = part.components(separatedBy: " to ").compactMap { Int64($0) }
            return ends.count == 2 ? ends[0] <= number && number <= ends[1] : ends.first == number
        }
    }

    private static func contains(_ part: String, _ date: CalendarDate) -> Bool {
        let text = date.description
        if part.hasPrefix("<= ") { return text <= part.dropFirst(3) }
        if part.hasPrefix(">= ") { return text >= part.dropFirst(3) }
        let ends = part.components(separatedBy: " to ")
        return ends.count == 2 ? ends[0] <= text && text <= ends[1] : text == part
    }

    /// What is wrong with an example as it is told: every case that it names, whatever else the case is, has to be
    /// decided differently; and there has to be one.
    private func faults(
        of example: [PolicyDifference.Assignment], _ cases: [(action: String, point: Point, differs: Bool)]
    ) throws -> String? {
        var seen: [String: Set<Point>] = [:]
        var differs = false
        for (action, point, _) in cases {
            guard let (told, isRead) = completed(action, point, example) else { continue }
            guard seen[action, default: []].insert(told).inserted,
                let one = try decision(old, action, told), let other = try decision(new, action, told)
            else { continue }
            if one != other { differs = true } else if isRead { return "a case as told is decided alike: \(told)" }
        }
        return differs ? nil : "no case as told is decided differently"
    }

    /// Holds everything that is told to what the two versions decide on every case; gives what is wrong.
    func faults() throws -> [String] {
        var faults: [String] = []
        var differing: [(action: String, point: Point)] = []
        var deciding: [(action: String, point: Point, differs: Bool)] = []
        for action in new.actions {
            for point in points(of: action) {
                guard let one = try decision(old, action.name, point), let other = try decision(new, action.name, point)
                else { continue }
                deciding.append((action.name, point, one != other))
                if one != other { differing.append((action.name, point)) }
            }
        }
        for difference in comparison.differences
        where [.parameter, .table, .check, .requirement].contains(difference.subject) {
            // What is there in one version alone is told by its text.
            if difference.before == "not there" || difference.after == "not there" { continue }
            if difference.example.isEmpty {
                if difference.reason == nil { faults.append("neither an example nor a reason: \(difference.name)") }
                continue
            }
            let name = "\(difference.name) \(difference.region) \(difference.example)"
            let cases = deciding.filter { found in
                difference.subject != .requirement || difference.name.hasPrefix("action \(found.action) ")
            }
            if let fault = try self.faults(of: difference.example, cases) { faults.append("\(fault): \(name)") }
            guard difference.subject == .requirement || difference.subject == .check else { continue }
            for found in cases where Self.lies(found.point, in: difference.region) == true && !found.differs {
                // A check finds what it finds in whichever action asks it.
                if difference.subject == .check, new.actions.count > 1 { continue }
                faults.append("a case of the region is decided alike: \(name) \(found.point)")
                break
            }
        }
        let told = comparison.unresolved.isEmpty && comparison.differences.allSatisfy { !$0.region.isEmpty }
        guard told else { return faults }
        for found in differing
        where !comparison.differences.contains(where: { Self.lies(found.point, in: $0.region) != false }) {
            faults.append("a case that is decided differently lies in no region: \(found.action) \(found.point)")
            break
        }
        return faults
    }
}
