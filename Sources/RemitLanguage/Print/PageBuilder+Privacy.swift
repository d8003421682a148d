import RemitValues

/// What is kept private, and what shows of it all the same.
extension PageBuilder {
    mutating func addPrivacy() {
        func isPrivate(_ type: TypeSyntax) -> Bool {
            switch type.kind {
            case .privately: true
            case .optional(let inner): isPrivate(inner)
            default: false
            }
        }
        var items = caseFields.filter { isPrivate($0.type) }.map { PageItem(speaker.name($0.name)) }
        for register in registers {
            items += (register.keys + register.fields).filter { isPrivate($0.type) }.map {
                PageItem(say("{0} in {1}", "{1}中的{0}", speaker.name($0.name), speaker.name(register.name)))
            }
        }
        for record in records {
            items += record.fields.filter { isPrivate($0.type) }.map {
                PageItem(say("{0} in {1}", "{1}中的{0}", speaker.name($0.name), speaker.name(record.name)))
            }
        }
        guard !items.isEmpty else { return }
        section(say("What is kept private", "保密内容"))
        paragraph(
            say(
                "These values are not on the ledger themselves, only a seal of each. What is worked out from them "
                    + "is private too, unless a rule says that it is made public. They can be erased; a rule that "
                    + "needs an erased value is refused.",
                "下列内容本身不在账本上，账本只存其封印。由其得出的结果同样保密，除非规则写明予以公开。保密内容可以销毁；需要已销毁内容的办理予以拒绝。"))
        list(items)
    }

    /// A row for each outcome that tells something of private values; without the analysis there are none.
    mutating func addDisclosures() {
        guard !disclosures.isEmpty else { return }
        section(say("What each outcome shows of it", "各办理结果透露的内容"))
        paragraph(
            say(
                "Nobody sees a private value, but everybody sees what came of a request. This is all that can be "
                    + "told from it",
                "保密内容无人可见，但办理结果人人可见。由结果可以推知的内容仅限下列各项"))
        table(
            PageTable(
                caption: say("What a stranger can tell", "外人可以推知的内容"),
                heads: [say("When", "何时"), say("What shows", "可见的结果"), say("Tells something of", "涉及的保密内容")],
                rows: disclosures.map { disclosure in
                    [
                        occasion(disclosure.occasion).capitalised, outcome(disclosure.outcome),
                        speaker.listed(disclosure.sources.map { source($0) }),
                    ]
                }))
    }

    /// `Member.id`, or the name of a field.
    private func source(_ name: String) -> Phrase {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return speaker.name(name) }
        return say("{0} in {1}", "{1}中的{0}", speaker.name(parts[1]), speaker.name(parts[0]))
    }

    private func occasion(_ occasion: Disclosure.Occasion) -> Phrase {
        switch occasion {
        case .action(let name): speaker.name(name)
        case .opening(let name): say("a round of {0} begins", "{0}开始", speaker.name(name))
        case .round(let name, .granted): say("{0} granted", "{0}通过", speaker.name(name))
        case .round(let name, .declined): say("{0} declined", "{0}被拒", speaker.name(name))
        case .round(let name, _): say("{0} overdue", "{0}逾期", speaker.name(name))
        case .deadline(let states):
            say(
                "a time limit is over while the case is {0}", "案件状态为{0}时期限届满",
                speaker.listed(states.map { speaker.name($0) }, .or))
        case .migration(let version):
            say("a case of version {0} is brought over", "第{0}版的案件转入本版", Phrase(String(version)))
        }
    }

    private func outcome(_ outcome: Disclosure.Outcome) -> Phrase {
        switch outcome {
        case .refusal(let code, let text):
            say("whether it is refused with {0}", "是否被拒绝：{0}", refusal(code, text))
        case .finding(let code, let text):
            say("whether there is the finding {0}", "是否有审核结果：{0}", refusal(code, text))
        case .branch(let effects):
            say("whether {0}", "是否{0}", speaker.listed(effects.map { effect($0) }, .or))
        case .reveal: say("a value that is made public", "公开的数值")
        case .sameCase(let code, let text):
            say("whether another case has the same, by the refusal {0}", "是否另有相同的案件（被拒绝：{0}）", refusal(code, text))
        case .sameRow(let register):
            say("whether other cases write the same entry of {0}", "是否有其他案件写入{0}的同一记录", speaker.name(register))
        case .invariant(let text):
            say("whether it is refused because of {0}", "是否因违反{0}被拒绝", speaker.quoted(written: text))
        case .fault:
            say(
                "whether it is refused for a value out of range, or for an entry or money that is missing",
                "是否因数值超出范围、缺少记录或款项不足而被拒绝")
        case .cost: say("how many steps it took", "所用步数")
        }
    }

    private func refusal(_ code: String?, _ text: String) -> Phrase {
        let quoted = speaker.quoted(written: text)
        guard let code else { return quoted }
        return say("{0} {1}", "{0} {1}", Phrase(code, .code), quoted)
    }

    private func effect(_ effect: Disclosure.Effect) -> Phrase {
        switch effect {
        case .state(let name): say("the case becomes {0}", "案件转为{0}", speaker.name(name))
        case .field(let name): say("{0} is written", "写入{0}", speaker.name(name))
        case .row(let name): say("an entry of {0} is written", "写入{0}的记录", speaker.name(name))
        case .fund(let name): say("money of {0} moves", "{0}有款项变动", speaker.name(name))
        case .checks(let name): say("the checks of {0} are made", "进行{0}的审核", speaker.name(name))
        case .notice: say("somebody is notified", "发出通知")
        case .migration: say("the case comes under this version", "案件转入本版")
        }
    }
}
