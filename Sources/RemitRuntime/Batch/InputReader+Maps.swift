import RemitLanguage
import RemitValues

extension InputReader {
    /// A map as `{"A": 1}` or as `[["A", 1]]`, whatever its keys are; no key stands twice.
    mutating func map(_ shape: FlatShape) throws(InputProblem) -> Int64 {
        let entry = machine.pointee.shapes[Int(shape.element)]
        let (key, element) = (machine.pointee.fieldShape(entry, 0), machine.pointee.fieldShape(entry, 1))
        let machine = machine
        // The pairs are gathered as they come, and then put in order.
        let start = machine.pointee.gathered.top
        defer { machine.pointee.gathered.top = start }
        try entries(Int(shape.bound), key, element, Self.word) { key, value in
            let place = machine.pointee.gathered.reserve(2)
            machine.pointee.gathered.base[place] = key
            machine.pointee.gathered.base[place + 1] = value
        }
        let count = (machine.pointee.gathered.top - start) / 2
        let pairs = machine.pointee.gathered.base + start
        Self.sort(pairs, count, key, machine)
        for index in stride(from: 2, to: 2 * count, by: 2)
        where Comparison.areSame(pairs[index - 2], pairs[index], key, machine) {
            throw InputProblem("has the key \(shown(pairs[index], key)) twice")
        }
        return Maps.build(pairs, count, machine)
    }

    /// Brings pairs of a key and a value, one behind another, into the order of their keys.
    private static func sort(
        _ pairs: UnsafeMutablePointer<Int64>, _ count: Int, _ shape: Int, _ machine: MachinePointer
    ) {
        let areTexts = machine.pointee.shapes[shape].kind == .text
        func isBefore(_ one: Int64, _ other: Int64) -> Bool {
            (areTexts ? machine.pointee.bytes.order(one, other) : Comparison.order(one, other, shape, machine)) < 0
        }
        guard count <= 16 else {
            let sorted = (0..<count).map { (key: pairs[2 * $0], value: pairs[2 * $0 + 1]) }
                .sorted { isBefore($0.key, $1.key) }
            for (index, pair) in sorted.enumerated() { (pairs[2 * index], pairs[2 * index + 1]) = pair }
            return
        }
        // A few are put in their places one by one.
        for index in stride(from: 2, to: 2 * count, by: 2) {
            let (key, value) = (pairs[index], pairs[index + 1])
            var free = index
            while free > 0, isBefore(key, pairs[free - 2]) {
                pairs[free] = pairs[free - 2]
                pairs[free + 1] = pairs[free - 1]
                free -= 2
            }
            pairs[free] = key
            pairs[free + 1] = value
        }
    }

    /// A key as a message repeats it: as a line has it.
    private func shown(_ word: Int64, _ shape: Int) -> String {
        let value = machine.pointee.code._withUnsafeGuaranteedRef { ValueCoder(code: $0).value(word, shape, machine) }
        let text =
            switch value {
            case .boolean(let holds): holds ? "true" : "false"
            case .money(let money): money.amount.text(minimumPlaces: money.currency.minorDigits)
            case .duration(let length): String(length.seconds)
            default: value.description
            }
        return Array(text.utf8).withUnsafeBytes(InputProblem.repeated)
    }

    /// Reads the entries of a map, in the order of the line.
    mutating func entries<Part>(
        _ bound: Int, _ key: Int, _ element: Int, _ part: (inout InputReader, Int) throws(InputProblem) -> Part,
        _ store: (Part, Part) -> Void
    ) throws(InputProblem) {
        let isObject = cursor.byte == 0x7B
        guard isObject || cursor.byte == 0x5B else { throw InputProblem("must be an object, or a list of pairs") }
        cursor.advance()
        let end: UInt8 = isObject ? 0x7D : 0x5D
        var count = 0
        cursor.skipBlanks()
        if cursor.byte == end {
            cursor.advance()
            return
        }
        repeat {
            guard count < bound else { throw InputProblem("has more than \(bound) entries") }
            count += 1
            cursor.skipBlanks()
            if isObject {
                try member(key, element, part, store)
            } else {
                do throws(InputProblem) { try pair(key, element, part, store) } catch {
                    throw error.within("[\(count - 1)]")
                }
            }
        } while cursor.take(0x2C)
        guard cursor.take(end) else { throw cursor.fault("`,` or the end of the map is missing") }
    }

    /// An entry of an object; what is wrong with it is told by its key, as that stands in the line.
    private mutating func member<Part>(
        _ key: Int, _ element: Int, _ part: (inout InputReader, Int) throws(InputProblem) -> Part,
        _ store: (Part, Part) -> Void
    ) throws(InputProblem) {
        guard cursor.byte == 0x22 else { throw cursor.fault("a key in quotes is missing") }
        let start = cursor.place
        let end = cursor.textEnd
        do throws(InputProblem) {
            let found = try name(key, part)
            guard cursor.take(0x3A) else { throw cursor.fault("the value of the key is missing") }
            cursor.skipBlanks()
            store(found, try part(&self, element))
        } catch {
            throw error.within("[\(InputProblem.repeated(cursor.bytes(start..<end)))]")
        }
    }

    /// A key that stands in quotes, as every name of a member does; `true` and `false` have none of their own.
    private mutating func name<Part>(
        _ key: Int, _ part: (inout InputReader, Int) throws(InputProblem) -> Part
    ) throws(InputProblem) -> Part {
        guard machine.pointee.shapes[key].kind == .boolean else { return try part(&self, key) }
        let unescaped = try decoded(isQuoted: false) { (reader) throws(InputProblem) in
            let found = try part(&reader, key)
            guard reader.cursor.isAtEnd else { throw InputProblem("must be true or false") }
            return found
        }
        if let unescaped { return unescaped }
        cursor.advance()
        let found = try part(&self, key)
        guard cursor.byte == 0x22 else { throw InputProblem("must be true or false") }
        cursor.advance()
        return found
    }

    private mutating func pair<Part>(
        _ key: Int, _ element: Int, _ part: (inout InputReader, Int) throws(InputProblem) -> Part,
        _ store: (Part, Part) -> Void
    ) throws(InputProblem) {
        guard cursor.take(0x5B) else { throw InputProblem("must be a pair of a key and a value") }
        cursor.skipBlanks()
        let found = try part(&self, key)
        guard cursor.take(0x2C) else { throw cursor.fault("the value of the key is missing") }
        cursor.skipBlanks()
        store(found, try part(&self, element))
        guard cursor.take(0x5D) else { throw cursor.fault("the pair does not end") }
    }
}
