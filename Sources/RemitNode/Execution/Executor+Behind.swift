import RemitLanguage
import RemitLedger
import RemitRuntime

/// Cases whose deadlines are not caught up: nothing acts on what they were before these.
extension Executor {
    /// Whether a transaction would act on a case that is behind, or under a version whose time may be over.
    ///
    /// `settled` are the cases that transactions of the block have acted upon: what these started is due in the next.
    func isBehind(
        _ body: TransactionBody, _ rest: DueRest, settled: Set<String>
    ) throws(NodeError) -> Bool {
        if rest.isEmpty || body.contract == .zero { return false }
        let reference = body.caseReference.flatMap(CaseReference.init)
        if let reference, rest.behind.contains(reference) { return true }
        guard rest.isStopped, let contract = try catalogue.contract(body.contract, in: state) else { return false }
        // A later version may be among what the block left, and its migrations with it.
        if let latest = try catalogue.latest(contract.program.name, in: state), latest.digest != contract.digest {
            return true
        }
        guard let reference, let text = body.caseReference, !settled.contains(text),
            let existing = try existing(text, contract: contract)
        else { return false }
        for (timer, due) in existing.state.timers(of: contract.program) where due <= time {
            // What has stalled is in the queue no more.
            let item = DueItem(due: due, reference: reference, timer: timer)
            if try state.bytes(StateKey(space: StateLayout.dueSpace, item: item.item)) != nil { return true }
        }
        return false
    }
}
