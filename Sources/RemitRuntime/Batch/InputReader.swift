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
            let start: Int
            let count: Int
            let shape: Int
            let isOptional: Bool
        }

        let names: UnsafeMutablePointer<Name>
        let bytes: UnsafeMutablePointer<UInt8>
        let count: Int

        init(_ members: [Member], _ shapes: [Shape]) {
            var start = 0
            var list: [Name] = []
            for member in members {
                let isOptional = shapes[member.shape].isOptional
                list.append(
                    Name(start: start, count: member.name.count, shape: member.shape, isOptional: isOptional))
                start += member.name.count
            }
            names = copied(list)
            bytes = copied(members.flatMap(\.name))
            count = members.count
        }

        func free() {
            names.deallocate()
            bytes.deallocate()
        }

        func shown(_ index: Int) -> String {
            let name = UnsafeBufferPointer(start: bytes + names[index].start, count: names[index].count)
            return String(decoding: name, as: UTF8.self)
        }

        @inline(__always)
        func isNamed(_ index: Int, _ text: UnsafeRawBufferPointer) -> Bool {
            guard names[index].count == text.count else { return false }
            let name = bytes + names[index].start
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
    var cursor: JSONCursor

    // MARK: Objects

    /// Reads the whole line.
    mutating func readLine() throws(InputProblem) {
        guard cursor.take(0x7B) else { throw cursor.fault("an object is missing") }
        let words = machine.pointee.registers
        let registers = registers
        try members(top) { (index, word) in words[Int(registers[index])] = word }
        cursor.skipBlanks()
        guard cursor.isAtEnd else { throw cursor.fault("something follows the object") }
    }

    /// Reads members up to the closing brace, each once; those that may be absent may be missing.
    @inline(__always)
    private mutating func members(
        _ members: Members, _ store: (Int, Int64) -> Void
    ) throws(InputProblem) {
        var seen: UInt64 = 0
        var expected = 0
        cursor.skipBlanks()
        if cursor.byte == 0x7D {
            cursor.advance()
        } else {
            repeat {
                let index = try key(members, expected)
                guard seen >> UInt64(index) & 1 == 0 else {
                    throw InputProblem("stands twice", path: members.shown(index))
                }
                seen |= 1 << UInt64(index)
                expected = index &+ 1
                guard cursor.take(0x3A) else { throw cursor.fault("`:` is missing") }
                cursor.skipBlanks()
                do throws(InputProblem) {
                    store(index, try value(members.names[index].shape))
                } catch {
                    throw error.within(members.shown(index))
                }
            } while cursor.take(0x2C)
            guard cursor.take(0x7D) else { throw cursor.fault("`,` or `}` is missing") }
        }
        let all = members.count == 64 ? UInt64.max : (1 << UInt64(members.count)) &- 1
        guard seen != all else { return }
        for index in 0..<members.count where seen >> UInt64(index) & 1 == 0 {
            guard members.names[index].isOptional else { throw InputProblem("is missing", path: members.shown(index)) }
            store(index, absentWord)
        }
    }

    /// The member that a key names; most often it is the one that follows the last.
    @inline(__always)
    private mutating func key(_ members: Members, _ expected: Int) throws(InputProblem) -> Int {
        guard cursor.take(0x22) else { throw cursor.fault("a name in quotes is missing") }
        if expected < members.count {
            let name = members.names[expected]
            if cursor.take(name: members.bytes + name.start, name.count) { return expected }
        }
        let start = cursor.place
        if cursor.skipPlain() {
            let bytes = cursor.bytes(from: start)
            cursor.advance()
            let index = members.find(bytes)
            if index >= 0 { return index }
            throw InputProblem("there is no such field", path: String(decoding: bytes, as: UTF8.self))
        }
        cursor.rewind(to: start)
        let word = try text(escaped: start)
        let index = members.find(machine.pointee.bytes.bytes(word))
        if index >= 0 { return index }
        throw InputProblem("there is no such field", path: machine.pointee.bytes.string(word))
    }

    // MARK: Values

    mutating func value(_ index: Int) throws(InputProblem) -> Int64 {
        let shape = machine.pointee.shapes[index]
        if shape.isOptional, cursor.byte == 0x6E {
            guard cursor.take(word: "null") else { throw cursor.fault("not a value") }
            return absentWord
        }
        switch shape.kind {
        case .boolean:
            if cursor.byte == 0x74, cursor.take(word: "true") { return 1 }
            if cursor.byte == 0x66, cursor.take(word: "false") { return 0 }
            throw InputProblem("must be true or false")
        case .integer, .duration:
            return try present(whole(shape.kind == .integer ? "a whole number" : "a whole number of seconds"), shape)
        case .money: return try present(money(Int(shape.digits)), shape)
        case .decimal: return try decimal()
        case .date: return Int64(try date().dayNumber)
        case .instant: return try instant()
        case .text: return try text(bound: Int(shape.bound))
        case .named: return try named(Int(shape.element))
        case .party: return try party(index)
        case .record: return try record(index, shape)
        case .list, .set: return try list(shape)
        case .map: return try map(shape)
        case .term, .document, .quorum, .label, .reference, .place:
            throw InputProblem("is of a type whose values do not stand in lines")
        }
    }

    private func present(_ word: Int64, _ shape: FlatShape) throws(InputProblem) -> Int64 {
        guard shape.isOptional, word == absentWord else { return word }
        throw InputProblem("is out of bounds")
    }

    private mutating func record(_ index: Int, _ shape: FlatShape) throws(InputProblem) -> Int64 {
        guard cursor.take(0x7B) else { throw InputProblem("must be an object") }
        let place = machine.pointee.words.reserve(Int(shape.fieldCount))
        let machine = machine
        try members(records[index]) { (field, word) in machine.pointee.words.base[place + field] = word }
        return Int64(place)
    }

    private mutating func list(_ shape: FlatShape) throws(InputProblem) -> Int64 {
        guard cursor.take(0x5B) else { throw InputProblem("must be a list") }
        // The elements may need room of their own while they are read: they are gathered and then put in a row.
        let element = Int(shape.element)
        let start = machine.pointee.gathered.top
        defer { machine.pointee.gathered.top = start }
        var count = 0
        cursor.skipBlanks()
        if cursor.byte == 0x5D {
            cursor.advance()
        } else {
            repeat {
                cursor.skipBlanks()
                guard count < Int(shape.bound) else {
                    throw InputProblem("has more than \(shape.bound) elements")
                }
                do throws(InputProblem) {
                    let word = try value(element)
                    let place = machine.pointee.gathered.reserve(1)
                    machine.pointee.gathered.base[place] = word
                } catch {
                    throw error.within("[\(count + 1)]")
                }
                count &+= 1
            } while cursor.take(0x2C)
            guard cursor.take(0x5D) else { throw cursor.fault("`,` or `]` is missing") }
        }
        let place = machine.pointee.words.reserve(count + 1)
        let base = machine.pointee.words.base + place
        base[0] = Int64(count)
        for index in 0..<count { base[index + 1] = machine.pointee.gathered.base[start + index] }
        if shape.kind == .set { Lists.sortUnique(place, element, machine) }
        return Int64(place)
    }
}
