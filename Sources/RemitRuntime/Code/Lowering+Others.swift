import RemitLanguage
import RemitValues

/// Cases of other contracts, and seats in organisations that are worked out.
extension Lowering {
    /// A field of a case of another contract, or with -1 its state.
    func readOther(
        _ base: CheckedExpression, _ contract: Int, _ field: Int, _ expression: CheckedExpression,
        into target: Register?
    ) throws(LoweringProblem) -> Register {
        let reference = try value(base)
        let result = try result(expression, target)
        let type = field < 0 ? ValueType.otherState(contract) : program.others[contract].fields[field].type
        draft.others.append(Code.OtherSite(contract: contract, field: field, shape: try shape(type)))
        let site = try narrow(draft.others.count - 1, "reads of other contracts")
        emit(Instruction(.readOther, result, reference, site), expression.span)
        return result
    }

    /// Whether the arguments of an action may name cases of other contracts.
    func namesCases(_ action: Int) -> Bool { draft.entries.actionShapes[action].contains(where: namesCases(in:)) }

    private func namesCases(in shape: Int) -> Bool {
        switch shapes.shapes[shape].kind {
        case .reference: true
        case .list(let part), .set(let part), .map(let part): namesCases(in: part)
        case .record(let parts, _): parts.contains(where: namesCases(in:))
        default: false
        }
    }

    /// A quorum some of whose organisations are worked out now.
    func quorum(
        _ groups: [CheckedSeats], _ expression: CheckedExpression, into target: Register?
    ) throws(LoweringProblem) -> Register {
        let span = expression.span
        let kind = try shape(.quorum)
        guard case .quorum(let group) = shapes.shapes[kind].kind,
            case .record(let parts, _) = shapes.shapes[group].kind, parts.count == 2,
            let label = shapes.shapes[parts[1]].elements
        else { throw .unsupported("a quorum") }
        let first = try temporaries(groups.map { _ in group })
        for (offset, seats) in groups.enumerated() {
            let roles = try temporaries(seats.roles.map { _ in label })
            for (position, claim) in seats.roles.enumerated() {
                try seat(claim.role, claim.scope, label, into: roles + Register(position), span)
            }
            let head = try temporaries(parts)
            move(head, try constant(.integer(Int64(seats.count)), .integer), span)
            emit(Instruction(.makeList, head + 1, roles, try narrow(seats.roles.count, "roles")), span)
            emit(Instruction(.makeRecord, first + Register(offset), head, 2), span)
        }
        let result = try result(expression, target)
        emit(Instruction(.makeList, result, first, try narrow(groups.count, "seats")), span)
        return result
    }

    /// The name of a role with where it is held, as `SeatClaim` writes it.
    private func seat(
        _ role: TextValue, _ scope: CheckedScope, _ label: Int, into target: Register, _ span: Span
    ) throws(LoweringProblem) {
        switch scope {
        case .home: move(target, try fixed(SeatClaim(role: role, place: .home), label), span)
        case .any: move(target, try fixed(SeatClaim(role: role, place: .any), label), span)
        case .organisation(let expression):
            let head = try text(SeatClaim(role: role, place: .organisation("")).text.string)
            let organisation = try value(expression)
            draft.fieldLists.append([Int(head), Int(organisation)])
            emit(Instruction(.compose, target, 0, try narrow(draft.fieldLists.count - 1, "field lists")), span)
        }
    }

    private func fixed(_ claim: SeatClaim, _ label: Int) throws(LoweringProblem) -> Register {
        try constant(word: textWord(claim.text), label)
    }
}
