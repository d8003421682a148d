import RemitValues

/// Puts the parts of a contract into words of one language.
///
/// Each saying stands in both languages side by side, so that neither can fall behind the other.
struct Speaker: Sendable {
    let language: PageLanguage
    private(set) var facts: NameFacts
    let words: WordList

    init(_ contract: ContractSyntax, _ language: PageLanguage, _ words: WordList) {
        self.language = language
        self.words = words
        facts = NameFacts(contract)
    }

    /// A speaker that knows the names which a declaration binds.
    func inside(_ kind: Declaration.Kind) -> Speaker {
        var copy = self
        copy.facts.enter(kind)
        return copy
    }

    /// A saying of the page's language with its parts in place.
    func say(_ english: String, _ chinese: String, _ parts: Phrase...) -> Phrase {
        Phrase.filled(language == .english ? english : chinese, parts)
    }

    /// The same between round brackets.
    func brackets(_ phrase: Phrase) -> Phrase { say("({0})", "（{0}）", phrase).marked(isAtom: true) }

    /// A sentence: a capital first, a full stop last.
    func sentence(_ phrase: Phrase) -> Phrase {
        var whole = phrase.capitalised
        let last = whole.runs.last.flatMap { run in run.style == .quote ? nil : run.text.unicodeScalars.last }
        if let last, [".", "。", ":", "：", "!", "！"].contains(last) { return whole }
        whole.append(language == .english ? "." : "。")
        return whole
    }

    // MARK: Names and texts

    /// A name in words.
    func name(_ name: Name) -> Phrase { self.name(name.text) }

    func name(_ text: String) -> Phrase { Phrase(spelled(text), .name) }

    /// The words of a name: those of the word list, or the name taken apart.
    func spelled(_ text: String) -> String {
        if let words = words.name(text) { return words }
        if language == .chinese, !facts.isDeclared(text), let own = Self.ownWords[text] { return own }
        if language == .chinese, let common = Glossary.chinese(text) { return common }
        return NameWords.apart(text, isValue: facts.isEnumValue(text))
    }

    /// What the page calls otherwise than the contract does: by the word list, and in Chinese by common words.
    func replacedWords(in contract: ContractSyntax) -> [(own: String, shown: String)] {
        var common: [TextValue: String] = [:]
        if language == .chinese {
            for name in ContractWords(contract).names { common[name] = Glossary.chinese(name.string) }
        }
        return words.entries(with: common)
    }

    /// Names of the language itself, such as the outcomes of a round; a contract may declare its own of the same name.
    private static let ownWords = [
        "granted": "通过", "declined": "被否决", "overdue": "逾期", "unapprovedPayment": "未经审批的付款",
        "singleSigner": "一人签字", "selfApproval": "自行审批", "staysReserved": "款项一直预留",
        "unreachableState": "无案件进入的状态", "deadEnd": "无出口的状态", "actionNeverEnabled": "无法办理的事项",
        "idleDeadline": "不会到期的期限", "circularDeadline": "当即重回自身的期限", "formDecides": "由表单决定办理人",
        "paysAgain": "可能再次动用款项的审批", "givesNothing": "表单无法填写的内容", "loneScope": "仅限其中一个角色的机构",
        "rowNeverReached": "不会用到的行",
        "tableNotProved": "未能证明完整的规则表", "neverReached": "不会执行的步骤", "alwaysPresent": "必有的值",
        "unusedName": "未使用的名称", "tab": "制表符",
    ]

    /// A text of the contract between quotation marks.
    func quoted(_ text: TextSyntax) -> Phrase {
        let written = told(text)
        return Phrase("\u{201C}\(written)\u{201D}", .quote)
    }

    /// The same for a text as the analysis has it, its names in braces.
    func quoted(written text: String) -> Phrase {
        Phrase("\u{201C}\(shown(words.text(text) ?? BraceText.parts(text)))\u{201D}", .quote)
    }

    /// A text of the contract as it is, translated where the word list has it.
    func told(_ text: TextSyntax) -> String { shown(words.text(BraceText.written(text)) ?? text.parts) }

    private func shown(_ parts: [TextSyntax.Part]) -> String {
        let joint = language == .english ? "’s " : "的"
        return parts.map { part in
            switch part {
            case .plain(let plain): plain
            case .path(let names): "[" + names.map { filler($0.text) }.joined(separator: joint) + "]"
            }
        }.joined()
    }

    private func filler(_ name: String) -> String {
        guard name == "case" else { return spelled(name) }
        return language == .english ? "number of the case" : "案件编号"
    }

    /// A code as it is.
    func code(_ text: TextSyntax) -> Phrase { Phrase(BraceText.written(text), .code) }

    /// ` (Finance Rules 12.3)`, or nothing.
    func cited(_ source: TextSyntax?) -> Phrase {
        guard let source else { return .empty }
        return say(" ({0})", "（{0}）", Phrase(told(source), .source))
    }

    /// `CO-18 “Exact duplicate claim”`.
    func refusal(_ refusal: RefusalSyntax) -> Phrase {
        guard let code = refusal.code else { return quoted(refusal.text) }
        return say("{0} {1}", "{0} {1}", self.code(code), quoted(refusal.text))
    }

    /// Whether an expression is the word for what is not there, and not a name of the contract's own.
    func isAbsent(_ expression: Expression) -> Bool {
        guard case .name(let name) = expression.kind else { return false }
        return name.text == "absent" && !facts.isDeclared(name.text)
    }

    // MARK: Lists

    enum Joint {
        case and, or
    }

    /// `a, b and c`.
    func listed(_ parts: [Phrase], _ joint: Joint = .and) -> Phrase {
        guard let last = parts.last else { return .empty }
        if parts.count == 1 { return last }
        let word =
            switch (language, joint) {
            case (.english, .and): " and "
            case (.english, .or): " or "
            case (.chinese, .and): "和"
            case (.chinese, .or): "或"
            }
        var whole = Phrase("", isAtom: false)
        for (index, part) in parts.dropLast().enumerated() {
            if index > 0 { whole.append(language == .english ? ", " : "、") }
            whole.append(part)
        }
        whole.append(word)
        whole.append(last)
        return whole
    }

    func listed(_ names: [Name], _ joint: Joint = .and) -> Phrase { listed(names.map { name($0) }, joint) }

    // MARK: Types

    /// A type in words; what is said of an optional one depends on where its values come from.
    func type(_ type: TypeSyntax, whenOptional how: Phrase? = nil) -> Phrase {
        switch type.kind {
        case .named(let name): named(name)
        case .text(let bound): say("text of at most {0} characters", "文本，最多{0}字", number(String(bound)))
        case .optional(let inner):
            say("{0}; {1}", "{0}；{1}", self.type(inner), how ?? say("may be left out", "可以不填"))
        case .list(let inner, let bound):
            say("a list of at most {1}: {0}", "列表，最多{1}项：{0}", self.type(inner), number(String(bound)))
        case .set(let inner, let bound):
            say(
                "a set, nothing twice, of at most {1}: {0}", "集合，不重复，最多{1}项：{0}", self.type(inner),
                number(String(bound)))
        case .map(let key, let value, let bound):
            say(
                "a map of at most {2}: for each {0}, {1}", "映射，最多{2}项：每个{0}对应{1}", keyType(key), self.type(value),
                number(String(bound)))
        case .privately(let inner): say("{0}; kept private", "{0}；保密", self.type(inner, whenOptional: how))
        case .caseOf(let contract): say("a case of {0}", "“{0}”的案件", name(contract))
        }
    }

    /// A type before which a word such as `each` stands, so that its bound goes before it.
    private func keyType(_ type: TypeSyntax) -> Phrase {
        guard case .text(let bound) = type.kind else { return self.type(type) }
        return say("text of at most {0} characters", "不超过{0}字的文本", number(String(bound)))
    }

    private static let typeWords: [String: (String, String)] = [
        "Boolean": ("yes or no", "是或否"), "Integer": ("whole number", "整数"), "Decimal": ("number", "小数"),
        "Date": ("date", "日期"), "DateTime": ("date and time", "日期和时间"), "Duration": ("length of time", "时长"),
        "Term": ("time limit", "期限"), "Person": ("person", "个人"), "Organisation": ("organisation", "机构"),
        "Party": ("person or organisation", "个人或机构"), "Document": ("document", "文件"),
        "Quorum": ("signatures needed", "所需签字"), "Text": ("text", "文本"),
    ]

    private func named(_ name: Name) -> Phrase {
        if let (english, chinese) = Self.typeWords[name.text] { return say(english, chinese).marked(isAtom: true) }
        if Currency(code: name.text) != nil { return say("amount in {0}", "金额（{0}）", Phrase(name.text)) }
        return self.name(name)
    }
}
