import RemitValues

extension Receipt {
    /// The bytes of the receipt: those of `cbor`, written at once.
    public var encoded: [UInt8] {
        var out = CBORWriter(capacity: 1024)
        out.map(caseReference == nil ? 8 : 9)
        out.unsigned(1)
        out.digest(transaction)
        out.unsigned(2)
        out.item(outcome.cbor)
        out.unsigned(3)
        out.array(unfillableRounds.count)
        for round in unfillableRounds { out.text(round) }
        out.unsigned(4)
        out.array(changes.count)
        for change in changes {
            out.array(3)
            out.text(change.key.space)
            out.bytes(change.key.item)
            if let value = change.value { out.bytes(value) } else { out.null() }
        }
        out.unsigned(5)
        out.array(postings.count)
        for posting in postings { out.item(posting.cbor) }
        out.unsigned(6)
        out.array(notices.count)
        for notice in notices {
            out.array(2)
            out.text(notice.to)
            out.text(notice.text)
        }
        out.unsigned(7)
        out.unsigned(cost)
        out.unsigned(8)
        out.digest(findings)
        if let caseReference {
            out.unsigned(9)
            out.text(caseReference)
        }
        return out.bytes
    }

    public var cbor: CBOR {
        var fields: [CBOR.MapEntry] = [
            .init(1, .digest(transaction)),
            .init(2, outcome.cbor),
            .init(3, .array(unfillableRounds.map { .text($0) })),
            .init(4, .array(changes.map(\.cbor))),
            .init(5, .array(postings.map(\.cbor))),
            .init(6, .array(notices.map { .array([.text($0.to), .text($0.text)]) })),
            .init(7, .unsigned(cost)),
            .init(8, .digest(findings)),
        ]
        if let caseReference {
            fields.append(.init(9, .text(caseReference)))
        }
        return .map(fields)
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "receipt")
        transaction = try fields.digest(1)
        outcome = try Outcome(cbor: try fields.required(2))
        unfillableRounds = try fields.texts(3)
        changes = []
        for item in try fields.array(4) {
            let change = try StateChange(cbor: item)
            if let last = changes.last, last.key >= change.key {
                throw fields.fault(4, "has changes out of order or repeated")
            }
            changes.append(change)
        }
        postings = []
        for item in try fields.array(5) {
            postings.append(try Posting(cbor: item))
        }
        notices = []
        for item in try fields.array(6) {
            guard case .array(let parts) = item, parts.count == 2,
                case .text(let to) = parts[0], case .text(let text) = parts[1]
            else {
                throw fields.fault(6, "has a member that is not a pair of texts")
            }
            notices.append(Notice(to: to.string, text: text.string))
        }
        cost = try fields.unsigned(7)
        findings = try fields.digest(8)
        caseReference = try fields.optionalText(9)
        try fields.finish()
    }
}

extension Receipt.Outcome {
    fileprivate var cbor: CBOR {
        switch self {
        case .done: .array([.unsigned(0)])
        case .refused(let code, let text): .array([.unsigned(1), .text(code), .text(text)])
        case .stalled(let reason): .array([.unsigned(2), .text(reason)])
        }
    }

    fileprivate init(cbor: CBOR) throws(LedgerFault) {
        let fault = LedgerFault.structure("receipt", field: 2, mistake: "is not an outcome")
        guard case .array(let parts) = cbor, case .unsigned(let kind)? = parts.first else {
            throw fault
        }
        var texts: [String] = []
        for part in parts.dropFirst() {
            guard case .text(let text) = part else {
                throw fault
            }
            texts.append(text.string)
        }
        switch (kind, texts.count) {
        case (0, 0): self = .done
        case (1, 2): self = .refused(code: texts[0], text: texts[1])
        case (2, 1): self = .stalled(reason: texts[0])
        default: throw fault
        }
    }
}

extension StateChange {
    fileprivate var cbor: CBOR {
        .array([.text(key.space), .bytes(key.item), value.map { .bytes($0) } ?? .null])
    }

    fileprivate init(cbor: CBOR) throws(LedgerFault) {
        let fault = LedgerFault.structure("receipt", field: 4, mistake: "has a member that is not a state change")
        guard case .array(let parts) = cbor, parts.count == 3,
            case .text(let space) = parts[0], case .bytes(let item) = parts[1]
        else {
            throw fault
        }
        let key = StateKey(space: space.string, item: item)
        switch parts[2] {
        case .bytes(let value): self.init(key: key, value: value)
        case .null: self.init(key: key, value: nil)
        default: throw fault
        }
    }
}

extension Receipt.Posting {
    fileprivate var cbor: CBOR {
        .array([.text(fund), .text(debit), .text(credit), .text(currency), .integer(minorUnits)])
    }

    fileprivate init(cbor: CBOR) throws(LedgerFault) {
        guard case .array(let parts) = cbor, parts.count == 5,
            case .text(let fund) = parts[0], case .text(let debit) = parts[1], case .text(let credit) = parts[2],
            case .text(let currency) = parts[3], let minorUnits = parts[4].int64
        else {
            throw .structure("receipt", field: 5, mistake: "has a member that is not a posting")
        }
        self.init(
            fund: fund.string, debit: debit.string, credit: credit.string, currency: currency.string,
            minorUnits: minorUnits)
    }
}
