/// What the bytes of a block say, in columns that an auditor reads with plain SQL.
///
/// Nothing here is part of the chain: verification makes it again from the bytes and compares.
public struct AuditRows: Hashable, Sendable {
    /// How a transaction was decided.
    public struct Decision: AuditRow, Sendable {
        /// Its place in the block, from 0.
        public var position: Int64
        /// The public key that signed.
        public var sender: [UInt8]
        /// The organisation acted for.
        public var organisation: String
        /// The digest of the contract called; no bytes for the ledger's own calls.
        public var contract: [UInt8]
        /// Why it was refused or stalled; nil if it was done.
        public var reason: String?
        /// The clauses that decided, separated by spaces.
        public var clauses: String
        /// The steps that it cost.
        public var cost: Int64

        /// A decision of these parts.
        public init(
            position: Int64, sender: [UInt8], organisation: String, contract: [UInt8], reason: String?,
            clauses: String, cost: Int64
        ) {
            self.position = position
            self.sender = sender
            self.organisation = organisation
            self.contract = contract
            self.reason = reason
            self.clauses = clauses
            self.cost = cost
        }

        var numbers: [Int64?] { [position, cost] }
        var bytes: [[UInt8]] { [sender, contract] }
        var texts: [String?] { [organisation, reason, clauses] }
    }

    /// Something that a check found.
    public struct Finding: AuditRow, Sendable {
        /// The place of the transaction in the block, from 0; −1, −2, … for what fell due before them.
        public var position: Int64
        /// Its number among the findings there, from 0.
        public var number: Int64
        /// `note`, `pend` or `deny`.
        public var severity: String
        /// The code of the reason.
        public var code: String
        /// What it says.
        public var text: String
        /// The clause that made it.
        public var clause: String
        /// The line of the case that it is on, from 1.
        public var line: Int64?
        /// The source that the clause cites.
        public var source: String?

        /// A finding of these parts.
        public init(
            position: Int64, number: Int64, severity: String, code: String, text: String, clause: String,
            line: Int64?, source: String?
        ) {
            self.position = position
            self.number = number
            self.severity = severity
            self.code = code
            self.text = text
            self.clause = clause
            self.line = line
            self.source = source
        }

        var numbers: [Int64?] { [position, number, line] }
        var bytes: [[UInt8]] { [] }
        var texts: [String?] { [severity, code, text, clause, source] }
    }

    /// A movement of money.
    public struct Posting: AuditRow, Sendable {
        /// The place of the transaction in the block, from 0; −1, −2, … for what fell due before them.
        public var position: Int64
        /// Its number among the postings there, from 0.
        public var number: Int64
        /// The fund.
        public var fund: String
        /// The account that is debited.
        public var debit: String
        /// The account that is credited.
        public var credit: String
        /// The currency, by its ISO 4217 code.
        public var currency: String
        /// The amount in minor units.
        public var minorUnits: Int64

        /// A posting of these parts.
        public init(
            position: Int64, number: Int64, fund: String, debit: String, credit: String, currency: String,
            minorUnits: Int64
        ) {
            self.position = position
            self.number = number
            self.fund = fund
            self.debit = debit
            self.credit = credit
            self.currency = currency
            self.minorUnits = minorUnits
        }

        var numbers: [Int64?] { [position, number, minorUnits] }
        var bytes: [[UInt8]] { [] }
        var texts: [String?] { [fund, debit, credit, currency] }
    }

    /// What a contract did by itself.
    public struct Fired: AuditRow, Sendable {
        /// Its place among what fell due in the block, from 0.
        public var position: Int64
        /// `deadline`, `migration`, `version` or `migrating`.
        public var work: String
        /// The name of the contract.
        public var contract: String
        /// The digest of the contract text that the case follows from then on; no bytes where it was left as it was.
        public var text: [UInt8]
        /// Why it stalled; nil if it was done.
        public var reason: String?
        /// The clauses, separated by spaces.
        public var clauses: String
        /// The steps that it cost.
        public var cost: Int64

        /// What was done.
        public init(
            position: Int64, work: String, contract: String, text: [UInt8], reason: String?, clauses: String,
            cost: Int64
        ) {
            self.position = position
            self.work = work
            self.contract = contract
            self.text = text
            self.reason = reason
            self.clauses = clauses
            self.cost = cost
        }

        var numbers: [Int64?] { [position, cost] }
        var bytes: [[UInt8]] { [text] }
        var texts: [String?] { [work, contract, reason, clauses] }
    }

    /// An erasure of private values.
    public struct Erased: AuditRow, Sendable {
        /// The digest of the transaction that carried it out.
        public var digest: [UInt8]
        /// `case`, `subject` or `transaction`.
        public var kind: String
        /// The name of the case, the subject or the seed.
        public var name: String
        /// The fields of the case, separated by spaces; empty for all.
        public var fields: String

        /// What was erased.
        public init(digest: [UInt8], kind: String, name: String, fields: String) {
            self.digest = digest
            self.kind = kind
            self.name = name
            self.fields = fields
        }

        var numbers: [Int64?] { [] }
        var bytes: [[UInt8]] { [digest] }
        var texts: [String?] { [kind, name, fields] }
    }

    /// What a case became in the block.
    public struct CaseVersion: AuditRow, Sendable {
        /// The case, such as `InsuranceClaim/17`.
        public var reference: String
        /// The digest of the contract text that it follows.
        public var contract: [UInt8]
        /// The name of its state.
        public var state: String
        /// Its revision.
        public var revision: Int64

        /// A version of these parts.
        public init(reference: String, contract: [UInt8], state: String, revision: Int64) {
            self.reference = reference
            self.contract = contract
            self.state = state
            self.revision = revision
        }

        var numbers: [Int64?] { [revision] }
        var bytes: [[UInt8]] { [contract] }
        var texts: [String?] { [reference, state] }
    }

    /// One for each transaction, in order.
    public var decisions: [Decision] = []
    /// In the order of positions and numbers.
    public var findings: [Finding] = []
    /// In the order of positions and numbers.
    public var postings: [Posting] = []
    /// One for each that fell due, in order.
    public var fired: [Fired] = []
    /// In the order of the digests' bytes.
    public var erased: [Erased] = []
    /// In the order of the references' bytes, at most one of each case.
    public var cases: [CaseVersion] = []

    /// No rows.
    public init() {}
}

/// A row for auditors; two are the same if their columns are the same to the byte.
protocol AuditRow: Hashable {
    var numbers: [Int64?] { get }
    var bytes: [[UInt8]] { get }
    var texts: [String?] { get }
}

extension AuditRow {
    public static func == (left: Self, right: Self) -> Bool {
        left.numbers == right.numbers && left.bytes == right.bytes
            && zip(left.texts, right.texts).allSatisfy { text, other in
                text.map { Array($0.utf8) } == other.map { Array($0.utf8) }
            }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(numbers)
        hasher.combine(bytes)
    }
}
