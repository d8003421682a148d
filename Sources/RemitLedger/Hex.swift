/// Lower-case hexadecimal digits.
public enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits for each byte.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        return String(unsafeUninitializedCapacity: 2 * bytes.count) { out in
            for (place, byte) in bytes.enumerated() {
                out[2 * place] = digits[Int(byte >> 4)]
                out[2 * place + 1] = digits[Int(byte & 15)]
            }
            return 2 * bytes.count
        }
    }

    /// The number that a lower-case digit stands for; nil for any other character.
    static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character &- 0x30
        case 0x61...0x66: character &- 0x57
        default: nil
        }
    }

    /// The bytes that lower-case digits stand for; nil for an odd number of digits or any other character.
    public static func decode(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var high: UInt8?
        out.reserveCapacity(text.utf8.count / 2)
        for character in text.utf8 {
            guard let digit = digit(character) else { return nil }
            if let pending = high {
                out.append(pending << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? out : nil
    }
}
