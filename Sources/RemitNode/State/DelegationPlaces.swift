import RemitLedger
import RemitValues

/// In which organisations people stand in for others: read once, and kept in step with what a block changes.
///
/// A delegation that has ended may still be among them; its row says so.
struct DelegationPlaces {
    private var organisations: [TextValue: Set<TextValue>] = [:]

    /// Takes a row that was written, where it is one of a delegate.
    mutating func add(_ key: StateKey) {
        if key.space.utf8.elementsEqual(StateLayout.delegationSpace.utf8) { add(item: key.item) }
    }

    /// Takes the item of a delegate's row.
    mutating func add(item: [UInt8]) {
        guard case .list(let parts)? = try? ValueCoding.decode(bytes: item), parts.count == 2,
            case .text(let organisation) = parts[0], case .text(let delegate) = parts[1]
        else { return }
        organisations[delegate, default: []].insert(organisation)
    }

    /// The organisations in which a person may stand in for somebody, sorted.
    func organisations(of delegate: TextValue) -> [TextValue] { organisations[delegate, default: []].sorted() }
}

extension WorkingState {
    /// The organisations in which a person may stand in for somebody, sorted.
    func organisations(delegatingTo delegate: TextValue) throws(NodeError) -> [TextValue] {
        if let delegations { return delegations.organisations(of: delegate) }
        var places = DelegationPlaces()
        for item in try allItems(ofSpace: StateLayout.delegationSpace) { places.add(item: item) }
        delegations = places
        return places.organisations(of: delegate)
    }
}
