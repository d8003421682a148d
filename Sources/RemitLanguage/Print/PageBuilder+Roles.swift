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
            for authority in action.authorities where authority.names.contains(where: { $0.bytes == role.bytes }) {
                parts.append(say("{0}{1}", "{0}{1}", speaker.name(action.name), scope(authority.scope)))
            }
        }
        parts += approvals.flatMap { votes(in: $0, role) }
        for table in tables
        where table.sections.contains(where: { $0.rows.contains { $0.outputs.contains { Self.mentions($0, role) } } }) {
            parts.append(say("sign as {0} asks", "按{0}的要求签字", speaker.name(table.name)))
        }
        for declaration in contract.declarations {
            guard case .function(let function) = declaration.kind,
                declaration.kind.expressions.contains(where: { Self.mentions($0, role) })
            else { continue }
            parts.append(say("sign as {0} asks", "按{0}的要求签字", speaker.name(function.name)))
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
        guard !parts.isEmpty else { return withoutDuties(role) }
        var whole = Phrase("")
        for (index, part) in parts.enumerated() {
            if index > 0 { whole.append(page.language == .english ? "; " : "；") }
            whole.append(part)
        }
        return whole
    }

    /// What a role may do in a round: sign, and decline where that is for certain people.
    private func votes(in approval: ApprovalSyntax, _ role: Name) -> [Phrase] {
        var votes: [Phrase] = []
        let name = speaker.name(approval.name)
        if Self.mentions(approval.needs, role) {
            votes.append(say("sign {0}", "签署{0}", name))
        } else if case .name(let field) = approval.needs.kind,
            values(of: field).contains(where: { Self.mentions($0, role) })
        {
            votes.append(say("sign {0} as {1} asks", "按{1}的要求签署{0}", name, speaker.name(field)))
        }
        if let decliners = approval.declinedBy, Self.mentions(decliners, role) {
            votes.append(say("decline {0}", "否决{0}", name))
        }
        return votes
    }

    /// What the rules set a field of the case to, and what the names in it stand for.
    private func values(of field: Name) -> [Expression] {
        contract.declarations.flatMap { declaration -> [Expression] in
            let statements = declaration.kind.blocks.flatMap(\.all)
            var found: [Expression] = statements.compactMap { statement in
                guard case .set(let target, let value) = statement.kind, case .name(let name) = target.kind,
                    name.bytes == field.bytes
                else { return nil }
                return value
            }
            for statement in statements.reversed() {
                if case .binding(let name, let value, _) = statement.kind,
                    found.contains(where: { Self.mentions($0, name) })
                {
                    found.append(value)
                }
            }
            return found
        }
    }

    /// A role that no rule lets do anything.
    private func withoutDuties(_ role: Name) -> Phrase {
        let isNotified = contract.declarations.contains { declaration in
            declaration.kind.blocks.flatMap(\.all).contains { statement in
                if case .notify(let who, _) = statement.kind { Self.mentions(who, role) } else { false }
            }
        }
        if isNotified { return say("is told of what concerns it", "接收有关通知") }
        let isGiven = contract.declarations.contains { $0.kind.fields.contains { $0.type.name?.text == "Quorum" } }
        return isGiven
            ? say("sign where the signatures needed name it", "所需签字指明时签字") : say("nothing under these rules", "本规则未作规定")
    }

    /// Whether an expression names somebody or something.
    static func mentions(_ expression: Expression, _ name: Name) -> Bool {
        expression.all.contains { if case .name(let other) = $0.kind { other.bytes == name.bytes } else { false } }
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
