import RemitValues

/// Contracts at hand, in which one looks for those that another refers to.
public struct ContractShelf: Sendable {
    private struct Entry: Sendable {
        let name: TextValue
        let version: Int64
        let source: SourceText
    }

    private let entries: [Entry]

    /// Reads the heads of some texts; of several with one name and version the first counts.
    public init(_ sources: [SourceText]) {
        entries = sources.compactMap { source in
            parse(source).contract.map { Entry(name: $0.name.bytes, version: $0.version, source: source) }
        }
    }

    /// The text of a contract; nil where there is none of its name and version.
    public func source(_ reference: ContractReference) -> SourceText? {
        entries.first { $0.name == reference.name && $0.version == reference.version }?.source
    }

    /// What is known of a contract.
    public func find(_ reference: ContractReference) -> FoundContract {
        let named = entries.filter { $0.name == reference.name }
        guard let entry = named.first(where: { $0.version == reference.version }) else {
            return named.isEmpty ? .missing : .otherVersions(Set(named.map(\.version)).sorted())
        }
        return ContractInterface(reading: entry.source).map { .found($0) } ?? .faulty
    }
}

/// A search among contracts that are gathered only if something is sought.
public final class ContractSearch {
    private let gather: () -> [SourceText]
    private var shelf: ContractShelf?

    /// A search among what `gather` gives.
    public init(_ gather: @escaping () -> [SourceText]) { self.gather = gather }

    /// What is known of a contract.
    public func find(_ reference: ContractReference) -> FoundContract { gathered().find(reference) }

    /// The text of a contract; nil where there is none of its name and version.
    public func source(_ reference: ContractReference) -> SourceText? { gathered().source(reference) }

    private func gathered() -> ContractShelf {
        let shelf = self.shelf ?? ContractShelf(gather())
        self.shelf = shelf
        return shelf
    }
}
