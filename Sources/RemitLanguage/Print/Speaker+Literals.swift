import RemitValues

/// Numbers, amounts, days and times as people write them.
extension Speaker {
    /// `12500.5` as `12,500.5`; up to four digits stay together, as those of a year do.
    func number(_ digits: String) -> Phrase { Phrase(Self.grouped(digits)) }

    static func grouped(_ digits: String, always: Bool = false) -> String {
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = Array(parts[0].utf8)
        guard whole.count > 3, always || whole.count > 4 else { return digits }
        var grouped = ""
        for (index, byte) in whole.enumerated() {
            if index > 0, (whole.count - index).isMultiple(of: 3) { grouped += "," }
            grouped.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return parts.count > 1 ? grouped + "." + parts[1] : grouped
    }

    /// `20_000 CNY` as `20,000.00 CNY`, with the minor digits of the currency.
    func amount(_ digits: String, _ currency: String) -> Phrase {
        var text = Self.grouped(digits, always: true)
        if let minor = Currency(code: currency)?.minorDigits, minor > 0 {
            let written = digits.split(separator: ".", maxSplits: 1).dropFirst().first?.utf8.count ?? 0
            if written == 0 { text += "." }
            if written < minor { text += String(repeating: "0", count: minor - written) }
        }
        return Phrase("\(text)\u{A0}\(currency)")
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `2026-03-02` as `2 March 2026`.
    func day(_ written: String) -> Phrase {
        guard let date = CalendarDate.parse(written) else { return Phrase(written) }
        let (year, month, day) = date.components
        guard Self.months.indices.contains(month - 1) else { return Phrase(written) }
        return language == .english
            ? Phrase("\(day)\u{A0}\(Self.months[month - 1]) \(year)") : Phrase("\(year)年\(month)月\(day)日")
    }

    /// The first of January of a year that is worked out, and its like.
    func day(of year: Phrase, month: String, day: String) -> Phrase? {
        guard let month = Int(month), Self.months.indices.contains(month - 1) else { return nil }
        return say("\(day) \(Self.months[month - 1]) of {0}", "{0}的\(month)月\(day)日", year).marked(isAtom: true)
    }

    private static let units: [String: (String, String, String)] = [
        "minute": ("minute", "minutes", "分钟"), "hour": ("hour", "hours", "小时"), "day": ("day", "days", "天"),
        "week": ("week", "weeks", "周"), "month": ("month", "months", "个月"), "year": ("year", "years", "年"),
        "working day": ("working day", "working days", "个工作日"),
        "working hour": ("working hour", "working hours", "个工作小时"),
    ]

    /// `24 hours`, `2 working days`.
    func term(_ count: String, _ unit: String) -> Phrase {
        guard let (one, many, chinese) = Self.units[unit] else { return Phrase("\(count) \(unit)") }
        let english = count == "1" ? one : many
        return language == .english
            ? Phrase("\(Self.grouped(count))\u{A0}\(english)") : Phrase("\(Self.grouped(count))\(chinese)")
    }

    /// The seconds east of UTC as `UTC+08:00`.
    static func zone(_ seconds: Int) -> String {
        let minutes = seconds.magnitude / 60
        func two(_ number: UInt) -> String { number < 10 ? "0\(number)" : String(number) }
        return "UTC\(seconds < 0 ? "−" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
