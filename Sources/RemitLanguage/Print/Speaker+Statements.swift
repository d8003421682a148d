import RemitValues

/// What happens, step by step.
extension Speaker {
    /// The steps of a block, each an item with what belongs below it; of an empty one it is said that it is, since
    /// what stands behind it would seem to belong to it.
    func steps(_ block: Block) -> [PageItem] {
        let found = steps(block.statements)
        return found.isEmpty ? [PageItem(sentence(say("nothing happens", "不作处理")))] : found
    }

    func steps(_ statements: some Sequence<Statement>) -> [PageItem] { statements.map { step($0) } }

    private func step(_ statement: Statement) -> PageItem {
        switch statement.kind {
        case .binding(let name, let value, let refusal): binding(name, value, refusal)
        case .require(let condition, let refusal):
            required(condition, refusal, lead: say("it must hold that ", "必须满足："))
        case .refuse(let refusal):
            PageItem(sentence(say("the request is refused: {0}", "予以拒绝：{0}", self.refusal(refusal))))
        case .set, .add, .remove: PageItem(sentence(change(statement)))
        case .choose(let condition, let then, let otherwise): choice(condition, then, otherwise)
        case .match(let subject, let arms): match(subject, arms)
        case .each(let variable, let list, let body):
            PageItem(
                say("For each {0} in {1}:", "对{1}中的每个{0}：", name(variable), value(list)), steps(body))
        case .run(let checks, let arguments): run(checks, arguments)
        case .become(let state): PageItem(sentence(become(state)))
        case .notify(let who, let text):
            PageItem(sentence(say("{0} is notified: {1}", "通知{0}：{1}", value(who), quoted(text))))
        case .reserve, .release, .pay, .transfer: PageItem(sentence(money(statement)))
        }
    }

    /// Steps that only ask, under a heading that says so.
    func conditions(_ statements: some Sequence<Statement>) -> [PageItem] {
        statements.map { statement in
            guard case .require(let condition, let refusal) = statement.kind else { return step(statement) }
            return required(condition, refusal, lead: .empty)
        }
    }

    private func required(_ condition: Expression, _ refusal: RefusalSyntax, lead: Phrase) -> PageItem {
        item(condition, lead: lead, trail: otherwise(refusal))
    }

    /// `; otherwise it is refused: CO-31 “…”`.
    func otherwise(_ refusal: RefusalSyntax) -> Phrase {
        say(" — otherwise refused: {0}", "，否则拒绝：{0}", self.refusal(refusal))
    }

    private func binding(_ name: Name, _ value: Expression, _ refusal: RefusalSyntax?) -> PageItem {
        guard let refusal else {
            return PageItem(sentence(meaning(name, value)))
        }
        var whole = say("{0} must exist; it is called {1} here", "必须有{0}（下称{1}）", self.value(value), self.name(name))
        whole.append(otherwise(refusal))
        return PageItem(sentence(whole))
    }

    /// `base is the sum of …`.
    func meaning(_ name: Name, _ value: Expression) -> Phrase {
        switch value.kind {
        case .and, .or, .not, .comparison, .within, .isIn, .state, .implies:
            say("{0} says whether {1}", "{0}表示是否{1}", self.name(name), subordinate(value))
        default: say("{0} means {1}", "{0}是指{1}", self.name(name), self.value(value))
        }
    }

    private func change(_ statement: Statement) -> Phrase {
        switch statement.kind {
        case .set(let target, let value) where isAbsent(value):
            say("{0} is cleared", "清空{0}", self.value(target))
        case .set(let target, let value): say("{0} is set to {1}", "将{0}设为{1}", self.value(target), self.value(value))
        case .add(let value, let target): say("{0} is added to {1}", "将{0}加入{1}", self.value(value), self.value(target))
        case .remove(let value, let target): removal(value, target)
        default: .empty
        }
    }

    /// A list may hold the same several times, and loses it wherever it stands.
    private func removal(_ value: Expression, _ target: Expression) -> Phrase {
        switch facts.sort(target) {
        case .list:
            say(
                "every entry equal to {0} is taken out of {1}", "将{1}中与{0}相同的各项全部去除", operand(value), self.value(target)
            )
        case .map:
            say(
                "the entry for {0}, if there is one, is taken out of {1}", "将{0}的一项（如有）从{1}中去除", operand(value),
                self.value(target))
        default:
            say("{0}, if it is there, is taken out of {1}", "将{0}（如有）从{1}中去除", operand(value), self.value(target))
        }
    }

    private func choice(_ condition: Expression, _ then: Block, _ otherwise: Block?) -> PageItem {
        var head = item(condition, lead: say("if ", "如果"), isBehindIf: true)
        guard Self.isLong(condition) else {
            head.phrase = say("if {0}:", "如果{0}：", subordinate(condition)).capitalised
            head.children = steps(then)
            if let otherwise {
                head.children.append(PageItem(say("Otherwise:", "否则："), steps(otherwise)))
            }
            return head
        }
        head.children.append(PageItem(say("In that case:", "此时："), steps(then)))
        if let otherwise { head.children.append(PageItem(say("Otherwise:", "否则："), steps(otherwise))) }
        return head
    }

    private func match(_ subject: Expression, _ arms: [MatchArm]) -> PageItem {
        let isVerdict = isResult(subject)
        let head =
            isVerdict
            ? say("By the result of {0}:", "按{0}的结果：", value(subject)) : say("By {0}:", "按{0}：", value(subject))
        let children = arms.map { arm in
            let patterns = listed(arm.patterns.map { verdict($0, isVerdict) }, .or)
            return PageItem(say("if it is {0}:", "为{0}时：", patterns).capitalised, steps(arm.body))
        }
        return PageItem(head, children)
    }

    /// The result of checks in words.
    func verdict(_ name: Name, _ isVerdict: Bool = true) -> Phrase {
        guard isVerdict else { return self.name(name) }
        switch name.text {
        case "deny": return say("“denied”", "“拒绝”")
        case "pend": return say("“to be looked at”", "“待审”")
        case "note": return say("“noted”", "“提示”")
        case "clear": return say("“nothing found”", "“无发现”")
        default: return self.name(name)
        }
    }

    private func run(_ checks: Name, _ arguments: [Expression]) -> PageItem {
        let with = arguments.isEmpty ? Phrase.empty : say(" with {0}", "（依据{0}）", keys(arguments))
        return PageItem(
            sentence(
                say("all checks of {0} are made{1}, and the findings kept", "进行{0}的全部审核{1}，并保留结果", name(checks), with)))
    }

    /// `the case becomes paid, which is final`, and what follows from it.
    func become(_ state: Name) -> Phrase {
        let isFinal = facts.finalStates.contains(state.bytes)
        var whole =
            isFinal
            ? say("the case becomes {0}, which is final", "案件转为{0}（终结）", name(state))
            : say("the case becomes {0}", "案件转为{0}", name(state))
        if isFinal, facts.reserves {
            whole.append(say("; what is still reserved for it is released", "；尚余的预留款随即释放"))
        }
        if facts.entered.contains(state.bytes) {
            whole.append(
                say("; what stands under “whenever a case becomes {0}” follows", "；随即执行“案件转为{0}时”所列事项", name(state)))
        }
        return whole
    }

    private func money(_ statement: Statement) -> Phrase {
        switch statement.kind {
        case .reserve(let amount, let fund, let refusal):
            var whole = say("{0} is reserved in {1} for the case", "在{1}中为本案预留{0}", value(amount), name(fund))
            if let refusal { whole.append(otherwise(refusal)) }
            return whole
        case .release(let amount, let fund):
            guard let amount else {
                return say("what {0} still holds in reserve for the case is released", "释放{0}为本案预留的余额", name(fund))
            }
            return say("{0} of the reserve in {1} is released", "释放{1}中预留的{0}", value(amount), name(fund))
        case .pay(let amount, let fund, let to):
            let paid = say("{0} is paid from {1} to {2}", "从{1}向{2}支付{0}", value(amount), name(fund), value(to))
            guard facts.reserves else { return paid }
            return say("{0}, out of the case’s reserve first", "{0}，先用本案的预留款", paid)
        case .transfer(let amount, let fund, let to):
            return say("{0} is transferred from {1} to {2}", "将{0}从{1}转入{2}", value(amount), name(fund), value(to))
        default: return .empty
        }
    }
}
