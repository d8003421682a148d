extension Instant {
    /// Reads `2026-03-02T09:00:00+08:00`, with or without fractions of a second, which are dropped.
    public static func parse(_ text: String) -> Instant? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), let date = CalendarDate.parse(text.prefix(10)),
            let hour = pair(bytes, 11), bytes[13] == UInt8(ascii: ":"), let minute = pair(bytes, 14),
            bytes[16] == UInt8(ascii: ":"), let second = pair(bytes, 17)
        else { return nil }
        var index = 19
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
            guard index > 20 else { return nil }
        }
        guard index < bytes.count, let offset = writtenOffset(bytes, index) else { return nil }
        return Instant(date: date, hour: hour, minute: minute, second: second, offset: offset)
    }

    private static func writtenOffset(_ bytes: [UInt8], _ index: Int) -> Int? {
        if bytes[index] == UInt8(ascii: "Z") { return index + 1 == bytes.count ? 0 : nil }
        guard bytes.count == index + 6, bytes[index + 3] == UInt8(ascii: ":"), let hours = pair(bytes, index + 1),
            let minutes = pair(bytes, index + 4), hours <= 14, minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        switch bytes[index] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }

    private static func pair(_ bytes: [UInt8], _ index: Int) -> Int? {
        guard index + 1 < bytes.count else { return nil }
        let digits = bytes[index...index + 1].map { Int($0) - 48 }
        return digits.allSatisfy { (0...9).contains($0) } ? digits[0] * 10 + digits[1] : nil
    }
}
