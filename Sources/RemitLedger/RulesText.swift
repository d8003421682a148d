/// The text of a contract, read without its grammar, so that every verifier finds the same rules and names in it.
///
/// It only says where to look: what the rules mean is the language's to say. Where a layout leaves room for doubt, or a
/// name is a word of the language in a place that matters, it says nothing.
public struct RulesText {
    /// A declaration: from its word, which begins a line, to the next.
    private struct Declaration {
        let word: String
        var range: Range<Int>
    }

    /// Nil where the text is not regular.
    private let text: RulesTokens?
    private let declarations: [Declaration]
    /// The places of the words with which checks begin.
    private let checks: [Int]
    /// The byte at which a text that is not regular is so first.
    private let irregular: Int?

    /// Reads a text.
    public init(_ source: String) {
        var irregular: Int?
        let tokens = RulesTokens(source, irregular: &irregular)
        guard let tokens, let (declarations, checks) = Self.read(tokens, irregular: &irregular) else {
            (text, declarations, checks, self.irregular) = (nil, [], [], irregular)
            return
        }
        (text, self.declarations, self.checks, self.irregular) = (tokens, declarations, checks, nil)
    }

    /// The byte of the text at which its layout first leaves room for doubt, and whether for that no rule of it is
    /// shown in a receipt, or the one that begins there alone; nil where all are shown that can be told apart.
    public var irregularity: (byte: Int, hidesAll: Bool)? {
        guard let text else { return (irregular ?? 0, true) }
        if let unread = checks.first(where: { check(at: $0, in: text) == nil }) {
            return (text[unread].range.lowerBound, false)
        }
        return nil
    }

    // MARK: Regular texts

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }

    /// Words that begin declarations.
    private static let declarationWords = set(
        "contract library role enum record calendar fund register parameter table case unique state final checks "
            + "function action approval after entering invariant migrate given scenario")
    /// Those that nothing else outside of braces may be called.
    private static let heads = set(
        "action after approval checks contract entering function invariant library migrate register")
    /// Words behind which a name or an expression may follow, so that what follows them may be a name.
    private static let openers = set(
        "about accept action add after and any approval become by calendar checks contract deny else "
            + "entering enters enum every except final for from function fund given gives holds if implies in "
            + "invariant is let library match migrate needs not note notify of on opens optional or otherwise "
            + "parameter passing past pay pend per private record refuse register release remove require reserve "
            + "return reveal role run scenario set share starts state table then to transfer unique until use "
            + "when where within")
    private static let severities: Set = ["deny", "pend", "note"]

    /// The declarations and checks; nil where the text is not regular.
    private static func read(
        _ text: RulesTokens, irregular: inout Int?
    ) -> (declarations: [Declaration], checks: [Int])? {
        var declarations: [Declaration] = []
        var checks: [Int] = []
        for index in text.indices {
            let token = text[index]
            irregular = token.range.lowerBound
            if token.depth == 0, token.isAtMargin, token.kind != .word {
                guard text.has("{", at: index) else { return nil }
            }
            guard token.kind == .word else { continue }
            let word = text.text(index)
            if token.depth == 0, token.isAtMargin {
                guard declarationWords.contains(word), index == 0 || isComplete(text, index - 1) else { return nil }
                if let last = declarations.indices.last {
                    declarations[last].range = declarations[last].range.lowerBound..<index
                }
                declarations.append(Declaration(word: word, range: index..<text.indices.upperBound))
            } else if token.depth == 0 {
                let next = text.text(index + 1)
                if heads.contains(word) || word == "case" && (next == "{" || next == "about")
                    || word == "unique" && next == "by"
                {
                    return nil
                }
            }
            guard severities.contains(word) else { continue }
            let isAmongChecks = declarations.last?.word == "checks"
            guard text.isText(index + 1) == isAmongChecks else { return nil }
            if isAmongChecks {
                guard token.depth > 0, token.startsLine, !text[index + 1].startsLine else { return nil }
                checks.append(index)
            }
        }
        return (declarations, checks)
    }

    /// Whether an expression, list of names or declaration may end with a token, so that no name can follow it.
    private static func isComplete(_ text: RulesTokens, _ index: Int) -> Bool {
        switch text[index].kind {
        case .text, .number: true
        case .sign: [")", "]", "}", "%"].contains(text.text(index))
        case .word: !openers.contains(text.text(index))
        }
    }

    // MARK: Rules

    /// The rule that a clause of the findings means, as a receipt tells it; nil where the text does not show it.
    func rule(of clause: String, _ outcome: Receipt.Outcome, call: String?) -> String? {
        guard let text, let range = place(of: clause, outcome, call: call) else { return nil }
        let section = section(of: range.lowerBound)
        return "\(clause), line \(text[range.lowerBound].line + 1)\(section): \(text.written(range))"
    }

    /// The line, counted from 1, of the rule that a clause of the findings means; nil where the text does not show it.
    ///
    /// - Parameters:
    ///   - outcome: What came of the decision: a refusal is found by its code and text.
    ///   - call: The call that was decided; nil for what the contract did by itself.
    public func line(of clause: String, _ outcome: Receipt.Outcome, call: String?) -> Int? {
        guard let text, let range = place(of: clause, outcome, call: call) else { return nil }
        return text[range.lowerBound].line + 1
    }

    /// The bytes of the rule that a clause of the findings means, in the text; nil where the text does not show it.
    ///
    /// - Parameters:
    ///   - outcome: What came of the decision: a refusal is found by its code and text.
    ///   - call: The call that was decided; nil for what the contract did by itself.
    public func bytes(of clause: String, _ outcome: Receipt.Outcome, call: String?) -> Range<Int>? {
        guard let text, let range = place(of: clause, outcome, call: call) else { return nil }
        return text[range.lowerBound].range.lowerBound..<text[range.upperBound - 1].range.upperBound
    }

    private func place(of clause: String, _ outcome: Receipt.Outcome, call: String?) -> Range<Int>? {
        let parts = clause.parts(at: UInt8(ascii: ":"))
        guard let text, parts.count == 2 else { return nil }
        switch parts[0] {
        case "check":
            guard let number = Self.number(parts[1]), number <= checks.count else { return nil }
            return check(at: checks[number - 1], in: text)
        case "timer":
            let timers = declarations.filter { ["after", "approval"].contains($0.word) }
            guard let number = Self.number(parts[1]), number <= timers.count else { return nil }
            return head(of: timers[number - 1], in: text)
        case "migration":
            guard Self.number(parts[1]) != nil else { return nil }
            return migration(from: parts[1], in: text)
        case "refusal": return refusal(parts[1], outcome, call: call, in: text)
        default: return nil
        }
    }

    /// A positive number of at most nine digits.
    private static func number(_ text: String) -> Int? {
        let digits = text.utf8
        guard digits.count <= 9, let first = digits.first, first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// A check with all of its lines, up to what begins a line behind it.
    private func check(at start: Int, in text: RulesTokens) -> Range<Int>? {
        var end = start + 1
        while end < text.indices.upperBound, !isNextItem(end, text) {
            if text.has("{", at: end) || text.has("}", at: end) || isItemWord(end, text) { return nil }
            end += 1
        }
        guard end < text.indices.upperBound, Self.isComplete(text, end - 1) else { return nil }
        guard text.isWord(end), text.text(end) == "for" else { return start..<end }
        // Behind a sum or a list, too, stands `for`, but only a loop has a brace, and there its own `for` is the last.
        var next = end + 1
        while next < text.indices.upperBound, !text.has("{", at: next) {
            let isFor = text.isWord(next) && text.text(next) == "for"
            if isFor || text.has("}", at: next) || isItemWord(next, text) { return nil }
            next += 1
        }
        return next < text.indices.upperBound ? start..<end : nil
    }

    private func isItemWord(_ index: Int, _ text: RulesTokens) -> Bool {
        text.isWord(index) && (Self.severities.contains(text.text(index)) || text.text(index) == "let")
    }

    private func isNextItem(_ index: Int, _ text: RulesTokens) -> Bool {
        text[index].startsLine
            && (text.has("}", at: index) || isItemWord(index, text)
                || text.isWord(index) && text.text(index) == "for")
    }

    /// A declaration up to its first brace, or whole where that brace is closed on its line.
    private func head(of declaration: Declaration, in text: RulesTokens) -> Range<Int>? {
        guard let brace = declaration.range.first(where: { text.has("{", at: $0) }),
            let end = (brace..<declaration.range.upperBound).first(where: { index in
                text.has("}", at: index) && text[index].depth == text[brace].depth + 1
            })
        else { return nil }
        let last = text[end].line == text[brace].line ? end : brace
        return declaration.range.lowerBound..<(last + 1)
    }

    /// The migration that brings the cases of a version over; nil where several might.
    private func migration(from version: String, in text: RulesTokens) -> Range<Int>? {
        var found: [Declaration] = []
        for declaration in declarations where declaration.word == "migrate" {
            let number = text.text(declaration.range.lowerBound + 2)
            guard text.text(declaration.range.lowerBound + 1) == "from", Self.number(number) != nil else { return nil }
            if number == version { found.append(declaration) }
        }
        return found.count == 1 ? head(of: found[0], in: text) : nil
    }

    /// Words of declarations in which a rule can stand and that have a name.
    private static let named: Set = ["action", "approval", "checks", "entering"]
    private static let unnamed: Set = ["after", "migrate"]

    /// The declaration in which a rule stands; empty where it is the rule itself.
    ///
    /// It is told by its whole head, but by its name alone where that goes over several lines or has inputs.
    private func section(of index: Int) -> String {
        guard let text, let declaration = declarations.last(where: { $0.range.lowerBound <= index }),
            declaration.range.lowerBound < index, let brace = declaration.range.first(where: { text.has("{", at: $0) })
        else { return "" }
        let start = declaration.range.lowerBound
        let isNamed = Self.named.contains(declaration.word)
        guard isNamed || Self.unnamed.contains(declaration.word) else { return "" }
        let isLong = text.has("(", at: start + 2) || text[brace].line > text[start].line
        return ", in \(text.written(start..<(isNamed && isLong ? start + 2 : brace)))"
    }
}

// MARK: Refusals

extension RulesText {
    /// The words of refusals that a rule of the contract gives, with the word of that rule.
    private static let refusingWords = [
        "requirement": "require", "refused": "refuse", "missing": "let", "funds": "reserve", "unique": "unique",
    ]
    private static let refusingSections: Set = ["action", "after", "approval", "entering", "migrate", "unique"]
    private static let statements = set(
        "add become match notify pay refuse release remove return run set transfer")
    /// Words with which a statement begins behind another.
    private static let followers = statements.union(["for", "if", "let", "require", "reserve", "state"])

    /// The one rule that can have refused with the code and text of an outcome; nil where several can.
    private func refusal(
        _ reason: String, _ outcome: Receipt.Outcome, call: String?, in text: RulesTokens
    ) -> Range<Int>? {
        guard let word = Self.refusingWords[reason], !Self.isOfEngine(reason, outcome) else { return nil }
        var found: [(site: Int, start: Int?)] = []
        for declaration in declarations where Self.refusingSections.contains(declaration.word) {
            // Only the action that was called can have refused.
            if declaration.word == "action", !isNamed(declaration, call, text) { continue }
            for site in declaration.range where isSite(site, text) && says(site, reason, outcome, text) {
                let start = start(of: site, in: declaration, text)
                if start == nil || text.text(start ?? 0) == word { found.append((site, start)) }
            }
        }
        guard found.count == 1, let start = found[0].start else { return nil }
        var last = found[0].site + 1
        if text.isText(last + 1) { last += 1 }
        if text.text(last + 1) == "per", text.isText(last + 2) { last += 2 }
        let range = start..<(last + 1)
        return range.filter { isSite($0, text) }.count == 1 && isEnd(last, text) ? range : nil
    }

    /// Whether a statement ends with a token, as can be told from the next; what stands outside of braces does.
    private func isEnd(_ index: Int, _ text: RulesTokens) -> Bool {
        text[index].depth == 0 || text.has("}", at: index + 1)
            || text.isWord(index + 1) && Self.followers.contains(text.text(index + 1))
    }

    /// Whether no rule need have said so: the words are those of a refusal without one.
    private static func isOfEngine(_ reason: String, _ outcome: Receipt.Outcome) -> Bool {
        let code: String
        let told: String
        switch outcome {
        case .done: return true
        case .refused(let refused, let words): (code, told) = (refused, words)
        case .stalled(let words):
            let parts = words.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].first == 0x20 else { return false }
            code = String(decoding: parts[0], as: UTF8.self)
            told = String(decoding: parts[1].dropFirst(), as: UTF8.self)
        }
        guard isSame(code, reason), reason != "refused" else { return false }
        return reason != "requirement" || told.utf8.starts(with: "a check could not be evaluated: ".utf8)
            || isSame(told, "the migration does not concern this case")
    }

    /// Whether a code or text of a refusal stands behind a word.
    private func isSite(_ index: Int, _ text: RulesTokens) -> Bool {
        text.isWord(index) && text.isText(index + 1) && ["else", "refuse"].contains(text.text(index))
    }

    /// Whether a refusal can have had the words of an outcome.
    private func says(_ site: Int, _ reason: String, _ outcome: Receipt.Outcome, _ text: RulesTokens) -> Bool {
        let hasCode = text.isText(site + 2)
        let code = hasCode ? text.parts(ofText: site + 1).joined() : reason
        let parts = text.parts(ofText: hasCode ? site + 2 : site + 1)
        let told: String
        switch outcome {
        case .done: return false
        case .refused(let refused, let words):
            guard Self.isSame(refused, code) else { return false }
            told = words
        case .stalled(let words):
            guard words.utf8.starts(with: "\(code): ".utf8) else { return false }
            told = String(decoding: words.utf8.dropFirst(code.utf8.count + 2), as: UTF8.self)
        }
        // What a `let` misses may be told in other words, since they might show what is private.
        if reason == "missing" { return true }
        guard parts.count > 1 else { return Self.isSame(told, parts[0]) }
        let ends = parts[0].utf8.count + parts[parts.count - 1].utf8.count
        return told.utf8.count >= ends && told.utf8.starts(with: parts[0].utf8)
            && told.utf8.reversed().starts(with: parts[parts.count - 1].utf8.reversed())
    }

    /// Whether a declaration has a name.
    private func isNamed(_ declaration: Declaration, _ name: String?, _ text: RulesTokens) -> Bool {
        name.map { Self.isSame(text.text(declaration.range.lowerBound + 1), $0) } ?? false
    }

    private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    /// Where the statement begins that refuses; nil where that cannot be told.
    private func start(of site: Int, in declaration: Declaration, _ text: RulesTokens) -> Int? {
        if text.text(site) == "refuse" { return isStart(site, text) ? site : nil }
        if text[site].depth == 0 { return declaration.word == "unique" ? declaration.range.lowerBound : nil }
        var index = site - 1
        while index > declaration.range.lowerBound {
            if text.has("{", at: index) || text.has("}", at: index) { return nil }
            if text.isWord(index) {
                let word = text.text(index)
                if ["let", "require", "reserve"].contains(word) { return isStart(index, text) ? index : nil }
                if Self.statements.contains(word) { return nil }
            }
            index -= 1
        }
        return nil
    }

    private func isStart(_ index: Int, _ text: RulesTokens) -> Bool {
        index > 0 && (text.has("{", at: index - 1) || Self.isComplete(text, index - 1))
    }
}

// MARK: Names

extension RulesText {
    /// The names of a case's fields, where the text shows as many.
    public func fieldNames(_ count: Int) -> [String]? {
        let found = declarations.filter { $0.word == "case" }
        guard let text, found.count == 1, let brace = found[0].range.first(where: { text.has("{", at: $0) }),
            let end = found[0].range.first(where: { text.has("}", at: $0) })
        else { return nil }
        var names: [String] = []
        var index = brace + 1
        while index < end {
            let line = index..<text.lineEnd(of: index)
            guard text[index].startsLine, line.upperBound <= end, let name = name(line, in: text) else { return nil }
            names.append(name)
            index = line.upperBound
        }
        return text[end].startsLine && names.count == count ? names : nil
    }

    /// The name before the colon of a field or input; nil where that could hide another.
    private func name(_ range: Range<Int>, in text: RulesTokens) -> String? {
        guard range.count > 2, text.isWord(range.lowerBound), text.has(":", at: range.lowerBound + 1) else {
            return nil
        }
        var open = 0
        for index in range.dropFirst(2) {
            if text.has("(", at: index) || text.has("[", at: index) { open += 1 }
            if text.has(")", at: index) || text.has("]", at: index) { open -= 1 }
            if open < 0 || text.has(":", at: index) || text.has("{", at: index) { return nil }
        }
        return open == 0 ? text.text(range.lowerBound) : nil
    }

    /// The names of an action's arguments, the fields that it enters first, where the text shows as many.
    public func argumentNames(of call: String, _ count: Int) -> [String]? {
        guard let text else { return nil }
        let found = declarations.filter { $0.word == "action" && isNamed($0, call, text) }
        guard found.count == 1, let end = found[0].range.first(where: { text.has("{", at: $0) }) else { return nil }
        var inputs: [String] = []
        var index = found[0].range.lowerBound + 2
        if text.has("(", at: index) {
            guard let (names, behind) = self.inputs(from: index + 1, upTo: end, in: text) else { return nil }
            (inputs, index) = (names, behind)
        }
        guard let entered = entered(index..<end, in: text) else { return nil }
        return entered.count + inputs.count == count ? entered + inputs : nil
    }

    /// The names of inputs between brackets, and where the brackets have been closed.
    private func inputs(from start: Int, upTo end: Int, in text: RulesTokens) -> ([String], Int)? {
        if text.has(")", at: start) { return ([], start + 1) }
        var names: [String] = []
        var (first, index, open) = (start, start, 0)
        while index < end {
            let isClosing = text.has(")", at: index) || text.has("]", at: index)
            if open == 0, isClosing || text.has(",", at: index) {
                guard let name = name(first..<index, in: text) else { return nil }
                names.append(name)
                first = index + 1
                if isClosing { return text.has(")", at: index) ? (names, first) : nil }
            }
            if text.has("(", at: index) || text.has("[", at: index) { open += 1 }
            if isClosing { open -= 1 }
            index += 1
        }
        return nil
    }

    /// The fields that the head of an action names behind `enters`; nil where that cannot be told.
    private func entered(_ head: Range<Int>, in text: RulesTokens) -> [String]? {
        let words = head.filter { text.isWord($0) && text.text($0) == "enters" }
        guard let word = words.first else { return [] }
        guard words.count == 1, Self.isComplete(text, word - 1), text.isWord(word + 1) else { return nil }
        var names = [text.text(word + 1)]
        var index = word + 2
        while text.has(",", at: index) {
            guard text.isWord(index + 1) else { return nil }
            names.append(text.text(index + 1))
            index += 2
        }
        return names
    }
}
