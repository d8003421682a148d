import RemitAnalysis
import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

/// What a version must be to follow another, and when it takes over.
extension SystemContract {
    /// Why a version may not follow those that are deployed; nil where it may.
    func succession(of program: CheckedProgram, home: TextValue) throws(NodeError) -> SystemRefusal? {
        guard let latest = try catalogue.latest(program.name, in: state) else {
            return program.migrations.isEmpty ? nil : noVersion(program.migrations[0].from, of: program)
        }
        guard latest.home.identifier == home else {
            return .unauthorised("\(program.name) was deployed by \(latest.home), not by \(home)")
        }
        guard program.version > latest.program.version else {
            return .invalid("version \(program.version) must be above version \(latest.program.version)")
        }
        let begins = beginning(of: program)
        guard begins >= beginning(of: latest.program) else {
            return .invalid(
                "version \(latest.program.version) begins on \(begin(latest.program)): one that follows it does not "
                    + "begin before")
        }
        if let problem = VersionComparison.changes(from: latest.program, to: program).first,
            problem.gravity == .breaking
        {
            return SystemRefusal(code: "breaking", text: "\(problem.text): \(problem.advice)")
        }
        for migration in program.migrations {
            guard let earlier = try catalogue.version(migration.from, of: program.name, in: state) else {
                return noVersion(migration.from, of: program)
            }
            if let problem = VersionComparison.migrationProblems(from: earlier.program, to: program).first {
                return SystemRefusal(code: "breaking", text: "\(problem.text): \(problem.advice)")
            }
        }
        return nil
    }

    /// Why a version may not follow since rows that stand break an invariant that is new in it: the first row by its
    /// item, and the first invariant of that row.
    func brokenRows(_ program: CheckedProgram, home: TextValue) throws(NodeError) -> SystemRefusal? {
        guard let latest = try catalogue.latest(program.name, in: state) else { return nil }
        let rows = StandingRows(program, home: Party(.organisation, home), state, catalogue, time: time)
        var refusal: SystemRefusal?
        let outcome = try rows.hold(after: latest.program, meter) { breach in
            let reason = breach.objection.reason == .invariant ? "" : ": \(breach.objection.told(by: rows.contract))"
            refusal = SystemRefusal(
                code: "breaking",
                text: "a row of the register \(breach.register.name) breaks its new invariant "
                    + "\"\(breach.invariant.text)\": \(breach.row)\(reason)")
            return .stop
        }
        if case .spent(let register) = outcome {
            let change = VersionChange.unheldRows(of: register)
            return SystemRefusal(code: "budget", text: "\(change.text): \(change.advice)")
        }
        return refusal
    }

    private func noVersion(_ version: Int64, of program: CheckedProgram) -> SystemRefusal {
        .unknown("\(program.name) version \(version), from which cases would migrate, is not on this chain")
    }

    private func begin(_ program: CheckedProgram) -> String { program.begins?.description ?? "its deployment" }

    /// The instant from which a version opens cases, not before this block.
    func beginning(of program: CheckedProgram) -> Instant {
        guard let day = program.begins,
            let instant = Instant(date: day, hour: 0, minute: 0, offset: program.timezone)
        else { return time }
        return max(instant, time)
    }

    /// Why a library may not come with a contract: the chain knows another text of that version.
    func libraryClash(_ program: CheckedProgram, _ source: [UInt8]) throws(NodeError) -> SystemRefusal? {
        for library in program.libraries {
            let digest = TextValue(Self.digest(of: library, in: source).hex)
            guard case .text(let known) = try state.value(StateLayout.library(library.name, library.version)),
                known != digest
            else { continue }
            return .exists(
                "the library \(library.name) version \(library.version) is on this chain with another text: a change "
                    + "takes a new version")
        }
        return nil
    }

    /// Keeps which text each version of a contract and of its libraries has, and lets the version take over.
    func enter(_ program: CheckedProgram, _ digest: Digest, _ source: [UInt8]) throws(NodeError) {
        let hex = Value.text(TextValue(digest.hex))
        state.set(StateLayout.latestContract(program.name), hex)
        state.set(StateLayout.contractVersion(program.name, program.version), hex)
        for library in program.libraries {
            let text = TextValue(Self.digest(of: library, in: source).hex)
            state.set(StateLayout.library(library.name, library.version), .text(text))
        }
        let begins = beginning(of: program)
        let isNow = begins <= time
        if isNow { state.set(StateLayout.currentContract(program.name), hex) }
        var last: Int64 = 0
        if case .integer(let number) = try state.value(StateLayout.caseCounter(program.name)) { last = number }
        if isNow, program.migrations.isEmpty || last == 0 { return }
        let item = DueItem(version: program.version, of: program.name, due: begins)
        state.set(
            StateKey(space: StateLayout.dueSpace, item: item.item),
            Succession(contract: digest, next: isNow ? 1 : 0, last: isNow ? last : 0).row)
    }

    /// The digest of a library's own text, without the blanks around it.
    static func digest(of library: LibraryUse, in source: [UInt8]) -> Digest {
        let start = min(max(0, library.text.start), source.count)
        var end = min(max(start, library.text.end), source.count)
        while end > start, [0x20, 0x09, 0x0A, 0x0D].contains(source[end - 1]) { end -= 1 }
        return ContractCatalogue.digest(of: Array(source[start..<end]))
    }
}
