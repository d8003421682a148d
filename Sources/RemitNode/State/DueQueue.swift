import RemitLedger
import RemitValues

/// A timer of a case in the queue of all that falls due; its item sorts by due time, case, and order of writing.
struct DueItem: Equatable {
    let due: Instant
    let reference: CaseReference
    /// Index into the program's timers.
    let timer: Int

    /// Eight bytes of the due time, the contract's name and a zero byte, eight of the case's number, four of the timer.
    var item: [UInt8] {
        let time = UInt64(bitPattern: due.seconds) ^ (1 << 63)
        return Self.bytes(time, 8) + Array(reference.contract.utf8) + [0]
            + Self.bytes(UInt64(bitPattern: reference.number), 8) + Self.bytes(UInt64(timer), 4)
    }

    init(due: Instant, reference: CaseReference, timer: Int) {
        self.due = due
        self.reference = reference
        self.timer = timer
    }

    /// Reads an item; nil where it is none.
    init?(item: [UInt8]) {
        guard item.count > 21, let end = item[8...].firstIndex(of: 0), item.count == end + 13,
            let due = Instant(seconds: Int64(bitPattern: Self.number(item[0..<8]) ^ (1 << 63))),
            let number = Int64(exactly: Self.number(item[(end + 1)..<(end + 9)]))
        else { return nil }
        self.due = due
        reference = CaseReference(contract: String(decoding: item[8..<end], as: UTF8.self), number: number)
        timer = Int(Self.number(item[(end + 9)...]))
    }

    private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64(count - 1 - $0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

extension StateKey {
    /// Whether the row says that something falls due.
    var isDue: Bool { space.utf8.elementsEqual(StateLayout.dueSpace.utf8) }
}

/// Items in the order of their bytes.
struct SortedItems {
    private var list: [[UInt8]] = []

    init() {}

    init(_ items: [[UInt8]]) { list = items.sorted { $0.lexicographicallyPrecedes($1) } }

    /// The first item that is not left out.
    func first(except isLeftOut: ([UInt8]) -> Bool) -> [UInt8]? { list.first { !isLeftOut($0) } }

    mutating func set(_ item: [UInt8], isThere: Bool) {
        let place = place(of: item)
        let isKnown = place < list.count && list[place] == item
        if isThere, !isKnown { list.insert(item, at: place) }
        if !isThere, isKnown { list.remove(at: place) }
    }

    func items(after previous: [UInt8]?, limit: Int) -> [[UInt8]] {
        var start = 0
        if let previous {
            start = place(of: previous)
            if start < list.count, list[start] == previous { start += 1 }
        }
        return Array(list[start...].prefix(limit))
    }

    /// The first place whose item does not come before this one.
    private func place(of item: [UInt8]) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].lexicographicallyPrecedes(item) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Takes what has fallen due out of the state, one after another, while what is done changes it.
struct DueQueue {
    private let state: WorkingState
    private let until: Instant
    /// Items of the state before the block that were read and not taken yet.
    private var read: [[UInt8]] = []
    private var last: [UInt8]?
    private var isAtEnd = false

    private static let batch = 256

    init(_ state: WorkingState, until: Instant) {
        self.state = state
        self.until = until
    }

    /// The next item that has fallen due, leaving out cases that are behind, which only grow; nil where there is none.
    mutating func next(passing behind: Set<CaseReference>) throws(NodeError) -> DueItem? {
        func isLeftOut(_ item: [UInt8]) -> Bool {
            guard !behind.isEmpty, let item = DueItem(item: item) else { return false }
            return behind.contains(item.reference)
        }
        let before = try firstBefore(except: isLeftOut)
        let added = state.firstAddedDue(except: isLeftOut)
        var first = before ?? added
        if let before, let added, added.lexicographicallyPrecedes(before) { first = added }
        guard let first else { return nil }
        guard let item = DueItem(item: first) else {
            throw .broken([ChainProblem(height: nil, position: nil, text: "a row of what falls due is damaged")])
        }
        return item.due <= until ? item : nil
    }

    /// The first item of the state before the block that the block has not removed.
    private mutating func firstBefore(except isLeftOut: ([UInt8]) -> Bool) throws(NodeError) -> [UInt8]? {
        while true {
            while let item = read.first {
                let isThere = try state.bytes(StateKey(space: StateLayout.dueSpace, item: item)) != nil
                if isThere, !isLeftOut(item) { return item }
                read.removeFirst()
            }
            if isAtEnd { return nil }
            read = try state.items(ofSpace: StateLayout.dueSpace, after: last, limit: Self.batch)
            last = read.last ?? last
            isAtEnd = read.count < Self.batch
        }
    }
}
