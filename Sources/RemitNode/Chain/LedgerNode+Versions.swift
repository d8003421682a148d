public import RemitAnalysis
public import RemitLanguage
public import RemitLedger
import RemitRuntime
import RemitStore
public import RemitValues

/// A version of a contract on the chain.
public struct VersionSummary: Sendable {
    public let contract: DeployedContract
    /// Whether new cases begin under it now.
    public let isInForce: Bool
    /// When it takes over; nil where it has, or another has since.
    public let begins: Instant?
    /// While running cases are brought under it: the numbers of those that are still to be looked at.
    public let migrating: ClosedRange<Int64>?
    /// The libraries that it is made with, with the digests of their texts.
    public let libraries: [(use: LibraryUse, digest: Digest)]
}

extension LedgerNode {
    /// What deploying a version would change: against the last version, and each from which cases migrate; and how many
    /// rows of registers break an invariant that is new in it.
    public func changes(deploying program: CheckedProgram) throws(NodeError) -> [VersionChange] {
        let state = state
        guard let latest = try catalogue.latest(program.name, in: state) else { return [] }
        return try brokenRows(program, after: latest, state) + declaredChanges(program, after: latest, state)
    }

    private func brokenRows(
        _ program: CheckedProgram, after latest: DeployedContract, _ state: WorkingState
    ) throws(NodeError) -> [VersionChange] {
        // A ledger without the vault cannot tell, and takes the block of whoever can.
        if PrivacyLayout(program) != nil, try !hasVault() { return [] }
        let rows = StandingRows(program, home: latest.home, state, catalogue, time: nextTime)
        var first: [StandingRows.Breach] = []
        var counts: [Int] = []
        let outcome = try rows.hold(after: latest.program, StepMeter()) { breach in
            if let known = first.firstIndex(where: { $0.invariant.span == breach.invariant.span }) {
                counts[known] += 1
            } else {
                first.append(breach)
                counts.append(1)
            }
            return .next
        }
        var changes = zip(first, counts).map { breach, count in
            VersionChange.brokenRows(count, of: breach.register, breach.invariant, first: breach.row)
        }
        if case .spent(let register) = outcome { changes.append(.unheldRows(of: register)) }
        return changes
    }

    private func declaredChanges(
        _ program: CheckedProgram, after latest: DeployedContract, _ state: WorkingState
    ) throws(NodeError) -> [VersionChange] {
        var changes = VersionComparison.changes(from: latest.program, to: program)
        for migration in program.migrations where migration.from != latest.program.version {
            guard let earlier = try catalogue.version(migration.from, of: program.name, in: state) else { continue }
            changes = VersionComparison.migrationProblems(from: earlier.program, to: program) + changes
        }
        return changes
    }

    /// The versions of a contract, the first one first.
    public func versions(of name: String) throws(NodeError) -> [VersionSummary] {
        let state = state
        var found: [DeployedContract] = []
        let rows = try storing { () throws(StoreError) in
            try store.stateRows(space: "contract", after: nil, limit: Limits.declarations)
        }
        for row in rows {
            guard let digest = Digest(bytes: row.item), let contract = try catalogue.contract(digest, in: state),
                TextValue(contract.program.name) == TextValue(name)
            else { continue }
            found.append(contract)
        }
        guard !found.isEmpty else { throw try noContract(name) }
        let current = try catalogue.current(name, in: state)?.digest
        var waiting: [Digest: (item: DueItem, succession: Succession)] = [:]
        for item in try state.items(ofSpace: StateLayout.dueSpace, after: nil, limit: Limits.waitingTransactions) {
            guard let due = DueItem(item: item), due.isVersion,
                let row = Succession(row: try state.value(StateKey(space: StateLayout.dueSpace, item: item)))
            else { continue }
            waiting[row.contract] = (due, row)
        }
        return found.sorted { $0.program.version < $1.program.version }.map { contract in
            let wait = waiting[contract.digest]
            let next = wait?.succession.next ?? 0
            return VersionSummary(
                contract: contract, isInForce: contract.digest == current,
                begins: wait.flatMap { $0.succession.next == 0 ? $0.item.due : nil },
                migrating: wait.flatMap { wait in
                    let first = wait.succession.waiting.first ?? next
                    return first > 0 && first <= wait.succession.last ? first...wait.succession.last : nil
                },
                libraries: contract.program.libraries.map {
                    ($0, SystemContract.digest(of: $0, in: contract.source.bytes))
                })
        }
    }

    /// The contract that a case of a name begins under in a block that is made now: a version whose day has come takes
    /// over in that block, before its transactions.
    ///
    /// Throws as `contract(named:)` does where none is in force by then.
    public func openingContract(named name: String) throws(NodeError) -> DeployedContract {
        if let taken = try versionDue(of: name) { return taken }
        return try contract(named: name)
    }

    /// The last version of a contract whose day has come and that has not taken over yet; nil where there is none.
    private func versionDue(of name: String) throws(NodeError) -> DeployedContract? {
        let state = state
        let now = nextTime
        var taken: DeployedContract?
        var last: [UInt8]?
        while true {
            let items = try state.items(ofSpace: StateLayout.dueSpace, after: last, limit: Limits.declarations)
            last = items.last
            for item in items {
                guard let due = DueItem(item: item), due.due <= now else { return taken }
                guard due.isVersion, TextValue(due.reference.contract) == TextValue(name),
                    let row = Succession(row: try state.value(StateKey(space: StateLayout.dueSpace, item: item))),
                    row.next == 0
                else { continue }
                if let contract = try catalogue.contract(row.contract, in: state) { taken = contract }
            }
            if items.isEmpty { return taken }
        }
    }

    /// What has stalled of a case: its deadlines that faulted, and its migration to a newer version.
    public func stalled(of view: CaseView) throws(NodeError) -> [String] {
        var found: [String] = []
        for (timer, due) in view.stored.state.timers(of: view.program) {
            let item = DueItem(due: due, reference: view.reference, timer: timer)
            guard case .text(let reason) = try state.value(StateLayout.stalled(item.item)) else { continue }
            let name =
                switch view.program.timers[timer] {
                case .deadline(let index): "the \(view.program.deadlines[index].name)"
                case .overdue(let index): "the end of `\(view.program.approvals[index].name)`"
                }
            found.append("\(name): \(reason)")
        }
        if let reason = try stalledMigration(of: view.reference) {
            found.append("its migration to a newer version: \(reason)")
        }
        return found
    }

    /// Why a case could not be brought under a new version; nil where none tried in vain.
    public func stalledMigration(of reference: CaseReference) throws(NodeError) -> String? {
        guard case .text(let reason) = try state.value(DueItem.stalledMigration(reference)) else { return nil }
        return reason.string
    }
}
