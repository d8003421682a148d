/// What those who sign accept on purpose.
extension PageBuilder {
    /// A warning that is answered, with the reason.
    func accepted(_ accept: AcceptSyntax) -> PageItem {
        labelled(
            "Accepted on purpose", "有意为之",
            say("{0}, because {1}", "{0}，理由：{1}", speaker.name(accept.warning), speaker.quoted(accept.reason)))
    }

    /// What is answered behind declarations and in the head of the contract.
    mutating func addAccepted() {
        var items = contract.accepts.map { accepted($0) }
        for declaration in contract.declarations {
            let owner = title(of: declaration)
            items += declaration.accepts.map { accept in
                PageItem(
                    speaker.sentence(
                        say(
                            "{0}: {1}, because {2}", "{0}：{1}，理由：{2}", owner, speaker.name(accept.warning),
                            speaker.quoted(accept.reason))))
            }
        }
        guard !items.isEmpty else { return }
        section(say("What is accepted on purpose", "有意为之的事项"))
        list(items)
    }

    /// The names that a declaration gives, or what it is.
    private func title(of declaration: Declaration) -> Phrase {
        switch declaration.kind {
        case .roles(let names), .states(let names, _): speaker.listed(names.map { speaker.name($0) }, .and)
        case .caseFields: say("The case", "案件")
        case .unique: say("No second case alike", "案件唯一性")
        case .deadline: say("A deadline", "期限")
        case .entering(let state, _): say("On becoming {0}", "进入{0}时", speaker.name(state))
        case .invariant(let syntax): speaker.quoted(syntax.text)
        case .migrate: say("Running cases", "进行中的案件")
        case .given, .scenario: say("Examples", "示例")
        default: declaration.sharedName.map { speaker.name($0) } ?? Phrase(declaration.title)
        }
    }
}
