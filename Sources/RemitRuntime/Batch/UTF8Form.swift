/// The form of UTF-8, looked at without making a text.
enum UTF8Form {
    /// Whether bytes are valid UTF-8: no scalar is written longer than it need be, none is half of a pair, and none
    /// lies beyond U+10FFFF.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place < bytes.count {
            let first = bytes[place]
            if first < 0x80 {
                place &+= 1
                continue
            }
            let more: Int
            // What the second byte may be: for some first bytes not every one that goes on.
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch first {
            case 0xC2...0xDF: more = 1
            case 0xE0...0xEF:
                more = 2
                if first == 0xE0 { second = 0xA0...0xBF }
                if first == 0xED { second = 0x80...0x9F }
            case 0xF0...0xF4:
                more = 3
                if first == 0xF0 { second = 0x90...0xBF }
                if first == 0xF4 { second = 0x80...0x8F }
            default: return false
            }
            guard bytes.count &- place > more, second.contains(bytes[place &+ 1]) else { return false }
            var index = 2
            while index <= more {
                if bytes[place &+ index] & 0xC0 != 0x80 { return false }
                index &+= 1
            }
            place &+= more &+ 1
        }
        return true
    }
}
