import RemitValues

/// Worked examples: what people do, and what comes of it.
extension PageBuilder {
    mutating func addScenarios() {
        let scenarios = all { if case .scenario(let syntax) = $0 { syntax } else { nil } }
        let givens = all { if case .given(let items) = $0 { items } else { nil } }.flatMap { $0 }
        guard !scenarios.isEmpty else { return }
        section(say("Worked examples", "示例"))
        paragraph(say("These examples are run against the rules whenever the contract is tested", "每次测试合约时，均按规则验证下列示例"))
        if !givens.isEmpty {
            heading(say("What every example starts from", "各示例的共同前提"))
            list(givens.map { given($0) })
        }
        for scenario in scenarios {
            heading(Phrase(speaker.told(scenario.title)))
            var items: [PageItem] = []
            for step in scenario.steps { items += self.items(step) }
            list(items, isOrdered: true)
        }
    }

    private func given(_ item: GivenItem) -> PageItem {
        let phrase =
            switch item.kind {
            case .organisation(let name): say("{0} is an organisation", "{0}是一个机构", speaker.name(name))
            case .person(let name, let role, let organisation):
                organisation.map {
                    say("{0} is {1} of {2}", "{0}是{2}的{1}", speaker.name(name), speaker.name(role), speaker.name($0))
                } ?? say("{0} is {1}", "{0}是{1}", speaker.name(name), speaker.name(role))
            case .fund(let fund, let amount): say("{0} holds {1}", "{0}有{1}", account(fund), speaker.value(amount))
            case .otherCase(let name, let contract, let fields, let state): otherCase(name, contract, fields, state)
            case .row(let register, let keys, let value): row(register, keys, value)
            case .delegation(let name, let principal, let until):
                until.map {
                    say(
                        "{0} stands in for {1} until {2}", "{0}代理{1}，至{2}", speaker.name(name), speaker.name(principal),
                        speaker.value($0))
                } ?? say("{0} stands in for {1}", "{0}代理{1}", speaker.name(name), speaker.name(principal))
            }
        return PageItem(speaker.sentence(phrase))
    }

    private func otherCase(
        _ name: Name, _ contract: Name, _ fields: [(name: Name, value: Expression)], _ state: Name
    ) -> Phrase {
        let whole = say(
            "{0} is a case of {1} that is {2}", "{0}是{1}的案件，状态为{2}", speaker.name(name), speaker.name(contract),
            speaker.name(state))
        return fields.isEmpty ? whole : say("{0}: {1}", "{0}：{1}", whole, speaker.contents(fields))
    }

    private func row(_ register: Name, _ keys: [Expression], _ value: Expression) -> Phrase {
        let content: Phrase
        if case .record(_, let fields) = value.kind {
            content = speaker.contents(fields)
        } else {
            content = speaker.value(value)
        }
        return say("{0} for {1}: {2}", "{0}（{1}）：{2}", speaker.name(register), speaker.keys(keys), content)
    }

    private func items(_ step: ScenarioStep) -> [PageItem] {
        switch step.kind {
        case .given(let items): items.map { given($0) }
        case .at(let time): [PageItem(speaker.sentence(say("it is {0}", "时间为{0}", speaker.value(time))))]
        case .after(let term): [PageItem(speaker.sentence(passed(term)))]
        case .perform(let perform): [self.perform(perform)]
        case .renounce(let delegate, let principal):
            [
                PageItem(
                    speaker.sentence(
                        say(
                            "{0} renounces standing in for {1}", "{0}不再代理{1}", speaker.name(delegate),
                            speaker.name(principal))))
            ]
        case .expect(let condition): [speaker.item(condition, lead: say("then ", "此时，"))]
        case .expectFinding(let label, let code, let line, let isNot): [finding(label, code, line, isNot)]
        case .expectPosting(let fund, let posting): [self.posting(fund, posting)]
        }
    }

    private func passed(_ term: Expression) -> Phrase {
        if case .term("1", _) = term.kind { return say("{0} passes", "过了{0}", speaker.value(term)) }
        return say("{0} pass", "过了{0}", speaker.value(term))
    }

    private func posting(_ fund: AccountName, _ posting: PostingSyntax?) -> PageItem {
        let name = account(fund)
        guard let posting else {
            return PageItem(speaker.sentence(say("{0} books nothing", "{0}未记账", name)))
        }
        let (from, to) = (account(posting.from), account(posting.to))
        return PageItem(
            speaker.sentence(
                say(
                    "{0} books {1} from {2} to {3}", "{0}记账{1}，由{2}至{3}", name, speaker.value(posting.amount), from,
                    to)))
    }

    /// One of the accounts that every fund has, a party, or a fund.
    private func account(_ account: AccountName) -> Phrase {
        let name = account.name
        if let owner = account.owner {
            return say("{1} of {0}", "{0}的{1}", speaker.name(owner), speaker.name(name))
        }
        return switch name.bytes {
        case "available": say("what is available", "可用款项")
        case "reserved": say("what is reserved", "预留款项")
        default: speaker.name(name)
        }
    }

    private func finding(_ label: Name, _ code: TextSyntax?, _ line: Int64?, _ isNot: Bool) -> PageItem {
        let name = speaker.name(label)
        guard let code else {
            return PageItem(speaker.sentence(say("nothing was found in {0}", "{0}无任何发现", name)))
        }
        let place = line.map { say(" on entry {0}", "（第{0}项）", Phrase(String($0))) } ?? .empty
        let words =
            isNot
            ? say("{0} was not found in {1}{2}", "{1}未发现{0}{2}", speaker.code(code), name, place)
            : say("{0} was found in {1}{2}", "{1}发现{0}{2}", speaker.code(code), name, place)
        return PageItem(speaker.sentence(words))
    }

    private func perform(_ perform: PerformSyntax) -> PageItem {
        let actor =
            perform.organisation.map { say("{0} of {1}", "{1}的{0}", speaker.name(perform.actor), speaker.name($0)) }
            ?? speaker.name(perform.actor)
        let deed: Phrase =
            switch perform.vote?.text {
            case "approve": say("signs {0}", "签署{0}", speaker.name(perform.action))
            case "decline": say("declines {0}", "否决{0}", speaker.name(perform.action))
            default: say("does {0}", "办理{0}", speaker.name(perform.action))
            }
        var whole = say("{0} {1}", "{0}{1}", actor, deed)
        if let on = perform.on { whole = say("{0} on {1}", "{0}（{1}）", whole, speaker.name(on)) }
        if let label = perform.label {
            whole = say("{0}; the case is called {1}", "{0}；该案称为{1}", whole, speaker.name(label))
        }
        if let refusal = perform.refusal {
            whole = say("{0} — it is refused: {1}", "{0}——被拒绝：{1}", whole, reason(refusal))
        }
        return PageItem(
            speaker.sentence(whole),
            perform.arguments.map { entry in
                // Why somebody votes so is no name of the contract.
                let name = perform.vote == nil ? speaker.name(entry.name) : say("reason", "理由")
                return argument(name, entry.value)
            })
    }

    /// A value of a form; the entries of a list stand below it.
    private func argument(_ name: Phrase, _ value: Expression) -> PageItem {
        guard case .list(let entries) = value.kind, !entries.isEmpty else {
            let told = speaker.isAbsent(value) ? speaker.leftOut : speaker.value(value)
            return PageItem(say("{0}: {1}", "{0}：{1}", name, told))
        }
        return PageItem(
            say("{0}:", "{0}：", name), entries.map { PageItem(speaker.value($0)) })
    }

    private static let reasons: [String: (String, String)] = [
        "role": ("the person does not hold the role", "不具备相应角色"),
        "excluded": ("the person is excluded", "属于被排除者"),
        "state": ("the case is in another state", "案件状态不符"),
        "unique": ("there is such a case already", "已有相同案件"),
        "alreadySigned": ("the person has signed already", "已经签过字"),
        "noSeat": ("no further signature of this kind is needed", "不再需要此类签字"),
        "changed": ("the case has changed since it was seen", "案件在其查看之后已变更"),
        "argument": ("the form is not filled in as it must be", "表单填写不符合要求"),
        "requirement": ("what is required does not hold", "不满足须满足的条件"),
        "refused": ("a rule refuses it", "规则予以拒绝"),
        "missing": ("something that is looked up is not there", "所查内容不存在"),
        "overflow": ("a number does not fit", "数值超出范围"),
        "precision": ("a result has too many digits", "结果的小数位过多"),
        "divisionByZero": ("something would be divided by zero", "除数为零"),
        "dateRange": ("there is no such day", "日期不存在"),
        "noRule": ("no rule holds on that day", "当日没有有效的规定"),
        "noRow": ("no row of a table fits", "规则表中没有适用的行"),
        "bound": ("a list, set, map or text would grow too long", "列表、集合、映射或文本超出长度"),
        "notRun": ("the checks have not been made", "尚未进行审核"),
        "unreadable": ("the case of the other contract does not show it", "另一合约的案件不显示该内容"),
        "erased": ("a value that is needed was erased", "所需内容已被销毁"),
        "budget": ("it would take too many steps", "步骤过多"),
        "internal": ("the request does not fit the rules", "请求与规则不符"),
        "invariant": ("something that always holds would be broken", "违反始终成立的规定"),
        "noCase": ("there is no such case of the other contract", "另一合约中没有该案件"),
        "funds": ("the fund does not hold enough", "资金不足"),
    ]

    private func reason(_ refusal: PerformSyntax.Refusal) -> Phrase {
        switch refusal {
        case .word(let word):
            if let (english, chinese) = Self.reasons[word.text] { return say(english, chinese) }
            return speaker.name(word)
        case .text(let first, let second):
            // A text alone may be a code; one in capitals and digits is shown as such.
            guard let second else {
                let isCode = (first.plain ?? " ").utf8.allSatisfy { byte in
                    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "-")
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                }
                return isCode ? speaker.code(first) : speaker.quoted(first)
            }
            return say("{0} {1}", "{0} {1}", speaker.code(first), speaker.quoted(second))
        }
    }
}
