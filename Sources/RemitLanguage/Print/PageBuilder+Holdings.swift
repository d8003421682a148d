import RemitValues

/// Registers, funds, what always holds, and what the ledger adds by itself.
extension PageBuilder {
    mutating func addRegisters() {
        guard !registers.isEmpty else { return }
        section(say("Registers", "登记册"))
        paragraph(
            say("Registers are lists on the ledger that are looked up by their key", "登记册是账本上的名录，按关键项查找"))
        for register in registers {
            heading(speaker.name(register.name))
            let keepers =
                register.keepers.isEmpty
                ? say("kept by this contract alone", "仅由本合约维护")
                : say("kept by {0}", "由{0}维护", speaker.listed(register.keepers, .or))
            let whole = say(
                "One entry for each {0}; {1}", "每个{0}一条记录；{1}",
                speaker.listed(register.keys.map { speaker.name($0.name) }), keepers)
            paragraph(
                speaker.facts.isFull(register.name)
                    ? say(
                        "{0}. An entry that nobody has written yet holds the values below that fields begin as",
                        "{0}。尚未写入的记录，各项取下列起始值", whole)
                    : whole)
            let keys = register.keys.map {
                [say("{0} (key)", "{0}（关键项）", speaker.name($0.name)), speaker.type($0.type)]
            }
            table(
                PageTable(
                    caption: say("What {0} holds", "{0}的内容", speaker.name(register.name)),
                    heads: [say("Field", "项目"), say("Content", "内容")],
                    rows: keys
                        + fieldRows(
                            register.fields,
                            whenOptional: register.keepers.isEmpty
                                ? say("empty until the rules fill it", "由规则填写，此前为空") : nil)))
            inside(.register(register)) { builder in
                builder.list(register.invariants.map { builder.invariant($0, lead: builder.say("always: ", "始终：")) })
            }
        }
    }

    private func invariant(_ invariant: InvariantSyntax, lead: Phrase) -> PageItem {
        speaker.item(
            invariant.condition, lead: say("{0}{1} — ", "{0}{1}——", lead, speaker.quoted(invariant.text)),
            trail: speaker.cited(invariant.source))
    }

    mutating func addFunds() {
        guard !funds.isEmpty else { return }
        section(say("Funds", "资金"))
        let rules = [
            PageItem(
                say(
                    "A fund never goes below zero. Every payment is booked twice: where it comes from and where it "
                        + "goes.",
                    "资金不会低于零。每笔款项均双重记账：来源与去向。")),
            PageItem(
                say(
                    "A reservation belongs to one case; reservations add up, and a payment draws on them first. "
                        + "What is still reserved when a case ends is released by itself.",
                    "预留款属于某一案件，可以累加，支付时先行使用。案件终结时尚未使用的预留款自动释放。")),
        ]
        list(
            funds.map { fund in
                let keepers =
                    fund.keepers.isEmpty
                    ? Phrase.empty : say("; {0} may pay into it", "；{0}可以存入款项", speaker.listed(fund.keepers, .or))
                return PageItem(
                    speaker.sentence(
                        say(
                            "{0}, in {1}{2}", "{0}，币种{1}{2}", speaker.name(fund.name), Phrase(fund.currency.text),
                            keepers)))
            } + rules)
    }

    mutating func addInvariants() {
        let keys = all { if case .unique(let syntax) = $0 { syntax } else { nil } }
        let invariants = all { if case .invariant(let syntax) = $0 { syntax } else { nil } }
        guard !keys.isEmpty || !invariants.isEmpty else { return }
        section(say("What always holds", "始终成立的规定"))
        paragraph(say("A request that would break one of these is refused as a whole", "凡违反下列任一规定的办理，整体予以拒绝"))
        let unique = keys.map { key in
            var whole = say("no two cases have the same {0}", "任何两个案件的{0}不得全部相同", speaker.listed(key.fields))
            if !key.except.isEmpty {
                whole = say(
                    "{0}, leaving aside those that are {1}", "{0}，{1}的案件除外", whole, speaker.listed(key.except, .or))
            }
            let optional = key.fields.filter { field in
                caseFields.contains { $0.name.bytes == field.bytes && $0.type.isOptional }
            }
            if !optional.isEmpty {
                whole = say(
                    "{0}; cases without {1} are alike in that", "{0}；{1}均为空的案件，该项视为相同", whole,
                    speaker.listed(optional, .or))
            }
            if let refusal = key.refusal { whole.append(speaker.otherwise(refusal)) }
            whole.append(speaker.cited(key.source))
            return PageItem(speaker.sentence(whole))
        }
        list(unique + invariants.map { invariant($0, lead: .empty) }, isOrdered: true)
    }

    mutating func addMigrations() {
        let migrations = all { if case .migrate(let syntax) = $0 { syntax } else { nil } }
        guard !migrations.isEmpty else { return }
        section(say("Running cases when this version comes into force", "本版生效时的在办案件"))
        for migration in migrations {
            let version = Phrase(String(migration.from))
            let cases =
                migration.within.isEmpty
                ? say("Running cases of version {0}", "第{0}版的在办案件", version)
                : say(
                    "Cases of version {0} that are {1}", "第{0}版中状态为{1}的案件", version,
                    speaker.listed(migration.within, .or))
            if let condition = migration.condition {
                list([
                    speaker.item(
                        condition, lead: say("{0} come under this version if ", "{0}转入本版的条件是：", cases),
                        isBehindIf: true)
                ])
            } else {
                paragraph(say("{0} come under this version:", "{0}转入本版：", cases))
            }
            let renamed = migration.states.map {
                PageItem(
                    speaker.sentence(
                        say("what was {0} is now {1}", "原{0}改为{1}", speaker.name($0.old), speaker.name($0.new))))
            }
            let changes = renamed + speaker.steps(migration.body.statements)
            list(changes.isEmpty ? [PageItem(speaker.sentence(say("nothing in them changes", "内容不变")))] : changes)
        }
        paragraph(
            say(
                "All other cases finish under the version under which they began. A case that comes over keeps what "
                    + "it holds, what is reserved for it and the time limits that run; a round of signatures that is "
                    + "open begins afresh",
                "其他案件按其开始时的版本办结。转入的案件保留其内容、预留款项和进行中的期限；进行中的签字重新开始"))
    }

    // MARK: The ledger

    mutating func addEngine() {
        guard !contract.isLibrary else { return }
        section(say("What holds without being written above", "无须写明即适用的规定"))
        var items = [
            say(
                "Whatever is done happens as a whole or not at all. What is refused changes nothing, and is "
                    + "recorded with its reason.",
                "每次办理要么全部生效，要么完全不生效。被拒绝的办理不改变任何内容，但连同理由一并记录。"),
            say("Amounts are kept in whole units of the smallest coin of their currency.", "金额以该币种的最小单位为整数保存。"),
            say(
                "A rule that cannot be evaluated refuses the request: nothing is skipped.",
                "无法计算的规则一律导致拒绝，不会被跳过。"),
            say(
                "Who is excluded is excluded in person and through anybody standing in for them, whichever "
                    + "organisation they act for; an organisation, with all who act for it.",
                "被排除者本人及其代理人均不得办理，无论其代表哪家机构；被排除的机构，其全部人员均不得办理。"),
            say(
                "Nobody acts for an organisation in which they hold no role; only a person whom the case names may "
                    + "always act for the organisation that put these rules in force.",
                "在某机构不担任任何角色的，不得代表该机构办理；只有案件指明的个人始终可代表施行本规则的机构办理。"),
            say(
                "Who may do something on a case is judged by the case as it stands, before what is filled in is "
                    + "written down.",
                "谁可以办理，以案件现状为准，在填写的内容记入之前判定。"),
        ]
        let isDated =
            tables.contains { $0.sections.contains { $0.period.from != nil } }
            || !all({
                if case .parameter(let syntax) = $0, syntax.values.contains(where: { $0.period.from != nil }) {
                    syntax
                } else {
                    nil
                }
            }).isEmpty
        if isDated {
            items.append(
                say(
                    "A figure or table with dates is read for the day that the rule names; on a day that none "
                        + "covers, the request is refused.",
                    "带日期的数值和规则表按规则指明的日期取用；该日期没有对应规定的，予以拒绝。"))
        }
        if splits {
            items.append(
                say(
                    "The parts of an amount that is split add up to it exactly. Each is first rounded down; the "
                        + "smallest coins that are left over go one each to the parts that lost most by it, and of "
                        + "equal ones to the first.",
                    "拆分金额时，各份之和恰为原额。各份先舍去尾数；余下的最小货币单位，按舍去尾数由多到少每份一个分配，相同的在前者优先。"))
        }
        if !approvals.isEmpty {
            items += [
                say(
                    "Signers are different people. One person with two roles fills one place, whoever stands in "
                        + "for another counts as that person, and nobody signs twice.",
                    "签字人必须是不同的人。一人兼任两个角色的，只占一个名额；代理人视同被代理人；任何人不得重复签字。"),
                say(
                    "Nobody’s signature covers what they did not see: whenever the case is changed in its state, by an "
                        + "action, a time limit or what follows another round, the rounds of that state begin afresh, "
                        + "even those that have ended. A role counts if it was held at the time of signing.",
                    "签字不及于签字人未见之事：案件在其状态中一经变更（无论因办理、期限到期或另一轮签字的结果），"
                        + "该状态的各轮签字（包括已结束的）均重新开始。角色以签字时是否担任为准。"),
            ]
        }
        items += timeRules()
        list(items.map { PageItem($0) })
    }

    /// Whether an amount is split anywhere.
    private var splits: Bool {
        contract.declarations.contains { declaration in
            declaration.kind.expressions.contains { expression in
                expression.all.contains { if case .call(let name, _) = $0.kind { name.text == "split" } else { false } }
            }
        }
    }

    mutating func addWords() {
        let entries = speaker.replacedWords(in: contract)
        guard !entries.isEmpty else { return }
        section(say("Words used on this page", "本页用语"))
        paragraph(
            say(
                "The words on this page stand for those of the contract. Where they differ in sense, the contract "
                    + "decides",
                "本页用语对应合约原文。如有歧义，以合约为准"))
        table(
            PageTable(
                caption: say("Words of the contract and of this page", "合约原文与本页用语"),
                heads: [say("In the contract", "合约原文"), say("On this page", "本页用语")],
                rows: entries.map { [Phrase($0.own, .code), Phrase($0.shown)] }))
    }
}
