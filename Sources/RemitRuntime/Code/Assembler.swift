import RemitLanguage

/// Gathers instructions whose places are not known yet, and settles the places at the end.
///
/// A routine that is met in the middle of another goes into a section of its own.
struct Assembler {
    /// A place in the code, known once it is bound.
    struct Label: Hashable {
        let number: Int
    }

    private struct Line {
        var instruction: Instruction
        var target: Label?
        var span: Span
        var isDropped = false
        /// Whether its distance would not fit, so that a jump to the place stands behind it.
        var isFar = false

        /// How many instructions it becomes.
        var length: Int32 { isDropped ? 0 : isFar ? 3 : 1 }
    }

    private struct Place {
        var section = -1
        var line = 0
    }

    /// A region whose faults are kept.
    struct Region {
        let start: Label
        let end: Label
        let target: Label
        let walk: UInt16
    }

    private var sections: [[Line]] = [[]]
    /// Where a label was bound last in each section, so that no charge is moved across it.
    private var boundAt: [Int] = [-1]
    private var open = [0]
    private var places: [Place] = []
    private var tables: [Label] = []
    var regions: [Region] = []
    /// Whether steps are charged.
    var isMetering = true

    private var section: Int { open[open.count - 1] }

    /// Begins a section; what follows goes there until it is closed.
    mutating func openSection() {
        sections.append([])
        boundAt.append(-1)
        open.append(sections.count - 1)
    }

    mutating func closeSection() { open.removeLast() }

    mutating func label() -> Label {
        places.append(Place())
        return Label(number: places.count - 1)
    }

    /// Puts a label before the next instruction.
    mutating func bind(_ label: Label) {
        places[label.number] = Place(section: section, line: sections[section].count)
        boundAt[section] = sections[section].count
    }

    /// A new label at the next instruction.
    mutating func here() -> Label {
        let label = label()
        bind(label)
        return label
    }

    /// Adds an instruction.
    mutating func emit(_ instruction: Instruction, _ span: Span, to target: Label? = nil) {
        if instruction.operation == .verdict, let last = sections[section].last, !last.isDropped,
            last.instruction.operation == .endChecks, last.instruction.a == instruction.a,
            boundAt[section] < sections[section].count
        {
            // Checks that have just ended have a verdict.
            return
        }
        if instruction.operation == .tableFixed, let last = sections[section].last,
            last.instruction.operation == .charge, boundAt[section] < sections[section].count,
            let small = UInt8(exactly: last.instruction.number)
        {
            // A table charges anyway.
            var charging = instruction
            charging.d = small
            sections[section][sections[section].count - 1] = Line(instruction: charging, target: target, span: span)
            return
        }
        sections[section].append(Line(instruction: instruction, target: target, span: span))
    }

    /// The place of the instruction added last, by which `drop` finds it.
    var last: (section: Int, line: Int) { (section, sections[section].count - 1) }

    /// Charges steps; joins charges that follow each other with nothing between them.
    mutating func charge(_ steps: UInt64, _ span: Span) throws(LoweringProblem) {
        guard steps > 0, isMetering else { return }
        guard let number = Int32(exactly: steps) else { throw .tooLarge("steps in one block") }
        if let last = sections[section].last, last.instruction.operation == .charge,
            boundAt[section] < sections[section].count,
            let sum = Int32(exactly: Int64(last.instruction.number) + Int64(number))
        {
            sections[section][sections[section].count - 1].instruction = Instruction(.charge, number: sum)
            return
        }
        if let small = UInt8(exactly: number), let last = sections[section].last,
            boundAt[section] < sections[section].count, last.instruction.d == 0, !last.isDropped,
            last.instruction.operation.chargesWhereNotTaken
        {
            sections[section][sections[section].count - 1].instruction.d = small
            return
        }
        emit(Instruction(.charge, number: number), span)
    }

    /// Leaves an instruction out after all.
    mutating func drop(_ place: (section: Int, line: Int)) { sections[place.section][place.line].isDropped = true }

    /// Makes another operation of an instruction.
    mutating func replace(_ place: (section: Int, line: Int), by operation: Operation) {
        sections[place.section][place.line].instruction.operation = operation
    }

    /// Keeps places for a table of jumps; gives its first entry.
    mutating func table(_ targets: [Label]) throws(LoweringProblem) -> UInt16 {
        guard let start = UInt16(exactly: tables.count) else { throw .tooLarge("branches") }
        tables += targets
        return start
    }

    /// Where each label stands as the lines are now.
    private func settled() -> [Int32] {
        var moved: [[Int32]] = []
        var count: Int32 = 0
        for section in sections {
            var list: [Int32] = []
            for line in section {
                list.append(count)
                count += line.length
            }
            moved.append(list + [count])
        }
        return places.map { $0.section < 0 ? -1 : moved[$0.section][$0.line] }
    }

    /// Gives jumps whose distance does not fit a jump to the place behind them; false where none was left to change.
    private mutating func lengthen() -> Bool {
        let settled = settled()
        var count: Int32 = 0
        var hasChanged = false
        for section in sections.indices {
            for index in sections[section].indices {
                let line = sections[section][index]
                if let target = line.target, !line.isFar, !line.isDropped,
                    line.instruction.operation.operands.place == .distance,
                    Int16(exactly: settled[target.number] - count - 1) == nil
                {
                    sections[section][index].isFar = true
                    hasChanged = true
                }
                count += line.length
            }
        }
        return hasChanged
    }

    /// The finished code and where labels came to stand.
    mutating func finish(_ draft: inout CodeDraft) throws(LoweringProblem) -> (Label) -> Int32 {
        while lengthen() {}
        let settled = settled()
        let place: (Label) -> Int32 = { settled[$0.number] }
        for line in sections.joined() where !line.isDropped {
            var lines = [line.instruction]
            if let target = line.target {
                lines = try Self.aimed(line, at: place(target), from: draft.instructions.count)
            }
            draft.instructions += lines
            draft.spans += lines.map { _ in line.span }
        }
        Self.shortenJumps(&draft.instructions)
        Self.join(&draft.instructions)
        Self.chargeByCalls(&draft.instructions)
        draft.jumps = tables.map(place)
        draft.handlers = regions.map {
            Code.Handler(start: place($0.start), end: place($0.end), target: place($0.target), walk: $0.walk)
        }.filter { $0.start < $0.end }.sorted { $0.start < $1.start }
        return place
    }

    /// Leads jumps to jumps straight to where these go, and jumps to an end to the end itself.
    private static func shortenJumps(_ code: inout [Instruction]) {
        for place in code.indices {
            let instruction = code[place]
            switch instruction.operation.operands.place {
            case .absolute where instruction.operation != .call:
                let target = end(of: instruction.number, code)
                code[place] = Instruction(
                    instruction.operation, d: instruction.d, a: instruction.a, number: Int32(target))
                guard instruction.operation == .jump, code.indices.contains(target) else { continue }
                let next = code[target].operation
                if next == .halt || next == .returns { code[place] = Instruction(next) }
            case .distance where instruction.operation != .nextRecord:
                let target = end(of: place + 1 + instruction.distance, code)
                if let distance = Int16(exactly: target - place - 1) { code[place].c = UInt16(bitPattern: distance) }
            default: break
            }
        }
    }

    /// Products that are added up at once take the addition with them, texts their finding, moves the next one and the
    /// table that reads what they moved; it still stands behind for whoever jumps there.
    private static func join(_ code: inout [Instruction]) {
        for (place, next) in zip(code.indices, code.dropFirst()) {
            let isTable = code.indices.contains(place + 2) && code[place + 2].operation == .tableFixed
            switch (code[place].operation, next.operation) {
            case (.multiplyWidened, .addDecimal) where next.c == code[place].a:
                code[place].operation = .multiplyThenAdd
            case (.move, .tableFixed): code[place].operation = .moveThenTable
            case (.move, .move): code[place].operation = isTable ? .moveTwoThenTable : .moveTwo
            case (.compose, .finding) where next.a == code[place].a: code[place].operation = .composeThenFind
            default: break
            }
        }
    }

    /// What a routine charges first is charged by those who call it.
    private static func chargeByCalls(_ code: inout [Instruction]) {
        for place in code.indices where code[place].operation == .call || code[place].operation == .runChecks {
            let target = code[place].number
            guard code.indices.contains(target), code[target].operation == .charge,
                let small = UInt8(exactly: code[target].number), let behind = Int32(exactly: target + 1)
            else { continue }
            code[place] = Instruction(code[place].operation, d: small, a: code[place].a, number: behind)
        }
    }

    /// Where somebody comes to stand who jumps to a place.
    private static func end(of target: Int, _ code: [Instruction]) -> Int {
        var place = target
        for _ in 0..<8 {
            guard code.indices.contains(place), code[place].operation == .jump else { break }
            place = code[place].number
        }
        return place
    }

    private static func aimed(
        _ line: Line, at target: Int32, from place: Int
    ) throws(LoweringProblem) -> [Instruction] {
        let instruction = line.instruction
        guard instruction.operation.operands.place == .distance else {
            return [Instruction(instruction.operation, d: instruction.d, a: instruction.a, number: target)]
        }
        guard let behind = Int32(exactly: place + 3) else { throw .tooLarge("instructions") }
        var aimed = instruction
        if line.isFar {
            // Taken, it comes to the jump to the place; not taken, to the one that leads past it.
            aimed.c = 1
            // The record is then taken by the instruction before the place.
            let isRecord = instruction.operation == .nextRecord
            if isRecord { aimed.operation = .next }
            return [
                aimed, Instruction(.jump, number: behind), Instruction(.jump, number: isRecord ? target - 1 : target),
            ]
        }
        guard let distance = Int16(exactly: Int(target) - place - 1) else { throw .tooLarge("instructions") }
        aimed.c = UInt16(bitPattern: distance)
        return [aimed]
    }
}
