public import RemitValues

/// An account of money; cases reserve in it and pay from it.
public struct FundDeclaration: Sendable {
    public let name: String
    public let currency: Currency
    /// Indices into `roles` of those who may deposit.
    public let keepers: [Int]
    public let span: Span
    public init(name: String, currency: Currency, keepers: [Int], span: Span) {
        self.name = name
        self.currency = currency
        self.keepers = keepers
        self.span = span
    }
}

/// Where a `transfer` goes.
public enum TransferTarget: Hashable, Sendable {
    /// Another fund (index) of this contract.
    case own(Int)
    /// A fund of another contract, looked up when the transfer takes place.
    case foreign(contract: TextValue, fund: TextValue)
}
