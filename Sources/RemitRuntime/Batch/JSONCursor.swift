import RemitValues

/// What is wrong with a line of input: the path to the place and why.
struct InputProblem: Error {
    var path: String
    let text: String
    /// At which byte of the line, from 0, where that says more than the path.
    let place: Int?

    init(_ text: String, path: String = "", place: Int? = nil) {
        self.path = path
        self.text = text
        self.place = place
    }

    /// What stands in the line as a message repeats it: cut where it is long.
    static func repeated(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.count > Limits.repeatedBytes else { return String(decoding: bytes, as: UTF8.self) }
        var end = Limits.repeatedBytes
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[..<end]), as: UTF8.self) + "…"
    }

    /// The same problem, seen from the record or list around it.
    func within(_ outer: String) -> InputProblem {
        InputProblem(
            text, path: path.isEmpty ? outer : path.hasPrefix("[") ? outer + path : "\(outer).\(path)", place: place)
    }
}

/// Reads JSON byte by byte.
struct JSONCursor {
    private let base: UnsafePointer<UInt8>
    private let end: Int
    private(set) var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, else empty: UnsafePointer<UInt8>) {
        base = bytes.baseAddress ?? empty
        end = bytes.count
    }

    /// The byte at the place; 0 at the end, which begins no value.
    @inline(__always)
    var byte: UInt8 { place < end ? base[place] : 0 }

    @inline(__always)
    mutating func skipBlanks() {
        while place < end, base[place] <= 0x20, isBlank(base[place]) { place &+= 1 }
    }

    @inline(__always)
    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    @inline(__always)
    mutating func advance() { place &+= 1 }

    /// Takes a byte if it stands here, after blanks.
    @inline(__always)
    mutating func take(_ wanted: UInt8) -> Bool {
        skipBlanks()
        guard byte == wanted else { return false }
        place &+= 1
        return true
    }

    var isAtEnd: Bool { place >= end }

    func fault(_ text: String) -> InputProblem { InputProblem(text, place: place) }

    /// Takes a byte if it stands just here.
    @inline(__always)
    mutating func take(next wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        place &+= 1
        return true
    }

    /// Takes a word such as `true`.
    @inline(__always)
    mutating func take(word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place &+ count <= end, holds(word.utf8Start, count) else { return false }
        place &+= count
        return true
    }

    /// Takes a name and its closing quote, if just these stand here.
    @inline(__always)
    mutating func take(name: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard place &+ count < end, base[place &+ count] == 0x22, holds(name, count) else { return false }
        place &+= count &+ 1
        return true
    }

    @inline(__always)
    private func holds(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        var index = 0
        while index < count {
            if base[place &+ index] != bytes[index] { return false }
            index &+= 1
        }
        return true
    }

    /// Takes some bytes if they stand here and eight at a time can be read; of the bytes wanted, too, some more can be
    /// read.
    @inline(__always)
    mutating func take(words wanted: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard place &+ count &+ 7 <= end else { return false }
        var index = 0
        while index &+ 8 <= count {
            if EightBytes.word(base + place + index) != EightBytes.word(wanted + index) { return false }
            index &+= 8
        }
        if index < count {
            let mask: UInt64 = (1 &<< UInt64(truncatingIfNeeded: (count &- index) &* 8)) &- 1
            let different = EightBytes.word(base + place + index) ^ EightBytes.word(wanted + index)
            guard different & mask == 0 else { return false }
        }
        place &+= count
        return true
    }

    /// The bytes of a range, if eight at a time can be read.
    @inline(__always)
    func readable(_ range: Range<Int>) -> UnsafeRawPointer? {
        range.upperBound &+ 7 <= end ? UnsafeRawPointer(base + range.lowerBound) : nil
    }

    /// The bytes from a place up to here.
    @inline(__always)
    func bytes(from start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + start, count: place &- start)
    }

    /// The bytes of a range before the end.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + range.lowerBound, count: min(end, range.upperBound) - range.lowerBound)
    }

    /// Where the text ends that begins here with a quote: behind its closing quote, or at the end of all.
    var textEnd: Int {
        var place = place + 1
        while place < end, base[place] != 0x22 { place += base[place] == 0x5C ? 2 : 1 }
        return min(end, place + 1)
    }

    /// What stands here as a message repeats it: the inside of a text in quotes, or all up to the next mark or blank.
    func shown() -> String {
        if byte == 0x22 {
            let end = textEnd
            return InputProblem.repeated(bytes(place + 1..<max(place + 1, end - 1)))
        }
        var stop = place
        while stop < end, base[stop] > 0x20, !JSONCursor.marks.contains(base[stop]) { stop += 1 }
        return InputProblem.repeated(bytes(place..<stop))
    }

    private static let marks = Array("{}[],:\"".utf8)

    /// Goes on to the closing quote of a plain text; false where an escape, a control character or a byte beyond ASCII
    /// stands before it.
    @inline(__always)
    mutating func skipPlain() -> Bool {
        while place &+ 8 <= end {
            let marks = EightBytes.notPlain(EightBytes.word(base + place))
            guard marks == 0 else {
                place &+= marks.trailingZeroBitCount >> 3
                return base[place] == 0x22
            }
            place &+= 8
        }
        while place < end {
            let byte = base[place]
            if byte == 0x22 { return true }
            if byte == 0x5C || byte < 0x20 || byte >= 0x80 { return false }
            place &+= 1
        }
        return false
    }

    /// Likewise to the closing quote of a text without escapes; false where an escape or a control character stands
    /// before it.
    mutating func skipUnescaped() -> Bool {
        while place &+ 8 <= end {
            let marks = EightBytes.escapes(EightBytes.word(base + place))
            guard marks == 0 else {
                place &+= marks.trailingZeroBitCount >> 3
                return base[place] == 0x22
            }
            place &+= 8
        }
        while place < end {
            let byte = base[place]
            if byte == 0x22 { return true }
            if byte == 0x5C || byte < 0x20 { return false }
            place &+= 1
        }
        return false
    }

    /// Goes over a number of at most 18 digits without an exponent; nil where another one or none stands here, and then
    /// the place is somewhere in it.
    @inline(__always)
    mutating func shortNumber() -> (coefficient: Int64, places: Int)? {
        let isNegative = take(next: 0x2D)
        var coefficient: UInt64 = 0
        let start = place
        takeDigits(&coefficient)
        let whole = place &- start
        guard whole > 0, whole <= 18, whole == 1 || base[start] != 0x30 else { return nil }
        var places = 0
        if byte == 0x2E {
            place &+= 1
            let point = place
            takeDigits(&coefficient)
            places = place &- point
            guard places > 0, whole &+ places <= 18, byte != 0x2E else { return nil }
        }
        guard byte | 0x20 != 0x65 else { return nil }
        let magnitude = Int64(truncatingIfNeeded: coefficient)
        return (isNegative ? 0 &- magnitude : magnitude, places)
    }

    @inline(__always)
    private mutating func takeDigits(_ number: inout UInt64) {
        if place &+ 8 <= end {
            // Up to seven digits at once; of more each is taken alone.
            let (value, count) = EightBytes.number(EightBytes.word(base + place))
            if count < 8 {
                number = number &* UInt64(DecimalWord.powers[count]) &+ value
                place &+= count
                return
            }
        }
        while place < end {
            let digit = base[place] &- 0x30
            guard digit <= 9 else { return }
            number = number &* 10 &+ UInt64(digit)
            place &+= 1
        }
    }

    /// Goes over the digits of a whole number; nil where there is none, or it passes 64 bits.
    @inline(__always)
    mutating func integer() -> Int64? {
        let isNegative = byte == 0x2D
        if isNegative { place &+= 1 }
        let start = place
        var magnitude: UInt64 = 0
        while place < end {
            let digit = base[place] &- 0x30
            guard digit <= 9 else { break }
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            magnitude = sum
            place &+= 1
        }
        let count = place &- start
        guard count > 0, count == 1 || base[start] != 0x30 else { return nil }
        if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// Takes a day in quotes, ten characters long; nil, with nothing taken, where there is none.
    mutating func day() -> CalendarDate? {
        guard place + 12 <= end, base[place] == 0x22, base[place + 11] == 0x22, base[place + 5] == 0x2D,
            base[place + 8] == 0x2D
        else { return nil }
        // `2026-03-` and, from the last digit of the year on, `6-03-02"`: what stands between digits was looked at.
        guard let first = EightBytes.digits(EightBytes.word(base + place + 1), besides: 0xFF00_00FF_0000_0000),
            let last = EightBytes.digits(EightBytes.word(base + place + 4), besides: 0xFF00_00FF_0000_FF00)
        else { return nil }
        func digit(_ word: UInt64, _ index: UInt64) -> Int { Int(truncatingIfNeeded: word >> (8 &* index) & 15) }
        let year = digit(first, 0) &* 1000 &+ digit(first, 1) &* 100 &+ digit(first, 2) &* 10 &+ digit(first, 3)
        let month = digit(first, 5) &* 10 &+ digit(first, 6)
        let day = digit(last, 5) &* 10 &+ digit(last, 6)
        guard let date = CalendarDate(year: year, month: month, day: day) else { return nil }
        place += 12
        return date
    }

    mutating func rewind(to place: Int) { self.place = place }

    /// Goes over the characters that a number may hold.
    mutating func skipNumber() {
        while place < end {
            switch base[place] {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: place &+= 1
            default: return
            }
        }
    }
}
