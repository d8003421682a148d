import RemitLanguage
import RemitValues

/// What the engine and the source say, in the words of the reader.
extension DecisionLetter {
    /// Why something was refused: in the contract's words where a rule of it gives them, else in those for the
    /// engine's; `text` takes the place of the refusal's own where there is one.
    func why(_ refusal: Refusal, openly text: String?) -> String {
        let text = text ?? refusal.text
        guard refusal.code == nil else { return words.text(text) }
        if let translated = words.translation(of: text) { return translated }
        return told(text, of: [refusal.reason]) ?? words.text(text)
    }

    /// A sentence of the engine's in the reader's language; nil where it is none.
    private func told(_ text: String, of reasons: [RefusalReason]) -> String? {
        for sentence in EngineSentence.all where !sentence.reasons.isDisjoint(with: reasons) {
            guard let values = sentence.values(in: text) else { continue }
            let told = zip(values, sentence.parts).map { self.told($0, as: $1) }
            return words.say(sentence.english, sentence.chinese, filling: told)
        }
        return nil
    }

    private func told(_ value: String, as part: EngineSentence.Part) -> String {
        switch part {
        case .names: named(value)
        case .path: path(value)
        case .type: type(value)
        case .day: CalendarDate.parse(value).map { words.value(.date($0)) } ?? value
        case .faults: faults(value)
        case .plain: value
        }
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

    /// Where in a value something stands: `lines[2].code` is the code of entry 2 of lines.
    private func path(_ written: String) -> String {
        var told = ""
        for part in written.split(separator: ".") {
            let pieces = part.split(separator: "[", maxSplits: 1)
            let name = pieces.first.map { words.name(String($0)) } ?? ""
            let number = pieces.count > 1 ? String(pieces[1].prefix { $0 != "]" }) : nil
            let place = number.map { say("entry {0} of {1}", "{1}第{0}项", $0, name) } ?? name
            told = told.isEmpty ? place : say("{1} of {0}", "{0}的{1}", told, place)
        }
        return told.isEmpty ? written : told
    }

    /// A type with its article, as it stands in `must be a Text(16)`.
    private func type(_ written: String) -> String {
        for article in ["a ", "an "] where written.hasPrefix(article) {
            let name = String(written.dropFirst(article.count))
            guard let told = words.type(name) else { break }
            return say("{1}{0}", "{0}", told, words.language == .english && name.contains("(") ? "" : article)
        }
        return named(written)
    }

    /// Checks that could not be evaluated: `B on line 2: the divisor is zero; C: …`.
    private func faults(_ written: String) -> String {
        let more = Self.parted(written, at: ", and ")
        let count = more.flatMap { $0.after.hasSuffix(" more") ? String($0.after.dropLast(5)) : nil }
        let all = count == nil ? written : more?.before ?? written
        let told = all.split(separator: ";").map { part in
            let text = part.drop { $0 == " " }
            guard let split = text.firstIndex(of: ":") else { return checkPlace(String(text)) }
            let reason = String(text[text.index(after: split)...].drop { $0 == " " })
            return say(
                "{0}: {1}", "{0}：{1}", checkPlace(String(text[..<split])),
                self.told(reason, of: RefusalReason.allCases) ?? words.text(reason))
        }
        let listed = told.joined(separator: words.language == .english ? "; " : "；")
        return count.map { say("{0}, and {1} more", "{0}，另有{1}项", listed, $0) } ?? listed
    }

    private func checkPlace(_ written: String) -> String {
        if written == "a value that checks read" { return say("a value that checks read", "各项检查所用的一项内容") }
        if written.hasPrefix("line ") { return say("line {0}", "第{0}行", String(written.dropFirst(5))) }
        guard let parts = Self.parted(written, at: " on line ") else { return written }
        return say("{0} on line {1}", "{0}（第{1}行）", parts.before, parts.after)
    }

    /// What stands before and behind the last place of a text in another.
    private static func parted(_ text: String, at wanted: String) -> (before: String, after: String)? {
        let (bytes, sign) = (Array(text.utf8), Array(wanted.utf8))
        guard bytes.count > sign.count else { return nil }
        let found = (1...(bytes.count - sign.count)).last { bytes[$0...].starts(with: sign) }
        return found.map { start in
            (
                String(decoding: bytes[..<start], as: UTF8.self),
                String(decoding: bytes[(start + sign.count)...], as: UTF8.self)
            )
        }
    }

    /// Names of the contract, between which stand `or`, commas and `of`, in words; what else stands there stays.
    private func named(_ text: String) -> String {
        if let parts = Self.parted(text, at: ", or ") {
            return named(parts.before) + say(", or ", "，或") + named(parts.after)
        }
        if text == "the organisation that the case names" { return say(text, "本案所指的机构") }
        if text == "the organisation that the call names" { return say(text, "申请所指的机构") }
        if text.hasPrefix(Self.namedByRow) {
            let register = words.name(String(text.dropFirst(Self.namedByRow.count)))
            return say("the organisation named in {0}", "“{0}”所记的机构", register)
        }
        if text.hasPrefix("the case's ") {
            return say("the case’s {0}", "本案的{0}", named(String(text.dropFirst("the case's ".count))))
        }
        if let parts = Self.parted(text, at: " of its organisation"), parts.after.isEmpty {
            return say("{0} of the own organisation", "所在机构的{0}", named(parts.before))
        }
        // Roles without an organisation of their own are all of the one that stands behind them.
        if let parts = Self.parted(text, at: " of "), Self.parted(parts.before, at: " of ") == nil {
            return say("{0} of {1}", "{1}的{0}", named(parts.before), place(parts.after))
        }
        for (joint, sign) in [(" or ", "或"), (", ", "、")] {
            guard let parts = Self.parted(text, at: joint) else { continue }
            return named(parts.before) + (words.language == .english ? joint : sign) + named(parts.after)
        }
        return eachName(of: text)
    }

    private static let namedByRow = "the organisation named in "

    /// An organisation: by its own name, which is none of the contract's, or as the case names it.
    private func place(_ text: String) -> String { text.hasPrefix("the ") ? named(text) : text }

    /// A text with each name of the contract in words; texts between quotes stay.
    private func eachName(of text: String) -> String {
        var result = ""
        var name = ""
        var isText = false
        func told() -> String {
            defer { name = "" }
            return !isText && declaredNames.contains(TextValue(name)) ? words.name(name) : name
        }
        for scalar in text.unicodeScalars {
            if scalar.properties.isXIDContinue {
                name.unicodeScalars.append(scalar)
            } else {
                result += told()
                if scalar == "\"" { isText.toggle() }
                result.unicodeScalars.append(scalar)
            }
        }
        return result + told()
    }

    /// The names that a sentence of the engine may hold.
    static func declaredNames(_ program: CheckedProgram) -> Set<TextValue> {
        var names = program.roles + program.states.map(\.name) + program.actions.map(\.name)
        names += program.approvals.map(\.name) + program.caseFields.map(\.name) + program.checks.map(\.name)
        names += program.parameters.map(\.name) + program.tables.map(\.name) + program.registers.map(\.name)
        names += program.funds.map(\.name) + program.others.map(\.name) + program.enumerations.flatMap(\.cases)
        names += program.records.flatMap(\.fields).map(\.name) + program.actions.flatMap(\.parameters).map(\.name)
        return Set(names.map { TextValue($0) })
    }
}
