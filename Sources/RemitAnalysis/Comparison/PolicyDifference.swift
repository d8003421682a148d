public import RemitLanguage
import RemitRuntime
import RemitValues

/// A place where two versions of a policy decide differently.
public struct PolicyDifference: Sendable {
    /// What differs.
    public enum Subject: String, Sendable {
        case parameter, table, check, requirement, function, action, state, role, field
        case contract, library, enumeration, record, fund, calendar, register, unique, checks, approval, deadline
        case entering, invariant, migration
    }

    /// An input and the values that it has here.
    public struct Condition: Sendable {
        /// The input as the policy writes it.
        public let input: String
        /// The values as a cell writes them, such as `> 5000.00 CNY`.
        public let values: String
    }

    /// An input with one value, as the policy writes them.
    public struct Assignment: Sendable {
        /// What part of an example it is.
        public enum Part: String, Sendable {
            /// What is asked: an action, or a state that is entered and what happens there.
            case call
            /// What the action is given.
            case given
            /// The case as it stands.
            case held = "case"
            /// When it happens, who acts, and what the chain holds beside the case.
            case circumstance
            /// What a rule is asked.
            case rule
        }

        public let input: String
        public let value: String
        public var part: Part = .given
    }

    /// What both versions decide on the case of an example.
    public struct Decided: Sendable {
        /// Who asks, and for whom; nil where nobody does.
        public let actor: String?
        /// What the old and the new version come to: how it ends, and what the other one has not.
        public let before: [String]
        public let after: [String]
        /// Whether neither does what is asked: they give other reasons.
        public let isRefusedByBoth: Bool
        /// The action that opens such a case, with what it is given beside the fields of the case; nil where no one
        /// action was found that does, or the case is opened by what is asked.
        public var opened: String?
    }

    /// What a rule alone gives in both versions: no case was found, or made, that comes to it.
    public struct RuleExample: Sendable {
        /// The table, function or condition.
        public let rule: String
        /// What it is asked.
        public let inputs: [Assignment]
        public let before: String
        public let after: String
    }

    /// Something that an action can be given in one version only.
    public struct OneVersion: Sendable {
        public let action: String
        public let input: Assignment
        /// Whether it is the old version that takes it.
        public let isOld: Bool
        /// What that version decides.
        public let decided: String
        /// Why the other one cannot be given it.
        public let problem: String
    }

    /// An example with what both versions decide.
    struct Example {
        let assignments: [Assignment]
        let decided: Decided
    }

    public let subject: Subject
    /// The name of the rule.
    public let name: String
    /// The days on which it differs; unbounded where the rule is not dated.
    public let period: Period
    /// The region in which it differs; empty: everywhere.
    public let region: [Condition]
    /// What the old version says there.
    public let before: String
    /// What the new version says there.
    public let after: String
    /// A case that both versions were asked to decide, and decide differently: the inputs of the region, and whatever
    /// else it takes for a case to come to the rule. Empty where no such case was found.
    public var example: [Assignment] = []
    /// What the two decide on that case; nil where there is none.
    public var decided: Decided?
    /// Where there is no such case, what the rule alone gives; nil where that could not be said either.
    public var ruleExample: RuleExample?
    /// What can be given to one version only because of this difference; nil where nothing can.
    public var oneVersion: OneVersion?
    /// Why there is no example, where one was looked for.
    public var reason: String?
    /// The lines on which the texts begin, where these are given; in a library they are lines of its own file.
    public var oldLine: Int?
    public var newLine: Int?
    /// What is written otherwise, where it was told by its texts; nil on the side that has nothing of it.
    var oldPlace: Place?
    var newPlace: Place?

    /// A place in a version's text: exactly what differs, and the lines on which it stands.
    struct Place: Sendable {
        let exact: Span
        let lines: Span
    }
}

extension PolicyDifference {
    /// Takes over an example, if there is one.
    mutating func show(_ found: Example?) {
        guard let found else { return }
        example = found.assignments
        decided = found.decided
        reason = nil
        ruleExample = nil
    }
}

/// What a comparison found.
public struct PolicyComparison: Sendable {
    /// Every difference, in the order of the new version and then of the old.
    public internal(set) var differences: [PolicyDifference] = []
    /// Whatever else is written otherwise, with both texts: it could not be cut into regions within the limits, or is
    /// not made of comparisons of inputs that vary freely.
    public internal(set) var unresolved: [PolicyDifference] = []

    /// Conditions of the old and of the new version whose difference was told region by region.
    var settledBefore: [Span] = []
    var settledAfter: [Span] = []
    /// Why conditions of the old and of the new version are told by their texts, and what they alone give.
    var reasons: [(old: Span, new: Span, text: String, rule: PolicyDifference.RuleExample?)] = []

    /// Compares two versions of a policy, exactly: no sampling. Where nothing is found, nothing but comments, layout,
    /// titles, scenarios and the number of the version differs.
    ///
    /// `find` says what is known of the contracts that they refer to, as it did when they were compiled. `progress` is
    /// told how much is done, of a thousand parts.
    public static func compare(
        old: CheckedProgram, oldSource: SourceText, new: CheckedProgram, newSource: SourceText,
        find: @escaping (ContractReference) -> FoundContract = { _ in .missing }, progress: (Int) -> Void = { _ in }
    ) -> PolicyComparison {
        compare(
            old: old, oldSource: oldSource, new: new, newSource: newSource, find: find, steps: Limits.triedSteps,
            progress: progress)
    }

    /// The same with a number of steps for the search of examples; without any nothing has one.
    static func compare(
        old: CheckedProgram, oldSource: SourceText, new: CheckedProgram, newSource: SourceText,
        find: @escaping (ContractReference) -> FoundContract = { _ in .missing }, steps: UInt64,
        progress: (Int) -> Void = { _ in }
    ) -> PolicyComparison {
        var comparison = PolicyComparison()
        let old = PolicySide(old, oldSource, typesOf: new)
        let new = PolicySide(new, newSource, typesOf: new)
        comparison.compareNames(old, new)
        let rules = GuardRules(old, new, steps: steps)
        let alone = RuleExamples(old: old, new: new, pool: rules.search.pool, isAsked: steps > 0)
        // Parameters and tables, what decides, and what is told by its texts: none takes what the others need.
        let all = rules.search.left
        rules.search.kept = all / 3 * 2
        comparison.compareParameters(old, new, rules)
        progress(100)
        comparison.compareTables(old, new, rules, alone)
        progress(250)
        rules.search.kept = all / 4
        comparison.compareGuards(old, new, rules, alone) { progress(250 + 350 * $0 / max($1, 1)) }
        rules.search.kept = 0
        comparison.compareTexts(old, new)
        comparison.exemplifyTexts(old, new, rules.search, alone, find) { progress(600 + 400 * $0 / max($1, 1)) }
        return comparison
    }
}

/// A version of a policy with the text that its places point into.
struct PolicySide {
    let program: CheckedProgram
    let source: SourceText
    /// The places of the comments, in order.
    let comments: [Span]
    /// The numbers that are written in per cent alone.
    private let percents: Set<Value>
    /// The index of each enumeration in the program whose types both sides are compared in.
    private let enumerations: [Int?]

    init(_ program: CheckedProgram, _ source: SourceText, typesOf common: CheckedProgram) {
        self.program = program
        self.source = source
        comments = parse(source).comments.map(\.span)
        percents = Self.percents(source)
        enumerations = program.enumerations.map { own in
            common.enumerations.firstIndex { TextValue($0.name) == TextValue(own.name) }
        }
    }

    /// A type in the program whose types both sides are compared in.
    func common(_ type: ValueType) -> ValueType {
        guard case .enumeration(let index) = type, enumerations.indices.contains(index) else { return type }
        return enumerations[index].map { .enumeration($0) } ?? .unknown
    }

    /// A value as the policy writes it: a number that it writes in per cent, and nowhere otherwise, so as well.
    func written(_ value: Value, _ type: ValueType) -> String {
        guard case .decimal(let decimal) = value, percents.contains(value),
            let hundred = try? decimal.multiplied(by: ExactDecimal(100))
        else { return program.written(value, type) }
        return "\(hundred)%"
    }

    /// The numbers that a text writes in per cent alone.
    private static func percents(_ source: SourceText) -> Set<Value> {
        var found: (percents: Set<Value>, plain: Set<Value>) = ([], [])
        let text = source.bytes.split { !(48...57).contains($0) && $0 != 46 && $0 != 37 && $0 != 95 }
        for word in text.map({ String(decoding: $0, as: UTF8.self).filter { $0 != "_" } }) {
            if word.hasSuffix("%"), let number = try? ExactDecimal.parse(String(word.dropLast())),
                let hundredth = try? ExactDecimal(coefficient: 1, scale: 2),
                let part = try? number.multiplied(by: hundredth)
            {
                found.percents.insert(.decimal(part))
            } else if let number = try? ExactDecimal.parse(word) {
                found.plain.insert(.decimal(number))
            }
        }
        return found.percents.subtracting(found.plain)
    }

    /// The text of a place with its blanks made one.
    func text(_ span: Span) -> String {
        source.text(span).split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }.joined(separator: " ")
    }
}

extension PolicyComparison {
    /// Names that only one version has.
    mutating func compareNames(_ old: PolicySide, _ new: PolicySide) {
        let (before, after) = (old.program, new.program)
        compareNames(.role, before.roles, after.roles)
        compareNames(.state, before.states.map(\.name), after.states.map(\.name))
        compareNames(.field, before.caseFields.map(\.name), after.caseFields.map(\.name))
        compareNames(.action, before.actions.map(\.name), after.actions.map(\.name))
    }

    private mutating func compareNames(_ subject: PolicyDifference.Subject, _ old: [String], _ new: [String]) {
        for name in new where !old.contains(where: { TextValue($0) == TextValue(name) }) {
            add(subject, name, before: "not there", after: "there")
        }
        for name in old where !new.contains(where: { TextValue($0) == TextValue(name) }) {
            add(subject, name, before: "there", after: "not there")
        }
    }

    mutating func add(
        _ subject: PolicyDifference.Subject, _ name: String, _ period: Period = Period(from: nil, until: nil),
        _ region: [PolicyDifference.Condition] = [], before: String, after: String,
        example: PolicyDifference.Example? = nil, ofRule rule: PolicyDifference.RuleExample? = nil,
        reason: String? = nil, lines: (Int?, Int?) = (nil, nil), resolved: Bool = true
    ) {
        var difference = PolicyDifference(
            subject: subject, name: name, period: period, region: region, before: before, after: after,
            reason: example == nil ? reason : nil, oldLine: lines.0, newLine: lines.1)
        difference.show(example)
        if example == nil { difference.ruleExample = rule }
        if resolved { differences.append(difference) } else { unresolved.append(difference) }
    }

    // MARK: Dated rules

    /// Parameters, day by day.
    mutating func compareParameters(_ old: PolicySide, _ new: PolicySide, _ rules: GuardRules) {
        for (index, parameter) in new.program.parameters.enumerated() {
            guard
                let place = old.program.parameters.firstIndex(where: {
                    TextValue($0.name) == TextValue(parameter.name)
                })
            else {
                add(.parameter, parameter.name, before: "not there", after: "there")
                continue
            }
            let before = old.program.parameters[place]
            for period in Self.pieces(before.values.map(\.period) + parameter.values.map(\.period)) {
                let first = Self.value(before, in: period)
                let second = Self.value(parameter, in: period)
                guard first != second else { continue }
                let example = rules.example(of: place, and: index, in: period)
                add(
                    .parameter, parameter.name, period,
                    before: first.map { old.written($0, before.type) } ?? "no rule",
                    after: second.map { new.written($0, parameter.type) } ?? "no rule", example: example,
                    reason: Unresolved.isNotFound(by: rules.search))
            }
        }
        for parameter in old.program.parameters
        where !new.program.parameters.contains(where: { TextValue($0.name) == TextValue(parameter.name) }) {
            add(.parameter, parameter.name, before: "there", after: "not there")
        }
    }

    private static func value(_ parameter: ParameterDeclaration, in piece: Period) -> Value? {
        parameter.values.first { holds($0.period, throughout: piece) }?.value
    }

    /// Whether a period holds on all days of a piece, which lies within or outside it.
    static func holds(_ period: Period, throughout piece: Period) -> Bool {
        if let from = period.from {
            guard let start = piece.from, from <= start else { return false }
        }
        if let until = period.until {
            guard let end = piece.until, end <= until else { return false }
        }
        return true
    }

    /// The days cut at every beginning and end of some periods.
    static func pieces(_ periods: [Period]) -> [Period] {
        var cuts: [CalendarDate] = []
        for period in periods { cuts += [period.from, period.until].compactMap { $0 } }
        cuts.sort()
        var unique: [CalendarDate] = []
        for cut in cuts where unique.last != cut { unique.append(cut) }
        guard let first = unique.first, let last = unique.last else { return [Period(from: nil, until: nil)] }
        var pieces = [Period(from: nil, until: first)]
        for (from, until) in zip(unique, unique.dropFirst()) { pieces.append(Period(from: from, until: until)) }
        pieces.append(Period(from: last, until: nil))
        return pieces
    }
}
