import RemitValues

extension StateProof: LedgerItem {
    public var cbor: CBOR {
        switch claim {
        case .present(let key, let value):
            .array([.unsigned(0), .text(key.space), .bytes(key.item), .bytes(value), .bytes(path)])
        case .absent(let key):
            .array([.unsigned(1), .text(key.space), .bytes(key.item), .bytes(path)])
        case .all(let space, let rows):
            .array([
                .unsigned(2), .text(space), .array(rows.map { .array([.bytes($0.item), .bytes($0.value)]) }),
                .bytes(path),
            ])
        case .matching(let space, let pattern, let rows, let others):
            .array([
                .unsigned(3), .text(space), pattern.cbor,
                .array(rows.map { .array([.bytes($0.item), .bytes($0.value)]) }),
                .array(others.map { .array([.bytes($0.item), .digest($0.value)]) }), .bytes(path),
            ])
        }
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        let fault = LedgerFault.structure("state proof", field: nil, mistake: "is none of the four kinds")
        guard case .array(let parts) = cbor, parts.count >= 4, case .unsigned(let kind) = parts[0],
            case .text(let space) = parts[1], case .bytes(let path) = parts[parts.count - 1]
        else {
            throw fault
        }
        self.path = path
        switch (kind, parts[2], parts.count) {
        case (0, .bytes(let item), 5):
            guard case .bytes(let value) = parts[3] else {
                throw fault
            }
            claim = .present(StateKey(space: space.string, item: item), value: value)
        case (1, .bytes(let item), 4):
            claim = .absent(StateKey(space: space.string, item: item))
        case (2, .array(let items), 4):
            claim = .all(space: space.string, rows: try Self.rows(items, fault))
        case (3, let pattern, 6):
            guard case .array(let items) = parts[3], case .array(let others) = parts[4] else {
                throw fault
            }
            claim = .matching(
                space: space.string, pattern: try ItemPattern(cbor: pattern), rows: try Self.rows(items, fault),
                others: try Self.others(others, fault))
        default: throw fault
        }
    }

    private static func rows(_ items: [CBOR], _ fault: LedgerFault) throws(LedgerFault) -> [StateClaim.Row] {
        var rows: [StateClaim.Row] = []
        for item in items {
            guard case .array(let pair) = item, pair.count == 2, case .bytes(let name) = pair[0],
                case .bytes(let value) = pair[1]
            else {
                throw fault
            }
            if let last = rows.last, !last.item.lexicographicallyPrecedes(name) {
                throw .structure("state proof", field: nil, mistake: "has rows out of order or repeated")
            }
            rows.append(StateClaim.Row(item: name, value: value))
        }
        return rows
    }

    private static func others(_ items: [CBOR], _ fault: LedgerFault) throws(LedgerFault) -> [StateClaim.OtherRow] {
        try rows(items, fault).map { row throws(LedgerFault) in
            guard let digest = Digest(bytes: row.value) else {
                throw fault
            }
            return StateClaim.OtherRow(item: row.item, value: digest)
        }
    }
}
