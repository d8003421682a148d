import RemitLanguage
import RemitValues

/// A decision table as the machine searches it, without references: each input is brought to a class, and the classes
/// give the row, by one entry of a dense list or by the rows that each class accepts, 64 at a time.
struct TableSearch {
    let sections: UnsafeMutablePointer<SectionSearch>
    let sectionCount: Int
    /// Where the day stands behind the inputs of a dated table; -1 for others.
    let dayInput: Int
    let isCollect: Bool
    /// What each row gives, one section after another; nil where that is worked out.
    let results: UnsafeMutablePointer<TableCode.Fixed>?

    /// The search of a table whose texts stand in an arena.
    init(_ table: TableCode, _ bytes: ByteArena) {
        sections = copied(table.sections.map { SectionSearch($0, isCollect: table.isCollect, bytes) })
        sectionCount = table.sections.count
        dayInput = table.isDated ? table.inputShapes.count : -1
        isCollect = table.isCollect
        results = table.fixed.map(copied)
    }

    func free() {
        for index in 0..<sectionCount { sections[index].free() }
        sections.deallocate()
        results?.deallocate()
    }

    /// The section that holds on the day behind the inputs; -1 where none does.
    @inline(__always)
    func section(_ inputs: UnsafeMutablePointer<Int64>) -> Int {
        if dayInput < 0 { return sectionCount == 0 ? -1 : 0 }
        let day = inputs[dayInput]
        for index in 0..<sectionCount where sections[index].days.contains(day) { return index }
        return -1
    }
}

/// A section of a table.
struct SectionSearch {
    let days: DayRange
    let firstRow: Int
    let rowCount: Int
    private let columns: UnsafeMutablePointer<ColumnSearch>
    private let columnCount: Int
    /// The first row for each combination of classes; nil where rows are found otherwise.
    private let rows: UnsafeMutablePointer<Int32>?
    /// The words of a set of rows; 0 where the sets would be too large.
    private let setWords: Int
    /// The sets of rows that the inputs' classes accept, while they are laid over each other.
    private let chosen: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>

    init(_ section: TableCode.Section, isCollect: Bool, _ bytes: ByteArena) {
        days = DayRange(section.period)
        firstRow = section.firstRow
        rowCount = section.rowCount
        columnCount = section.columns.count
        chosen = .allocate(capacity: max(1, columnCount))
        var strides = [Int](repeating: 0, count: columnCount)
        if case .dense(let list, let found) = section.search, !isCollect {
            rows = copied(list)
            strides = found
            setWords = 0
        } else {
            rows = nil
            let words = max(1, (section.rowCount + 63) / 64)
            let classes = section.columns.reduce(0) { $0 + $1.count }
            setWords = classes <= Limits.tableSetWords / words ? words : 0
        }
        let size = setWords
        // Where sets are laid over each other, the column that tells most rows apart comes first.
        let order = section.columns.indices.sorted { section.columns[$0].count > section.columns[$1].count }
        columns = copied(
            order.map {
                ColumnSearch(
                    section.columns[$0], input: $0, stride: strides[$0], setWords: size, rowCount: section.rowCount,
                    bytes)
            })
        for index in 0..<columnCount { (chosen + index).initialize(to: columns[index].rowSets) }
    }

    func free() {
        for index in 0..<columnCount { columns[index].free() }
        columns.deallocate()
        rows?.deallocate()
        chosen.deallocate()
    }

    /// The first row from `after` on that accepts the inputs; -1 where none does, -2 where lists must be looked at.
    func find(_ after: Int, _ inputs: UnsafeMutablePointer<Int64>, _ machine: MachinePointer) -> Int {
        if let rows {
            var place = 0
            for index in 0..<columnCount {
                place &+= columns[index].find(inputs, machine) &* columns[index].stride
            }
            let row = Int(rows[place])
            return row < after ? -1 : row
        }
        guard setWords > 0 else { return -2 }
        for index in 0..<columnCount {
            chosen[index] = columns[index].rowSets + columns[index].find(inputs, machine) &* setWords
        }
        var word = after >> 6
        var all = ~UInt64(0) &<< UInt64(after & 63)
        while word < setWords {
            for index in 0..<columnCount where all != 0 { all &= chosen[index][word] }
            if all != 0 { return word &* 64 &+ all.trailingZeroBitCount }
            word &+= 1
            all = ~0
        }
        return -1
    }
}

/// A column of a section: how a word is brought to its class, and the rows that each class accepts.
struct ColumnSearch {
    private struct Recent {
        var text: Int64 = 0
        /// The transition that asked, by its number.
        var transition = 0
        var found = 0
    }

    private static let recentCount = 16

    private enum Kind { case direct, steps, decimals, texts, parties }

    private let kind: Kind
    /// Which of the inputs it is about.
    private let input: Int
    let stride: Int
    /// The number of steps, named values, texts or parties.
    private let count: Int
    private let steps: UnsafeMutablePointer<Int64>
    /// For each step of decimals whether the value must be greater, not only as great.
    private let isAfter: UnsafeMutablePointer<Bool>
    /// An open table of texts: the high bits of a hash and, below, a class and one; 0 where a slot is free.
    private let slots: UnsafeMutablePointer<UInt64>
    private let slotMask: Int
    /// Classes of texts that this transition asked for: loops ask for the same ones again and again.
    private let recent: UnsafeMutablePointer<Recent>
    /// For each class a set of rows, one set after another.
    let rowSets: UnsafeMutablePointer<UInt64>

    init(
        _ column: TableColumnCode, input: Int, stride: Int, setWords: Int, rowCount: Int, _ bytes: ByteArena
    ) {
        self.input = input
        self.stride = stride
        var words: [Int64] = []
        var after: [Bool] = []
        var slots: [UInt64] = []
        switch column.classes {
        case .direct: kind = .direct
        case .steps(let list):
            kind = .steps
            words = list
        case .decimals(let list):
            kind = .decimals
            words = list.map(\.word)
            after = list.map(\.after)
        case .texts(let list):
            kind = .texts
            words = list
            slots = Self.slots(list, bytes)
        case .parties(let list):
            kind = .parties
            words = list
        }
        if case .direct(let names) = column.classes { count = names } else { count = words.count }
        steps = copied(words)
        isAfter = copied(after)
        slotMask = slots.count - 1
        self.slots = copied(slots)
        recent = copied(slots.isEmpty ? [] : Array(repeating: Recent(), count: Self.recentCount))
        rowSets = copied(setWords > 0 ? Self.rowSets(column, setWords, rowCount) : [])
    }

    func free() {
        steps.deallocate()
        isAfter.deallocate()
        slots.deallocate()
        recent.deallocate()
        rowSets.deallocate()
    }

    // MARK: Making

    private static let classBits: UInt64 = 32

    /// At most half of the slots are taken.
    private static func slots(_ texts: [Int64], _ bytes: ByteArena) -> [UInt64] {
        let hashing = WordHash()
        var size = 4
        while size < 2 * texts.count { size *= 2 }
        var slots = [UInt64](repeating: 0, count: size)
        for (number, text) in texts.enumerated() {
            let hash = hashing.text(text, 0, bytes)
            var slot = Int(truncatingIfNeeded: hash) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = hash & ~((1 << classBits) - 1) | UInt64(number + 1)
        }
        return slots
    }

    /// The rows that each class accepts: those of the class before, without what ends and with what begins there.
    private static func rowSets(_ column: TableColumnCode, _ words: Int, _ rowCount: Int) -> [UInt64] {
        var begins = [[Int]](repeating: [], count: column.count)
        var ends = [[Int]](repeating: [], count: column.count + 1)
        for row in 0..<rowCount {
            // Ranges of a row may overlap; they end where the last of them does.
            var end = 0
            for range in column.accepted(by: row).sorted(by: { $0.lowerBound < $1.lowerBound }) {
                let first = max(end, Int(range.lowerBound))
                guard first <= Int(range.upperBound) else { continue }
                end = Int(range.upperBound) + 1
                begins[first].append(row)
                ends[end].append(row)
            }
        }
        var sets: [UInt64] = []
        sets.reserveCapacity(column.count * words)
        var current = [UInt64](repeating: 0, count: words)
        for found in 0..<column.count {
            for row in ends[found] { current[row >> 6] &= ~(1 << UInt64(row & 63)) }
            for row in begins[found] { current[row >> 6] |= 1 << UInt64(row & 63) }
            sets += current
        }
        return sets
    }

    // MARK: Finding

    /// The class of its input.
    @inline(__always)
    func find(_ inputs: UnsafeMutablePointer<Int64>, _ machine: MachinePointer) -> Int {
        let word = inputs[input]
        return switch kind {
        case .direct: word >= 0 && word < Int64(count) ? Int(word) : count
        case .steps: reached(word)
        case .decimals: reachedDecimal(word, machine)
        case .texts: text(word, machine)
        case .parties: party(word, machine)
        }
    }

    /// How many steps a word has reached, by halving without a guess of how each comparison ends.
    @inline(__always)
    private func reached(_ word: Int64) -> Int {
        var low = 0
        var size = count
        while size > 1 {
            let half = size >> 1
            low &+= steps[low &+ half &- 1] <= word ? half : 0
            size &-= half
        }
        return size == 1 && steps[low] <= word ? low &+ 1 : low
    }

    private func reachedDecimal(_ word: Int64, _ machine: MachinePointer) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low &+ high) >> 1
            let order = Exact.order(steps[middle], word, machine)
            if isAfter[middle] ? order < 0 : order <= 0 { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    @inline(__always)
    private func text(_ word: Int64, _ machine: MachinePointer) -> Int {
        let last = recent + Int(truncatingIfNeeded: word >> 32 ^ word >> 36) & (Self.recentCount &- 1)
        if last.pointee.text == word, last.pointee.transition == machine.pointee.transition {
            return last.pointee.found
        }
        let found = hashed(word, machine)
        last.pointee = Recent(text: word, transition: machine.pointee.transition, found: found)
        return found
    }

    @inline(never)
    private func hashed(_ word: Int64, _ machine: MachinePointer) -> Int {
        let hash = machine.pointee.rowIndex.hashing.text(word, 0, machine.pointee.bytes)
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while slots[slot] != 0 {
            if (slots[slot] ^ hash) >> Self.classBits == 0 {
                let number = Int(slots[slot] & ((1 << Self.classBits) - 1)) &- 1
                if machine.pointee.bytes.areSame(steps[number], word) { return number }
            }
            slot = (slot &+ 1) & slotMask
        }
        return count
    }

    private func party(_ word: Int64, _ machine: MachinePointer) -> Int {
        for index in 0..<count
        where (steps[index] ^ word) & 1 == 0 && machine.pointee.bytes.areSame(steps[index] & ~1, word & ~1) {
            return index
        }
        return count
    }
}
