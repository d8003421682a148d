import RemitValues

extension TransactionBody {
    /// Reads the structure from bytes, strictly.
    public init(decoding bytes: [UInt8]) throws(LedgerFault) {
        let read = CBORReader.all(bytes) { reader throws(CBORReader.Stop) in try TransactionBody(reading: &reader) }
        if let read { self = read } else { try self.init(cbor: CBOR(decoding: bytes)) }
    }

    /// Where the arguments stand in the bytes of a body, in their order; empty where these are none of a body.
    static func argumentPlaces(in bytes: [UInt8]) -> [Range<Int>] {
        let places = CBORReader.beginning(bytes) { reader throws(CBORReader.Stop) in
            for _ in 0..<(try reader.map(11...12)) {
                guard try reader.unsigned() == 11 else {
                    try reader.skip()
                    continue
                }
                let count = try reader.array()
                var places: [Range<Int>] = []
                places.reserveCapacity(min(count, 64))
                for _ in 0..<count {
                    let start = reader.place
                    try reader.skip()
                    places.append(start..<reader.place)
                }
                return places
            }
            return []
        }
        return places ?? []
    }

    private init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        let count = try reader.map(11...12)
        try reader.key(1)
        guard try reader.unsigned() == LedgerFormat.version else { throw CBORReader.Stop() }
        try reader.key(2)
        genesis = try reader.digest()
        try reader.key(3)
        guard let key = PublicKey(bytes: try reader.bytes()) else { throw CBORReader.Stop() }
        sender = key
        try reader.key(4)
        organisation = try reader.text()
        try reader.key(5)
        sequence = try reader.unsigned()
        try reader.key(6)
        expiry = try reader.unsigned()
        try reader.key(7)
        contract = try reader.digest()
        if count == 12 {
            try reader.key(8)
            caseReference = try reader.text()
        }
        try reader.key(9)
        revision = try reader.unsigned()
        try reader.key(10)
        call = try reader.text()
        try reader.key(11)
        arguments = []
        for _ in 0..<(try reader.array()) { arguments.append(try reader.value(depth: 2)) }
        try reader.key(12)
        seedCommitment = try reader.digest()
    }
}

extension Receipt {
    /// Reads the structure from bytes, strictly.
    public init(decoding bytes: [UInt8]) throws(LedgerFault) {
        let read = CBORReader.all(bytes) { reader throws(CBORReader.Stop) in try Receipt(reading: &reader) }
        if let read { self = read } else { try self.init(cbor: CBOR(decoding: bytes)) }
    }

    private init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        let count = try reader.map(8...9)
        try reader.key(1)
        transaction = try reader.digest()
        try reader.key(2)
        outcome = try Outcome(reading: &reader)
        try reader.key(3)
        unfillableRounds = try reader.texts()
        try reader.key(4)
        changes = []
        for _ in 0..<(try reader.array()) {
            let change = try StateChange(reading: &reader)
            if let last = changes.last, last.key >= change.key { throw CBORReader.Stop() }
            changes.append(change)
        }
        try reader.key(5)
        postings = []
        for _ in 0..<(try reader.array()) { postings.append(try Posting(reading: &reader)) }
        try reader.key(6)
        notices = []
        for _ in 0..<(try reader.array()) {
            guard try reader.array() == 2 else { throw CBORReader.Stop() }
            notices.append(Notice(to: try reader.text(), text: try reader.text()))
        }
        try reader.key(7)
        cost = try reader.unsigned()
        try reader.key(8)
        findings = try reader.digest()
        if count == 9 {
            try reader.key(9)
            caseReference = try reader.text()
        }
    }
}

extension Receipt.Outcome {
    fileprivate init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        switch (try reader.array(), try reader.unsigned()) {
        case (1, 0): self = .done
        case (3, 1): self = .refused(code: try reader.text(), text: try reader.text())
        case (2, 2): self = .stalled(reason: try reader.text())
        default: throw CBORReader.Stop()
        }
    }
}

extension StateChange {
    fileprivate init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        guard try reader.array() == 3 else { throw CBORReader.Stop() }
        let key = StateKey(space: try reader.text(), item: try reader.bytes())
        self.init(key: key, value: try reader.null() ? nil : try reader.bytes())
    }
}

extension Receipt.Posting {
    fileprivate init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        guard try reader.array() == 5 else { throw CBORReader.Stop() }
        self.init(
            fund: try reader.text(), debit: try reader.text(), credit: try reader.text(), currency: try reader.text(),
            minorUnits: try reader.integer())
    }
}

extension Findings {
    /// Reads the structure from bytes, strictly.
    public init(decoding bytes: [UInt8]) throws(LedgerFault) {
        let read = CBORReader.all(bytes) { reader throws(CBORReader.Stop) in try Findings(reading: &reader) }
        if let read { self = read } else { try self.init(cbor: CBOR(decoding: bytes)) }
    }

    private init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        _ = try reader.map(2...2)
        try reader.key(1)
        var findings: [Finding] = []
        for _ in 0..<(try reader.array()) { findings.append(try Finding(reading: &reader)) }
        try reader.key(2)
        self.init(findings: findings, clauses: try reader.texts())
    }
}

extension Findings.Finding {
    fileprivate init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        var left = try reader.map(4...6) - 4
        try reader.key(1)
        let code = try reader.text()
        try reader.key(2)
        guard let severity = Findings.Severity(rawValue: try reader.unsigned()) else { throw CBORReader.Stop() }
        try reader.key(3)
        let text = try reader.text()
        try reader.key(4)
        let clause = try reader.text()
        var line: Int64?
        var source: String?
        // Of the two that may be left out, the line comes first.
        if left > 0 {
            switch try reader.unsigned() {
            case 5:
                line = try reader.integer()
                left -= 1
                if left > 0 {
                    try reader.key(6)
                    source = try reader.text()
                    left -= 1
                }
            case 6:
                source = try reader.text()
                left -= 1
            default: throw CBORReader.Stop()
            }
            guard left == 0 else { throw CBORReader.Stop() }
        }
        self.init(code: code, severity: severity, text: text, clause: clause, line: line, source: source)
    }
}

extension CBORReader {
    /// An array of texts.
    fileprivate mutating func texts() throws(Stop) -> [String] {
        var texts: [String] = []
        for _ in 0..<(try array()) { texts.append(try text()) }
        return texts
    }
}
