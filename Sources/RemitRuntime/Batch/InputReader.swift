import RemitLanguage
import RemitValues

/// Reads the arguments of an action from JSON straight into the machine's words, as its shapes direct.
struct InputReader {
    /// A field that an object may have.
    struct Member {
        let name: [UInt8]
        let shown: String
        let shape: Int
    }

    /// The fields of an object without references: their names stand one behind another.
    struct Members {
        struct Name {
            /// Where `,"name":` starts, and how long the name is.
            let start: Int
            let count: Int
            let shape: Int
            let isOptional: Bool
        }

        let names: UnsafeMutablePointer<Name>
        let bytes: UnsafeMutablePointer<UInt8>
        let count: Int

        init(_ members: [Member], _ shapes: [Shape]) {
            var written: [UInt8] = []
            var list: [Name] = []
            for member in members {
                let isOptional = shapes[member.shape].isOptional
                list.append(
                    Name(start: written.count, count: member.name.count, shape: member.shape, isOptional: isOptional))
                written += Array(",\"".utf8) + member.name + Array("\":".utf8)
            }
            names = copied(list)
            // Eight bytes at a time are read from it.
            bytes = copied(written + Array(repeating: 0, count: 8))
            count = members.count
        }

        func free() {
            names.deallocate()
            bytes.deallocate()
        }

        func shown(_ index: Int) -> String {
            let name = UnsafeBufferPointer(start: name(index), count: names[index].count)
            return String(decoding: name, as: UTF8.self)
        }

        @inline(__always)
        func name(_ index: Int) -> UnsafePointer<UInt8> { UnsafePointer(bytes + names[index].start + 2) }

        /// Takes a member's name with what stands around it, after the first member also the comma before it, if just
        /// these stand here.
        @inline(__always)
        func take(_ index: Int, isFirst: Bool, _ cursor: inout JSONCursor) -> Bool {
            let skipped = isFirst ? 1 : 0
            return cursor.take(words: bytes + names[index].start + skipped, names[index].count &+ 4 &- skipped)
        }

        @inline(__always)
        func isNamed(_ index: Int, _ text: UnsafeRawBufferPointer) -> Bool {
            guard names[index].count == text.count else { return false }
            let name = name(index)
            var place = 0
            while place < text.count {
                if name[place] != text[place] { return false }
                place &+= 1
            }
            return true
        }

        /// The field of a name; -1 where there is none.
        func find(_ text: UnsafeRawBufferPointer) -> Int {
            for index in 0..<count where isNamed(index, text) { return index }
            return -1
        }
    }

    let machine: MachinePointer
    /// The members of the line's object, with the register of each.
    let top: Members
    let registers: UnsafeMutablePointer<UInt16>
    /// The members of each record, by shape.
    let records: UnsafeMutablePointer<Members>
    /// The names of the organisations that a bare name of a party may mean.
    let organisations: FixedTexts
    var cursor: JSONCursor
    /// Whether an optional of the line holds the least number there is, whose word means absent.
    private(set) var holdsLeast = false

    init(
        machine: MachinePointer, top: Members, registers: UnsafeMutablePointer<UInt16>,
        records: UnsafeMutablePointer<Members>, organisations: FixedTexts, cursor: JSONCursor
    ) {
        self.machine = machine
        self.top = top
        self.registers = registers
        self.records = records
        self.organisations = organisations
        self.cursor = cursor
    }

    // MARK: Objects

    /// Reads the whole line.
    mutating func readLine() throws(InputProblem) {
        guard cursor.take(0x7B) else { throw cursor.fault("an object is missing") }
        let words = machine.pointee.registers
        let registers = registers
        try members(top, absent: absentWord, Self.word) { (index, word) in words[Int(registers[index])] = word }
        try end()
    }

    /// Sees to it that nothing follows the object.
    mutating func end() throws(InputProblem) {
        cursor.skipBlanks()
        guard cursor.isAtEnd else { throw cursor.fault("something follows the object") }
    }

    /// The word of a value, for those who go through the parts of another one.
    @inline(__always)
    static func word(_ reader: inout InputReader, _ shape: Int) throws(InputProblem) -> Int64 {
        try reader.value(shape)
    }

    /// Reads members up to the closing brace, each once; those that may be absent may be missing.
    @inline(__always)
    mutating func members<Part>(
        _ members: Members, absent: Part, _ part: (inout InputReader, Int) throws(InputProblem) -> Part,
        _ store: (Int, Part) -> Void
    ) throws(InputProblem) {
        var seen: UInt64 = 0
        var expected = 0
        cursor.skipBlanks()
        if cursor.byte == 0x7D {
            cursor.advance()
        } else {
            while true {
                let index: Int
                if expected < members.count, members.take(expected, isFirst: seen == 0, &cursor) {
                    // Most often a member follows the one that is declared before it.
                    index = expected
                } else {
                    guard seen == 0 || cursor.take(0x2C) else { break }
                    index = try key(members)
                    guard cursor.take(0x3A) else { throw cursor.fault("`:` is missing") }
                }
                let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: index)
                guard seen & bit == 0 else { throw InputProblem("stands twice", path: members.shown(index)) }
                seen |= bit
                expected = index &+ 1
                cursor.skipBlanks()
                do throws(InputProblem) {
                    store(index, try part(&self, members.names[index].shape))
                } catch {
                    throw error.within(members.shown(index))
                }
            }
            guard cursor.take(0x7D) else { throw cursor.fault("`,` or `}` is missing") }
        }
        let all = members.count == 64 ? UInt64.max : (1 << UInt64(members.count)) &- 1
        guard seen != all else { return }
        for index in 0..<members.count where seen >> UInt64(index) & 1 == 0 {
            guard members.names[index].isOptional else { throw InputProblem("is missing", path: members.shown(index)) }
            store(index, absent)
        }
    }

    /// The member that a key names.
    private mutating func key(_ members: Members) throws(InputProblem) -> Int {
        guard cursor.take(0x22) else { throw cursor.fault("a name in quotes is missing") }
        let start = cursor.place
        if cursor.skipPlain() {
            let bytes = cursor.bytes(from: start)
            cursor.advance()
            let index = members.find(bytes)
            if index >= 0 { return index }
            throw InputProblem("there is no such field", path: InputProblem.repeated(bytes))
        }
        cursor.rewind(to: start)
        let word = try text(escaped: start)
        let index = members.find(machine.pointee.bytes.bytes(word))
        if index >= 0 { return index }
        throw InputProblem("there is no such field", path: InputProblem.repeated(machine.pointee.bytes.bytes(word)))
    }

    // MARK: Values

    mutating func value(_ index: Int) throws(InputProblem) -> Int64 {
        let start = cursor.place
        do throws(InputProblem) { return try written(index) } catch {
            // Few who write numbers, days and times in quotes escape parts of them.
            guard machine.pointee.shapes[index].kind.isDecoded else { throw error }
            cursor.rewind(to: start)
            let word = try decoded(isQuoted: true) { (reader) throws(InputProblem) in try reader.written(index) }
            guard let word else { throw error }
            return word
        }
    }

    /// The value as it stands here.
    @inline(__always)
    private mutating func written(_ index: Int) throws(InputProblem) -> Int64 {
        let shape = UnsafePointer(machine.pointee.shapes + index)
        if shape.pointee.isOptional, cursor.byte == 0x6E {
            guard cursor.take(word: "null") else { throw cursor.fault("not a value") }
            return absentWord
        }
        switch shape.pointee.kind {
        case .boolean:
            if cursor.byte == 0x74, cursor.take(word: "true") { return 1 }
            if cursor.byte == 0x66, cursor.take(word: "false") { return 0 }
            throw InputProblem("must be true or false")
        case .integer: return present(try whole("a whole number"), shape)
        case .duration: return present(try whole("a whole number of seconds"), shape)
        case .money: return present(try money(Int(shape.pointee.digits)), shape)
        case .decimal: return try decimal()
        case .date: return Int64(try date().dayNumber)
        case .instant: return try instant()
        case .text: return try text(bound: Int(shape.pointee.bound))
        case .named: return try named(Int(shape.pointee.element))
        case .party: return try party(index)
        case .record: return try record(index, Int(shape.pointee.fieldCount))
        case .list, .set: return try list(shape.pointee)
        case .map: return try map(shape.pointee)
        case .term, .document, .quorum, .label, .reference, .place:
            throw InputProblem("is of a type whose values do not stand in lines")
        }
    }

    /// The word as it is; one that means absent is remembered.
    @inline(__always)
    private mutating func present(_ word: Int64, _ shape: UnsafePointer<FlatShape>) -> Int64 {
        if word == absentWord, shape.pointee.isOptional { holdsLeast = true }
        return word
    }

    private mutating func record(_ index: Int, _ count: Int) throws(InputProblem) -> Int64 {
        guard cursor.take(0x7B) else { throw InputProblem("must be an object") }
        let place = machine.pointee.words.reserve(count)
        let machine = machine
        try members(records[index], absent: absentWord, Self.word) { (field, word) in
            machine.pointee.words.base[place + field] = word
        }
        return Int64(place)
    }

    private mutating func list(_ shape: FlatShape) throws(InputProblem) -> Int64 {
        // The elements may need room of their own while they are read: they are gathered and then put in a row.
        let element = Int(shape.element)
        let start = machine.pointee.gathered.top
        let machine = machine
        defer { machine.pointee.gathered.top = start }
        let count = try elements(Int(shape.bound), element, Self.word) { word in
            let place = machine.pointee.gathered.reserve(1)
            machine.pointee.gathered.base[place] = word
        }
        let place = machine.pointee.words.reserve(count + 1)
        let base = machine.pointee.words.base + place
        base[0] = Int64(count)
        for index in 0..<count { base[index + 1] = machine.pointee.gathered.base[start + index] }
        if shape.kind == .set { Lists.sortUnique(place, element, machine) }
        return Int64(place)
    }

    /// Reads the elements of a list, and gives their number.
    @inline(__always)
    mutating func elements<Part>(
        _ bound: Int, _ element: Int, _ part: (inout InputReader, Int) throws(InputProblem) -> Part,
        _ store: (Part) -> Void
    ) throws(InputProblem) -> Int {
        guard cursor.take(0x5B) else { throw InputProblem("must be a list") }
        var count = 0
        cursor.skipBlanks()
        if cursor.byte == 0x5D {
            cursor.advance()
            return 0
        }
        repeat {
            cursor.skipBlanks()
            guard count < bound else { throw InputProblem("has more than \(bound) elements") }
            do throws(InputProblem) { store(try part(&self, element)) } catch {
                throw error.within("[\(count)]")
            }
            count &+= 1
        } while cursor.take(0x2C)
        guard cursor.take(0x5D) else { throw cursor.fault("`,` or `]` is missing") }
        return count
    }
}
