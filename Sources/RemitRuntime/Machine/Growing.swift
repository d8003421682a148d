import RemitLanguage

/// Lists and sets of the case that values are added to: the first addition copies, and leaves room behind for more.
///
/// What was copied is held by nobody but the field, until it is read: each read freezes it, and the next addition
/// copies again. So whether an addition copies follows from the contract alone, and the cost with it.
enum Growing {
    /// What the lists and sets of the case have room for.
    struct Rooms {
        /// The first register of the case fields, and how many there are.
        private let first: Int
        private let count: Int
        /// For each field the place of the copy that may grow, else -1, and how many elements fit there.
        private let places: UnsafeMutablePointer<Int64>
        private let sizes: UnsafeMutablePointer<Int>
        /// Whether any may grow.
        private var areThere = false

        init(first: Int, count: Int) {
            self.first = first
            self.count = count
            places = copied(Array(repeating: -1, count: count))
            sizes = copied(Array(repeating: 0, count: count))
        }

        func free() {
            places.deallocate()
            sizes.deallocate()
        }

        /// Forgets everything, for the next transition.
        mutating func reset() {
            guard areThere else { return }
            for field in 0..<count { places[field] = -1 }
            areThere = false
        }

        /// The field that stands in a register; nil where none does.
        func field(_ register: Int) -> Int? {
            let field = register - first
            return field >= 0 && field < count ? field : nil
        }

        /// How many elements fit where a field's list stands; nil where it has to be copied.
        func room(_ field: Int, _ list: Int64) -> Int? { places[field] == list ? sizes[field] : nil }

        mutating func set(_ field: Int, _ list: Int64, room: Int) {
            places[field] = list
            sizes[field] = room
            areThere = true
        }

        func freeze(_ field: Int) { places[field] = -1 }
    }

    static func freeze(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        guard let field = machine.pointee.rooms.field(i.a) else { return .misfit }
        machine.pointee.rooms.freeze(field)
        return .proceed
    }

    static func grow(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let (list, value) = (words[i.a], words[i.b])
        let shape = machine.pointee.shapes[machine.pointee.shape(i.a)]
        guard let field = machine.pointee.rooms.field(i.a), list >= 0, shape.kind == .list || shape.kind == .set else {
            return .misfit
        }
        let places = Lists.elements(list, machine)
        let room = machine.pointee.rooms.room(field, list)
        let isSet = shape.kind == .set
        var steps = places.count
        if room != nil {
            let work = Comparison.work(value, Int(shape.element), machine)
            steps = isSet ? Int(Cost.halvings(places.count)) &* (1 &+ work) &+ Cost.moved(places.count) : work
        }
        guard machine.pointee.charge(steps) else { return .steps }
        guard machine.pointee.build(1) else { return .built }
        var index = places.upperBound
        if isSet {
            let found = search(value, places, Int(shape.element), machine)
            if found.isThere {
                if room != nil { passBounds(i, machine) }
                return .proceed
            }
            index = found.index
        }
        if let room, places.count < room {
            let base = machine.pointee.words.base
            (base + index + 1).update(from: base + index, count: places.upperBound - index)
            base[index] = value
            base[Int(list)] = Int64(places.count + 1)
        } else {
            words[i.a] = copy(places, with: value, at: index, of: field, machine)
        }
        if room != nil, places.count < Int(shape.bound), Bounds.keeps(value, Int(shape.element), machine) {
            passBounds(i, machine)
        }
        return .proceed
    }

    /// Where a value stands in a set, or would stand.
    private static func search(
        _ value: Int64, _ places: Range<Int>, _ shape: Int, _ machine: MachinePointer
    ) -> (index: Int, isThere: Bool) {
        var low = places.lowerBound
        var high = places.upperBound
        while low < high {
            let middle = (low &+ high) >> 1
            let order = Comparison.order(machine.pointee.words.base[middle], value, shape, machine)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle &+ 1 } else { high = middle }
        }
        return (low, false)
    }

    /// A copy with one more, and room for half as many again.
    private static func copy(
        _ places: Range<Int>, with value: Int64, at index: Int, of field: Int, _ machine: MachinePointer
    ) -> Int64 {
        let room = places.count + 1 + max(3, places.count / 2)
        let place = machine.pointee.words.reserve(room + 1)
        let base = machine.pointee.words.base
        let before = index - places.lowerBound
        base[place] = Int64(places.count + 1)
        (base + place + 1).update(from: base + places.lowerBound, count: before)
        base[place + 1 + before] = value
        (base + place + 2 + before).update(from: base + index, count: places.upperBound - index)
        machine.pointee.rooms.set(field, Int64(place), room: room)
        return Int64(place)
    }

    /// Goes on behind the look at the bounds, which would go through all elements again.
    private static func passBounds(_ i: InstructionPointer, _ machine: MachinePointer) {
        let next = machine.pointee.next
        if next.operation == .conform, next.a == i.a { machine.pointee.next = next + 1 }
    }
}
