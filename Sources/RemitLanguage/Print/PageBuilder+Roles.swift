import RemitValues

/// Who is involved, and what each of them may do.
extension PageBuilder {
    mutating func addRoles() {
        let roles = all { if case .roles(let names) = $0 { names } else { nil } }.flatMap { $0 }
        guard !roles.isEmpty else { return }
        section(say("Who is involved", "有关人员"))
        paragraph(
            say(
                "The home organisation is the one that puts this contract in force. A role named without an "
                    + "organisation is held there",
                "本机构是指使本合约生效的机构。未注明机构的角色，均指在本机构担任"))
        table(
            PageTable(
                caption: say("Roles and what they do", "角色及其职责"),
                heads: [say("Role", "角色"), say("What it may do", "可以做什么")],
                rows: roles.map { [speaker.name($0), duties($0)] }))
    }

    private func duties(_ role: Name) -> Phrase {
        var parts: [Phrase] = []
        for action in actions {
            guard let authority = action.authorities.first(where: { $0.names.contains { $0.bytes == role.bytes } })
            else {
                continue
            }
            parts.append(say("{0}{1}", "{0}{1}", speaker.name(action.name), scope(authority.scope)))
        }
        for approval in approvals where Self.mentions(approval.needs, role) {
            parts.append(say("sign {0}", "签署{0}", speaker.name(approval.name)))
        }
        for table in tables
        where table.sections.contains(where: { $0.rows.contains { $0.outputs.contains { Self.mentions($0, role) } } }) {
            parts.append(say("sign as {0} asks", "按{0}的要求签字", speaker.name(table.name)))
        }
        let kept = registers.filter { $0.keepers.contains { $0.bytes == role.bytes } }.map(\.name)
        if !kept.isEmpty {
            let names = speaker.listed(kept)
            parts.append(
                kept.count == 1
                    ? say("keep the register {0}", "维护登记册{0}", names) : say("keep the registers {0}", "维护登记册{0}", names)
            )
        }
        for fund in funds where fund.keepers.contains(where: { $0.bytes == role.bytes }) {
            parts.append(say("pay into {0}", "向{0}存入款项", speaker.name(fund.name)))
        }
        guard !parts.isEmpty else { return say("is told of what concerns it", "接收有关通知") }
        var whole = Phrase("")
        for (index, part) in parts.enumerated() {
            if index > 0 { whole.append(page.language == .english ? "; " : "；") }
            whole.append(part)
        }
        return whole
    }

    /// Whether an expression names somebody.
    static func mentions(_ expression: Expression, _ name: Name) -> Bool {
        switch expression.kind {
        case .name(let other): other.bytes == name.bytes
        case .seats(_, let inner, _), .bracketed(let inner): mentions(inner, name)
        case .and(let left, let right), .or(let left, let right): mentions(left, name) || mentions(right, name)
        default: false
        }
    }

    /// ` of any organisation`, or nothing for the home organisation.
    func scope(_ scope: OrganisationScope) -> Phrase { speaker.scope(scope) }

    /// Who may act, by the head of an action.
    func who(_ authorities: [AuthoritySyntax]) -> Phrase {
        var whole = Phrase("")
        for (index, authority) in authorities.enumerated() {
            if index > 0 { whole.append(page.language == .english ? ", or " : "，或") }
            let names = authority.names.map { name in
                speaker.facts.roles.contains(name.bytes)
                    ? speaker.name(name) : say("whoever is named as {0}", "{0}所指者", speaker.name(name))
            }
            whole.append(speaker.listed(names, .or))
            whole.append(scope(authority.scope))
        }
        return whole
    }

    /// Who may not.
    func excluded(_ except: [Expression]) -> PageItem? {
        guard !except.isEmpty else { return nil }
        return labelled("But never", "但不得由", speaker.listed(except.map { speaker.value($0) }, .or))
    }
}
