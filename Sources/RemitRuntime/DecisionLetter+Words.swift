import RemitLanguage
import RemitValues

/// What the engine and the source say, in the words of the reader.
extension DecisionLetter {
    /// Why something was refused: in the contract's words where a rule of it gives them, else in those for the engine's.
    func why(_ refusal: Refusal) -> String {
        guard refusal.code == nil else { return words.text(refusal.text) }
        for sentence in EngineSentence.all where sentence.reason == refusal.reason {
            guard let values = sentence.values(in: refusal.text) else { continue }
            let told = zip(values, sentence.parts).map { value, part in
                switch part {
                case .names: named(value)
                case .plain: words.text(value)
                }
            }
            return filled(words.language == .english ? sentence.english : sentence.chinese, told)
        }
        return words.text(refusal.text)
    }

    /// A value as its reader counts: lengths of time, documents and signatures too.
    func shown(_ value: Value) -> String {
        if let quorum = Quorum(value) {
            let groups = quorum.groups.map { group in
                let roles = group.roles.map { named($0.string) }
                    .joined(separator: words.language == .english ? " or " : "或")
                return say(
                    "{0} of {1}", "{0}名{1}", String(group.count),
                    group.roles.count == 1 ? roles : say("({0})", "（{0}）", roles))
            }
            return groups.joined(separator: words.language == .english ? " and " : "及")
        }
        guard words.language == .chinese else { return words.value(value) }
        switch value {
        case .duration(let duration): return counted(duration.description)
        case .term(let term): return counted(term.description)
        case .document(let document): return say("", "文件（{0}字节）", String(document.size))
        default: return words.value(value)
        }
    }

    /// `7 days` in Chinese.
    private func counted(_ text: String) -> String {
        let units = [
            "second": "秒", "minute": "分钟", "hour": "小时", "day": "天", "week": "周", "month": "个月", "year": "年",
            "working day": "个工作日", "working hour": "个工作小时",
        ]
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return text }
        let unit = parts[1].hasSuffix("s") ? String(parts[1].dropLast()) : parts[1]
        return units[unit].map { say("", "{0}{1}", parts[0], $0) } ?? text
    }

    /// What a rule reads, with its names in words; that it is of a day stands behind it.
    func reading(_ written: String) -> String {
        let told = words.reading(written)
        guard told == written else { return told }
        if let on = Self.place(of: " on ", in: written) {
            let (what, day) = (reading(on.before), reading(on.after))
            return say("{0} on {1}", "{0}（{1}）", what, day)
        }
        return eachName(of: written) { name in
            if words.language == .chinese, let own = Self.ownWords[name] { return own }
            return Self.keptWords.contains(name) ? name : words.name(name)
        }
    }

    /// What stands before and behind the last place of a text in another.
    private static func place(of wanted: String, in text: String) -> (before: String, after: String)? {
        let (bytes, sign) = (Array(text.utf8), Array(wanted.utf8))
        guard bytes.count > sign.count else { return nil }
        guard let start = (0...(bytes.count - sign.count)).last(where: { bytes[$0...].starts(with: sign) }), start > 0
        else { return nil }
        return (
            String(decoding: bytes[..<start], as: UTF8.self),
            String(decoding: bytes[(start + sign.count)...], as: UTF8.self)
        )
    }

    /// Names of the contract, between which stand `or`, commas and `of`, in words; what else stands there stays.
    private func named(_ text: String) -> String {
        if words.language == .chinese {
            for (joint, sign) in [(", or ", "，或"), (" or ", "或"), (", ", "、")] {
                if let parts = Self.place(of: joint, in: text) {
                    return named(parts.before) + sign + named(parts.after)
                }
            }
            if let parts = Self.place(of: " of its organisation", in: text + " "), parts.after == " " {
                return named(parts.before)
            }
            if let parts = Self.place(of: " of ", in: text) {
                return say("", "{1}的{0}", named(parts.before), named(parts.after))
            }
            if let parts = Self.place(of: "case's ", in: "the " + text), parts.before == "the the " {
                return say("", "本案的{0}", named(parts.after))
            }
            if text == "the organisation that the case names" { return "本案所指机构" }
        }
        let declared = declaredNames
        return eachName(of: text) { declared.contains(TextValue($0)) ? words.name($0) : $0 }
    }

    /// The names that a sentence of the engine may hold.
    private var declaredNames: Set<TextValue> {
        var names = program.roles + program.states.map(\.name) + program.actions.map(\.name)
        names += program.approvals.map(\.name) + program.caseFields.map(\.name) + program.checks.map(\.name)
        names += program.parameters.map(\.name) + program.tables.map(\.name) + program.registers.map(\.name)
        names += program.funds.map(\.name) + program.others.map(\.name)
        return Set(names.map { TextValue($0) })
    }

    /// A text with what `told` makes of each name in it.
    private func eachName(of text: String, _ told: (String) -> String) -> String {
        var result = ""
        var name = ""
        var isText = false
        func end() -> String {
            let isName = name.unicodeScalars.first?.properties.isXIDStart ?? false
            defer { name = "" }
            return isName && !isText ? told(name) : name
        }
        for scalar in text.unicodeScalars {
            if scalar.properties.isXIDContinue {
                name.unicodeScalars.append(scalar)
            } else {
                result += end()
                if scalar == "\"" { isText.toggle() }
                result.unicodeScalars.append(scalar)
            }
        }
        return result + end()
    }

    /// Words of the language of contracts that stand in what a rule reads, in Chinese.
    private static let ownWords = [
        "today": "今日", "now": "现在", "and": "且", "or": "或", "not": "非", "is": "为", "in": "属于", "of": "的", "to": "至",
        "days": "天数", "years": "年数", "year": "年", "largest": "最大", "smallest": "最小", "sum": "合计", "for": "，",
        "absent": "空", "present": "有", "yes": "是", "no": "否", "actor": "办理人", "case": "本案",
    ]

    /// The same words, which stay as they are in English.
    private static let keptWords = Set(ownWords.keys).union([
        "on", "then", "else", "if", "any", "all", "count", "where",
    ])

    /// A saying with any number of values in the places `{0}` … `{9}`.
    private func filled(_ saying: String, _ values: [String]) -> String {
        let all = values + Array(repeating: "", count: max(0, 5 - values.count))
        return words.say(saying, saying, all[0], all[1], all[2], all[3], all[4])
    }
}
