import RemitValues

/// Looks whether the budget of steps ends all code: from one charge to the next only so many instructions may run.
///
/// Code that was lowered a moment ago is so by itself. Of code from bytes nobody knows.
struct CodeProgress {
    private let instructions: [Instruction]
    private let jumps: [Int32]
    /// By place where a fault there leads; -1 where it ends the transition.
    private let handled: [Int32]

    /// Looks at a draft whose handlers are sound.
    init(_ draft: CodeDraft) {
        instructions = draft.instructions
        jumps = draft.jumps
        var handled = [Int32](repeating: -1, count: draft.instructions.count)
        for handler in draft.handlers {
            for place in handler.start..<handler.end { handled[Int(place)] = handler.target }
        }
        self.handled = handled
    }

    private static let unseen = 0
    private static let underWay = -1

    /// Whether no way leads back to its beginning without a charge, and no way is too long.
    var isBounded: Bool {
        // By place how many instructions may run from there to the next charge, those of calls included.
        var lengths = [Int](repeating: Self.unseen, count: instructions.count)
        var pending: [Int] = []
        for first in instructions.indices {
            pending.append(first)
            while let place = pending.last {
                switch lengths[place] {
                case Self.unseen:
                    lengths[place] = Self.underWay
                    for next in following(place) {
                        if lengths[next] == Self.underWay || passesBy(place, next) { return false }
                        if lengths[next] == Self.unseen { pending.append(next) }
                    }
                case Self.underWay:
                    let rest = following(place).map { lengths[$0] }
                    let isCall = instructions[place].operation == .call || instructions[place].operation == .runChecks
                    let length = 1 + (isCall ? rest.reduce(0, +) : rest.max() ?? 0)
                    guard length <= Limits.unchargedInstructions else { return false }
                    lengths[place] = length
                    pending.removeLast()
                default: pending.removeLast()
                }
            }
        }
        return true
    }

    /// The places that may come next without a charge in between.
    private func following(_ place: Int) -> [Int] {
        let instruction = instructions[place]
        let isNext = isTestOfNext(place)
        var targets: [Int] = []
        switch (instruction.operation, instruction.operation.operands.place) {
        case (.charge, _) where instruction.number > 0: return []
        case (.call, _) where instruction.d > 0, (.runChecks, _) where instruction.d > 0: return []
        case (.next, _), (.nextRecord, _):
            // Each element of a walk is charged for, and a walk has an end.
            if instruction.d == 0 { targets.append(place + 1 + instruction.distance) }
        case (.jumpIfPresent, _) where isNext && !isTestOfNext(instruction.number): break
        case (_, .absolute): targets.append(instruction.number)
        case (_, .distance): targets.append(place + 1 + instruction.distance)
        case (.select, _):
            let entries = Int(instruction.b)..<Int(instruction.b) + Int(instruction.c)
            targets += entries.filter(jumps.indices.contains).map { Int(jumps[$0]) }
        default: break
        }
        switch instruction.operation {
        case .jump, .each, .halt, .returns, .select: break
        case .jumpIfAbsent where isNext: break
        case _ where instruction.operation.chargesWhereNotTaken && instruction.d > 0: break
        default: targets.append(place + 1)
        }
        if handled[place] >= 0 { targets.append(Int(handled[place])) }
        return targets.filter(instructions.indices.contains)
    }

    /// Whether a jump goes on with what an instruction before it found: the next whom the actor stands in for, or the
    /// next row of a table that collects, which was charged for. There are only so many.
    private func isTestOfNext(_ place: Int) -> Bool {
        guard place > 0, instructions.indices.contains(place), instructions[place - 1].a == instructions[place].a
        else { return false }
        switch (instructions[place - 1].operation, instructions[place].operation) {
        case (.candidate, .jumpIfPresent): return true
        case (.tableRow, .jumpIfAbsent): return instructions[place - 1].d == 1
        default: return false
        }
    }

    /// Whether a way comes to such a jump without having asked for the next.
    private func passesBy(_ place: Int, _ next: Int) -> Bool { place != next - 1 && isTestOfNext(next) }
}
