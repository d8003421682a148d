import Foundation

/// The reference grammar, as it stands in `Grammar/remit.ebnf`.
struct GrammarFile {
    indirect enum Part {
        case word(String)
        case rule(String)
        case sequence([Part])
        case choice([Part])
        case optional(Part)
        case repeated(Part)
    }

    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var rules: [String: Part] = [:]
    private(set) var order: [String] = []

    private var tokens: [String]
    private var index = 0

    init(_ text: String) throws {
        tokens = Self.tokens(of: text)
        while index < tokens.count {
            let name = tokens[index]
            guard index + 1 < tokens.count, tokens[index + 1] == "=" else {
                throw Mistake(description: "no `=` after \(name)")
            }
            index += 2
            guard rules[name] == nil else { throw Mistake(description: "two rules \(name)") }
            rules[name] = try choice()
            order.append(name)
            try take(";")
        }
    }

    static func read() throws -> GrammarFile {
        try GrammarFile(String(decoding: Checkout.bytes("Grammar/remit.ebnf"), as: UTF8.self))
    }

    private static func tokens(of text: String) -> [String] {
        var found: [String] = []
        var rest = Substring(text)
        while let first = rest.first {
            if rest.hasPrefix("(*") {
                let end = rest.range(of: "*)")?.upperBound ?? rest.endIndex
                rest = rest[end...]
            } else if first.isWhitespace {
                rest.removeFirst()
            } else if first == "\"" {
                let end = rest.dropFirst().firstIndex(of: "\"") ?? rest.endIndex
                found.append(String(rest[..<end]))
                rest = rest[end...].dropFirst()
            } else if first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0 == "_" }
                found.append(String(word))
                rest = rest.dropFirst(word.count)
            } else {
                found.append(String(first))
                rest.removeFirst()
            }
        }
        return found
    }

    private var current: String { index < tokens.count ? tokens[index] : "" }

    private mutating func take(_ sign: String) throws {
        guard current == sign else { throw Mistake(description: "expected \(sign), found \(current)") }
        index += 1
    }

    private mutating func choice() throws -> Part {
        var options = [try sequence()]
        while current == "|" {
            index += 1
            options.append(try sequence())
        }
        return options.count == 1 ? options[0] : .choice(options)
    }

    private mutating func sequence() throws -> Part {
        var parts: [Part] = []
        while !["|", ")", "]", "}", ";", ""].contains(current) {
            let sign = current
            index += 1
            switch sign {
            case "(":
                parts.append(try choice())
                try take(")")
            case "[":
                parts.append(.optional(try choice()))
                try take("]")
            case "{":
                parts.append(.repeated(try choice()))
                try take("}")
            default: parts.append(sign.hasPrefix("\"") ? .word(String(sign.dropFirst())) : .rule(sign))
            }
        }
        guard !parts.isEmpty else { throw Mistake(description: "an empty alternative before \(current)") }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// The words between quotes of a part.
    static func words(_ part: Part) -> Set<String> {
        switch part {
        case .word(let word): [word]
        case .rule: []
        case .sequence(let parts), .choice(let parts): parts.reduce(into: []) { $0.formUnion(words($1)) }
        case .optional(let inner), .repeated(let inner): words(inner)
        }
    }

    /// The rules and terminals that a part names.
    static func names(_ part: Part) -> Set<String> {
        switch part {
        case .word: []
        case .rule(let name): [name]
        case .sequence(let parts), .choice(let parts): parts.reduce(into: []) { $0.formUnion(names($1)) }
        case .optional(let inner), .repeated(let inner): names(inner)
        }
    }
}

/// Derives random sentences from the grammar.
struct SentenceMaker {
    let grammar: GrammarFile
    var random: SplitMix64
    private var text = ""
    private let heights: [String: Int]

    init(_ grammar: GrammarFile, seed: UInt64) {
        self.grammar = grammar
        random = SplitMix64(state: seed)
        heights = Self.heights(grammar)
    }

    static let terminals: [String: [String]] = [
        "NAME": ["northern", "eastward", "southern", "westerly", "诊断编码", "_inward1"],
        "NUMBER": ["0", "7", "20_000", "333.33"], "WHOLE": ["1"], "PERCENT": ["70%", "0.5%"],
        "DATE": ["2026-03-02"], "TIME": ["09:00", "08:00"], "CURRENCY": ["CNY", "USD"],
        "TEXT": ["\"a text\"", "\"with {northern.field}\"", "\"\\\"\""], "LINE_END": ["\n"],
    ]

    /// The least depth in which each rule can end.
    private static func heights(_ grammar: GrammarFile) -> [String: Int] {
        var heights: [String: Int] = [:]
        for name in terminals.keys { heights[name] = 0 }
        for _ in grammar.order {
            for name in grammar.order {
                if let part = grammar.rules[name], let height = height(part, heights) {
                    heights[name] = min(heights[name] ?? .max, height + 1)
                }
            }
        }
        return heights
    }

    private static func height(_ part: GrammarFile.Part, _ heights: [String: Int]) -> Int? {
        switch part {
        case .word, .optional, .repeated: return 0
        case .rule(let name): return heights[name]
        case .choice(let parts): return parts.compactMap { height($0, heights) }.min()
        case .sequence(let parts):
            let found = parts.map { height($0, heights) }
            return found.contains { $0 == nil } ? nil : found.compactMap { $0 }.max()
        }
    }

    /// A sentence that begins with a rule, at most about so deep.
    mutating func sentence(_ rule: String, depth: Int) -> String {
        text = ""
        derive(.rule(rule), depth)
        return text
    }

    private mutating func derive(_ part: GrammarFile.Part, _ depth: Int) {
        switch part {
        case .word(let word): put(word)
        case .rule(let name):
            if let spellings = Self.terminals[name] { return put(spellings[random.below(spellings.count)]) }
            if let body = grammar.rules[name] { derive(body, depth - 1) }
        case .sequence(let parts):
            for (place, part) in parts.enumerated() {
                // Versions, bounds and places are whole numbers, which the lexer does not tell apart.
                if case .rule("NUMBER") = part, isWhole(parts, place) { put("3") } else { derive(part, depth) }
            }
        case .choice(let options):
            let fitting = options.filter { (Self.height($0, heights) ?? .max) < depth }
            let lowest = options.min { (Self.height($0, heights) ?? .max) < (Self.height($1, heights) ?? .max) }
            if !fitting.isEmpty {
                derive(fitting[random.below(fitting.count)], depth)
            } else if let lowest {
                derive(lowest, depth)
            }
        case .optional(let inner):
            if depth > (Self.height(inner, heights) ?? .max), random.below(2) == 0 { derive(inner, depth) }
        case .repeated(let inner):
            var count = depth > (Self.height(inner, heights) ?? .max) ? random.below(3) : 0
            while count > 0 {
                derive(inner, depth)
                count -= 1
            }
        }
    }

    private func isWhole(_ parts: [GrammarFile.Part], _ place: Int) -> Bool {
        guard place > 0 else { return false }
        switch parts[place - 1] {
        case .word("version"), .word("("), .word("to"), .word("from"), .word("line"): return true
        default: return false
        }
    }

    private mutating func put(_ word: String) {
        // A row begins a line, so nothing but the sign of the line end stands before it.
        text += word == "\n" ? word : word + " "
    }
}
