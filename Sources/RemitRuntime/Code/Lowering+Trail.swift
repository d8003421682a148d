import RemitLanguage
import RemitValues

/// What is gathered about the trail while code that records is lowered.
struct TrailDraft {
    typealias Reads = [(register: UInt16, span: Span)]

    var sites = TrailSite.Fixed.sites
    var faults: [(start: Assembler.Label, fault: TrailMap.Fault)] = []
    /// What the condition that is being lowered reads; nil outside of one.
    var reads: ConditionReads?

    /// The reads of a condition. What is read in any case is recorded with the outcome; what is read only if the parts
    /// before leave the condition open is recorded on the way.
    struct ConditionReads {
        var first: Reads = []
        var pending: Reads = []
        var isInPart = false
    }
}

/// Recording, in code that leaves a trail; elsewhere all of this does nothing.
extension Lowering {
    /// The code of a program that records what a trace tells, and what the records stand for.
    static func lowerTraced(
        _ program: CheckedProgram, isDeep: Bool = false
    ) throws(LoweringProblem) -> (Code, TrailMap) {
        let lowering = Lowering(program: program, isDeep: isDeep)
        lowering.trail = TrailDraft()
        try lowering.lowerProgram()
        if lowering.draft.depth > Limits.callDepth, !isDeep { return try lowerTraced(program, isDeep: true) }
        let code = try lowering.finish()
        let draft = lowering.trail ?? TrailDraft()
        var faults: [Int32: TrailMap.Fault] = [:]
        for (start, fault) in draft.faults { faults[lowering.settled(start)] = fault }
        return (code, TrailMap(sites: draft.sites, faults: faults))
    }

    /// Records registers at a site of its own.
    func note(
        _ kind: TrailSite.Kind, _ registers: [Register], _ span: Span, places: [Span] = []
    ) throws(LoweringProblem) {
        guard let site = trail?.sites.count else { return }
        let number = try narrow(site, "places that are traced")
        guard registers.count <= Limits.registerList else { throw .tooLarge("values that are traced at once") }
        trail?.sites.append(TrailSite(kind: kind, registers: registers, places: places, span: span))
        if registers.count <= 2 {
            let (first, second) = (registers.first ?? 0, registers.last ?? 0)
            emit(Instruction(.note, d: UInt8(registers.count), number, first, second), span)
        } else {
            draft.fieldLists.append(registers.map { Int($0) })
            emit(Instruction(.noteList, number, 0, try narrow(draft.fieldLists.count - 1, "field lists")), span)
        }
    }

    /// Records that something happened of which there is no more to say.
    func note(_ kind: TrailSite.Kind, _ span: Span) throws(LoweringProblem) { try note(kind, [], span) }

    private func note(_ kind: TrailSite.Kind, _ reads: TrailDraft.Reads, _ span: Span) throws(LoweringProblem) {
        try note(kind, reads.map(\.register), span, places: reads.map(\.span))
    }

    /// Keeps in mind which check or binding the faults of a region belong to.
    func tellFaults(from start: Label, clause: Int, _ span: Span) {
        trail?.faults.append((start, TrailMap.Fault(clause: clause, span: span)))
    }

    // MARK: What conditions read

    /// Lowers a condition whose outcome is told; gives what it reads in any case.
    func collectingReads(
        _ body: () throws(LoweringProblem) -> Void
    ) throws(LoweringProblem) -> TrailDraft.Reads {
        guard trail != nil else {
            try body()
            return []
        }
        trail?.reads = TrailDraft.ConditionReads()
        try body()
        let reads = trail?.reads
        trail?.reads = nil
        guard let reads else { return [] }
        return reads.isInPart ? reads.first : reads.pending
    }

    /// Records the outcome of a condition.
    func note(outcome kind: TrailSite.Kind, _ reads: TrailDraft.Reads, _ span: Span) throws(LoweringProblem) {
        try note(kind, reads, span)
    }

    /// Lowers what reads nothing that the condition around it would tell.
    func quietly<Result>(_ body: () throws(LoweringProblem) -> Result) throws(LoweringProblem) -> Result {
        let outer = trail?.reads
        trail?.reads = nil
        let result = try body()
        trail?.reads = outer
        return result
    }

    /// Lowers something that is read; of a path only the whole is told, not its parts.
    func reading(
        _ span: Span, _ body: () throws(LoweringProblem) -> Register
    ) throws(LoweringProblem) -> Register {
        guard trail?.reads != nil else { return try body() }
        let register = try quietly(body)
        trail?.reads?.pending.append((register, span))
        return register
    }

    /// Begins a part of a condition that does not always run.
    func beginPart(_ span: Span) throws(LoweringProblem) {
        guard let reads = trail?.reads else { return }
        if reads.isInPart { return try settleReads(span) }
        trail?.reads = TrailDraft.ConditionReads(first: reads.pending, pending: [], isInPart: true)
    }

    /// Records what was read since, before a jump can lead away from it.
    func settleReads(_ span: Span) throws(LoweringProblem) {
        guard let reads = trail?.reads, reads.isInPart, !reads.pending.isEmpty else { return }
        trail?.reads?.pending = []
        try note(.part, reads.pending, span)
    }
}
