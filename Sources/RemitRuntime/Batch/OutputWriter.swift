import RemitLanguage
import RemitValues

/// Writes decisions as lines of JSON, from the machine's words, in bytes.
struct OutputWriter {
    /// A field that the contract works out.
    struct Field {
        let number: Int
        let register: UInt16
        let shape: Int
    }

    let fields: [Field]
    /// What stands before the value of each of these fields, with the comma behind the one before.
    let prefixes: FixedTexts
    /// For each state what stands before the fields.
    let states: FixedTexts
    /// What stands before the line number of each check's finding: code and severity.
    let checks: FixedTexts
    let recordPrefixes: [[[UInt8]]]
    let coder: ValueCoder
    private let phrases = Phrase.texts
    var bytes = ByteArena(capacity: 1 << 16)

    @inline(__always)
    mutating func raw(_ text: StaticString) {
        if text.utf8CodeUnitCount == 1 { return bytes.append(text.utf8Start[0]) }
        bytes.append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes a text of the fixed ones, of which eight bytes at a time can be read.
    @inline(__always)
    private mutating func raw(_ text: UnsafeRawBufferPointer) {
        if let start = text.baseAddress { bytes.append(readable: start, text.count) }
    }

    @inline(__always)
    private mutating func raw(_ phrase: Phrase) { raw(phrases[phrase.rawValue]) }

    /// What stands in every line.
    private enum Phrase: Int, CaseIterable {
        case line, findings, on, text, cost

        static var texts: FixedTexts {
            FixedTexts(
                allCases.map { phrase in
                    switch phrase {
                    case .line: Array("{\"line\":".utf8)
                    case .findings: Array(",\"findings\":[".utf8)
                    case .on: Array(",\"on\":".utf8)
                    case .text: Array(",\"text\":".utf8)
                    case .cost: Array("],\"cost\":".utf8)
                    }
                })
        }
    }

    /// Gives back the memory of the writer.
    func free() {
        phrases.free()
        bytes.free()
        prefixes.free()
        states.free()
        checks.free()
    }

    mutating func raw(_ list: [UInt8]) { list.withUnsafeBytes { bytes.append($0) } }

    // MARK: Decisions

    mutating func done(line: Int, state: Int, cost: UInt64, _ machine: MachinePointer) {
        begin(line)
        begin(state: state)
        for (index, field) in fields.enumerated() {
            begin(field: index)
            value(machine.pointee.registers[Int(field.register)], field.shape, machine)
        }
        raw("}")
        end(cost, machine)
    }

    mutating func refused(line: Int, _ refusal: Refusal, cost: UInt64, _ machine: MachinePointer) {
        begin(line)
        self.refusal(refusal)
        end(cost, machine)
    }

    mutating func refusal(_ refusal: Refusal) {
        raw(",\"refused\":")
        quoted(refusal.reason.word)
        if let code = refusal.code {
            raw(",\"code\":")
            quoted(code)
        }
        raw(",\"text\":")
        quoted(refusal.text)
    }

    /// A line that could not be read: where, and why.
    /// Tells what is wrong with a line; `givenPlace` says where in the line as it was given stands what was read.
    mutating func unreadable(line: Int, _ problem: InputProblem, givenPlace: (Int) -> Int) {
        begin(line)
        raw(",\"error\":")
        quoted(problem.path)
        raw(",\"text\":")
        quoted(problem.text + (problem.place.map { " at byte \(givenPlace($0) + 1)" } ?? ""))
        raw("}\n")
    }

    mutating func begin(_ line: Int) {
        raw(.line)
        TextWriter.integer(Int64(line), &bytes)
    }

    mutating func begin(state: Int) { raw(states[state]) }

    mutating func begin(field: Int) { raw(prefixes[field]) }

    mutating func beginFindings() { raw(.findings) }

    /// Writes what stands before the text of a finding.
    @inline(__always)
    mutating func begin(finding clause: Int, on line: Int64, isFirst: Bool) {
        if !isFirst { raw(",") }
        raw(checks[clause])
        if line > 0 {
            raw(.on)
            TextWriter.integer(line, &bytes)
        }
        raw(.text)
    }

    private mutating func end(_ cost: UInt64, _ machine: MachinePointer) {
        beginFindings()
        let findings = machine.pointee.findings.base
        var place = 0
        while place < machine.pointee.settled {
            begin(finding: Int(findings[place]), on: findings[place + 1], isFirst: place == 0)
            quoted(machine.pointee.bytes.bytes(findings[place + 2]))
            raw("}")
            place += 3
        }
        end(cost)
    }

    /// Ends the findings and the line.
    mutating func end(_ cost: UInt64) {
        raw(.cost)
        TextWriter.integer(Int64(clamping: cost), &bytes)
        raw("}\n")
    }

    // MARK: Values

    private mutating func value(_ word: Int64, _ index: Int, _ machine: MachinePointer) {
        let shape = machine.pointee.shapes[index]
        if word == absentWord, shape.isOptional || !shape.isPlain || shape.kind == .date { return raw("null") }
        switch shape.kind {
        case .boolean: raw(word != 0 ? "true" : "false")
        case .integer, .duration: TextWriter.integer(word, &bytes)
        case .money: amount(word, Int(shape.digits))
        case .text, .label, .reference: quoted(machine.pointee.bytes.bytes(word & ~1))
        case .party:
            let name = machine.pointee.bytes.bytes(word & ~1)
            if case .party(nil) = coder.shapes[index].kind {
                quoted(Self.kind(isOrganisation: word & 1 == 1) + String(decoding: name, as: UTF8.self))
            } else {
                quoted(name)
            }
        case .named:
            let name = machine.pointee.nameWord(Int(shape.element), word)
            if name == absentWord { raw("null") } else { quoted(machine.pointee.bytes.bytes(name)) }
        case .record:
            raw("{")
            for field in 0..<Int(shape.fieldCount) {
                if field > 0 { raw(",") }
                raw(recordPrefixes[index][field])
                let part = machine.pointee.words.base[Int(word) + field]
                value(part, machine.pointee.fieldShape(shape, field), machine)
            }
            raw("}")
        case .list, .set:
            raw("[")
            let places = Lists.elements(word, machine)
            for place in places {
                if place > places.lowerBound { raw(",") }
                value(machine.pointee.words.base[place], Int(shape.element), machine)
            }
            raw("]")
        case .quorum:
            let value = coder.value(word, index, machine)
            quoted(Quorum(value)?.description ?? value.description)
        case .map: map(word, shape, machine)
        case .date, .decimal:
            let start = bytes.top
            raw("\"")
            let isWritten = shape.kind == .date ? TextWriter.day(word, &bytes) : TextWriter.decimal(word, &bytes)
            if isWritten { return raw("\"") }
            bytes.top = start
            quoted(coder.value(word, index, machine).description)
        default: quoted(coder.value(word, index, machine).description)
        }
    }

    /// `{"A": 1}`, or `[[1, 2]]` where the keys are no texts.
    private mutating func map(_ word: Int64, _ shape: FlatShape, _ machine: MachinePointer) {
        let entry = machine.pointee.shapes[Int(shape.element)]
        let (key, element) = (machine.pointee.fieldShape(entry, 0), machine.pointee.fieldShape(entry, 1))
        let isObject: Bool
        switch machine.pointee.shapes[key].kind {
        case .text, .party, .named, .date, .instant, .reference: isObject = true
        default: isObject = false
        }
        raw(isObject ? "{" : "[")
        let places = Lists.elements(word, machine)
        for place in places {
            if place > places.lowerBound { raw(",") }
            let parts = Int(machine.pointee.words.base[place])
            guard machine.pointee.words.holds(parts, 2) else { continue }
            if !isObject { raw("[") }
            value(machine.pointee.words.base[parts], key, machine)
            raw(isObject ? ":" : ",")
            value(machine.pointee.words.base[parts + 1], element, machine)
            if !isObject { raw("]") }
        }
        raw(isObject ? "}" : "]")
    }

    /// An amount in major units, with all digits of its minor unit, in quotes.
    mutating func amount(_ units: Int64, _ digits: Int) {
        guard digits > 0 else {
            raw("\"")
            TextWriter.integer(units, &bytes)
            return raw("\"")
        }
        let (whole, rest) = Digits.split(units.magnitude, digits)
        let length = Digits.count(whole)
        let size = length &+ digits &+ 3 &+ (units < 0 ? 1 : 0)
        let place = bytes.reserve(size)
        let start = bytes.base + place
        let end = start + size - 1
        end[0] = UInt8(ascii: "\"")
        Digits.write(rest, digits, before: end)
        let point = end - digits - 1
        point[0] = UInt8(ascii: ".")
        Digits.write(whole, length, before: point)
        start[0] = UInt8(ascii: "\"")
        if units < 0 { start[1] = UInt8(ascii: "-") }
    }

    /// What stands before the name of a party that may be of either kind, as it is given.
    static func kind(isOrganisation: Bool) -> String { isOrganisation ? "organisation:" : "person:" }

    mutating func quoted(_ text: String) {
        var copy = text
        copy.withUTF8 { quoted(UnsafeRawBufferPointer($0)) }
    }

    mutating func quoted(_ text: UnsafeRawBufferPointer) {
        let count = text.count
        let place = bytes.reserve(count &+ 10)
        let target = UnsafeMutableRawPointer(bytes.base + place)
        target.storeBytes(of: 0x22, as: UInt8.self)
        var index = 0
        while index < count {
            if index &+ 8 <= count {
                let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                guard EightBytes.escapes(word.littleEndian) == 0 else { break }
                target.storeBytes(of: word, toByteOffset: index &+ 1, as: UInt64.self)
                index &+= 8
            } else {
                let byte = text[index]
                guard byte >= 0x20, byte != 0x22, byte != 0x5C else { break }
                target.storeBytes(of: byte, toByteOffset: index &+ 1, as: UInt8.self)
                index &+= 1
            }
        }
        bytes.top = place &+ 1 &+ index
        if index < count { escaped(UnsafeRawBufferPointer(rebasing: text[index...])) }
        raw("\"")
    }

    /// Writes what is in quotes, where something in it needs an escape.
    private mutating func escaped(_ text: UnsafeRawBufferPointer) {
        var plain = 0
        for index in 0..<text.count {
            let byte = text[index]
            guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
            bytes.append(UnsafeRawBufferPointer(rebasing: text[plain..<index]))
            plain = index + 1
            escape(byte)
        }
        bytes.append(UnsafeRawBufferPointer(rebasing: text[plain...]))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22: raw("\\\"")
        case 0x5C: raw("\\\\")
        case 0x0A: raw("\\n")
        case 0x0D: raw("\\r")
        case 0x09: raw("\\t")
        default:
            raw("\\u00")
            let digits: [UInt8] = Array("0123456789abcdef".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
}
