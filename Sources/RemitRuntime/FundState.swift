public import RemitValues

/// What a fund holds, in minor units of its currency.
public struct FundState: Hashable, Sendable {
    /// All that it holds, what is reserved included; never below zero.
    public var balance: Int64
    /// What all cases together have reserved; from zero to the balance.
    public var reserved: Int64

    public init(balance: Int64, reserved: Int64) {
        self.balance = balance
        self.reserved = reserved
    }

    /// What can be reserved or paid without a reservation.
    public var available: Int64 { balance - reserved }

    /// Nothing.
    public static let empty = FundState(balance: 0, reserved: 0)
}

extension Effects {
    /// A fund after the transition.
    public struct FundWrite: Hashable, Sendable {
        /// The contract that has the fund; nil: this one.
        public let contract: TextValue?
        public let fund: TextValue
        public let currency: Currency
        public let state: FundState
    }

    /// A movement of money: the same amount leaves one account and enters another.
    public struct Posting: Hashable, Sendable {
        /// An account of a fund.
        public enum Account: Hashable, Sendable {
            case available
            /// What a case has reserved, by its reference.
            case reserved(TextValue)
            case party(Party)
            /// Another fund, as `Contract.Fund`.
            case fund(TextValue)

            /// The name of the account in receipts.
            public var name: String {
                switch self {
                case .available: "available"
                case .reserved(let reference): "reserved/\(reference)"
                case .party(let party): "\(party.kind.rawValue)/\(party.identifier)"
                case .fund(let name): "fund/\(name)"
                }
            }
        }

        /// The contract that has the fund; nil: this one.
        public let contract: TextValue?
        public let fund: TextValue
        /// The account that the amount leaves.
        public let from: Account
        /// The account that the amount enters.
        public let to: Account
        public let amount: Money
    }
}
