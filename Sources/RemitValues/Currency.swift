/// A currency of ISO 4217, known by its code and the digits of its minor unit.
public struct Currency: Hashable, Sendable {
    /// The three-letter code, such as `CNY`.
    public let code: String
    /// The fractional digits of the minor unit: 2 for `CNY`, 0 for `JPY`, 3 for `KWD`.
    public let minorDigits: Int

    /// The currency of a code, if ISO 4217 lists it as one that money is kept in.
    public init?(code: some StringProtocol) {
        let wanted = String(code)
        guard wanted.utf8.count == 3, let found = Self.table[wanted] else { return nil }
        self.code = wanted
        minorDigits = found
    }

    /// Every known code, sorted.
    public static var allCodes: [String] { table.keys.sorted() }

    /// Minor digits by code: ISO 4217 list one (active currencies that can be paid in).
    private static let table: [String: Int] = {
        var digits: [String: Int] = [:]
        for code in twoDigits.split(separator: " ") { digits[String(code)] = 2 }
        for code in noDigits.split(separator: " ") { digits[String(code)] = 0 }
        for code in threeDigits.split(separator: " ") { digits[String(code)] = 3 }
        return digits
    }()

    private static let noDigits = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
    private static let threeDigits = "BHD IQD JOD KWD LYD OMR TND"
    private static let twoDigits = """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY \
        COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR \
        ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK \
        MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP \
        SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG
        """
}
