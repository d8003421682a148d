/// What the checks of a transition found, and the clauses that decided it; a receipt holds the digest alone.
public struct Findings: LedgerItem {
    /// How grave a finding is.
    public enum Severity: UInt64, Sendable, CaseIterable {
        case note = 0
        case pend = 1
        case deny = 2
    }

    /// One finding.
    public struct Finding: Sendable {
        /// The code of the reason.
        public let code: String
        /// How grave it is.
        public let severity: Severity
        /// What it says.
        public let text: String
        /// The clause that made it.
        public let clause: String
        /// The line of the case that it is on, from 1, if it is on one.
        public let line: Int64?
        /// The source that the clause cites, if any.
        public let source: String?

        /// A finding of these parts.
        public init(
            code: String, severity: Severity, text: String, clause: String, line: Int64? = nil, source: String? = nil
        ) {
            self.code = code
            self.severity = severity
            self.text = text
            self.clause = clause
            self.line = line
            self.source = source
        }
    }

    /// No findings and no clauses.
    public static let none = Findings(findings: [], clauses: [])

    /// The findings, in the order in which they were made.
    public let findings: [Finding]
    /// The clauses that decided, in the order in which they did.
    public let clauses: [String]

    /// Findings and deciding clauses.
    public init(findings: [Finding], clauses: [String]) {
        self.findings = findings
        self.clauses = clauses
    }

    /// The digest that a receipt holds.
    public var digest: Digest { Self.digest(ofEncoded: encoded) }

    /// The digest of findings by their bytes.
    public static func digest(ofEncoded bytes: [UInt8]) -> Digest { Hashing.digest(.findings, bytes) }

    /// The bytes of the findings: those of `cbor`, written at once.
    public var encoded: [UInt8] {
        var out = CBORWriter()
        out.map(2)
        out.unsigned(1)
        out.array(findings.count)
        for finding in findings { finding.write(to: &out) }
        out.unsigned(2)
        out.array(clauses.count)
        for clause in clauses { out.text(clause) }
        return out.bytes
    }

    public var cbor: CBOR {
        .map([
            .init(1, .array(findings.map(\.cbor))),
            .init(2, .array(clauses.map { .text($0) })),
        ])
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "findings")
        var findings: [Finding] = []
        for item in try fields.array(1) {
            findings.append(try Finding(cbor: item))
        }
        self.findings = findings
        clauses = try fields.texts(2)
        try fields.finish()
    }
}

extension Findings.Finding {
    fileprivate func write(to out: inout CBORWriter) {
        out.map(4 + (line == nil ? 0 : 1) + (source == nil ? 0 : 1))
        out.unsigned(1)
        out.text(code)
        out.unsigned(2)
        out.unsigned(severity.rawValue)
        out.unsigned(3)
        out.text(text)
        out.unsigned(4)
        out.text(clause)
        if let line {
            out.unsigned(5)
            out.integer(line)
        }
        if let source {
            out.unsigned(6)
            out.text(source)
        }
    }

    fileprivate var cbor: CBOR {
        var fields: [CBOR.MapEntry] = [
            .init(1, .text(code)),
            .init(2, .unsigned(severity.rawValue)),
            .init(3, .text(text)),
            .init(4, .text(clause)),
        ]
        if let line {
            fields.append(.init(5, .integer(line)))
        }
        if let source {
            fields.append(.init(6, .text(source)))
        }
        return .map(fields)
    }

    fileprivate init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "finding")
        code = try fields.text(1)
        guard let severity = Findings.Severity(rawValue: try fields.unsigned(2)) else {
            throw fields.fault(2, "is not a severity")
        }
        self.severity = severity
        text = try fields.text(3)
        clause = try fields.text(4)
        if let item = fields.optional(5) {
            guard let number = item.int64 else {
                throw fields.fault(5, "is not a 64-bit integer")
            }
            line = number
        } else {
            line = nil
        }
        source = try fields.optionalText(6)
        try fields.finish()
    }
}
