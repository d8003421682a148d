import RemitLanguage
import RemitValues

/// What the machine needs of a program beside its code: names, types and heads, without any rule.
///
/// An outline stands in for the program where batches are decided. It must never reach the reference evaluator.
struct ProgramOutline: Kept {
    var program: CheckedProgram

    func write(_ writer: inout ByteWriter) {
        writer.text(program.name)
        writer.number(program.version)
        writer.number(Int64(program.timezone))
        program.roles.write(&writer)
        writer.count(UInt64(program.enumerations.count))
        for enumeration in program.enumerations {
            enumeration.name.write(&writer)
            enumeration.cases.write(&writer)
        }
        writer.count(UInt64(program.records.count))
        for record in program.records {
            record.name.write(&writer)
            record.fields.write(&writer)
        }
        program.others.write(&writer)
        program.registers.write(&writer)
        program.funds.write(&writer)
        program.calendar.write(&writer)
        program.caseFields.write(&writer)
        program.states.write(&writer)
        program.uniqueKeys.write(&writer)
        program.checks.map(\.name).write(&writer)
        program.actions.write(&writer)
        program.approvals.write(&writer)
        program.deadlines.write(&writer)
        program.timers.write(&writer)
        program.invariants.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> ProgramOutline {
        let name = try reader.text()
        var program = CheckedProgram(name: name, version: try reader.number())
        program.timezone = try Int.read(&reader)
        guard (-86_400...86_400).contains(program.timezone) else { throw MalformedCode("there is no such time zone") }
        program.roles = try [String].read(&reader)
        for _ in 0..<(try reader.length()) {
            let name = try reader.text()
            program.enumerations.append(EnumerationType(name: name, cases: try [String].read(&reader)))
        }
        for _ in 0..<(try reader.length()) {
            let name = try reader.text()
            program.records.append(RecordType(name: name, fields: try [FieldDeclaration].read(&reader)))
        }
        program.others = try [OtherContract].read(&reader)
        program.registers = try [RegisterDeclaration].read(&reader)
        program.funds = try [FundDeclaration].read(&reader)
        program.calendar = try WorkCalendar?.read(&reader)
        program.caseFields = try [FieldDeclaration].read(&reader)
        program.states = try [StateDeclaration].read(&reader)
        program.uniqueKeys = try [UniqueDeclaration].read(&reader)
        program.checks = try [String].read(&reader).map { name in
            ChecksDeclaration(
                name: name, parameters: [], items: [], localCount: 0, lineField: nil, span: Span(0, 0))
        }
        program.actions = try [ActionDeclaration].read(&reader)
        program.approvals = try [ApprovalDeclaration].read(&reader)
        program.deadlines = try [DeadlineDeclaration].read(&reader)
        program.timers = try [TimerDeclaration].read(&reader)
        program.invariants = try [InvariantDeclaration].read(&reader)
        guard program.isSound else { throw MalformedCode("a part names another that is not there") }
        return ProgramOutline(program: program)
    }
}

extension CheckedProgram {
    /// Whether every index leads to something.
    fileprivate var isSound: Bool {
        let fields = caseFields.indices
        let scopes = actions.flatMap(\.authorities).allSatisfy { authority in
            switch authority.who {
            case .caseField(let field): return fields.contains(field)
            case .role(let role, let scope):
                if case .organisation(let expression) = scope, case .caseField(let field) = expression.kind,
                    !fields.contains(field)
                {
                    return false
                }
                return roles.indices.contains(role)
            }
        }
        return scopes && actions.allSatisfy { $0.enters.allSatisfy(fields.contains) }
            && actions.allSatisfy { ($0.states + $0.opens).allSatisfy(states.indices.contains) }
            && uniqueKeys.allSatisfy { $0.fields.allSatisfy(fields.contains) }
            && registers.allSatisfy { records.indices.contains($0.row) }
            && deadlines.allSatisfy { $0.past.map(fields.contains) ?? true }
            && timers.allSatisfy { timer in
                switch timer {
                case .deadline(let index): deadlines.indices.contains(index)
                case .overdue(let index): approvals.indices.contains(index)
                }
            }
    }
}

/// A rule that an outline leaves out.
private func leftOut(_ span: Span) -> CheckedExpression { CheckedExpression(.constant(.absent), .unknown, span) }

extension FieldDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        type.write(&writer)
        starts.write(&writer)
        writer.flag(isPrivate)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> FieldDeclaration {
        let name = try reader.text()
        let type = try ValueType.read(&reader)
        let starts = try Value?.read(&reader)
        let isPrivate = try reader.flag()
        return FieldDeclaration(
            name: name, type: type, starts: starts, isPrivate: isPrivate, span: try Span.read(&reader))
    }
}

/// What the machine needs of another contract: how its fields and states are called and of which types they are.
extension OtherContract: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        writer.number(version)
        writer.count(UInt64(fields.count))
        for field in fields {
            field.name.write(&writer)
            field.type.write(&writer)
        }
        states.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> OtherContract {
        let name = try reader.text()
        let version = try reader.number()
        var fields: [OtherField] = []
        for _ in 0..<(try reader.length()) {
            let name = try reader.text()
            fields.append(OtherField(name: name, type: try ValueType.read(&reader), access: .open))
        }
        let states = try [String].read(&reader)
        return OtherContract(
            name: name, version: version, fields: fields, states: states, funds: [], span: try Span.read(&reader))
    }
}

extension InvariantDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        text.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> InvariantDeclaration {
        let text = try reader.text()
        let span = try Span.read(&reader)
        return InvariantDeclaration(
            text: text, condition: Priced(leftOut(span)), localCount: 0, source: nil, span: span)
    }
}

extension RegisterDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        keys.write(&writer)
        row.write(&writer)
        keepers.write(&writer)
        writer.flag(hasRowForEveryKey)
        invariants.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> RegisterDeclaration {
        let name = try reader.text()
        let keys = try [FieldDeclaration].read(&reader)
        let row = try Int.read(&reader)
        let keepers = try [Int].read(&reader)
        let isWhole = try reader.flag()
        let invariants = try [InvariantDeclaration].read(&reader)
        return RegisterDeclaration(
            name: name, keys: keys, row: row, keepers: keepers, hasRowForEveryKey: isWhole, invariants: invariants,
            span: try Span.read(&reader))
    }
}

extension FundDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        currency.write(&writer)
        keepers.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> FundDeclaration {
        let name = try reader.text()
        let currency = try Currency.read(&reader)
        let keepers = try [Int].read(&reader)
        return FundDeclaration(name: name, currency: currency, keepers: keepers, span: try Span.read(&reader))
    }
}

extension StateDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        writer.flag(isFinal)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> StateDeclaration {
        let name = try reader.text()
        let isFinal = try reader.flag()
        return StateDeclaration(name: name, isFinal: isFinal, span: try Span.read(&reader))
    }
}

extension UniqueDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        fields.write(&writer)
        except.write(&writer)
        writer.flag(refusal != nil)
        (refusal?.code).write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> UniqueDeclaration {
        let fields = try [Int].read(&reader)
        let except = try [Int].read(&reader)
        let refuses = try reader.flag()
        let code = try String?.read(&reader)
        let refusal = refuses ? CheckedRefusal(code: code, text: CheckedText(parts: [])) : nil
        return UniqueDeclaration(
            fields: fields, except: except, refusal: refusal, source: nil, span: try Span.read(&reader))
    }
}

extension TimerDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        switch self {
        case .deadline(let index):
            writer.flag(false)
            index.write(&writer)
        case .overdue(let index):
            writer.flag(true)
            index.write(&writer)
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> TimerDeclaration {
        let isRound = try reader.flag()
        let index = try Int.read(&reader)
        return isRound ? .overdue(index) : .deadline(index)
    }
}

extension DeadlineDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        term.expression.span.write(&writer)
        past.write(&writer)
        states.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> DeadlineDeclaration {
        let name = try reader.text()
        let term = Priced(leftOut(try Span.read(&reader)))
        let past = try Int?.read(&reader)
        let states = try [Int].read(&reader)
        let body = CheckedBody(block: CheckedBlock(statements: []), localCount: 0)
        return DeadlineDeclaration(
            name: name, term: term, past: past, states: states, body: body, termLocals: 0,
            source: nil, span: try Span.read(&reader))
    }
}

extension ApprovalDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        states.write(&writer)
        within.expression.span.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> ApprovalDeclaration {
        let name = try reader.text()
        let states = try [Int].read(&reader)
        let within = Priced(leftOut(try Span.read(&reader)))
        let body = CheckedBody(block: CheckedBlock(statements: []), localCount: 0)
        return ApprovalDeclaration(
            name: name, states: states, needs: within, except: [], declinedBy: nil, within: within, headLocals: 0,
            granted: body, declined: body, overdue: body, source: nil, span: try Span.read(&reader))
    }
}

extension CheckedAuthority: Kept {
    func write(_ writer: inout ByteWriter) {
        switch who {
        case .caseField(let field):
            writer.byte(0)
            field.write(&writer)
        case .role(let role, .home):
            writer.byte(1)
            role.write(&writer)
        case .role(let role, .any):
            writer.byte(2)
            role.write(&writer)
        case .role(let role, .organisation(let expression)):
            var named: Int?
            if case .caseField(let field) = expression.kind { named = field }
            writer.byte(3)
            role.write(&writer)
            named.write(&writer)
        }
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> CheckedAuthority {
        let kind = try reader.byte()
        let index = try Int.read(&reader)
        let who: Who
        switch kind {
        case 0: who = .caseField(index)
        case 1: who = .role(index, .home)
        case 2: who = .role(index, .any)
        case 3:
            let field = try Int?.read(&reader)
            let nowhere = Span(0, 0)
            let named = field.map { CheckedExpression(.caseField($0), .organisation, nowhere) }
            who = .role(index, .organisation(named ?? leftOut(nowhere)))
        default: throw MalformedCode("there is no such authority")
        }
        return CheckedAuthority(who: who, span: try Span.read(&reader))
    }
}

extension ActionDeclaration: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        states.write(&writer)
        opens.write(&writer)
        authorities.write(&writer)
        enters.write(&writer)
        parameters.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> ActionDeclaration {
        let name = try reader.text()
        let states = try [Int].read(&reader)
        let opens = try [Int].read(&reader)
        let authorities = try [CheckedAuthority].read(&reader)
        let enters = try [Int].read(&reader)
        let parameters = try [FieldDeclaration].read(&reader)
        return ActionDeclaration(
            name: name, states: states, opens: opens, authorities: authorities, except: [], enters: enters,
            parameters: parameters, source: nil, body: CheckedBlock(statements: []), localCount: 0, headCost: 0,
            span: try Span.read(&reader))
    }
}
